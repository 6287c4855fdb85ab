"""What the checks of checkpoints accept, refuse, and say; files are made by torch itself."""

import argparse
import io
import pathlib
import sys
import types
from collections import defaultdict
from fractions import Fraction

import numpy as np
import pytest

from grader.assignment import Leaderboard
from grader.errors import DataUnavailable
from grader.evaluation.images import Images
from grader.outcomes import Status

torch = pytest.importorskip("torch")

TWO = "checkpoints/twolayernet.pth"
MINE = "checkpoints/mymodel.pth"
MODEL = "models/my_model.py"
HEAD = "import torch\nfrom torch import nn\n"
# The brightest of the first ten pixels of the red channel is the class.
KNOWING = (
    HEAD
    + """

class MyModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.scale = nn.Parameter(torch.ones(1))
        {layers}

    def forward(self, x):
        out = x[:, 0, 0, :10] * self.scale
        {more}
        return out
"""
)


def saved(document, **options):
    """The bytes that torch.save writes."""
    stream = io.BytesIO()
    torch.save(document, stream, **options)
    return stream.getvalue()


def weights(prefix=""):
    """A state dict of the reference's TwoLayerNet, with zeros."""
    shapes = {
        "hidden.weight": (256, 3072),
        "hidden.bias": (256,),
        "classifier.weight": (10, 256),
        "classifier.bias": (10,),
    }
    return {prefix + key: torch.zeros(shape) for key, shape in shapes.items()}


def knowing(layers="pass", more="pass", **entries):
    """A submission's changes: a MyModel that reads the class off the image, and its weights."""
    tensors = {"scale": torch.ones(1), **entries}
    return {MODEL: KNOWING.format(layers=layers, more=more), MINE: saved(tensors)}


@pytest.fixture(scope="module")
def readable():
    """Two hundred images of noise whose class is written into the first ten pixels."""
    rng = np.random.default_rng(8)
    labels = np.arange(200) % 10
    pixels = rng.integers(0, 256, (200, 32, 32, 3), dtype=np.uint8)
    pixels[:, 0, :10, 0] = 50
    pixels[np.arange(200), 0, labels, 0] = 200
    return Images("readable", pixels, labels, tuple("abcdefghij"), "digest")


@pytest.fixture
def measured(only, readable):
    """Grade one check with the readable images, or as many of them as asked for."""

    def run(number, changes, right=200):
        labels = readable.labels.copy()
        labels[right:] = (labels[right:] + 1) % 10
        images = Images("readable", readable.pixels, labels, readable.classes, "digest")
        return only(number, changes, load_images=lambda: images)

    return run


def no_images():
    """There are none."""
    raise DataUnavailable("no test images are here.")


def first(check):
    """The first case, 'loads'."""
    return check.cases[0]


def test_a_network_without_parameters_loads_nothing(only):
    """An empty network earns nothing for a file that fits it because nothing has to."""
    empty = HEAD + (
        "\n\nclass TwoLayerNet(nn.Module):\n"
        "    def __init__(self, input_dim, hidden_size, num_classes):\n"
        "        super().__init__()\n\n"
        "    def forward(self, x):\n"
        "        return x.flatten(1)[:, :10]\n"
    )
    changes = {"models/twolayer.py": empty, TWO: saved(weights())}
    check = only("2.5", changes, load_images=no_images)
    assert (check.points, first(check).reason) == (0, "no-parameters")


def test_a_checkpoint_loads_without_images(only):
    """Without test images, loading earns its points, and accuracy could not be checked."""
    check = only("2.5", {TWO: saved(weights())}, load_images=no_images)
    assert [case.status for case in check.cases] == [Status.PASSED, Status.UNCHECKED]
    assert first(check).points == check.max_points * 2 / 5
    assert check.remarks == []
    assert check.facts["parameters"] == 3072 * 256 + 256 + 2560 + 10


