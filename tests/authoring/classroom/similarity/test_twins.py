"""Checkpoints with the same or nearly the same weights."""

import numpy as np
import pytest
from boxes import layer, torch_like

from grader.authoring.classroom.similarity import twins, weights
from grader.authoring.classroom.similarity.extraction import Features

BIG, SMALL = 4000, 900


@pytest.fixture
def box(tmp_path):
    """Make the features of a submission with one checkpoint of these layers."""
    count = iter(range(10**6))

    def make(*arrays, name="mymodel.pth"):
        path = torch_like(tmp_path / str(next(count)), arrays)
        return Features((), (weights.sketch(name, path, 1e9),))

    return make


def found(*all_features, people=None):
    people = people or [frozenset({str(number)}) for number in range(len(all_features))]
    return [
        (group.kind, [number for number, _ in group.members], group.common)
        for group in twins.find(all_features, people)
    ]


def net(seed):
    return layer(seed, BIG), layer(100 + seed, SMALL)


def test_own_trainings_are_no_twins(box):
    """Everybody's own random start leads to weights of one's own."""
    assert found(*(box(*net(seed)) for seed in range(12))) == []


def test_identical(box):
    """The same bytes, under another name too."""
    group = found(box(*net(1)), box(*net(2)), box(*net(1), name="other.pth"))
    assert group == [("identical", [0, 2], False)]


def test_reordered(box):
    """Exchanged hidden units are the same numbers in another order."""
    first, second = net(1)
    turned = first.reshape(40, 100)[::-1].copy()
    assert found(box(first, second), box(turned, second)) == [("reordered", [0, 1], False)]


def test_close(box):
    """A copy with noise, or in half precision, is close."""
    noisy = [array + 1e-3 * layer(7, len(array)) for array in net(1)]
    half = [array.astype(np.float16) for array in net(1)]
    assert found(box(*net(1)), box(*net(2)), box(*noisy), box(*half)) == [
        ("close", [0, 2, 3], False)
    ]


def test_partly(box):
    """With the larger part of the numbers the same it is said; with a smaller one it is not."""
    one, other = net(1), net(2)
    assert found(box(*one), box(one[0], other[1])) == [("partly", [0, 1], False)]
    assert found(box(*one), box(other[0], one[1])) == []


def test_part_of_a_larger_network(box):
    """A network within a larger one is compared by the smaller one's size."""
    assert found(box(*net(1)), box(*net(1), layer(9, 20_000))) == [("partly", [0, 1], False)]


def test_one_student_is_no_twin(box):
    """Resubmissions, and copies in one submission, say nothing."""
    people = [frozenset({"a", "b"}), frozenset({"b"}), frozenset({"c"})]
    same = box(*net(1))
    assert found(same, same, people=people[:2]) == []
    assert found(same, same, same, people=people) == [("identical", [0, 1, 2], False)]
    twice = Features((), same.checkpoints * 2)
    assert found(twice) == []


def test_what_many_have_may_be_the_given_seed(box):
    """Weights that more than ten of a small class have are marked, and come last."""
    common, copied = box(*net(1)), box(*net(2))
    groups = found(*[common] * 11, copied, copied)
    assert groups == [("identical", [11, 12], False), ("identical", list(range(11)), True)]
    assert found(*[common] * 10)[0][2] is False


def test_many_rows_at_a_time(box, monkeypatch):
    """Sketches are compared block by block: across blocks, too."""
    monkeypatch.setattr(twins, "_ROWS", 2)
    noisy = [array + 1e-3 * layer(7, len(array)) for array in net(0)]
    everybody = [box(*net(seed)) for seed in range(5)]
    assert found(*everybody, box(*noisy)) == [("close", [0, 5], False)]


@pytest.mark.parametrize("all_features", [[], [Features()]])
def test_without_checkpoints(all_features):
    """A class without checkpoints has no twins."""
    assert found(*all_features) == []
