"""Why points changed, as far as the records of two gradings tell.

Some causes are seen in a check's outcomes: a limit that stopped it, what it is worth, the
thresholds. The others are candidates (`candidates`): what is not as it was. Where there is
neither, that is said in so many words: it hides a fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from grader.authoring.classroom.compare.candidates import (
    Between,
    Cause,
    Kind,
    any_file,
    for_check,
)
from grader.authoring.classroom.records import Record
from grader.exporters.points import shown
from grader.lateness import parse_instant
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status

LIMITS = {
    "time-limit": "the time limit",
    "memory-limit": "the memory limit",
    "out-of-time": "the end of the run's time",
    "crash": "a crash of the interpreter",
}
GRADER_REASONS = frozenset(
    {"error", "grader-error", "configuration", "tape", "no-data", "sandbox", "grader-bug"}
)
DATES = {
    "created_at": "another time of handing in",
    "due": "another due date",
    "grace_until": "another end of grace",
}
UNLUCKY = frozenset({Kind.FAILURE, Kind.LIMIT, Kind.UNCHECKED})
"""What another try may do without; the other causes that are seen come again."""
AGAIN = "; nothing else that is recorded changed: grade it once more"


def of_check(old: CheckOutcome, new: CheckOutcome, found: Between) -> tuple[Cause, ...]:
    """Why a check that both gradings made has other points; never empty."""
    worth = _worth(old, new)
    if worth is not None and _shares(old) == _shares(new):
        return (worth,)
    limit = _limit(old, new, found)
    seen = [cause for cause in (worth, _thresholds(old, new), limit) if cause]
    seen += _broken_off(old, new, found)
    seen += _unchecked(old, new) if limit is None else []
    known = {cause.kind for cause in seen}
    rest = [
        cause
        for cause in for_check(old, new, found)
        # Points and thresholds stand in that file: it is explained already.
        if cause.kind is not Kind.ASSIGNMENT or known.isdisjoint({Kind.WORTH, Kind.THRESHOLDS})
    ]
    if rest or known - UNLUCKY:
        return (*seen, *rest)
    if seen:
        return tuple(replace(cause, text=cause.text + AGAIN) for cause in seen)
    return (_unknown(found),)


def of_failure(failed: Record, found: Between, *, now: bool) -> tuple[Cause, ...]:
    """Why all points went or came with a grading that failed; `failed` is its record."""
    text = "could not be graded now" if now else "could not be graded before"
    staff = failed.failure or ("" if failed.run is None else failed.run.error)
    return (Cause(Kind.FAILURE, text, staff), *any_file(found), *found.causes)


def of_vanishing() -> tuple[Cause, ...]:
    """Why all points of a submission went that the new grading does not have."""
    return (Cause(Kind.GONE, "is not in the new grading"),)


def of_absence(check: str, lacking: Run, *, gone: bool) -> tuple[Cause, ...]:
    """Why a check is in one grading only; `lacking` is the run without it."""
    if check in lacking.left_out:
        text = "was not asked for now" if gone else "was not asked for before"
    else:
        text = "there is no such check any more" if gone else "there was no such check before"
    return (Cause(Kind.CHECKS, text),)


def of_lateness(old: Run, new: Run, found: Between) -> tuple[Cause, ...]:
    """Why the late penalty is another: by the dates that it was judged by, or the rules.

    The dates themselves are for staff: one that is a student's own tells who it is.
    """
    before, after = (f"{shown(100 * run.penalty)} %" for run in (old, new))
    others = [name for name in DATES if _instant(old, name) != _instant(new, name)]
    by = " and ".join(DATES[name] for name in others)
    staff = "; ".join(f"{_date(old, name)} → {_date(new, name)}" for name in others)
    text = f"the late penalty is {after}, and was {before}" + (f", by {by}" if by else "")
    # The assignment has the rules, and often the due date; code is suspected where dates are not.
    suspects = {Kind.ASSIGNMENT} if others else {Kind.ASSIGNMENT, Kind.CODE}
    rest = (cause for cause in found.causes if cause.kind in suspects)
    return (Cause(Kind.LATE, text, staff), *rest)


def cases_that_fell(old: CheckOutcome, new: CheckOutcome) -> tuple[str, ...]:
    """The names of the cases that earn a smaller share of what they are worth than before."""
    former = _shares(old)
    return tuple(
        case.name
        for case in new.cases
        if case.name and case.name in former and _share(case) < former[case.name]
    )


def _worth(old: CheckOutcome, new: CheckOutcome) -> Cause | None:
    if old.max_points != new.max_points:
        words = f"worth {shown(new.max_points)} in place of {shown(old.max_points)} points"
        return Cause(Kind.WORTH, words)
    before = {case.name: case.max_points for case in old.cases}
    if any(case.max_points != before.get(case.name, case.max_points) for case in new.cases):
        return Cause(Kind.WORTH, "its cases share its points otherwise")
    return None


def _thresholds(old: CheckOutcome, new: CheckOutcome) -> Cause | None:
    before, after = old.facts.get("thresholds"), new.facts.get("thresholds")
    if not before or not after or before == after:
        return None
    return Cause(Kind.THRESHOLDS, f"thresholds {_row(before)} → {_row(after)}")


def _limit(old: CheckOutcome, new: CheckOutcome, found: Between) -> Cause | None:
    before, after = map(_stopped, (old, new), found.broken_off)
    if before == after:
        return None
    if after:
        return Cause(Kind.LIMIT, f"stopped by {after} now")
    return Cause(Kind.LIMIT, f"stopped by {before} before")


def _stopped(check: CheckOutcome, broken_off: str) -> str:
    """The limit that stopped a check, in words; '' where none did.

    What was never reached had no time left, unless its grading broke off for another reason.
    """
    for case in check.cases:
        if case.reason in LIMITS:
            return LIMITS[case.reason]
        if case.status is Status.NOT_RUN and not broken_off:
            return LIMITS["out-of-time"]
    done, total = check.facts.get("images_predicted"), check.facts.get("images")
    if isinstance(done, int) and isinstance(total, int) and done < total:
        return f"the time limit ({done} of {total} images)"
    return ""


def _broken_off(old: CheckOutcome, new: CheckOutcome, found: Between) -> list[Cause]:
    before, after = map(_failure, (old, new), found.broken_off)
    if before == after:
        return []
    if after:
        return [Cause(Kind.FAILURE, "the grader broke off now", after)]
    return [Cause(Kind.FAILURE, "the grader broke off before", before)]


def _failure(check: CheckOutcome, broken_off: str) -> str:
    """The failure that a check was not reached for; '' where it was, or there was none."""
    return broken_off if any(case.status is Status.NOT_RUN for case in check.cases) else ""


def _unchecked(old: CheckOutcome, new: CheckOutcome) -> list[Cause]:
    before, after = _in_the_way(old), _in_the_way(new)
    if before == after:
        return []
    if after:
        return [Cause(Kind.UNCHECKED, f"could not be checked now: {after}")]
    return [Cause(Kind.UNCHECKED, f"could not be checked before: {before}")]


def _in_the_way(check: CheckOutcome) -> str:
    """Why a check could not be made, in words; '' where it could."""
    for case in check.cases:
        if case.status is Status.UNCHECKED:
            if case.reason in GRADER_REASONS:
                return f"see the notes for staff ({case.reason})"
            return f"what it builds on failed ({case.reason or 'no reason given'})"
    return ""


def _shares(check: CheckOutcome) -> dict[str, Fraction]:
    return {case.name: _share(case) for case in check.cases}


def _share(case: CaseOutcome) -> Fraction:
    """What part of its points a case earned; one that is worth none earns all by passing."""
    if not case.max_points:
        return Fraction(case.status is Status.PASSED)
    return case.points / case.max_points


def _unknown(found: Between) -> Cause:
    if not found.code_known:
        text = "nothing that is recorded changed, but the grader's code is not recorded"
        return Cause(Kind.UNKNOWN, text)
    text = "nothing that is recorded changed: the outcome varies, which is worth a look"
    return Cause(Kind.UNKNOWN, text)


def _date(run: Run, name: str) -> str:
    return str(run.late.get(name) or "unknown")


def _instant(run: Run, name: str) -> datetime | None:
    """One of the dates that lateness was judged by, however it is written."""
    return parse_instant(_date(run, name))


def _row(values: Sequence[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
