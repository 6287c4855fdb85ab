"""What changes from term to term: `assignment.toml`, read into plain dataclasses."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from grader.errors import ConfigurationError
from grader.ratelimit import RateLimit
from grader.sandbox import level

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DEFAULT = Path(__file__).with_name("assignment.toml")


@dataclass(frozen=True)
class Part:
    """One part of the homework.

    `folder` names the submission's part that holds its files; `kind` is the zygote
    ('numpy' or 'torch') that its workers come from; `reserve_seconds` of the run are
    kept for this part however long the earlier ones take.
    """

    number: str
    name: str
    title: str
    points: Fraction
    kind: str
    folder: str
    reserve_seconds: float


@dataclass(frozen=True)
class Limits:
    """Bounds of the whole run and of each worker (seconds, megabytes of 10^6 bytes)."""

    archive_mb: float
    total_seconds: float
    margin_seconds: float
    memory_mb: int
    answer_mb: int
    calibration_seconds: float


@dataclass(frozen=True)
class Leaderboard:
    """What of the own network is ranked on Gradescope, for all students to see."""

    accuracy: bool = True
    parameters: bool = False

    @classmethod
    def from_table(cls, table: dict[str, Any]) -> Leaderboard:
        """The table [leaderboard]; raises ValueError for what it cannot mean."""
        unknown = set(table) - {"accuracy", "parameters"}
        if unknown or not all(isinstance(value, bool) for value in table.values()):
            message = "[leaderboard] has the entries accuracy and parameters: true or false"
            raise ValueError(message)
        return cls(**table)


@dataclass(frozen=True)
class Assignment:
    """The whole file; `table` is the parsed TOML for what only one module reads."""

    title: str
    core_share: Fraction
    limits: Limits
    parts: tuple[Part, ...]
    point_overrides: dict[str, Fraction]
    table: dict[str, Any]
    rate_limit: RateLimit = field(default_factory=RateLimit)
    leaderboard: Leaderboard = field(default_factory=Leaderboard)

    def part_of(self, number: str) -> Part:
        """The part that check `number` ('1.2') belongs to.

        Raises ConfigurationError if there is none.
        """
        for part in self.parts:
            if number.split(".", maxsplit=1)[0] == part.number:
                return part
        message = f"check {number} belongs to no part of assignment.toml: add its part there"
        raise ConfigurationError(message)

    @property
    def max_points(self) -> Fraction:
        """The points of all parts together."""
        return sum((part.points for part in self.parts), Fraction(0))

    @property
    def demanded_isolation(self) -> str:
        """The level of isolation that grading demands: [isolation] demand, or 'none'."""
        return str(self.table.get("isolation", {}).get("demand", level.NONE))

    def threshold(self, name: str) -> float:
        """An accuracy threshold by name, as in [thresholds]."""
        return float(self.table["thresholds"][name])


def load(path: Path | None = None) -> Assignment:
    """Read an assignment's file, the packaged one by default.

    Raises ConfigurationError with the reason when it is missing or malformed.
    """
    path = path or DEFAULT
    try:
        with path.open("rb") as stream:
            table = tomllib.load(stream)
        parts = tuple(_part(name, entry) for name, entry in table["parts"].items())
        _check_isolation(table.get("isolation", {}))
        return Assignment(
            title=str(table["title"]),
            core_share=Fraction(str(table["core_share"])),
            limits=Limits(**table["limits"]),
            parts=parts,
            point_overrides={k: Fraction(str(v)) for k, v in table.get("points", {}).items()},
            table=table,
            rate_limit=RateLimit.from_table(table.get("rate_limit", {})),
            leaderboard=Leaderboard.from_table(table.get("leaderboard", {})),
        )
    except (OSError, AttributeError, KeyError, TypeError, ValueError) as error:
        message = f"cannot use {path} as an assignment: {error!r}; compare it with {DEFAULT}"
        raise ConfigurationError(message) from error


def _check_isolation(table: dict[str, Any]) -> None:
    demand = table.get("demand", level.NONE)
    if demand not in level.LEVELS or set(table) - {"demand"}:
        message = f"[isolation] has one entry, demand, which is one of {', '.join(level.LEVELS)}"
        raise ValueError(message)


def _part(name: str, entry: dict[str, Any]) -> Part:
    return Part(
        number=str(entry["number"]),
        name=name,
        title=str(entry["title"]),
        points=Fraction(str(entry["points"])),
        kind=str(entry["kind"]),
        folder=str(entry.get("folder", name)),
        reserve_seconds=float(entry["reserve_seconds"]),
    )
