"""Task 1.3 and 1.4: MaxPooling."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.checks.habits import check_layer
from grader.checks.hints.pooling import FAMILIES
from grader.checks.layers import SECOND_CALL, UNTOUCHED, VALUES, LayerCase, Trial
from grader.marks import CORE, WIDE, advice, cases, diagnosed, exercises, handout, number, weight
from grader.numerics.inputs import odd_quarters, pooling_input
from grader.sandbox.proxies import call_reference
from grader.scope import StudentPart
from grader.tape import Expected


@dataclass(frozen=True)
class Pooling(LayerCase):
    """x is (n, c, h, w); windows are k by k, s apart."""

    n: int = 2
    c: int = 2
    h: int = 4
    w: int = 4
    k: int = 2
    s: int = 2

    def another(self) -> Pooling:
        """One sample less."""
        return replace(self, n=self.n - 1)

    def properties(self) -> dict[str, bool]:
        """What a mistake may depend on, the likeliest first."""
        if self.purpose != VALUES:
            return {}
        return {
            "windows overlap": self.s < self.k,
            "stride and kernel size differ": self.s != self.k,
            "there are gaps between the windows": self.s > self.k,
            "height and width differ": self.h != self.w,
            "height and width are equal": self.h == self.w,
            "the division leaves a remainder": bool(
                (self.h - self.k) % self.s or (self.w - self.k) % self.s
            ),
            "the kernel is not 2": self.k != 2,
            "the stride is not 2": self.s != 2,
        }


POOLINGS = [
    Pooling("2 by 2, stride 2", CORE),
    Pooling("2 by 2, stride 2, larger input", CORE, c=3, h=6, w=6),
    Pooling("tall input", WIDE, h=6, w=4),
    Pooling("wide input", WIDE, h=4, w=6),
    Pooling("overlapping windows", WIDE, h=5, w=5, k=3, s=2),
    Pooling("stride 1", WIDE, s=1),
    Pooling("size that does not divide", WIDE, h=5, w=5),
    Pooling("gaps between windows", WIDE, h=5, w=5, k=2, s=3),
    Pooling("kernel 3, stride 3", WIDE, h=6, w=6, k=3, s=3),
    Pooling("kernel 3, stride 2, not square", WIDE, h=5, w=7, k=3, s=2),
    Pooling("second call of one layer", WIDE, purpose=SECOND_CALL),
    Pooling("arguments left untouched", WIDE, purpose=UNTOUCHED),
]

FASTER = (
    "A loop over the positions of the output is fine; loops over channels, samples and the pixels "
    "of a window inside it cost most. Take the maxima of all samples and channels at once."
)


def trial(part1: StudentPart, case: Pooling, tape: Expected) -> Trial:
    """One configuration; every window has one clear maximum."""
    module = part1.load("modules.max_pool")
    height = (case.h - case.k) // case.s + 1
    width = (case.w - case.k) // case.s + 1
    return Trial(
        "MaxPooling",
        lambda: call_reference(module, "MaxPooling", kernel_size=case.k, stride=case.s),
        x=pooling_input(tape.rng, (case.n, case.c, case.h, case.w), case.k, case.s),
        dout=odd_quarters(tape.rng, (case.n, case.c, height, width)),
    )


@number("1.3")
@weight(0.75)
@advice(FASTER)
@cases(POOLINGS)
@diagnosed(FAMILIES)
@exercises("modules/max_pool.py", "MaxPooling.forward")
@handout("1.3 and 1.4 Max pooling")
def test_pool_forward(part1: StudentPart, case: Pooling, tape: Expected) -> None:
    """MaxPooling.forward: the largest entry of each window"""
    check_layer(
        lambda entry: trial(part1, entry, tape), case, tape, lambda: part1.worker, backward=False
    )


@number("1.4")
@weight(1.0)
@advice(FASTER)
@cases(POOLINGS)
@diagnosed(FAMILIES)
@exercises("modules/max_pool.py", "MaxPooling.forward", "MaxPooling.backward")
@handout("1.3 and 1.4 Max pooling")
def test_pool_backward(part1: StudentPart, case: Pooling, tape: Expected) -> None:
    """MaxPooling.backward: dx, with each gradient at its window's maximum"""
    check_layer(
        lambda entry: trial(part1, entry, tape), case, tape, lambda: part1.worker, backward=True
    )