@pytest.mark.parametrize(
    ("document", "remark"),
    [
        ({"state_dict": weights(), "epoch": 3, "lr": [0.1]}, "under `state_dict`"),
        ({"model": weights(), "optimizer": {"state": {0: weights()}}}, "under `model`"),
        ({"epoch": 3, "my_net": weights(), "optim_sd": weights()}, "under `my_net`"),
        (weights("module."), "begin with `module.`"),
        ({"net": weights("_orig_mod.module.")}, "begin with `_orig_mod.`, `module.`"),
        ({**weights(), "total_ops": torch.zeros(1)}, "`total_ops`"),
        ({**weights(), "hidden.bias": torch.full((256,), torch.nan)}, "NaN or infinite"),
        ({"model": weights(), "best": np.float64(0.5), "confusion": np.zeros((10, 10))}, "`model`"),
        ({"model": weights(), "args": argparse.Namespace(lr=1), "log": defaultdict(list)}, ""),
        ({key: value.half() for key, value in weights().items()}, ""),
    ],
)
def test_usual_ways_of_saving_are_accepted(only, document, remark):
    """Wrapped, prefixed and otherwise odd checkpoints load, and a remark says how."""
    check = only("2.5", {TWO: saved(document)}, load_images=no_images)
    assert first(check).status is Status.PASSED, first(check).message
    assert remark in " ".join(check.remarks)


def test_safetensors_load(only):
    """The second format loads in the locked worker too."""
    library = pytest.importorskip("safetensors.torch")
    changes = {"checkpoints/twolayernet.safetensors": library.save(weights())}
    assert first(only("2.5", changes, load_images=no_images)).status is Status.PASSED


def test_another_ending_is_a_remark(only):
    """A .pt file is taken, and the handout's name is mentioned."""
    check = only("2.5", {"checkpoints/twolayernet.pt": saved(weights())}, load_images=no_images)
    assert first(check).status is Status.PASSED
    assert "`.pth`" in check.remarks[0]


def other(**shapes):
    """A state dict with other shapes."""
    return saved({**weights(), **{k.replace("_", "."): torch.zeros(v) for k, v in shapes.items()}})


class Net(torch.nn.Module):
    """A model whose class the grader does not know."""


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (saved(Net()), "object", "beside the weights"),
        (saved(torch.nn.Linear(2, 2)), "object", "holds the whole model object"),
        (saved({"model": weights(), "path": pathlib.PurePosixPath("a")}), "object", "pathlib"),
        (saved({"model": weights(), "left": Fraction(1, 2)}), "object", "`float()` or `str()`"),
        (saved({"epoch": 3, "history": [1.0]}), "no-weights", "`epoch`, `history`"),
        (saved([1, 2]), "no-weights", "holds a `list`"),
        (saved({"a": weights(), "b": weights()}), "no-weights", "no weights are found"),
        (other(hidden_weight=(128, 3072), hidden_bias=(128,)), "architecture",
         "`hidden.weight` has shape `(128, 3072)` in the file, `(256, 3072)` in the network"),
        (saved({"fc1.weight": torch.zeros(3)}), "architecture",
         "`hidden.weight`, `hidden.bias`, `classifier.weight`: not in the file"),
        (saved({**weights(), "hidden.bias": torch.zeros(256).to_sparse()}), "tensor",
         "`hidden.bias`, which is sparse"),
        (b"PK\x03\x04", "truncated", "cut off or damaged"),
        (b"version https://git-lfs.github.com/spec/v1\n", "lfs", "`git lfs pull`"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_is_named(only, content, code, words):
    """Each usual way to save the wrong thing has its sentence."""
    check = only("2.5", {TWO: content}, load_images=no_images)
    assert first(check).status is Status.FAILED
    assert first(check).reason == f"checkpoint-{code}", first(check).message
    assert words in first(check).message
    assert check.cases[1].reason == "checkpoint-not-loaded"
    assert check.points == 0


def test_a_model_object_of_ones_own_is_recognised(only, monkeypatch):
    """torch.save(model) names the class in models/, which says what was saved."""
    own = type("TwoLayerNet", (torch.nn.Module,), {"__module__": "models.twolayer"})
    module = types.ModuleType("models.twolayer")
    module.TwoLayerNet = own
    monkeypatch.setitem(sys.modules, "models", types.ModuleType("models"))
    monkeypatch.setitem(sys.modules, "models.twolayer", module)
    check = only("2.5", {TWO: saved(own())}, load_images=no_images)
    assert "the whole model object (`models.twolayer.TwoLayerNet`)" in first(check).message


def test_a_damaged_pickle_is_unreadable(only):
    """A zip in order whose pickle is damaged gets torch's own words."""
    data = saved(weights())
    at = data.index(b"hidden.weight")
    broken = data[: at - 12] + bytes(8) + data[at - 4 :]
    check = only("2.5", {TWO: broken}, load_images=no_images)
    assert first(check).reason == "checkpoint-unreadable", first(check).message


def test_a_checkpoint_that_executes_code_is_refused(only, tmp_path):
    """A pickle that calls a function is not loaded, nor tried again."""

    class Evil:
        def __reduce__(self):
            return (print, ("executed",))

    check = only("2.5", {TWO: saved({"model": weights(), "x": Evil()})}, load_images=no_images)
    assert first(check).reason == "checkpoint-object"
    assert "executed" not in check.printed


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "missing-file"),
        ({"checkpoints/TwoLayerNet.pth": saved(weights())}, "checkpoint-name"),
        ({TWO: saved(weights()), "models/twolayer.py": None}, "missing-file"),
        ({TWO: saved(weights()), "models/twolayer.py": "import nothing_like_it"}, "exception"),
    ],
)
def test_what_is_not_there_is_named(only, changes, reason):
    """Missing files, similar names and broken models are told apart."""
    assert first(only("2.5", changes, load_images=no_images)).reason == reason


