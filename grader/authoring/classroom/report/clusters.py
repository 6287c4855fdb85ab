"""Submissions that return the same wrong values: one misunderstanding, had by several.

Two outputs are equal where their digests are (`CaseOutcome.detail["output"]`). The inputs
depend on the seed that a submission got, so digests are compared within a seed; clusters of
different seeds are joined where check, failing cases and likely mistake agree. If a seed has
several such clusters, only the largest of them is joined, as the others differ from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grader.authoring.classroom.records import Record
from grader.authoring.classroom.report import mistakes
from grader.authoring.classroom.report.statistics import graded, number_order
from grader.outcomes import CheckOutcome, Status

DIGEST = "output"
FEWEST = 2
_Signature = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cluster:
    """`name` is the likely mistake for staff, '' if unknown; `message` what one of them reads.

    `cases` are those that fail, and `every` says whether these are all of the check's.
    """

    number: str
    title: str
    name: str
    message: str
    cases: tuple[str, ...]
    every: bool
    keys: tuple[str, ...]


@dataclass
class _Group:
    """Submissions of one seed with equal outputs; `check` is that of the first."""

    seed: int
    check: CheckOutcome
    signature: _Signature
    keys: list[str]


def find(records: Sequence[Record]) -> list[Cluster]:
    """The clusters of at least two submissions, the largest first."""
    groups: dict[tuple[int, str, _Signature], _Group] = {}
    for key, run in graded(records):
        for check in run.checks:
            signature = _signature(check)
            if signature:
                name = (run.tape_seed, check.number, signature)
                group = groups.setdefault(name, _Group(run.tape_seed, check, signature, []))
                group.keys.append(key)
    clusters = [_cluster(joined) for joined in _joined(groups.values())]
    clusters = [cluster for cluster in clusters if len(cluster.keys) >= FEWEST]
    return sorted(clusters, key=lambda c: (-len(c.keys), number_order(c.number), c.cases))


def _signature(check: CheckOutcome) -> _Signature:
    """The failing cases with their digests, or how they failed; empty where none has a digest."""
    failing = [case for case in check.cases if case.status is Status.FAILED]
    if not any(case.detail.get(DIGEST) for case in failing):
        return ()
    return tuple((case.name, str(case.detail.get(DIGEST, case.reason))) for case in failing)


def _joined(groups: Iterable[_Group]) -> list[list[_Group]]:
    """Groups that show one mistake under different seeds, together; the others by themselves."""
    alike: dict[object, dict[int, list[_Group]]] = {}
    alone = []
    for group in groups:
        mistake = mistakes.identity(group.check)
        if not mistake:
            alone.append([group])
            continue
        name = (group.check.number, tuple(case for case, _ in group.signature), mistake)
        alike.setdefault(name, {}).setdefault(group.seed, []).append(group)
    together = []
    for seeds in alike.values():
        largest = []
        for same in seeds.values():
            first, *others = sorted(same, key=lambda group: -len(group.keys))
            largest.append(first)
            alone += [[other] for other in others]
        together.append(largest)
    return together + alone


def _cluster(groups: list[_Group]) -> Cluster:
    check = groups[0].check
    failing = [case for case in check.cases if case.status is Status.FAILED]
    return Cluster(
        number=check.number,
        title=check.title,
        name=mistakes.title(check),
        message=next(case.message for case in failing if case.detail.get(DIGEST)),
        cases=tuple(case.name for case in failing if case.name),
        every=len(failing) == len(check.cases),
        keys=tuple(key for group in groups for key in group.keys),
    )
