"""Has a student submitted too often: from the platform's metadata only.

At most N submissions within H hours are graded; one too many keeps the score of an earlier
one. The decision starts from `created_at`, never from the present, and nothing in the
metadata can raise: what cannot be read becomes a note for staff, and the submission is graded.

Which earlier submissions count: those that were graded to their end. Neither an autograder
error, nor an upload in which nothing could be graded, nor a submission that this limit refused
uses up an attempt. The platform does not tell these apart, so every result carries a record
of those that count (`extra_data.rate_limit`), and the next one reads it from the latest
result. Where there is none (the limit is new, or the run was lost), the same rule is applied
to the earlier submissions in turn; one without points may be a run that graded nothing and
does not count.

Which score is kept: that of the latest graded submission, because it is what the student has
now. Without a record it is that of the latest one with points.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from grader.errors import ConfigurationError
from grader.lateness import parse_instant

RECORD = "rate_limit"

_MOST_SUBMISSIONS = 100
_MOST_HOURS = 366 * 24
_MINUTE = timedelta(minutes=1)
# The platform may write one instant with fewer decimals in another place.
_SAME = timedelta(seconds=1)
_ROUNDING = 0.006  # of a score with two decimals
_NEVER = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True)
class RateLimit:
    """At most `submissions` graded within `hours` hours; 0 submissions: no limit."""

    submissions: int = 0
    hours: float = 24

    @classmethod
    def from_table(cls, table: object) -> RateLimit:
        """Read [rate_limit]: submissions, hours.

        Raises ConfigurationError for anything else.
        """
        if not isinstance(table, Mapping) or set(table) - {"submissions", "hours"}:
            raise ConfigurationError("[rate_limit] has two entries, submissions and hours")
        submissions, hours = table.get("submissions", 0), table.get("hours", 24)
        if type(submissions) is not int or not 0 <= submissions <= _MOST_SUBMISSIONS:
            message = (
                f"[rate_limit] submissions must be a whole number from 0 (no limit) to "
                f"{_MOST_SUBMISSIONS}, not {submissions!r}"
            )
            raise ConfigurationError(message)
        if type(hours) not in (int, float) or not 0 < hours <= _MOST_HOURS:
            message = f"[rate_limit] hours must be above 0 and at most {_MOST_HOURS}, not {hours!r}"
            raise ConfigurationError(message)
        return cls(submissions, hours)

    def __str__(self) -> str:
        plural = "s" * (self.submissions != 1)
        hours = f"{self.hours:g} hour{'s' * (self.hours != 1)}"
        return f"{self.submissions} submission{plural} within {hours}"


@dataclass(frozen=True)
class Kept:
    """The score that stands, and when its submission was made.

    `results` is the latest result if it has this score. From `next_at` on, a whole minute, the
    next submission is graded.
    """

    score: float
    submitted_at: datetime
    results: Mapping[str, Any] | None
    next_at: datetime


@dataclass
class Verdict:
    """Whether to grade: `kept` is set if not.

    `counted` are the instants of the earlier submissions within the hours that count.
    """

    limit: RateLimit
    zone: tzinfo
    created_at: datetime | None = None
    counted: list[datetime] = field(default_factory=list)
    kept: Kept | None = None
    staff_notes: list[str] = field(default_factory=list)

    def record(self, *, graded: bool) -> dict[str, Any]:
        """What the next submission's decision needs of this one's result; {} if unknown."""
        if self.created_at is None:
            return {}
        counted = [*self.counted, *([self.created_at] if graded else [])]
        return {
            "created_at": self.created_at.isoformat(),
            "graded": graded,
            "counted": [instant.isoformat() for instant in counted[-_MOST_SUBMISSIONS:]],
            "submissions": self.limit.submissions,
            "hours": self.limit.hours,
        }

    def local(self, instant: datetime) -> str:
        """An instant as people of the course read it: '2024-02-19 23:59 EST'."""
        return instant.astimezone(self.zone).strftime("%Y-%m-%d %H:%M %Z")


@dataclass(frozen=True)
class _Earlier:
    """An earlier submission; `score` is None where it cannot be read."""

    at: datetime
    score: float | None
    failed: bool
    results: Mapping[str, Any] | None


def decide(metadata: Mapping[str, Any], limit: RateLimit, zone: tzinfo = timezone.utc) -> Verdict:
    """Grade this submission, or keep an earlier score; never raises.

    An instant without an offset is local to `zone`.
    """
    verdict = Verdict(limit, zone)
    if not limit.submissions:
        return verdict
    verdict.created_at = created = _instant(metadata.get("created_at"), zone)
    if created is None:
        verdict.staff_notes.append(
            "rate limit: the metadata has no created_at, so this submission is graded"
        )
        return verdict
    earlier = [entry for entry in _history(metadata, verdict) if entry.at < created]
    recorded = _latest_record(earlier, verdict)
    graded, sources = _graded(earlier, recorded, limit)
    window = timedelta(hours=limit.hours)
    verdict.counted = [entry.at for entry in graded if entry.at > created - window]
    if len(verdict.counted) < limit.submissions:
        return verdict
    next_at = _next_minute(verdict.counted[-limit.submissions] + window)
    verdict.kept = _kept(sources, earlier, next_at, verdict)
    if verdict.kept is None:
        verdict.staff_notes.append(
            f"rate limit: more than {limit}, but no earlier score can be read, so this one is "
            "graded, too"
        )
    elif recorded is None:
        verdict.staff_notes.append(
            "rate limit: the latest result has no record of what was graded; it was worked "
            "out from the times and scores of the earlier submissions"
        )
    return verdict


def points(value: object) -> float | None:
    """A score, which the platform writes as a number or as text; None if it is none."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and number >= 0 else None