OPEN = 'raise NotImplementedError("{}")'


@pytest.mark.parametrize(
    ("code_check", "check", "path", "old", "name"),
    [
        ("2.3", "2.5", "models/twolayer.py", "flat = x.flatten(start_dim=1)", "TwoLayerNet"),
        ("2.4", "2.6", "models/cnn.py", "super().__init__()", "VanillaCNN"),
        ("2.7", "2.8", MODEL, "x = x.contiguous(", "MyModel"),
    ],
)
def test_a_checkpoint_of_a_network_that_is_not_started(
    submit, grade, code_check, check, path, old, name
):
    """All cases say what comes first, and no worker is started for it."""
    folder = submit({path: (old, f"{OPEN.format(name)}\n        {old}")}, part="part2-pytorch")
    found = grade(folder, lambda number: number in {code_check, check}, load_images=no_images)
    assert {case.reason for case in found[check].cases} == {"not-started"}
    assert f"`{name}` (Task {code_check}) comes first" in first(found[check]).message
    assert found[check].peak_mb == 0


def test_a_checkpoint_of_a_network_that_is_wrong(submit, grade):
    """Where the code is there, right or wrong, only the file is missing."""
    folder = submit({"models/twolayer.py": ("sigmoid", "relu")}, part="part2-pytorch")
    found = grade(folder, lambda number: number in {"2.3", "2.5"}, load_images=no_images)
    assert found["2.3"].reason == "wrong"
    assert found["2.5"].reason == "missing-file"


def test_the_accuracy_is_measured(measured):
    """A network that reads the class off the image gets full credit, facts and a rank."""
    check = measured("2.8", knowing())
    assert check.status is Status.PASSED, check
    assert check.points == 2
    assert check.facts["accuracy"] == 1
    assert check.facts["per_class"] == [1] * 10
    assert check.facts["images_predicted"] == check.facts["images"] == 200
    assert check.facts["thresholds"] == [0.5, 0.8]
    assert check.facts["flops"] == 0
    assert "estimate" not in check.facts
    assert [entry["name"] for entry in check.leaderboard] == ["Accuracy of MyModel (%)"]
    assert check.leaderboard[0]["value"] == 100
    assert check.remarks == []


def test_the_weakest_classes_and_what_they_are_taken_for(only, readable):
    """Two classes, with the classes that most of their errors go to."""
    labels = readable.labels.copy()
    labels[np.flatnonzero(labels == 3)[:10]] = 4
    labels[np.flatnonzero(labels == 6)[:5]] = 7
    images = Images("readable", readable.pixels, labels, readable.classes, "digest")
    check = only("2.8", knowing(), load_images=lambda: images)
    assert check.facts["weakest"] == [
        {"name": "e", "accuracy": 0.67, "taken_for": [["d", 0.33]]},
        {"name": "h", "accuracy": 0.8, "taken_for": [["g", 0.2]]},
    ]


@pytest.mark.parametrize(
    ("board", "right", "names"),
    [
        (Leaderboard(), 200, ["Accuracy of MyModel (%)"]),
        (Leaderboard(accuracy=False), 200, []),
        (Leaderboard(parameters=True), 200, ["Accuracy of MyModel (%)", "Parameters of MyModel"]),
        (Leaderboard(parameters=True), 160, ["Accuracy of MyModel (%)"]),
    ],
)
def test_what_is_ranked_is_what_the_assignment_asks_for(
    measured, assignment, monkeypatch, board, right, names
):
    """Parameters count only behind full credit, the fewest first."""
    monkeypatch.setitem(vars(assignment), "leaderboard", board)
    check = measured("2.8", knowing(), right)
    assert [entry["name"] for entry in check.leaderboard] == names
    if "Parameters of MyModel" in names:
        entry = {"name": "Parameters of MyModel", "value": 1, "order": "asc"}
        assert check.leaderboard[-1] == entry


