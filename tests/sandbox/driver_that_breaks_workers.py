"""A driver whose import makes every worker fail before it says hello."""

from __future__ import annotations

from typing import NoReturn

from grader.sandbox import confinement


def _sabotage(*_args: object) -> NoReturn:
    raise RuntimeError("sabotage")


confinement.enter = _sabotage