def _history(metadata: Mapping[str, Any], verdict: Verdict) -> list[_Earlier]:
    """The earlier submissions that can be read, oldest first."""
    listed = metadata.get("previous_submissions")
    if not isinstance(listed, list):
        verdict.staff_notes.append("rate limit: the metadata lists no previous_submissions")
        return []
    entries = [_earlier(entry, verdict.zone) for entry in listed]
    known = [entry for entry in entries if entry is not None]
    if len(known) < len(entries):
        verdict.staff_notes.append(
            f"rate limit: {len(entries) - len(known)} of {len(entries)} earlier submissions in "
            "the metadata cannot be read and do not count"
        )
    return sorted(known, key=lambda entry: entry.at)


def _earlier(entry: object, zone: tzinfo) -> _Earlier | None:
    if not isinstance(entry, Mapping):
        return None
    at = _instant(entry.get("submission_time"), zone)
    if at is None:
        return None
    results = entry.get("results")
    results = results if isinstance(results, Mapping) else None
    score = points(entry.get("score"))
    if score is None and results is not None:
        score = points(results.get("score"))
    failed = entry.get("autograder_error") not in (False, None)
    return _Earlier(at, score, failed, results)


def _latest_record(
    earlier: list[_Earlier], verdict: Verdict
) -> tuple[datetime, list[datetime]] | None:
    """The newest record in an earlier result: whose it is, and the instants that count then."""
    for entry in reversed(earlier):
        extra = entry.results.get("extra_data") if entry.results is not None else None
        record = extra.get(RECORD) if isinstance(extra, Mapping) else None
        if record is None:
            continue
        counted = _recorded(record, entry, verdict.zone)
        if counted is not None:
            return entry.at, counted
        verdict.staff_notes.append(
            f"rate limit: the record in the result of {verdict.local(entry.at)} cannot be used"
        )
    return None


def _recorded(record: object, entry: _Earlier, zone: tzinfo) -> list[datetime] | None:
    """The instants of a record; None if it is malformed, or another submission's."""
    if not isinstance(record, Mapping) or not isinstance(record.get("counted"), list):
        return None
    own = _instant(record.get("created_at"), zone)
    instants = [_instant(text, zone) for text in record["counted"][-_MOST_SUBMISSIONS:]]
    known = [instant for instant in instants if instant is not None]
    if own is None or abs(own - entry.at) > _SAME or len(known) < len(instants):
        return None
    return known


def _graded(
    earlier: list[_Earlier], recorded: tuple[datetime, list[datetime]] | None, limit: RateLimit
) -> tuple[list[_Earlier], list[_Earlier]]:
    """The submissions that count, and those that have a grading's score; oldest first."""
    until, instants = recorded or (_NEVER, [])
    before = [entry for entry in earlier if entry.at <= until]
    listed = {id(entry) for entry in _matching(before, instants)}
    graded: list[_Earlier] = []
    sources: list[_Earlier] = []
    for entry in earlier:
        if entry.failed:
            continue
        if entry.at <= until:
            if id(entry) in listed:
                graded.append(entry)
                sources.append(entry)
        elif entry.score:
            if not _exceeded(graded, entry.at, limit):
                graded.append(entry)
            # One that was refused has the score that it kept.
            sources.append(entry)
    return graded, sources


def _matching(entries: list[_Earlier], instants: Iterable[datetime]) -> Iterable[_Earlier]:
    for instant in instants:
        nearest = min(entries, key=lambda entry: abs(entry.at - instant), default=None)
        if nearest is not None and abs(nearest.at - instant) <= _SAME:
            yield nearest


def _exceeded(graded: list[_Earlier], at: datetime, limit: RateLimit) -> bool:
    """Whether as many as the limit allows were graded within the hours before `at`."""
    if len(graded) < limit.submissions:
        return False
    return graded[-limit.submissions].at > at - timedelta(hours=limit.hours)


def _kept(
    sources: list[_Earlier], earlier: list[_Earlier], next_at: datetime, verdict: Verdict
) -> Kept | None:
    """The newest score that can be read, with the newest result if that has the same score."""
    source = next((entry for entry in reversed(sources) if entry.score is not None), None)
    if source is None or source.score is None:
        return None
    results = next((entry.results for entry in reversed(earlier) if entry.results), None)
    if results is None:
        return Kept(source.score, source.at, None, next_at)
    there = points(results.get("score"))
    if there is not None and math.isclose(there, source.score, abs_tol=_ROUNDING):
        return Kept(source.score, source.at, results, next_at)
    verdict.staff_notes.append(
        f"rate limit: the latest result has another score than {source.score:g}, which is kept, "
        "so its tests are not shown"
    )
    return Kept(source.score, source.at, None, next_at)


def _next_minute(instant: datetime) -> datetime:
    """The instant itself on a whole minute, else the next one: what is shown is never early."""
    whole = instant.replace(second=0, microsecond=0)
    return whole if whole == instant else whole + _MINUTE


def _instant(value: object, zone: tzinfo) -> datetime | None:
    return parse_instant(value, zone) if isinstance(value, str) else None
