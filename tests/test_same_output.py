"""Equal wrong outputs have equal digests, and a run puts them into its outcomes."""

import numpy as np
import pytest

from grader.diagnosis.sketch import Seen, of_array, of_text
from grader.same_output import digest

CASE = "conv[padding 0]"


def seen(out, wrong=True, slot=f"{CASE}/out"):
    """What an observer keeps of one array."""
    return {slot: Seen(of_array(out, out.shape)[0], wrong)}


@pytest.fixture
def out():
    """An output like those of a layer."""
    return np.random.default_rng(1).standard_normal((2, 3, 4, 4))


def test_equal_outputs(out):
    """The same array gives the same digest, also when it was computed in float32."""
    assert digest(seen(out), CASE) == digest(seen(out.copy()), CASE)
    assert digest(seen(out.astype(np.float32)), CASE) == digest(seen(out), CASE)


@pytest.mark.parametrize(
    "change",
    [lambda x: x[..., ::-1], lambda x: 2 * x, lambda x: -x, lambda x: x + 0.01, lambda x: 0 * x],
)
def test_other_outputs(out, change):
    """Another array of the same shape gives another digest."""
    assert digest(seen(change(out)), CASE) != digest(seen(out), CASE)


def test_every_wrong_array_counts(out):
    """A case with two wrong arrays differs from one with the first of them alone."""
    both = seen(out) | seen(out, slot=f"{CASE}/db")
    assert digest(both, CASE) != digest(seen(out), CASE)


def test_right_arrays_do_not_count(out):
    """What is right changes nothing, and where all is right there is no digest."""
    both = seen(out) | seen(2 * out, wrong=False, slot=f"{CASE}/dx")
    assert digest(both, CASE) == digest(seen(out), CASE)
    assert digest(seen(out, wrong=False), CASE) == ""


def test_other_cases_do_not_count(out):
    """A case is not confused with others, even with one whose name begins as its own does."""
    assert digest(seen(out, slot=f"{CASE}2/out"), CASE) == ""
    assert digest({}, CASE) == ""


def test_no_array():
    """How a case ended is no output: only arrays are."""
    assert digest({CASE: Seen(of_text("raised TypeError"), wrong=True)}, CASE) == ""
    described = {f"{CASE}/out": Seen(of_text("no array: list"), wrong=True)}
    assert digest(described, CASE) != ""


@pytest.mark.slow
def test_in_outcomes(submit, grade):
    """The same mistake in other words gives every failing case the same digest, another not."""

    def outputs(forward):
        change = {"modules/relu.py": ("np.maximum(x, 0)", forward)}
        (check,) = grade(submit(change), keep="1.5".__eq__).values()
        submit({"modules/relu.py": (forward, "np.maximum(x, 0)")})
        return {case.name: case.detail.get("output") for case in check.cases}

    found = outputs("np.minimum(x, 0)")
    assert found == outputs("np.where(x < 0, x, x * 0)")
    assert found["forward"] is not None
    assert found["backward"] is None
    other = outputs("np.abs(x)")["forward"]
    assert other not in (None, found["forward"])
