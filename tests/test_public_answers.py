"""Answers that were learnt by heart pay as long as the tape is public, and not with another."""

from __future__ import annotations

import base64
import hashlib
from fractions import Fraction

import numpy as np
import pytest

from grader.authoring.samples import assemble
from grader.checks.check_linear_relu import RELUS
from grader.checks.layers import VALUES
from grader.numerics.inputs import odd_quarters, stream
from grader.selection import Selection
from grader.session import Options, grade
from grader.tape import PUBLIC, Tape

CHECK = "1.5"
KNOWN = """
import base64
import hashlib

import numpy as np

ANSWERS = {answers!r}


def known(array):
    text = ANSWERS[hashlib.sha256(array.tobytes()).hexdigest()]
    return np.frombuffer(base64.b64decode(text)).reshape(array.shape)


class ReLU:
    def __init__(self):
        self.dx = None

    def forward(self, x):
        return known(x)

    def backward(self, dout):
        self.dx = known(dout)
"""


def learnt_by_heart(tape: Tape) -> str:
    """A ReLU that knows the answers to the cases of a tape, and computes nothing."""
    (seed,) = tape.header.seeds
    answers = {}
    for case in RELUS:
        if case.purpose == VALUES:
            name = f"relu[{case.name}]"
            rng = stream(seed, name)
            x, dout = odd_quarters(rng, case.shape, largest=31), odd_quarters(rng, case.shape)
            pairs = [(x, "out"), (dout, "dx")] if case.backward else [(x, "out")]
            for array, answer in pairs:
                expected = tape.array(seed, f"{name}/{answer}").astype(np.float64)
                key = hashlib.sha256(array.tobytes()).hexdigest()
                answers[key] = base64.b64encode(expected.tobytes())
    return KNOWN.format(answers=answers)


@pytest.mark.slow
def test_known_answers_earn_nothing_with_a_secret_tape(tmp_path, pool, tape):
    """They earn the core points of the public cases, and none where other numbers are drawn."""
    folder = assemble("complete", tmp_path)
    hostile = folder / "part1-convnet" / "modules" / "relu.py"
    hostile.write_text(learnt_by_heart(Tape(PUBLIC)), encoding="utf-8")
    chosen = Selection(frozenset({CHECK, "1.6"}))
    earned = {}
    for path in (PUBLIC, tape.path):
        run = grade(Options(folder, tape=path, selection=chosen), pool)
        earned[path] = {check.number: check.points for check in run.checks}
    worth = Fraction(1, 2)
    assert worth * Fraction(4, 5) <= earned[PUBLIC][CHECK] < worth
    assert earned[tape.path] == {CHECK: 0, "1.6": worth}
