"""Is a submission late, and what does it cost: from the platform's metadata only.

Every decision compares instants and starts from `created_at`, never from the present, so
a regrade decides the same. Nothing in the metadata can raise: what cannot be read
becomes a note for staff, and no student pays for it.

Whose date counts: each student's own (an extension is one), else the assignment's, else
the policy's. In a group the member with the most generous dates counts for all.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from grader.errors import ConfigurationError

if TYPE_CHECKING:
    from grader.assignment import Assignment
    from grader.outcomes import Run

ACCEPT, REFUSE = "accept", "refuse"
LARGEST_METADATA = 64 << 20

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_FIRST_YEAR, _LAST_YEAR = 1970, 9000  # adding to a date must not leave the calendar
_LONGEST_GRACE = 10 * 366 * 24  # hours: for the same reason
_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?"
)


@dataclass(frozen=True)
class Policy:
    """The course's rules, from the assignment's [dates].

    `due` is used where the metadata has no date. Grace ends `grace_hours` after the due
    date; without `grace_hours`, at the platform's late due date if it has one. Each day
    begun after that costs `percent_a_day` of the points; `refuse` costs all of them.
    A naive date is local to `zone`.
    """

    due: datetime | None = None
    grace_hours: float | None = None
    after_grace: str = ACCEPT
    percent_a_day: Fraction = Fraction(0)
    zone: tzinfo = timezone.utc

    @classmethod
    def of(cls, assignment: Assignment) -> Policy:
        """The assignment's; raises ConfigurationError where its [dates] cannot be read."""
        return cls.from_table(assignment.table.get("dates", {}))

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> Policy:
        """Read [dates]: timezone, due, grace_hours, after_grace.

        `after_grace` is "accept", "refuse", or a number: per cent of the points a day.
        Raises ConfigurationError for anything else.
        """
        zone = _zone(str(table.get("timezone", "UTC")))
        after = table.get("after_grace", ACCEPT)
        percent = Fraction(0)
        if after not in (ACCEPT, REFUSE):
            percent, after = _percent(after), ACCEPT
        due = table.get("due")
        hours = table.get("grace_hours")
        if hours is not None and not (_is_number(hours) and 0 <= hours <= _LONGEST_GRACE):
            message = f"[dates] grace_hours must be a number of hours, not {hours!r}"
            raise ConfigurationError(message)
        return cls(
            due=None if due is None else _policy_date(due, zone),
            grace_hours=hours,
            after_grace=str(after),
            percent_a_day=percent,
            zone=zone,
        )


@dataclass
class Lateness:
    """The verdict. `status` is 'on-time', 'grace', 'late', 'refused' or 'unknown'.

    `penalty` is a fraction of the points, 0 to 1. `days` counts days begun after the
    grace. `source` says whose dates counted: 'student', 'assignment' or 'policy'.
    """

    status: str = "unknown"
    penalty: Fraction = Fraction(0)
    days: int = 0
    created_at: str = ""
    due: str = ""
    grace_until: str = ""
    source: str = ""
    notice: str = ""
    staff_notes: list[str] = field(default_factory=list)

    def apply(self, run: Run) -> None:
        """Put the verdict into a run; doing so again changes nothing."""
        run.penalty = self.penalty
        run.late = {
            "status": self.status,
            "days": self.days,
            "created_at": self.created_at,
            "due": self.due,
            "grace_until": self.grace_until,
            "source": self.source,
            "notice": self.notice,
        }
        run.staff_notes += [note for note in self.staff_notes if note not in run.staff_notes]


@dataclass(frozen=True)
class _Dates:
    due: datetime
    grace_until: datetime
    source: str


def read_metadata(path: Path) -> tuple[dict[str, Any], list[str]]:
    """The metadata, and notes for staff; {} for a file that is missing, empty or garbage."""
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_METADATA + 1)
    except OSError as error:
        return {}, [f"no lateness: {path.name} cannot be read ({error.strerror})"]
    if not content.strip():
        return {}, [f"no lateness: {path.name} is empty"]
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return {}, [f"no lateness: {path.name} is no JSON ({type(error).__name__})"]
    if not isinstance(document, dict):
        return {}, [f"no lateness: {path.name} holds no object"]
    return document, []


def assess(metadata: Mapping[str, Any], policy: Policy) -> Lateness:
    """Compare the submission's instant with the dates that count; never raises."""
    verdict = Lateness()
    created = _date(metadata, "created_at", policy, verdict)
    dates = _deciding_dates(metadata, policy, verdict)
    if created is None or dates is None:
        lacking = "created_at" if created is None else "due date"
        verdict.staff_notes.append(f"lateness is unknown and costs nothing: no {lacking}")
        return verdict
    local = policy.zone
    verdict.created_at = created.astimezone(local).isoformat()
    verdict.due = dates.due.astimezone(local).isoformat()
    verdict.grace_until = dates.grace_until.astimezone(local).isoformat()
    verdict.source = dates.source
    _judge(verdict, created, dates, policy)
    return verdict


