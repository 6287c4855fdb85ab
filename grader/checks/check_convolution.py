"""Task 1.1 and 1.2: Conv2D."""

from __future__ import annotations

from dataclasses import dataclass, replace

from grader.checks.habits import check_layer
from grader.checks.hints.convolution import FAMILIES
from grader.checks.layers import SECOND_CALL, UNTOUCHED, VALUES, LayerCase, Trial
from grader.marks import CORE, WIDE, advice, cases, diagnosed, exercises, handout, number, weight
from grader.numerics.inputs import distinct_odd_quarters, odd_quarters
from grader.sandbox.proxies import call_reference
from grader.scope import StudentPart
from grader.tape import Expected


@dataclass(frozen=True)
class Convolution(LayerCase):
    """x is (n, c, h, w); the weight is (f, c, k, k); stride s, padding p."""

    n: int = 2
    c: int = 2
    f: int = 3
    h: int = 5
    w: int = 5
    k: int = 3
    s: int = 1
    p: int = 1

    def another(self) -> Convolution:
        """One sample less."""
        return replace(self, n=self.n - 1)

    def properties(self) -> dict[str, bool]:
        """What a mistake may depend on, the likeliest first."""
        if self.purpose != VALUES:
            return {}
        rest = ((self.h + 2 * self.p - self.k) % self.s, (self.w + 2 * self.p - self.k) % self.s)
        return {
            "the padding is 0": self.p == 0,
            "the padding is above 0": self.p > 0,
            "the stride is above 1": self.s > 1,
            "the stride is 1": self.s == 1,
            "height and width differ": self.h != self.w,
            "height and width are equal": self.h == self.w,
            "the division leaves a remainder": any(rest),
            "the kernel is larger than 1": self.k > 1,
            "the kernel is not 3": self.k != 3,
            "the padding is not 1": self.p != 1,
            "there are more samples, channels and filters than one": self.n * self.c * self.f > 1,
        }


CONVOLUTIONS = [
    Convolution("kernel 3, stride 1, padding 1", CORE, c=3, f=2),
    Convolution("kernel 5, stride 1, padding 2", CORE, k=5, p=2),
    Convolution("padding 0", WIDE, p=0),
    Convolution("padding 2", WIDE, p=2),
    Convolution("tall input", WIDE, h=6, w=4),
    Convolution("wide input", WIDE, h=4, w=6),
    Convolution("stride 2", WIDE, s=2),
    Convolution("stride 2 with a remainder", WIDE, h=6, w=6, s=2),
    Convolution("kernel 1", WIDE, k=1, p=0),
    Convolution("one sample, channel and filter", WIDE, n=1, c=1, f=1),
    Convolution("stride 2, padding 1, not square", WIDE, c=3, f=2, h=5, w=4, s=2),
    Convolution("stride 2, padding 0, not square", WIDE, h=4, w=6, s=2, p=0),
    Convolution("kernel 2, stride 3", WIDE, h=6, w=7, k=2, s=3, p=0),
    Convolution("second call of one layer", WIDE, purpose=SECOND_CALL),
    Convolution("arguments left untouched", WIDE, p=0, purpose=UNTOUCHED),
]

FASTER = (
    "A loop over the positions of the output is fine; loops over channels, samples and the pixels "
    "of a window inside it cost most. Take all of them at once, with np.einsum or np.tensordot "
    "over a view of the windows, as in the handout's hint."
)


def trial(part1: StudentPart, case: Convolution, tape: Expected) -> Trial:
    """One configuration, with inputs on which a right layer has no error at all."""
    module = part1.load("modules.convolution")
    rng = tape.rng
    height = (case.h + 2 * case.p - case.k) // case.s + 1
    width = (case.w + 2 * case.p - case.k) // case.s + 1
    return Trial(
        "Conv2D",
        lambda: call_reference(
            module, "Conv2D", case.c, case.f, kernel_size=case.k, stride=case.s, padding=case.p
        ),
        x=odd_quarters(rng, (case.n, case.c, case.h, case.w), largest=31),
        dout=odd_quarters(rng, (case.n, case.f, height, width)),
        parameters={
            "weight": odd_quarters(rng, (case.f, case.c, case.k, case.k)),
            "bias": distinct_odd_quarters(rng, case.f),
        },
        gradients={"dw": "weight", "db": "bias"},
    )


@number("1.1")
@weight(1.25)
@advice(FASTER)
@cases(CONVOLUTIONS)
@diagnosed(FAMILIES)
@exercises("modules/convolution.py", "Conv2D.forward")
@handout("1.1 and 1.2 Convolution")
def test_conv_forward(part1: StudentPart, case: Convolution, tape: Expected) -> None:
    """Conv2D.forward: cross-correlation with each filter, plus bias"""
    check_layer(
        lambda entry: trial(part1, entry, tape), case, tape, lambda: part1.worker, backward=False
    )


@number("1.2")
@weight(1.75)
@advice(FASTER)
@cases(CONVOLUTIONS)
@diagnosed(FAMILIES)
@exercises("modules/convolution.py", "Conv2D.forward", "Conv2D.backward")
@handout("1.1 and 1.2 Convolution")
def test_conv_backward(part1: StudentPart, case: Convolution, tape: Expected) -> None:
    """Conv2D.backward: dx, dw and db"""
    check_layer(
        lambda entry: trial(part1, entry, tape), case, tape, lambda: part1.worker, backward=True
    )
