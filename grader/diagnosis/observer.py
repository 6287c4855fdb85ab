"""What one check showed, slot by slot: its arrays, and how its cases ended."""

from __future__ import annotations

from typing import Any

from grader.diagnosis.sketch import Array, Seen, of_array, of_text

_ENDED = of_text("passed")
RAISED = "raised "
"""How the text begins for a case that ended with an exception; its kind follows."""


class Observer:
    """Collects the slots of one check while it runs.

    A slot is 'case/array' for an array that was compared, and 'case' for how the case
    ended, which tells something only where no array does: an exception, or a sentence.
    """

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}

    def array(self, slot: str, got: Any, expected: Array, wrong: bool) -> None:
        """An array was compared; a slot that is compared again keeps the last one."""
        sketch, linear = of_array(got, expected.shape)
        self.seen[slot] = Seen(sketch, wrong, linear)

    def passed(self, case: str) -> None:
        """A case ended well."""
        self.seen[case] = Seen(_ENDED, wrong=False)

    def failed(self, case: str, how: str) -> None:
        """A case failed; `how` is the same text for the same mistake in other code."""
        told = any(entry.wrong for slot, entry in self.seen.items() if slot.startswith(f"{case}/"))
        if not told:
            self.seen[case] = Seen(of_text(how), wrong=True, raised=how.startswith(RAISED))

    def forget(self, case: str) -> None:
        """What a case showed says nothing about mistakes: its code is not the student's."""
        for slot in [slot for slot in self.seen if slot == case or slot.startswith(f"{case}/")]:
            del self.seen[slot]

    @property
    def anything_wrong(self) -> bool:
        """Whether there is something to explain."""
        return any(entry.wrong for entry in self.seen.values())
