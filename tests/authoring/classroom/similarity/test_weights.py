"""Sketches of weights: which changes they survive, and what they tell apart."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from boxes import layer, safetensors, torch_like

from grader.authoring.classroom.similarity import weights
from grader.authoring.classroom.similarity.weights import LEAST_VALUES, Weights, sketch

REFERENCE = Path(__file__).parents[4] / "reference/part2-pytorch/checkpoints"
MOST = 1e9


def of(tmp_path, *arrays, make=torch_like):
    return sketch("a.pth", make(tmp_path / "a.pth", arrays), MOST)


def one(tmp_path, array):
    (tensor,) = of(tmp_path, array).tensors
    return tensor


def cosine(first, second):
    return float(first.vector @ second.vector)


def test_same_weights_in_another_format(tmp_path):
    """The format does not matter: bytes, numbers and sketch are the same."""
    arrays = [layer(1), layer(2, 900)]
    first, second = of(tmp_path, *arrays), of(tmp_path, *arrays, make=safetensors)
    assert first == second
    assert [tensor.values for tensor in first.tensors] == [4000, 900]


def test_another_order(tmp_path):
    """Exchanged units leave the bag of numbers as it is, not the digest."""
    array = layer(1).reshape(40, 100)
    first, second = one(tmp_path, array), one(tmp_path, array[::-1].copy())
    assert (first.bag, first.digest != second.digest) == (second.bag, True)
    assert cosine(first, second) < 0.9


@pytest.mark.parametrize(
    "change",
    [
        lambda a: 3 * a,
        lambda a: a.astype(np.float16),
        lambda a: a.astype(np.float64),
        lambda a: a + 1e-3 * layer(2),
    ],
    ids=["scaled", "half precision", "double precision", "with noise"],
)
def test_near_copies(change, tmp_path):
    """A copy that was scaled, converted or disturbed a little is near its original."""
    first, second = one(tmp_path, layer(1)), one(tmp_path, change(layer(1)))
    assert first.values == second.values == 4000
    assert first.digest != second.digest
    assert cosine(first, second) > 0.999


def test_other_weights_are_far(tmp_path):
    """Weights drawn anew are at a right angle, within the projection's deviation of 1/8."""
    first = one(tmp_path, layer(1))
    cosines = [cosine(first, one(tmp_path, layer(seed))) for seed in range(2, 40)]
    assert np.std(cosines) == pytest.approx(1 / 8, rel=0.5)
    assert max(cosines) < 0.6


def test_common_mean_is_no_likeness(tmp_path):
    """What all weights have in common, as a scale near 1, does not make them alike."""
    assert cosine(one(tmp_path, 1 + layer(1)), one(tmp_path, 1 + layer(2))) < 0.6


def test_chunks_do_not_matter(tmp_path, monkeypatch):
    """A tensor read in several pieces has the same sketch."""
    whole = one(tmp_path, layer(1))
    monkeypatch.setattr(weights, "_CHUNK", 1024)
    pieces = one(tmp_path, layer(1))
    assert (whole.digest, whole.bag) == (pieces.digest, pieces.bag)
    assert cosine(whole, pieces) == pytest.approx(1)


@pytest.mark.parametrize(
    "array",
    [
        layer(1, LEAST_VALUES - 1),
        np.ones(5000, np.float32),
        np.full(5000, 0.1, np.float32),
        np.zeros(5000, np.float32),
        np.full(5000, np.nan, np.float32),
        np.arange(5000),
    ],
    ids=["small", "ones", "constant", "zeros", "nan", "integers"],
)
def test_what_tells_nothing_is_left_out(array, tmp_path):
    """Too small, constant, not a number or no weights at all: no tensor, and no error."""
    assert of(tmp_path, array) is None
    assert len(of(tmp_path, array, layer(1)).tensors) == 1


def test_some_nan(tmp_path):
    """A few numbers that are none do not spoil the sketch of the others."""
    array = layer(1)
    spoilt = array.copy()
    spoilt[:2] = np.nan, np.inf
    assert cosine(one(tmp_path, array), one(tmp_path, spoilt)) > 0.99


def test_no_checkpoint(tmp_path):
    """A file that is no checkpoint, or is missing, has no sketch."""
    (tmp_path / "b.pth").write_bytes(b"PK\x03\x04 broken")
    assert sketch("b.pth", tmp_path / "b.pth", MOST) is None
    assert sketch("c.pth", tmp_path / "c.pth", MOST) is None


def test_only_the_largest_tensors_count(tmp_path, monkeypatch):
    """Of a file with very many tensors the largest are taken, in the order of the file."""
    monkeypatch.setattr(weights, "MOST_TENSORS", 2)
    found = of(tmp_path, layer(1, 700), layer(2, 600), layer(3, 900))
    assert [tensor.values for tensor in found.tensors] == [700, 900]


def test_files_of_torch():
    """What torch.save wrote is read: the two-layer network's two matrices."""
    found = sketch("a.pth", REFERENCE / "twolayernet.pth", MOST)
    assert [tensor.values for tensor in found.tensors] == [3072 * 256, 256 * 10]


def test_json_and_back(tmp_path):
    """Weights survive JSON; a sketch of another length is refused."""
    found = of(tmp_path, layer(1))
    document = json.loads(json.dumps(asdict(found)))
    assert Weights.from_json(document) == found
    document["tensors"][0]["sketch"] = ""
    with pytest.raises(ValueError, match="another length"):
        Weights.from_json(document)
