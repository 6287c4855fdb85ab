"""Whether a run that came from elsewhere has in each field what the field's type says.

`grader.outcomes` reads what the grader itself wrote, and takes it as it is. What a container left
may be anything, and everything that is made of a class reads its runs: one that does not fit must
be found before it is among them.
"""

from __future__ import annotations

import dataclasses
import math
import typing
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from grader.outcomes import Run

MOST_POINTS = 10**6
_LARGEST = 1 << 53  # beyond it, a number of JSON is no longer exact
_DEEPEST = 20
_FACTS: dict[str, Any] = {
    "accuracy": float,
    "cpu_seconds": float,
    "images": int,
    "images_predicted": int,
    "parameters": float,
    "thresholds": list[float],
}
"""What is computed with among the facts of a check; the others are only shown."""
_LATE: dict[str, Any] = {"status": str, "days": int}


def demand_run(run: Run) -> None:
    """Raise ValueError, with the place, where the run does not fit: types, numbers, points."""
    _demand(run, Run, "the run")
    _demand_known(run.late, _LATE, "late")
    if run.penalty > 1:
        raise ValueError(f"penalty is {float(run.penalty):g}, more than everything")
    for check in run.checks:
        _demand_known(check.facts, _FACTS, f"facts of {check.number}")
        for case in check.cases:
            if case.points > case.max_points:
                message = f"a case of {check.number} has more points than it is worth"
                raise ValueError(message)


def points(value: object) -> Fraction:
    """The exact points behind '7/4' or '2'; raises ValueError for anything else.

    Nothing else is tried: the notation with an exponent can ask for a number of any size.
    """
    if isinstance(value, str) and len(value) <= 2 * len(str(_LARGEST)) + 1:
        above, _, below = value.partition("/")
        if above.isdecimal() and (below.isdecimal() or not _) and int(below or 1):
            return Fraction(int(above), int(below or 1))
    raise ValueError(f"{repr(value)[:40]} are no points")


def _demand_known(table: dict[str, Any], hints: dict[str, Any], where: str) -> None:
    for name, hint in hints.items():
        if table.get(name) is not None:
            _demand(table[name], hint, f"{where}, {name},")


def _demand(value: object, hint: Any, where: str) -> None:
    """Raise ValueError where `value`, or something in it, is not what `hint` says."""
    inner = typing.get_args(hint)
    if hint is Any:
        _demand_plain(value, where)
    elif dataclasses.is_dataclass(hint):
        _demand_kind(value, hint, where)
        for name, own in typing.get_type_hints(hint).items():
            _demand(getattr(value, name), own, f"{name} in {where}")
    elif typing.get_origin(hint) is list:
        _demand_kind(value, list, where)
        for item in typing.cast("list[object]", value):
            _demand(item, inner[0], where)
    elif typing.get_origin(hint) is dict:
        _demand_kind(value, dict, where)
        for key, item in typing.cast("dict[object, object]", value).items():
            _demand(key, inner[0], where)
            _demand(item, inner[1], where)
    else:
        _demand_one(value, hint, where)


def _demand_one(value: object, hint: Any, where: str) -> None:
    """The same for a single value: a text, a number, points, a status."""
    if hint in (int, float) and isinstance(value, (int, float)):
        exact = hint is float or isinstance(value, int)
        fits = not isinstance(value, bool) and exact and _is_sound(value)
    elif hint is Fraction and isinstance(value, Fraction):
        fits = 0 <= value <= MOST_POINTS
    else:
        fits = isinstance(value, hint)
    if not fits:
        raise _misfit(value, where)


def _demand_kind(value: object, kind: Any, where: str) -> None:
    if not isinstance(value, kind):
        raise _misfit(value, where)


def _demand_plain(value: object, where: str) -> None:
    """Raise ValueError for what is no JSON of finite numbers, or nested too deeply."""
    layer = [value]
    for _ in range(_DEEPEST):
        if not layer:
            return
        layer = [item for one in layer for item in _inside(one, where)]
    raise ValueError(f"{where} is nested too deeply")


def _inside(value: object, where: str) -> Iterator[object]:
    """What a plain value holds."""
    if isinstance(value, dict):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list):
        yield from value
    elif not (value is None or isinstance(value, (str, bool))):
        _demand_one(value, float, f"a value of {where}")


def _misfit(value: object, where: str) -> ValueError:
    return ValueError(f"{where} cannot be {repr(value)[:40]}")


def _is_sound(number: float) -> bool:
    return -_LARGEST < number < _LARGEST and math.isfinite(number)
