"""`grader pack`: the archive to hand in, with only what is graded, tried before it is written."""

from __future__ import annotations

import argparse
import itertools
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from grader.assignment import load
from grader.errors import UnusableSubmission
from grader.intake import Draft, Layout, Limits, StagedFile, draft
from grader.intake.pack import refuse_overwriting
from grader.intake.sentences import files, size
from grader.rehearsal import Rehearsal, rehearse

LEFT_OUT_NAMED = 10
WIDTH = 96


def run(options: argparse.Namespace) -> int:
    """Build the archive and say what is in it; 1 if there are reasons not to, and no --force.

    Raises UnusableSubmission when there is nothing to pack, or the output would overwrite
    something that is no archive.
    """
    assignment = load()
    layout = Layout.from_table(assignment.table)
    limits = Limits(archive_mb=int(assignment.limits.archive_mb))
    folder, output = options.path.resolve(), options.output
    try:
        refuse_overwriting(folder, output)
    except FileExistsError as error:
        raise UnusableSubmission(f"{error} with -o") from error
    with draft(folder, layout, output.name, limits) as made:
        tried = Rehearsal()
        if not made.excess:
            print("trying what is packed, as Gradescope will ...", file=sys.stderr)
            tried = rehearse(made.path, assignment, {entry.part for entry in made.included})
        reasons = made.refusals + list(_unsaid(tried.failures, made.pointers))
        if made.excess or (reasons and not options.force):
            print(refusal(made.excess, reasons, output), file=sys.stderr)
            return 1
        made.publish(output)
        print(report(made, output, reasons, tried))
    return 0


def _unsaid(failures: Iterable[str], pointers: Iterable[str]) -> Iterator[str]:
    """The failures that are not about files known to be pointers."""
    known = [f"`{PurePosixPath(path).name}`" for path in pointers]
    return (text for text in failures if not any(name in text for name in known))


def refusal(excess: str, reasons: Iterable[str], output: Path) -> str:
    """Why nothing was written, a numbered reason after the other, and the way out."""
    every = [text for text in (excess, *reasons) if text]
    lines = ["Nothing was packed:"]
    lines += [_wrapped(text, f"{number:>3}. ") for number, text in enumerate(every, start=1)]
    if not excess:
        lines.append(
            "Put this right and pack again. To hand in unfinished work as it is, add --force."
        )
    if output.exists():
        lines.append(f"{output} is an older archive, and as it was.")
    return "\n".join(lines)


def report(made: Draft, output: Path, warnings: Iterable[str], tried: Rehearsal) -> str:
    """What is in the archive, what is not, its hash, and what comes next."""
    lines = [f"{output}: {size(made.archive_bytes)}, {_count(made.included)}"]
    for part, entries in itertools.groupby(made.included, key=lambda entry: entry.part):
        lines += ["", *_listing(part, list(entries))]
    lines.append("")
    if made.left_out:
        together = size(sum(each for _, each in made.left_out))
        named = files((path for path, _ in made.left_out), LEFT_OUT_NAMED)
        lines.append(_wrapped(f"{named} ({together})", "Left out, because it is not graded: "))
    if tried.loaded:
        lines.append(_wrapped(", ".join(tried.loaded), "Loaded as it will be for grading: "))
    lines += [
        _wrapped(f"{', '.join(subjects)}: {reason}", "Not verified here: ")
        for reason, subjects in tried.unverified.items()
    ]
    lines += [_wrapped(text, "Note: ") for text in made.notes]
    lines += [_wrapped(text, "Warning: ") for text in warnings]
    return "\n".join(
        [
            *lines,
            f"SHA-256 of the content, which the grader reports: {made.sha256}",
            f"Next: upload {output} to Gradescope, as it is.",
        ]
    )


def _listing(part: str, entries: list[StagedFile]) -> list[str]:
    """One part's files with their sizes, the sizes beneath one another."""
    sizes = [size(entry.size) for entry in entries]
    wide, high = max(len(entry.path) for entry in entries), max(map(len, sizes))
    total = size(sum(entry.size for entry in entries))
    return [
        f"{part}: {_count(entries)}, {total}",
        *(f"  {entry.path:{wide}}  {size:>{high}}" for entry, size in zip(entries, sizes)),
    ]


def _count(entries: list[StagedFile]) -> str:
    return f"{len(entries)} file{'s' if len(entries) != 1 else ''}"


def _wrapped(text: str, lead: str) -> str:
    """The text after its lead, further lines beneath the first."""
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * min(len(lead), 6),
        break_long_words=False,
        break_on_hyphens=False,
    )
