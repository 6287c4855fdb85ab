"""Which checks of a homework are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.assignment import Assignment
from grader.errors import ConfigurationError


@dataclass(frozen=True)
class Selection:
    """Checks by number ('1.2') and whole parts by theirs ('1'); empty: all checks."""

    wanted: frozenset[str] = frozenset()

    def __call__(self, number: str) -> bool:
        """Whether the check `number` is asked for."""
        return not self.wanted or not self.wanted.isdisjoint((number, _part(number)))

    def kinds(self, assignment: Assignment) -> list[str]:
        """The kinds of workers that these checks need, in the order of the parts."""
        parts = {_part(wanted) for wanted in self.wanted}
        chosen = [part.kind for part in assignment.parts if not parts or part.number in parts]
        return list(dict.fromkeys(chosen))

    def verify(self, numbers: Sequence[str]) -> None:
        """See that everything that is asked for is among the checks `numbers`.

        Raises ConfigurationError that names what there is instead.
        """
        parts = list(dict.fromkeys(_part(number) for number in numbers))
        for wanted in sorted(self.wanted - {*numbers, *parts}):
            siblings = [number for number in numbers if _part(number) == _part(wanted)]
            if siblings:
                near = f"Part {_part(wanted)} has {', '.join(siblings)}"
            else:
                near = f"the parts are {', '.join(parts)}"
            what = "check" if "." in wanted else "part"
            message = f"there is no {what} {wanted}: {near}"
            raise ConfigurationError(message)


def _part(number: str) -> str:
    return number.split(".", maxsplit=1)[0]
