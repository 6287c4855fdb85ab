"""The fingerprints of known mistakes, from a run of the checks to a hint."""

from dataclasses import dataclass

import pytest

from grader.authoring import fingerprints
from grader.authoring.bench import Bench
from grader.authoring.bugs.bug import REFERENCE, Bug
from grader.tape import Header, Tape, is_fingerprint, write

RELU = "part1-convnet/modules/relu.py"


def relu(old, new):
    """The reference's ReLU with one edit."""
    text = (REFERENCE / RELU).read_text()
    assert old in text
    return {RELU: text.replace(old, new)}


MASK = Bug(
    "relu-mask-from-dout",
    "relu-mask-from-dout",
    frozenset({"1.5"}),
    relu("positive, dout, 0)", "dout > 0, dout, 0)"),
)


@dataclass(frozen=True)
class Small:
    """A component of one mistake."""

    checks: frozenset = frozenset({"1.5"})

    def bugs(self):
        """The mistake, and an equivalent variant, which has no fingerprint."""
        return [
            MASK,
            Bug("relu-same", "relu-mask-from-dout", frozenset(), {}, equivalent="the same"),
        ]


@pytest.fixture
def taped(pool, assignment, tape, tmp_path):
    """The tests' tape with the fingerprints of one mistake."""
    seed = tape.header.seeds[0]
    bench = Bench(REFERENCE, assignment, pool)
    wanted = fingerprints.variants([Small()], [seed])
    shown = [fingerprints.show(bench, tape, variant) for variant in wanted]
    prints = fingerprints.collect(reversed(shown))
    arrays = {name: tape.raw(name) for name in tape.names() if name != "header"}
    write(tmp_path / "tape.npz", Header((seed,), "key", ""), {**arrays, **prints})
    return Tape(tmp_path / "tape.npz")


def test_every_mistake_but_the_equivalent_is_recorded(taped):
    """The library of the check holds the mistake, and a check without one has none."""
    seed = taped.header.seeds[0]
    library = taped.library(seed, "1.5")
    assert library.mistakes == [("relu-mask-from-dout", "relu-mask-from-dout")]
    assert taped.library(seed, "1.6") is None
    assert sum(is_fingerprint(name) for name in taped.names()) == 3


def test_the_same_mistake_in_other_words_is_recognised(taped, grade, submit):
    """A student's own wording of the mistake gets the family's hint."""
    other = """
import numpy as np

class ReLU:
    def forward(self, x):
        self.positive = x > 0
        return x * self.positive

    def backward(self, dout):
        self.dx = np.maximum(dout, 0)
"""
    check = grade(submit({"modules/relu.py": other}), "1.5".__eq__, tape=taped)["1.5"]
    assert check.families == [["relu-mask-from-dout"]]
    assert check.hint.startswith("Likely mistake: ")