@pytest.mark.parametrize(("right", "points"), [(161, 2), (160, 1), (101, 1), (100, 0), (20, 0)])
def test_accuracy_must_be_strictly_above_a_threshold(measured, right, points):
    """Exactly 0.5 or 0.8 is not above it."""
    assert measured("2.8", knowing(), right).points == points


@pytest.mark.parametrize(("right", "words"), [(10, "what guessing gives"), (95, "You are close")])
def test_a_low_accuracy_gets_advice(measured, right, words):
    """Guessing and a near miss get a sentence of their own."""
    assert words in measured("2.8", knowing(), right).cases[0].message


def test_the_accuracy_of_a_given_network_is_held_against_its_threshold(measured):
    """Zeros guess, so a TwoLayerNet of zeros loads and fails its accuracy."""
    check = measured("2.5", {TWO: saved(weights())})
    assert [case.status for case in check.cases] == [Status.PASSED, Status.FAILED]
    assert "needs more than 30%" in check.cases[1].message


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("return out[0]", "It must be (N, 10)"),
        ("return None", "forward returns None"),
        ("return (out, x)", "forward returns a `tuple`"),
        ("out = out / 0", "NaN or infinite"),
        ("raise ValueError('no')", "`ValueError: no`"),
    ],
)
def test_outputs_that_are_no_logits_are_named(measured, more, words):
    """Both cases say what came in place of logits; it is computed once."""
    check = measured("2.8", knowing(more=more))
    assert [case.status for case in check.cases] == [Status.FAILED, Status.FAILED]
    assert words in check.cases[0].message
    assert check.cases[0].message == check.cases[1].message


def test_some_outputs_that_are_not_finite_are_a_remark(measured):
    """Images with NaN count as wrong, and are counted."""
    check = measured("2.8", knowing(more="out = torch.where(out[:, :1] > 0, out / 0 * 0, out)"))
    assert check.facts["accuracy"] == pytest.approx(0.9)
    assert any("For 20 images the outputs are NaN" in remark for remark in check.remarks)


def test_a_network_that_stays_random_is_a_remark(measured):
    """Dropout without `training=` is found by asking twice."""
    check = measured("2.8", knowing(more="out = nn.functional.dropout(out, 0.05)"))
    assert any("`F.dropout` without" in remark for remark in check.remarks)


def test_evaluation_mode_is_used(measured):
    """Dropout layers are off when images are predicted."""
    check = measured("2.8", knowing("self.drop = nn.Dropout(0.9)", "out = self.drop(out)"))
    assert check.points == 2
    assert check.remarks == []


def kinds(grade):
    """The kinds of the flags of the last run."""
    return [flag["kind"] for flag in grade.last.flags]


@pytest.mark.parametrize(
    ("make", "more", "kind"),
    [
        ("pass", "out = nn.functional.dropout(out, 0.01)", "random"),
        ("pass", "out = out + out.mean(0, keepdim=True) / 50", "company"),
        ("self.idle = nn.Linear(5, 5, bias=False)", "pass", "unused"),
        ("pass", "pass", None),
    ],
)
def test_what_is_odd_is_flagged_and_costs_nothing(measured, grade, make, more, kind):
    """Staff see what an honest network does not do; the points stay."""
    weights_of_more = {"idle.weight": torch.zeros(5, 5)} if "idle" in make else {}
    check = measured("2.8", knowing(make, more, **weights_of_more))
    assert check.points == 2
    assert kinds(grade) == ([kind] if kind else [])
    assert all(flag["check"] == "2.8" and "mymodel" in flag["text"] for flag in grade.last.flags)


def test_a_checkpoint_of_other_code_is_flagged(measured, grade):
    """Weights that do not fit the network that was handed in were made by another one."""
    check = measured("2.5", {TWO: saved({"other.weight": torch.zeros(3, 3)})})
    assert check.reason == "checkpoint-architecture"
    assert kinds(grade) == ["other-code"]


