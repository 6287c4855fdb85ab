"""`grader tape`: record the expected values from the reference (instructors only)."""

from __future__ import annotations

import argparse

from grader.authoring import tape
from grader.commands.progress import overwrite
from grader.tape import PUBLIC


def run(options: argparse.Namespace) -> int:
    """Make a tape, or say whether the one that is there is current (1 if it is not).

    Raises TapeError when the reference does not pass its own checks.
    """
    output = options.output or PUBLIC
    reference = options.reference or tape.REFERENCE
    if options.check:
        stale = tape.outdated(output, reference)
        print(f"{output}: {stale or 'current'}")
        return 1 if stale else 0
    made = tape.make(
        output,
        reference,
        count=options.seeds,
        secret=options.secret,
        hints=not options.no_hints,
        told=_tell,
    )
    overwrite("")
    size = output.stat().st_size / 1e6
    print(f"{output}: {made} arrays, {size:.2f} MB")
    return 0


def _tell(variant: str) -> None:
    """Where a terminal is there, which known mistake is being recorded."""
    overwrite(f"fingerprints: {variant}")
