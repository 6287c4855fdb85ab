"""The run behind what a container left: results.json, and outcomes.json with every case.

The points that count are those of results.json, because they are what the platform would show.
outcomes.json has what is lost in it: cases, hints, domains, facts. Where the two disagree,
results.json is taken, and staff are told. What cannot be understood is no result.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, NoReturn

from grader.authoring.classroom import shapes
from grader.errors import GraderError
from grader.exporters import lint
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status, from_json

_ROUNDING = Fraction(1, 100)  # results.json has hundredths, rounded up or down for the sum's sake
_LACKING = "so single cases are not known"
_NONE_LEFT = (
    f"the container left no outcomes.json, {_LACKING}: its image has an older grader; build it "
    "again with `grader image build`"
)
_OF_ANOTHER = f"outcomes.json of the container is of another run than results.json, {_LACKING}"
_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)


class Unclear(GraderError):
    """What a container left is no result that can be read."""

    reason = "unclear"


def run(results: Mapping[str, Any], outcomes: str, key: str) -> tuple[Run, list[str]]:
    """The run, under the name `key`; and what staff should know of how it was made.

    `outcomes` is the text of outcomes.json, '' where there is none. Raises Unclear where
    results.json is not as our grader writes it.
    """
    shown = of_results(results, key)
    if not outcomes:
        told, notes = shown, [_NONE_LEFT] if shown.checks else []
    else:
        try:
            kept = of_outcomes(outcomes)
        except Unclear as error:
            told, notes = shown, [f"{error}, {_LACKING}"]
        else:
            told, notes = _joined(kept, shown)
    return replace(told, submission=key, staff_notes=[*told.staff_notes, *notes]), notes


def of_outcomes(text: str) -> Run:
    """The run behind the text of outcomes.json; raises Unclear."""
    try:
        document = json.loads(text, parse_constant=_refuse)
        for value in _all_points(document):
            shapes.points(value)
        made = from_json(document)
        shapes.demand_run(made)
    except _UNREADABLE as error:
        message = f"outcomes.json of the container cannot be used ({error or type(error).__name__})"
        raise Unclear(message) from error
    return made


def of_results(results: Mapping[str, Any], key: str) -> Run:
    """The run behind a results.json of ours, each check with a single case; raises Unclear."""
    try:
        problems = lint.validate(dict(results))
        if problems:
            raise ValueError(problems[0])
        made = _of_results(results, key)
        shapes.demand_run(made)
    except _UNREADABLE as error:
        message = (
            f"results.json of the container cannot be understood ({error or type(error).__name__})"
            ": look at it with `grader image grade`"
        )
        raise Unclear(message) from error
    return made


def _joined(kept: Run, shown: Run) -> tuple[Run, list[str]]:
    """What was kept, with the points that were shown."""
    if _identity(kept) != _identity(shown):
        return shown, [_OF_ANOTHER]
    checks = [
        one if _agree(one, other) else other
        for one, other in zip(kept.checks, shown.checks, strict=True)
    ]
    odd = [one.number for one, check in zip(kept.checks, checks, strict=True) if one is not check]
    note = (
        "outcomes.json of the container has another outcome than results.json for "
        f"{', '.join(odd)}: that of results.json counts"
    )
    return replace(kept, checks=checks), [note] if odd else []


def _identity(run: Run) -> tuple[object, ...]:
    numbers = [check.number for check in run.checks]
    return run.submission_sha256, run.complete, bool(run.error), run.penalty, numbers


def _agree(kept: CheckOutcome, shown: CheckOutcome) -> bool:
    pairs = [(kept.points, shown.points), (kept.max_points, shown.max_points)]
    near = all(abs(one - other) < _ROUNDING for one, other in pairs)
    return near and kept.status is shown.status


def _all_points(document: Mapping[str, Any]) -> list[object]:
    """Every value that is read as an exact number."""
    found: list[object] = [document["penalty"]]
    for check in document["checks"]:
        found.append(check["max_points"])
        for case in check["cases"]:
            found += [case["points"], case["max_points"]]
    return found


def _of_results(results: Mapping[str, Any], key: str) -> Run:
    extra = results.get("extra_data", {})
    seconds = extra.get("seconds", {})
    return Run(
        assignment=extra.get("assignment", ""),
        submission=key,
        submission_sha256=extra.get("submission_sha256", ""),
        checks=[_check(test) for test in results.get("tests", [])],
        staff_notes=extra.get("staff_notes", []),
        flags=extra.get("flags", []),
        error=extra.get("error", ""),
        complete=extra.get("complete", False),
        wall_seconds=seconds.get("used", 0.0),
        allowed_seconds=seconds.get("allowed", 0.0),
        peak_mb=extra.get("peak_mb", 0.0),
        tape=extra.get("tape", ""),
        tape_seed=extra.get("tape_seed", 0),
        data=extra.get("data", ""),
        grader_version=extra.get("grader_version", ""),
        libraries=extra.get("libraries", {}),
        isolation=extra.get("isolation", {}),
        late=extra.get("late", {}),
        penalty=shapes.points(extra.get("penalty", "0")),
        container=extra.get("container", {}),
    )


def _check(test: Mapping[str, Any]) -> CheckOutcome:
    extra = test.get("extra_data", {})
    number, most = test.get("number", ""), Fraction(str(test["max_score"]))
    case = CaseOutcome(
        name="",
        domain="core",
        max_points=most,
        status=Status(extra.get("outcome", Status.NOT_RUN.value)),
        points=Fraction(str(test["score"])),
        reason=extra.get("reason", ""),
        message=test.get("output", ""),
        detail={"failed_cases": extra.get("failed_cases", [])},
    )
    return CheckOutcome(
        number=number,
        part=number.split(".", maxsplit=1)[0],
        title=test["name"],
        max_points=most,
        visibility=test.get("visibility", "visible"),
        tags=test.get("tags", []),
        cases=[case],
        cpu_seconds=extra.get("cpu_seconds", 0.0),
        wall_seconds=extra.get("wall_seconds", 0.0),
        peak_mb=extra.get("peak_mb", 0.0),
    )


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number of JSON")