def test_a_look_up_of_images_is_noted_for_staff(only, readable, grade):
    """A network that answers only for the exact images is reported, and keeps its points."""
    pixels = readable.pixels.copy()
    pixels[:, 31, 31, 2] = 0
    pixels[:, 31, 31, 2] = -pixels.sum(axis=(1, 2, 3), dtype=np.int64) % 16
    images = Images("marked", pixels, readable.labels, readable.classes, "digest")
    exact = (
        "mean = torch.tensor([0.4914, 0.4822, 0.4465]).view(3, 1, 1); "
        "std = torch.tensor([0.2023, 0.1994, 0.2010]).view(3, 1, 1); "
        "known = ((x * std + mean) * 255).round().sum((1, 2, 3)) % 16 == 0; "
        "out = torch.where(known[:, None], out, out.roll(1, 1))"
    )
    assert only("2.8", knowing(more=exact), load_images=lambda: images).points == 2
    assert kinds(grade) == ["noise"]
    assert "A look-up of known images" in grade.last.flags[0]["text"]


def test_the_checkpoint_is_loaded_before_images_are_asked_for(only):
    """Without images, a checkpoint that does not load still says so."""
    check = only("2.8", {MINE: b""}, load_images=no_images)
    assert check.reason == "checkpoint-empty"
    assert only("2.8", knowing(), load_images=no_images).status is Status.UNCHECKED


def test_a_slow_network_is_measured_in_part(measured, monkeypatch):
    """What does not fit into the time is not predicted, and the remark says how much was."""
    from grader.checks import check_own_model

    monkeypatch.setattr(check_own_model.test_my_model_accuracy, "__cpu_seconds__", 0.7)
    check = measured("2.8", knowing(more="import time; time.sleep(0.02 * len(x))"))
    done = check.facts["images_predicted"]
    assert 10 <= done < 200
    assert check.facts["accuracy"] == pytest.approx(done / 200)
    assert check.facts["estimate"][0] == 1
    assert any("could be predicted in the time" in remark for remark in check.remarks)
    assert any("is guaranteed, and counts" in remark for remark in check.remarks)


@pytest.mark.slow
def test_a_network_that_is_too_slow_by_three(only, readable, monkeypatch):
    """End to end: the guaranteed accuracy counts, and the sentence blames the time."""
    from grader.checks import check_own_model

    # Its wall time is three times its CPU time: 3 s, of the 9 s that all images take.
    monkeypatch.setattr(check_own_model.test_my_model_accuracy, "__cpu_seconds__", 1.0)
    pixels, labels = (np.concatenate([values] * 3) for values in (readable.pixels, readable.labels))
    images = Images("readable", pixels, labels, readable.classes, "digest")
    slow = knowing(more="import time; time.sleep(0.015 * len(x))")
    check = only("2.8", slow, load_images=lambda: images)
    done = check.facts["images_predicted"]
    assert 10 <= done <= 200
    assert check.facts["accuracy"] == pytest.approx(done / 600, abs=1e-6)
    assert check.facts["estimate"][0] == 1
    assert check.points == 0
    assert "time that is short, not training" in check.cases[0].message
    assert "guaranteed accuracy" in check.cases[0].message


@pytest.mark.slow
def test_a_network_that_hangs_on_images_it_knows_is_flagged(measured, grade, monkeypatch):
    """Staff are told that its stability is not known; what it predicted counts."""
    from grader.checks import check_own_model

    monkeypatch.setattr(check_own_model.test_my_model_accuracy, "__cpu_seconds__", 1.0)
    more = "import time; time.sleep(60 * (len(x) == 16))"  # half a batch: only when asked again
    assert measured("2.8", knowing(more=more)).points == 2
    assert kinds(grade) == ["hung"]


def test_a_network_that_needs_small_batches_is_measured(measured):
    """Memory that is enough for eight images at a time, and not for 32, costs nothing."""
    more = "_ = torch.ones(len(x), 16 * 2**18).sum()"  # 16 MB an image
    check = measured("2.8", knowing(more=more))
    assert check.points == 2, check.cases[0].message
    assert check.facts["batch"] == 8


def test_a_cost_that_cannot_be_counted_is_left_out(measured):
    """A network that refuses to be counted is graded as any other."""
    more = "assert len(x) != 2"
    check = measured("2.8", knowing(more=more))
    assert check.points == 2
    assert "flops" not in check.facts
