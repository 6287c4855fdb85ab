"""submission_metadata.json as the platform writes it, for scenarios that an instructor tries.

Dates come from the assignment's [dates], and every instant is written with the offset that the
course's time zone has then, so offsets mix across daylight saving as they do on the platform.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grader.assignment import Assignment
from grader.errors import ConfigurationError
from grader.lateness import Policy, parse_instant
from grader.ratelimit import RECORD, points

BEFORE_DUE = timedelta(minutes=10)  # when a submission is made for which nothing is said
BETWEEN = timedelta(hours=1)

_OPEN = timedelta(days=21)  # from the release to the due date
_LONGEST = timedelta(days=3660)  # beyond it, dates leave the calendar
_DURATION = re.compile(r"([+-]?)(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?", re.ASCII)


@dataclass(frozen=True)
class Scenario:
    """How a submission comes in.

    It is created `late` after the due date; a negative duration is before it, and none at all
    ten minutes before. The due date of the first of `group` students is later by `extension`.
    `previous` are results.json files of earlier submissions, oldest first.
    """

    late: timedelta = timedelta()
    extension: timedelta = timedelta()
    group: int = 1
    previous: tuple[Path, ...] = ()


def duration(text: str) -> timedelta:
    """'26h', '2d', '90m', '1d12h' or '-3h' as a duration.

    Raises ConfigurationError for anything else.
    """
    match = _DURATION.fullmatch(text.strip())
    sign, *figures = match.groups(default="") if match is not None else ("",)
    if any(figures):
        days, hours, minutes = figures
        length = timedelta(days=int(days or 0), hours=int(hours or 0), minutes=int(minutes or 0))
        if length <= _LONGEST:
            return -length if sign == "-" else length
    message = (
        f"{text[:40]!r} is no duration: write days, hours and minutes as in 26h, 2d, 90m, 1d12h "
        f"or -3h, at most {_LONGEST.days}d"
    )
    raise ConfigurationError(message)


def build(assignment: Assignment, scenario: Scenario) -> dict[str, Any]:
    """The metadata of a submission of `assignment` that comes in as `scenario` says.

    Raises ConfigurationError for an assignment without a due date, a group without students,
    and an earlier result that cannot be read.
    """
    if scenario.group < 1:
        message = f"a group has at least one student, not {scenario.group}"
        raise ConfigurationError(message)
    policy = Policy.of(assignment)
    if policy.due is None:
        raise ConfigurationError("[dates] has no due: write the due date there to try scenarios")
    created = policy.due + (scenario.late or -BEFORE_DUE)
    dates = _dates(policy, timedelta())
    total = f"{float(assignment.max_points):.1f}"
    return {
        "id": 123456789,
        "users": [
            _user(number, _dates(policy, scenario.extension) if number == 1 else dates)
            for number in range(1, scenario.group + 1)
        ],
        "created_at": _text(created, policy),
        "assignment_id": None,
        "assignment": {
            "id": 1234567,
            "course_id": 123456,
            "title": assignment.title,
            **dates,
            "group_submission": scenario.group > 1,
            "group_size": scenario.group if scenario.group > 1 else None,
            "total_points": total,
            "outline": [
                {"id": 12345678, "type": "ProgrammingQuestion", "title": "", "weight": total}
            ],
        },
        "submission_method": "upload",
        "previous_submissions": _previous(scenario.previous, created, policy),
    }


def _dates(policy: Policy, extension: timedelta) -> dict[str, Any]:
    """Release, due and late due date; the last one is null without a grace."""
    if policy.due is None:
        return {}
    due = policy.due + extension
    until = due + timedelta(hours=policy.grace_hours) if policy.grace_hours else None
    return {
        "release_date": _text(policy.due - _OPEN, policy),
        "due_date": _text(due, policy),
        "late_due_date": None if until is None else _text(until, policy),
    }


def _user(number: int, dates: dict[str, Any]) -> dict[str, Any]:
    """A student; every second one has no student number."""
    return {
        "id": 1000000 + number,
        "email": f"student{number}@example.edu",
        "name": f"Student {number}",
        "sid": str(900000000 + number) if number % 2 else "",
        "assignment": dates,
    }


def _previous(paths: tuple[Path, ...], created: datetime, policy: Policy) -> list[dict[str, Any]]:
    """An entry for each result, an hour apart; scores are numbers and text by turns."""
    entries: list[dict[str, Any]] = []
    for index, path in enumerate(paths):
        at = created - BETWEEN * (len(paths) - index)
        results = _read(path)
        score = _score(results)
        shown = 0.0 if score is None else score
        entry: dict[str, Any] = {
            "submission_time": _text(at, policy),
            "score": str(shown) if index % 2 else shown,
            "autograder_error": score is None,
        }
        if index == len(paths) - 1 and score is not None:
            entry["results"] = _moved(results, at)
        entries.append(entry)
    return entries


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"), parse_constant=_refuse)
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no JSON"
        message = f"{path} cannot be used as an earlier result: {reason}; give a results.json"
        raise ConfigurationError(message) from error
    if not isinstance(document, dict):
        message = f"{path} cannot be used as an earlier result: it holds no object"
        raise ConfigurationError(message)
    return document


def _refuse(constant: str) -> None:
    """NaN and infinities, which Python reads and JSON does not know."""
    raise ValueError(constant)


def _score(results: Mapping[str, Any]) -> float | None:
    """The score at the top, else the sum of the tests'; None if the platform finds neither."""
    if "score" in results:
        return points(results["score"])
    tests = results.get("tests")
    listed = tests if isinstance(tests, list) else []
    scores = [points(test.get("score")) for test in listed if isinstance(test, Mapping)]
    known = [score for score in scores if score is not None]
    return sum(known) if known else None


def _moved(results: dict[str, Any], at: datetime) -> dict[str, Any]:
    """The result with the instants of its record moved, as if it had been created `at` then.

    Each scenario has the same due date; without this a result that another scenario made would
    claim to be as new as the one that it comes before.
    """
    moved = copy.deepcopy(results)
    extra = moved.get("extra_data")
    record = extra.get(RECORD) if isinstance(extra, dict) else None
    own = _instant(record.get("created_at")) if isinstance(record, dict) else None
    if not isinstance(record, dict) or own is None or not isinstance(record.get("counted"), list):
        return moved
    record["created_at"] = at.isoformat()
    instants = [_instant(text) for text in record["counted"]]
    record["counted"] = [(at + (then - own)).isoformat() for then in instants if then is not None]
    return moved


def _instant(value: object) -> datetime | None:
    return parse_instant(value) if isinstance(value, str) else None


def _text(instant: datetime, policy: Policy) -> str:
    """ISO 8601 with microseconds and the course's offset."""
    return instant.astimezone(policy.zone).isoformat(timespec="microseconds")