def _judge(verdict: Lateness, created: datetime, dates: _Dates, policy: Policy) -> None:
    if created < _end(dates.due):
        verdict.status = "on-time"
        return
    until = dates.grace_until.astimezone(policy.zone).strftime("%Y-%m-%d %H:%M %Z")
    if created < _end(dates.grace_until):
        verdict.status = "grace"
        verdict.notice = f"after the due date, within the grace period until {until}; no penalty."
        return
    verdict.days = math.ceil((created - dates.grace_until) / _DAY)
    late = f"{verdict.days} day{'s' * (verdict.days > 1)} late, counted from {until}"
    if policy.after_grace == REFUSE:
        verdict.status = "refused"
        verdict.penalty = Fraction(1)
        verdict.notice = f"{late}. Submissions are no longer accepted, so this one counts 0 points."
        return
    verdict.status = "late"
    verdict.penalty = min(Fraction(1), policy.percent_a_day * verdict.days / 100)
    cost = f"{float(verdict.penalty * 100):g} % of the points are taken off"
    verdict.notice = f"{late}; {cost if verdict.penalty else 'no penalty'}."


def _end(deadline: datetime) -> datetime:
    """The first instant that is late: a deadline of 23:59 includes that whole minute."""
    return deadline + _MINUTE if deadline.second == 0 else deadline + timedelta(seconds=1)


def _deciding_dates(
    metadata: Mapping[str, Any], policy: Policy, verdict: Lateness
) -> _Dates | None:
    """The most generous dates of all members of the group."""
    assignment = _table(metadata, "assignment")
    general = _dates(assignment, "assignment", policy, verdict)
    if general is None and policy.due is not None:
        general = _Dates(policy.due, _grace(policy.due, None, policy), "policy")
    users = metadata.get("users")
    own = [
        _dates(_table(user, "assignment"), "student", policy, verdict) or general
        for user in (users if isinstance(users, list) else [])
        if isinstance(user, Mapping)
    ]
    known = [dates for dates in own if dates is not None] or ([general] if general else [])
    return max(known, key=lambda dates: (dates.grace_until, dates.due), default=None)


def _dates(
    table: Mapping[str, Any], source: str, policy: Policy, verdict: Lateness
) -> _Dates | None:
    due = _date(table, "due_date", policy, verdict)
    late_due = _date(table, "late_due_date", policy, verdict)
    if due is None:
        return None
    return _Dates(due, _grace(due, late_due, policy), source)


def _grace(due: datetime, late_due: datetime | None, policy: Policy) -> datetime:
    if policy.grace_hours is not None:
        return due + timedelta(hours=policy.grace_hours)
    return max(due, late_due) if late_due is not None else due


def _table(value: object, key: str) -> Mapping[str, Any]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _date(table: Mapping[str, Any], key: str, policy: Policy, verdict: Lateness) -> datetime | None:
    value = table.get(key)
    if value is None or value == "":
        return None
    parsed = parse_instant(value, policy.zone) if isinstance(value, str) else None
    if parsed is None:
        note = f"metadata: {key} {str(value)[:60]!r} is no date and was ignored"
        if note not in verdict.staff_notes:
            verdict.staff_notes.append(note)
    return parsed


def parse_instant(text: str, zone: tzinfo = timezone.utc) -> datetime | None:
    """An ISO-8601 instant; without an offset it is local to `zone`.

    By hand, because Python 3.10 knows neither 'Z' nor other than 3 or 6 decimals.
    """
    match = _STAMP.fullmatch(text.strip())
    if match is None:
        return None
    day, minute, second, fraction, offset = match.groups()
    micro = (fraction or "").ljust(6, "0")[:6]
    offset = "+00:00" if offset == "Z" else offset or ""
    if offset and ":" not in offset:
        offset = f"{offset[:3]}:{offset[3:]}"
    try:
        parsed = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}.{micro}{offset}")
    except ValueError:
        return None
    if not _FIRST_YEAR <= parsed.year <= _LAST_YEAR:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=zone)).astimezone(timezone.utc)


def _policy_date(value: object, zone: tzinfo) -> datetime:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    parsed = parse_instant(text, zone)
    if parsed is None:
        message = f"[dates] due must be a date and time such as 2024-02-19T23:59:00, not {value!r}"
        raise ConfigurationError(message)
    return parsed


def _zone(name: str) -> tzinfo:
    if name == "UTC":
        return timezone.utc
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"[dates] timezone {name!r} is unknown here: install tzdata, or correct the name"
        raise ConfigurationError(message) from error


def _percent(value: object) -> Fraction:
    if _is_number(value) and 0 <= float(str(value)) <= 100:  # noqa: PLR2004  per cent
        return Fraction(str(value))
    message = f'[dates] after_grace must be "accept", "refuse" or 0 to 100 (%), not {value!r}'
    raise ConfigurationError(message)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
