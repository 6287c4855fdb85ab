"""`grader tape`: record the expected values from the reference (instructors only)."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.authoring import side_by_side, tape
from grader.authoring.bar import bar
from grader.errors import TapeError
from grader.intake.sentences import size
from grader.replacing import require_place
from grader.tape import PUBLIC


def run(options: argparse.Namespace) -> int:
    """Make a tape, or say whether the one that is there is current (1 if it is not).

    Raises TapeError when the reference does not pass its own checks, or nothing can be written.
    """
    output = options.output or PUBLIC
    reference = options.reference or tape.REFERENCE
    if options.check:
        stale = tape.outdated(output, reference)
        print(f"{output}: {stale or 'current'}")
        return 1 if stale else 0
    identity = tape.secret(options.seeds) if options.secret else tape.public(options.seeds)
    record(output, reference, identity, hints=not options.no_hints)
    return 0


def record(output: Path, reference: Path, identity: tape.Identity, *, hints: bool = True) -> None:
    """Record a tape, with a bar, and say what came out.

    Raises TapeError when the reference does not pass its own checks, or `output` cannot be
    written, which is known before anything is recorded.
    """
    try:
        require_place(output)
    except OSError as error:
        message = f"{output} cannot be written ({error.strerror}): choose another place with -o"
        raise TapeError(message) from error
    total = len(tape.variants_of(identity.seeds)) if hints else 0
    with bar("known mistakes", total) as advance:
        made = tape.make(
            output,
            reference,
            identity,
            hints=hints,
            jobs=side_by_side.cores(),
            told=lambda _: advance(""),
        )
    print(f"{output}: {made} arrays, {size(output.stat().st_size)}")
