"""Private images: what staff hear, and that students hear nothing."""

import io
import json

import numpy as np
import pytest

from grader import cli
from grader.authoring import perturb, samples
from grader.errors import DataUnavailable
from grader.evaluation.images import PRACTICE, Images, load
from grader.exporters import markdown, network_table
from grader.outcomes import from_json

torch = pytest.importorskip("torch")

COUNT = 300
MODEL = """
import torch
from torch import nn


class MyModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))

    def forward(self, x):
        out = x[:, 0, 0, :10] * self.scale
        {more}
        return out
"""
PRIVATE = "x[:, 2, 31, 31] > 1"  # the last pixel's blue channel is bright on private images only
FORGETFUL = f"out = torch.where(({PRIVATE})[:, None], out.roll(1, 1), out)"


def pictures(name, blue):
    """Images of noise whose class is written into the first ten pixels."""
    rng = np.random.default_rng(8)
    labels = np.arange(COUNT) % 10
    pixels = rng.integers(0, 256, (COUNT, 32, 32, 3), dtype=np.uint8)
    pixels[:, 0, :10, 0] = 50
    pixels[np.arange(COUNT), 0, labels, 0] = 200
    pixels[:, 31, 31, 2] = blue
    return Images(name, pixels, labels, tuple("abcdefghij"), name)


@pytest.fixture
def graded(only):
    """Grade 2.8 with `more` in forward, on public images and these private ones."""
    public = pictures("public", 0)

    def run(more="pass", private=lambda: pictures("private", 255)):
        stream = io.BytesIO()
        torch.save({"scale": torch.ones(1)}, stream)
        changes = {
            "models/my_model.py": MODEL.format(more=more),
            "checkpoints/mymodel.pth": stream.getvalue(),
        }
        return only("2.8", changes, load_images=lambda: public, load_private=private)

    return run


def flags(grade):
    """The flags about a gap, of the last run."""
    return [flag for flag in grade.last.flags if flag["kind"] == "gap"]


def test_an_honest_network_is_not_flagged(graded, grade):
    """As good on private images, nothing is said; facts tell both accuracies."""
    check = graded()
    assert check.points == 2
    assert flags(grade) == []
    assert check.facts["private_accuracy"] == 1
    assert check.facts["private_images_predicted"] == COUNT


def test_a_gap_is_flagged_and_costs_nothing(graded, grade):
    """Staff read both accuracies; the points stay, and the student reads nothing of it."""
    check = graded(FORGETFUL)
    assert check.points == 2
    [flag] = flags(grade)
    assert flag["check"] == "2.8"
    assert "100.0% of 300 test images right, but 0.0% of 300 private ones" in flag["text"]
    assert "private" not in markdown.check_output(check).lower()


def test_a_network_that_is_better_on_private_images_is_not_flagged(graded, grade):
    """Only the one side is odd."""
    check = graded(f"out = torch.where(({PRIVATE})[:, None], out, out.roll(1, 1))")
    assert check.points == 0
    assert flags(grade) == []


def test_without_private_images_nothing_is_done(graded, grade):
    """No second set, no fact, no note."""
    check = graded(FORGETFUL, private=None)
    assert check.points == 2
    assert flags(grade) == []
    assert not any(name.startswith("private") for name in check.facts)


def test_private_images_that_cannot_be_read_are_noted_for_staff(graded, grade):
    """The accuracy is measured without them, and the file is tried once."""
    tried = []

    def unreadable():
        tried.append(1)
        raise DataUnavailable("there are no test images at X.")

    assert graded(private=unreadable).points == 2
    assert len(tried) == 1
    notes = [note for note in grade.last.staff_notes if "private images" in note]
    assert notes == [
        "private images cannot be used, and were left out: there are no test images at X."
    ]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (f"assert not ({PRIVATE}).any()", "exception"),
        (f"out = out[:, :9] if ({PRIVATE}).any() else out", "shape"),
        (f"out = torch.where(({PRIVATE})[:, None], out / 0, out)", "not-finite"),
    ],
)
def test_a_failure_on_private_images_costs_nothing(graded, grade, more, reason):
    """Staff are told the reason; the accuracy on the test images stands."""
    check = graded(more)
    assert check.points == 2
    assert any(f"could not be predicted ({reason})" in note for note in grade.last.staff_notes)
    assert flags(grade) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.02, "there was time for"), (20.0, "there was no time for the private images")],
)
def test_private_images_come_last_in_time(graded, grade, monkeypatch, seconds, words):
    """They get what the test images leave; what is too little is noted, and no flag is made."""
    from grader.checks import check_own_model

    monkeypatch.setattr(check_own_model.test_my_model_accuracy, "__cpu_seconds__", 1.0)
    slow = f"{FORGETFUL}; __import__('time').sleep({seconds} * int(({PRIVATE}).sum()))"
    check = graded(slow)
    assert check.points == 2
    assert any(words in note for note in grade.last.staff_notes), grade.last.staff_notes
    assert flags(grade) == []


@pytest.fixture
def known(tmp_path):
    """A file with the practice images that the cheating sample knows by heart."""
    practice = load(PRACTICE)
    path = tmp_path / "known.npz"
    np.savez(path, images=practice.pixels[:COUNT], labels=practice.labels[:COUNT])
    return path


@pytest.fixture
def perturbed(known, tmp_path):
    """A file with a perturbed copy of them."""
    path = tmp_path / "private.npz"
    perturb.write(load(known), path, 11)
    return path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sample", "kinds"), [("complete", []), ("attacks/cheat-image-hash", ["gap"])]
)
def test_a_perturbed_copy_tells_a_look_up_from_a_network(sample, kinds, known, perturbed, tmp_path):
    """End to end: labels that a checkpoint carries help on the test images alone."""
    folder = samples.assemble(sample, tmp_path / "sample")
    outcomes = tmp_path / "outcomes.json"
    arguments = ["grade", str(folder), "--data", str(known), "--private", str(perturbed)]
    assert cli.run([*arguments, "--outcomes", str(outcomes)]) == 0
    run = from_json(json.loads(outcomes.read_text()))
    assert [flag["kind"] for flag in run.flags if flag["kind"] == "gap"] == kinds
    check = next(check for check in run.checks if check.number == "2.8")
    assert check.points == 2
    assert check.facts["private_images_predicted"] == COUNT
    assert check.facts["container"]["seconds"] > 0
    assert "0.5 CPU" in network_table.table(check)
