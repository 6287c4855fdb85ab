"""Which submissions are graded now, and why; what is done already is left alone."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.authoring.classroom import basis, records
from grader.authoring.classroom.records import Basis, ClassError, Record
from grader.authoring.classroom.sources import Source
from grader.errors import SandboxError
from grader.exporters import summary
from grader.outcomes import Status

FAILED, CHANGED = "failed", "changed"
_WORTH_ANOTHER = frozenset({SandboxError.reason, summary.GRADER_BUG})


@dataclass
class Plan:
    """The sources to be graded in their order, and what becomes of the others.

    `why` has a word for each key that is graded; `digests` the digest of each source that
    could be read. `retold` are results that stand, with the students and the name that their
    submission has now. `new` counts those that nobody asked for and that have no result yet,
    and `gone` the results whose submission is no longer there.
    """

    todo: list[Source] = field(default_factory=list)
    why: dict[str, str] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    retold: list[Record] = field(default_factory=list)
    done: int = 0
    new: int = 0
    gone: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many are graded for which reason."""
        words = list(self.why.values())
        return {word: words.count(word) for word in dict.fromkeys(words)}


def plan(
    sources: Sequence[Source],
    out: Path,
    now: Basis,
    only: Iterable[str] = (),
    libraries: Mapping[str, str] | None = None,
) -> Plan:
    """Compare what there is with what was graded, and with what.

    Without `only`, everything is graded that has no whole result for the same bytes, dates, code
    and files. `only` names keys, which are graded in any case; 'failed' adds those that have no
    result, or none that is whole; 'changed' those whose bytes or dates, or what they were graded
    with, have changed since. `libraries` are those that it would be graded with, None where that
    is not known here, and counts as no change.

    Raises ClassError for a key that nobody has.
    """
    asked = set(only)
    _refuse_unknown(asked - {FAILED, CHANGED}, [source.key for source in sources])
    made = Plan()
    for source in sources:
        earlier = _earlier(out, source.key)
        why = _why(source, earlier, now, libraries, made)
        if not asked:
            wanted = why != ""
        else:
            wanted = source.key in asked or why in asked
            made.new += why == "new" and not wanted
        if wanted:
            made.todo.append(source)
            made.why[source.key] = why or "asked for"
        elif earlier is not None:
            made.done += why == ""
            told = replace(earlier, students=source.students, source=source.name)
            if told != earlier:
                made.retold.append(told)
    there = {source.key for source in sources}
    folders = (out / records.SUBMISSIONS).glob(f"*/{records.RECORD}")
    made.gone = sorted({path.parent.name for path in folders} - there)
    return made


def is_whole(record: Record) -> bool:
    """Whether the grader did its job, whatever it found.

    A check that a worker's trouble or a bug of the grader ended is worth another try; what files
    are lacking for (no images, a tape of other checks) is not, as long as these are the same.
    """
    run = record.run
    if run is None or record.failure or not run.complete:
        return False
    cases = (case for check in run.checks for case in check.cases)
    return not any(
        case.status is Status.UNCHECKED and case.reason in _WORTH_ANOTHER for case in cases
    )


def _why(
    source: Source,
    earlier: Record | None,
    now: Basis,
    libraries: Mapping[str, str] | None,
    made: Plan,
) -> str:
    """'new', 'failed', 'changed', or '' where the result that is there stands."""
    digest = ""
    if source.path is not None:
        try:
            digest = basis.of_submission(source.path)
        except OSError:
            digest = ""  # grading it says why
        else:
            made.digests[source.key] = digest
    if earlier is None:
        return "new"
    if earlier.run is None or not is_whole(earlier):
        return FAILED
    others = libraries is not None and earlier.run.libraries != libraries
    moved = (earlier.submitted_at, earlier.dates) != (source.submitted_at, source.dates)
    if earlier.sha256 != digest or earlier.basis != now or others or moved:
        return CHANGED
    return ""


def _earlier(out: Path, key: str) -> Record | None:
    """The record that is there; None where there is none, or a damaged one."""
    try:
        return records.load(records.folder(out, key) / records.RECORD)
    except ClassError:
        return None


def _refuse_unknown(asked: set[str], known: Sequence[str]) -> None:
    for key in sorted(asked - set(known)):
        near = difflib.get_close_matches(key, known, n=1)
        hint = f"do you mean {near[0]}?" if near else f"the first one is {known[0]}"
        message = f"there is no submission {key}: {hint} (`failed` and `changed` are words, too)"
        raise ClassError(message)
