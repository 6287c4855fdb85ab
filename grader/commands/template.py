"""`grader template`: make the students' template, or prove that it is sound (instructors only)."""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial

from grader.authoring import proofs, samples, starting_points, tape, template
from grader.not_started import TEMPLATE

STUDENT_TEMPLATE = samples.ROOT / "student_template"
_LISTED = f"{TEMPLATE.name} has the functions that students write"
_MOST_COMPLAINTS = 12


def run(options: argparse.Namespace) -> int:
    """Write the template; with `--check`, run the proofs, and give 1 if one fails.

    With the committed template goes the list of its functions that the grader has.
    Raises TemplateError when the template cannot be made, or would replace other files.
    """
    reference = options.reference or tape.REFERENCE
    output = options.output or STUDENT_TEMPLATE
    if options.check:
        try:
            made = template.build(reference)
        except template.TemplateError as error:
            _say("FAILED", "the solutions can be taken out", 0.0, [str(error)])
            return 1
        every = proofs.proofs(made, reference, output)
        if output == STUDENT_TEMPLATE:
            listed = partial(starting_points.is_current, TEMPLATE, made)
            every.insert(0, proofs.Proof(_LISTED, listed))
        results = [_prove(proof) for proof in every]
        return 0 if all(results) else 1
    made = template.generate(reference, output)
    if output == STUDENT_TEMPLATE:
        starting_points.write(TEMPLATE, made)
    print(f"{output}: {len(made.files)} files, {len(made.solutions)} solution blocks replaced")
    return 0


def _prove(proof: proofs.Proof) -> bool:
    """Run one proof and print its line; on a terminal, its name is there while it runs."""
    live = sys.stdout.isatty()
    if live:
        print(f"...     {proof.name}", end="", flush=True)
    began = time.monotonic()
    complaints = proof.complaints()
    if live:
        print("\r\x1b[K", end="")
    _say("FAILED" if complaints else "ok", proof.name, time.monotonic() - began, complaints)
    return not complaints


def _say(verdict: str, name: str, seconds: float, complaints: list[str]) -> None:
    print(f"{verdict:7} {name} ({seconds:.1f} s)", flush=True)
    for complaint in complaints[:_MOST_COMPLAINTS]:
        print(f"        {complaint}")
    if len(complaints) > _MOST_COMPLAINTS:
        print(f"        and {len(complaints) - _MOST_COMPLAINTS} more", flush=True)
