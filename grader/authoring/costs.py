"""What a mistake costs, component by component, over all known mistakes."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from grader.authoring.panel import Verdict
from grader.exporters.points import shown


@dataclass(frozen=True)
class Cost:
    """Points that the mistakes of a component lose in its checks, which are worth `worth`."""

    component: str
    mistakes: int
    least: Fraction
    median: Fraction
    most: Fraction
    worth: Fraction

    def text(self) -> str:
        """One line for people."""
        lost = shown(self.least)
        if self.most != self.least:
            lost = f"{lost} to {shown(self.most)}"
        return (
            f"a mistake of {self.component} costs {lost} of {shown(self.worth)} points "
            f"(median {shown(self.median)}, {self.mistakes} in all)"
        )


def costs(verdicts: Iterable[Verdict], components: Mapping[str, str]) -> list[Cost]:
    """The costs in each component; `components` names that of each mistake by its name.

    Verdicts on others, such as variants that are no mistakes, are left out.
    """
    found: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.name in components:
            found.setdefault(components[verdict.name], []).append(verdict)
    return [_cost(component, found[component]) for component in sorted(found)]


def _cost(component: str, verdicts: list[Verdict]) -> Cost:
    lost = [verdict.cost for verdict in verdicts]
    worth = max(verdict.worth for verdict in verdicts)
    return Cost(component, len(lost), min(lost), statistics.median(lost), max(lost), worth)
