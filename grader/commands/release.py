"""`grader release`: what students download, once it is proven sound (instructors only)."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from grader.assignment import load
from grader.authoring import release, tape, template, wheel
from grader.commands.template import STUDENT_TEMPLATE
from grader.intake.sentences import size


def run(options: argparse.Namespace) -> int:
    """Prove, write and list the release; 1, with the reasons, if a proof fails.

    Raises GraderError when something cannot be built, or the output is in the way.
    """
    release.require_place(options.output)
    made = template.build(tape.REFERENCE)
    with tempfile.TemporaryDirectory() as folder:
        print("building the wheel ...", file=sys.stderr)
        built = wheel.build(Path(folder))
        reasons = []
        for proof in release.guarantees(
            made, tape.REFERENCE, STUDENT_TEMPLATE, built, quick=options.quick
        ):
            print(f"proving: {proof.name} ...", file=sys.stderr)
            reasons += proof.complaints()
        if reasons:
            print("Nothing was released:", file=sys.stderr)
            for reason in reasons:
                print(f"  {reason}", file=sys.stderr)
            return 1
        files = release.contents(made, built, load().title)
    release.publish(options.output, files)
    print(f"{options.output}:")
    wide = max(map(len, files))
    for name, content in files.items():
        print(f"  {name:{wide}}  {size(len(content)):>7}")
    print(f'Students install the grader by: pip install "{built.name}[student]"')
    return 0
