"""Gradescope's results.json.

Built so that no value can lose the run: numbers are finite, strings are JSON's and
below the platform's cut, keys without a value are left out, and no score is above its
maximum. Notes for staff go to `extra_data` and stdout, which students do not see; a
hidden test would hide the total from them.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from grader.exporters import markdown, summary
from grader.exporters.points import shares
from grader.outcomes import Status
from grader.text import clean, cut

if TYPE_CHECKING:
    from grader.outcomes import CheckOutcome, Run

VISIBILITIES = ("visible", *summary.HIDDEN)

_LONGEST_NAME = 300
_LONGEST_EXTRA = 2000
_MOST_EXTRA = 200
_DEEPEST = 6
_LARGEST_INT = 1 << 53  # beyond it, readers of JSON round


def export(run: Run, *, report_points: Fraction | None = None) -> dict[str, Any]:
    """The whole document; `report_points` are graded by hand, outside this total.

    Top-level `score` is after the late penalty; the tests' scores add up to the points
    before it.
    """
    maxima = shares([check.max_points for check in run.checks])
    scores = shares([check.points for check in run.checks], maxima)
    total = sum(round(score * 100) for score in scores) / 100
    penalty = min(max(run.penalty, Fraction(0)), Fraction(1))
    document: dict[str, Any] = {
        "score": round(total * float(1 - penalty), 2),
        "execution_time": _seconds(run.wall_seconds),
        "output": markdown.overview(run, report_points=report_points),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [
            _test(check, score, maximum)
            for check, score, maximum in zip(run.checks, scores, maxima, strict=True)
        ],
        "extra_data": _extra(run),
    }
    board = [entry for check in run.checks for entry in _leaderboard(check)]
    if board:
        document["leaderboard"] = board
    return document


def placeholder(reason: str, *, staff: str = "") -> dict[str, Any]:
    """A document for before anything was graded; both texts are plain.

    `reason` is for the student, `staff` for instructors only.
    """
    extra = {"placeholder": True, "staff_notes": [staff] if staff else []}
    return {
        "score": 0.0,
        "output": markdown.nothing_graded(reason),
        "output_format": "md",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": _plain(extra),
    }


def staff_notes(run: Run) -> list[str]:
    """The run's notes for staff, and what the exporter itself has to tell them."""
    notes = [clean(note) for note in run.staff_notes]
    notes += [clean(f"{flag['check']}, {flag['kind']}: {flag['text']}") for flag in run.flags]
    hidden = [check.number for check in run.checks if check.visibility != "visible"]
    if hidden:
        numbers = ", ".join(hidden)
        notes.append(f"students see no total, because these checks are not visible: {numbers}")
    faults = [check.number for check in run.checks if summary.is_grader_fault(check)]
    if faults:
        notes.append(f"the grader could not check: {', '.join(faults)}")
    if not run.complete:
        notes.append("the grading did not run to its end")
    return notes


def staff_report(run: Run) -> str:
    """What goes to stdout, for instructors only; plain text."""
    isolation = run.isolation.get("summary", "unknown: no worker was started")
    memory = [f"{name} {value:g}" for name, value in run.container.items()]
    facts = [
        f"isolation: {clean(str(isolation))}",
        f"tape: {run.tape} seed {run.tape_seed}",
        f"time: {_seconds(run.wall_seconds)} of {_seconds(run.allowed_seconds)} s",
        f"memory: grader {_seconds(run.peak_mb)} MB; container: {', '.join(memory) or 'no limit'}",
    ]
    times = [
        f"{check.number}: {check.status.value} {check.reason} "
        f"({_seconds(check.cpu_seconds)} s CPU, {_seconds(check.peak_mb)} MB)"
        for check in run.checks
    ]
    return "\n".join([*(f"note: {note}" for note in staff_notes(run)), *facts, *times])


def _test(check: CheckOutcome, score: float, maximum: float) -> dict[str, Any]:
    visible = check.visibility in VISIBILITIES
    test: dict[str, Any] = {
        "number": _line(check.number),
        "name": _line(check.title) or _line(check.number),
        "name_format": "text",
        "score": score,
        "max_score": maximum,
        "status": "passed" if summary.earned(check) else "failed",
        "output": markdown.check_output(check),
        "output_format": "md",
        "visibility": check.visibility if visible else "visible",
        "extra_data": {
            "outcome": check.status.value,
            "reason": _line(check.reason),
            "cpu_seconds": _seconds(check.cpu_seconds),
            "wall_seconds": _seconds(check.wall_seconds),
            "peak_mb": _seconds(check.peak_mb),
            "failed_cases": [
                _line(case.name) for case in check.cases if case.status is Status.FAILED
            ],
        },
    }
    if check.tags:
        test["tags"] = [_line(tag) for tag in check.tags]
    return test


def _extra(run: Run) -> dict[str, Any]:
    plain = {
        "assignment": run.assignment,
        "submission_sha256": run.submission_sha256,
        "complete": run.complete,
        "error": run.error,
        "points": str(run.points),
        "max_points": str(run.max_points),
        "penalty": str(run.penalty),
        "late": run.late,
        "tape": run.tape,
        "tape_seed": run.tape_seed,
        "data": run.data,
        "grader_version": run.grader_version,
        "libraries": run.libraries,
        "isolation": run.isolation,
        "flags": run.flags,
        "seconds": {"used": run.wall_seconds, "allowed": run.allowed_seconds},
        "peak_mb": run.peak_mb,
        "container": run.container,
        "staff_notes": staff_notes(run),
    }
    return dict(_plain(plain))


def _plain(value: Any, depth: int = 0) -> Any:
    """The value as strict JSON, bounded; None for what has no place in it."""
    if isinstance(value, dict) and depth < _DEEPEST:
        pairs = list(value.items())[:_MOST_EXTRA]
        plain = ((_line(str(key)), _plain(item, depth + 1)) for key, item in pairs)
        return {key: item for key, item in plain if item is not None}
    if isinstance(value, (list, tuple)) and depth < _DEEPEST:
        items = (_plain(item, depth + 1) for item in value[:_MOST_EXTRA])
        return [item for item in items if item is not None]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < _LARGEST_INT:
        return value
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return cut(clean(str(value)), _LONGEST_EXTRA)


def _leaderboard(check: CheckOutcome) -> list[dict[str, Any]]:
    """The check's entries that the platform can show: a name, and a finite value or text."""
    board = []
    for entry in check.leaderboard:
        plain = {key: _plain(entry.get(key)) for key in ("name", "value", "order")}
        if plain["name"] is None or plain["value"] is None:
            continue
        if plain["order"] not in ("asc", "desc"):
            del plain["order"]
        board.append(plain)
    return board


def _line(text: str) -> str:
    return cut(" ".join(clean(text).split()), _LONGEST_NAME)


def _seconds(value: float) -> float:
    number = float(value)
    return round(number, 3) if math.isfinite(number) else 0.0
