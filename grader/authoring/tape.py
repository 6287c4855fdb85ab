"""Make a tape: run the checks over the reference and record what they expect."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import secrets
import tempfile
import tokenize
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from grader import __version__, sandbox
from grader.assignment import load
from grader.authoring import fingerprints, side_by_side, variants
from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS
from grader.authoring.fingerprints import Shown, Variant
from grader.budget import Budget
from grader.errors import TapeError
from grader.grading import Grading
from grader.outcomes import Run, Status
from grader.replacing import PRIVATE, READABLE
from grader.session import CHECKS, opened, run_checks, start
from grader.tape import DAMAGED, Header, Tape, is_fingerprint, write

REFERENCE = Path(__file__).parents[2] / "reference"
PUBLIC_SEED = 20240219
PUBLIC_KEY = "public"
PANEL_SEED = 5_000_000  # the panel's seeds are none that a submission is graded with
# Float results of torch differ a little between machines; exact ones do not.
SAME = 1e-5

_WORDS = ("sentences", "hints")  # folders of the checks
_SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.ENCODING}
_LINE_BEGINS = {tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}

Arrays = dict[str, "np.ndarray[Any, Any]"]
Told = Callable[[str], None]


@dataclass(frozen=True)
class Identity:
    """The seeds of a tape, and the key that picks a submission's seed."""

    seeds: tuple[int, ...]
    key: str


def public(count: int = 1) -> Identity:
    """Fixed seeds: anybody can make the public tape again."""
    return Identity(tuple(PUBLIC_SEED + i for i in range(count)), PUBLIC_KEY)


def secret(count: int = 1) -> Identity:
    """Seeds and a key that nobody can guess."""
    return Identity(tuple(secrets.randbelow(2**31) for _ in range(count)), secrets.token_hex(16))


def make(
    output: Path,
    reference: Path,
    identity: Identity,
    *,
    hints: bool = True,
    jobs: int = 1,
    told: Told = lambda _: None,
) -> int:
    """Record a tape into `output`; returns how many arrays it holds.

    With `hints`, the fingerprints of the known mistakes are recorded, too, which takes
    minutes; `jobs` at a time. `told` hears the name of each one, '' for the reference. Only
    a public tape can be read by others.

    Raises TapeError when the reference fails, or `output` cannot be written.
    """
    header = Header(identity.seeds, identity.key, source_digest(reference))
    arrays = record(reference, identity.seeds)
    if hints:
        arrays |= known_mistakes(reference, header, arrays, jobs, told)
    write(output, header, arrays, READABLE if identity.key == PUBLIC_KEY else PRIVATE)
    return len(arrays)


def variants_of(seeds: Sequence[int]) -> list[Variant]:
    """What leaves fingerprints on a tape with these seeds."""
    return fingerprints.variants(COMPONENTS, seeds)


def known_mistakes(
    reference: Path, header: Header, arrays: Arrays, jobs: int, told: Told
) -> Arrays:
    """The fingerprints for every seed, held against the expected `arrays`."""
    wanted = variants_of(header.seeds)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "expected.npz")
        write(path, header, arrays)
        work = functools.partial(_opened, reference, path)
        shown = side_by_side.run(work, wanted, jobs, lambda one: told(one.name))
    return fingerprints.collect(shown)


@contextlib.contextmanager
def _opened(reference: Path, path: Path) -> Iterator[Callable[[Variant], Shown]]:
    """What looks at one variant after the other, with zygotes of its own."""
    with sandbox.WorkerPool() as pool:
        start(pool)
        yield functools.partial(fingerprints.show, Bench(reference, load(), pool), Tape(path))


def record(
    reference: Path,
    seeds: tuple[int, ...],
    keep: Callable[[str], bool] | None = None,
) -> Arrays:
    """Record what known variants give, and run the taped checks, once for each seed.

    `keep` selects checks by number; None takes all that have a tape.

    Raises TapeError when the reference does not pass one of them.
    """
    assignment = load()
    recorded: Arrays = {}
    with opened(reference, assignment) as submission, sandbox.WorkerPool() as pool:
        start(pool)
        for seed in seeds:
            recorded.update(variants.record(seed))
            run = Run(assignment.title, "reference")
            budget = Budget(assignment, assignment.limits.total_seconds)
            grading = Grading(assignment, budget, pool, submission, run, seed, recorded=recorded)
            run_checks(grading, keep)
            for check in run.checks:
                for case in check.cases:
                    if case.status is not Status.PASSED:
                        raise TapeError(
                            f"the reference does not pass {check.number} [{case.name}]: "
                            f"{case.message or case.reason} {' '.join(run.staff_notes[:1])}"
                        )
    return recorded


def outdated(tape_path: Path, reference: Path) -> str:
    """Why the tape does not fit reference, checks and bug library; '' if it does.

    Expected arrays are recorded again and compared. For fingerprints that takes minutes:
    they are current as long as the code is the same that they were made from.

    Raises TapeError when not even the tape's header can be read.
    """
    tape = Tape(tape_path)
    for name in tape.names():
        try:
            tape.raw(name)
        except DAMAGED:
            return f"{name} is damaged"
    if tape.header.source != source_digest(reference):
        return "made from another reference, other checks or another bug library"
    fresh = record(reference, tape.header.seeds)
    names = {name for name in tape.names() if name != "header" and not is_fingerprint(name)}
    if names != set(fresh):
        odd = sorted(names ^ set(fresh))
        return f"{len(odd)} arrays are missing or left over, such as {odd[0]}"
    for name, array in fresh.items():
        old = tape.raw(name)
        if old.shape != array.shape or not np.allclose(old, array, rtol=SAME, atol=SAME):
            return f"{name} differs"
    return ""


def source_digest(reference: Path) -> str:
    """A hash of all code that a tape depends on.

    Comments, docstrings and layout do not count, and neither does what students read: diagnosis
    goes by arrays and by the evidence of errors.
    """
    digest = hashlib.sha256(__version__.encode())
    package = CHECKS.parent
    parts = (reference / name for name in load().table["parts"])
    engine = (package / name for name in ("diagnosis", "numerics"))
    for folder in (*parts, CHECKS, *engine, Path(__file__).parent / "bugs"):
        for path in sorted(folder.rglob("*.py")):
            if folder == CHECKS and path.parent.name in _WORDS:
                continue
            digest.update(path.relative_to(folder).as_posix().encode())
            digest.update(_meaning(path).encode())
    return digest.hexdigest()


def _meaning(path: Path) -> str:
    """The code of a file without comments, docstrings and blanks, the same for every Python."""
    kept, before = [], tokenize.NEWLINE
    with path.open("rb") as stream:
        for token in tokenize.tokenize(stream.readline):
            if token.type in _SILENT:
                continue
            docstring = token.type == tokenize.STRING and before in _LINE_BEGINS
            if not docstring:
                kept.append(token.string)
            before = token.type
    # From 3.12 on the pieces of an f-string are tokens, in which a doubled brace is single.
    return "".join("".join(kept).split()).replace("{{", "{").replace("}}", "}")
