"""What the checks of Part 3's functions accept, refuse, and say."""

import dataclasses
import functools

import pytest

from grader.authoring import fingerprints
from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS
from grader.authoring.variants import record
from grader.checks.hints.losses import FAMILIES
from grader.checks.sentences.losses import CUT_OFF, MEANING, VARIANTS
from grader.outcomes import Status
from grader.tape import Header, Tape, write

LOSS = "losses/focal_loss.py"
HEAD = """
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F
"""
REWEIGHT = (
    HEAD
    + """

def reweight(cls_num_list, beta=0.9999):
    n = np.array(cls_num_list, dtype=np.float64)
    w = (1 - beta) / (1 - beta ** n)
    {}
"""
)
FOCAL = (
    HEAD
    + """

class FocalLoss(nn.Module):
    def __init__(self, weight=None, gamma=0.0):
        super().__init__()
        self.weight, self.gamma = weight, gamma

    def forward(self, x, y):
        w, g = self.weight, self.gamma
        ce = F.cross_entropy(x, y, reduction="none")
        wce = F.cross_entropy(x, y, weight=w, reduction="none")
        pt = torch.exp(-ce)
        {}
"""
)


@pytest.fixture(scope="session")
def taped(pool, assignment, tape, reference_dir, tmp_path_factory):
    """The tests' tape with the fingerprints of the known mistakes of Part 3."""
    seed = tape.header.seeds[0]
    losses = [component for component in COMPONENTS if component.name == "losses"]
    bench = Bench(reference_dir, assignment, pool)
    arrays = {name: tape.raw(name) for name in tape.names() if name != "header"}
    wanted = fingerprints.variants(losses, [seed])
    arrays |= fingerprints.collect(fingerprints.show(bench, tape, variant) for variant in wanted)
    path = tmp_path_factory.mktemp("hints") / "tape.npz"
    write(path, Header((seed,), "key", ""), arrays)
    return Tape(path)


@pytest.fixture
def hinted(only, taped):
    """Grade one check of the reference with changed files and known mistakes."""
    return functools.partial(only, tape=taped)


def messages(check):
    """All that a check said about its cases."""
    return " ".join(case.message for case in check.cases)


def test_the_reference_passes(only):
    """Correct functions pass every case, without a remark."""
    for number in ("3.1", "3.2"):
        check = only(number)
        assert check.status is Status.PASSED, messages(check)
        assert check.remarks == []
        assert check.max_points == 0


@pytest.mark.parametrize(
    "line",
    [
        "return w / w.sum() * len(n)",
        "return list(w / w.sum() * len(n))",
        "return torch.tensor(w / w.sum() * len(n)).float()",
        "return [torch.tensor(v) for v in w / w.sum() * len(n)]",
        "b = torch.tensor(beta); v = 1 / (1 - b ** torch.tensor(n)); return v / v.sum() * len(n)",
    ],
)
def test_weights_may_come_in_any_form(only, line):
    """A list, an array or a tensor, in float64 or float32, is right in value."""
    check = only("3.1", {LOSS: REWEIGHT.format(line)})
    assert check.status is Status.PASSED, messages(check)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "family"),
    [
        ("return w", "not-scaled"),
        ("return w / w.sum()", "scaled-otherwise"),
        ("e = 1 / w; return e / e.sum() * len(n)", "effective-number"),
        ("v = (1 - beta) / (1 - n ** beta); return v / v.sum() * len(n)", "power-of-beta"),
        ("v = 1 / n; return v / v.sum() * len(n)", "other-weights"),
    ],
)
def test_a_wrong_reweight_gets_its_hint(hinted, line, family):
    """Each known mistake is named, although the check is worth no points."""
    check = hinted("3.1", {LOSS: REWEIGHT.format(line)})
    assert (check.status, check.max_points) == (Status.FAILED, 0)
    assert check.families == [[f"losses-{family}"]]
    assert FAMILIES[f"losses-{family}"].hint in check.hint


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return 'text'", "not an array"),
        ("return [w, w]", "not an array"),
        ("return w[:3]", "has shape"),
        ("return w * np.random.rand()", "`weights`"),
    ],
)
def test_an_unknown_mistake_is_described(only, line, words):
    """Without a known mistake, the difference itself is described."""
    assert words in messages(only("3.1", {LOSS: REWEIGHT.format(line)}))


@pytest.mark.parametrize(
    ("number", "text"),
    [("3.1", REWEIGHT.format("return None")), ("3.2", FOCAL.format("return None"))],
)
def test_an_empty_function_is_not_started(only, number, text):
    """A function that returns None has not been started."""
    assert only(number, {LOSS: text}).reason == "not-started"


@pytest.mark.parametrize("number", ["3.1", "3.2"])
def test_a_missing_file_is_named(only, number):
    """Without the file, it is named."""
    check = only(number, {LOSS: None})
    assert check.reason == "missing-file"


@pytest.mark.parametrize(
    ("line", "variants"),
    [
        ("return ((1 - torch.exp(-wce)) ** g * wce).mean()", ["weighted_pt"]),
        ("return (w[y] * (1 - pt) ** g * ce).sum() / w[y].sum()", ["weighted_mean"]),
        ("return ((1 - torch.exp(-wce)) ** g * wce).sum() / w[y].sum()",
         ["weighted_pt", "weighted_mean"]),
    ],
)  # fmt: skip
def test_an_accepted_variant_passes_with_a_remark(only, line, variants):
    """Variants that the assignment accepts pass, and are named."""
    check = only("3.2", {LOSS: FOCAL.format(line)})
    assert check.status is Status.PASSED, messages(check)
    assert any(all(VARIANTS[v] in remark for v in variants) for remark in check.remarks)


SIGMOID = """t = F.one_hot(y, x.shape[1]).float()
        b = F.binary_cross_entropy_with_logits(x, t, reduction="none")
        return (w[y][:, None] * (1 - torch.exp(-b)) ** g * b).sum() / len(y)"""


def test_a_refused_variant_fails_by_name(only):
    """The sigmoid form is refused, and the message says what it is."""
    check = only("3.2", {LOSS: FOCAL.format(SIGMOID)})
    assert check.status is Status.FAILED
    assert VARIANTS["sigmoid"] in messages(check)
    assert check.reason == "variant"


def test_the_assignment_decides_about_variants(only, grade, assignment, monkeypatch):
    """What is accepted stands in assignment.toml."""
    ruling = {"weighted_pt": "refuse", "weighted_mean": "accept", "sigmoid": "accept"}
    changed = dataclasses.replace(assignment, table={**assignment.table, "focal_loss": ruling})
    monkeypatch.setitem(assignment.table, "focal_loss", changed.table["focal_loss"])
    assert only("3.2", {LOSS: FOCAL.format(SIGMOID)}).status is Status.PASSED
    weighted = "return ((1 - torch.exp(-wce)) ** g * wce).mean()"
    assert only("3.2", {LOSS: FOCAL.format(weighted)}).status is Status.FAILED


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "family"),
    [
        ("return (w[y] * (1 - pt) ** g * ce).sum()", "summed"),
        ("return (w[y] * (1 - pt) ** g * ce).sum() / x.numel()", "divided-otherwise"),
        ("return (w[y][:, None] * ((1 - pt) ** g * ce)).mean()", "broadcast"),
        ("return ((1 - pt) ** g * ce).mean()", "no-weights"),
        ("return (w[y] * ce).mean()", "no-factor"),
        ("return -(w[y] * (1 - pt) ** g * ce).mean()", "negative"),
    ],
)
def test_a_wrong_focal_loss_gets_its_hint(hinted, line, family):
    """Each known mistake is named, although the check is worth no points."""
    check = hinted("3.2", {LOSS: FOCAL.format(line)})
    assert (check.status, check.max_points) == (Status.FAILED, 0)
    assert check.families == [[f"losses-{family}"]]
    assert FAMILIES[f"losses-{family}"].hint in check.hint
    assert CUT_OFF not in messages(check)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return w[y] * (1 - pt) ** g * ce", "a loss for each sample"),
        ("return (w[y] * (1 - pt) ** g * ce).mean().item()", "No gradient comes back"),
        ("return (w[y] * (1 - pt.detach()) ** g * ce).mean()", "`gradient`:"),
        ("return (w[y] * (1 - pt) ** (g + 1) * ce).mean()", "`loss` "),
        ("return -(w[y] * (1 - pt) ** g * (pt + 1e-8).log()).mean()", "`log(p + eps)`"),
        ("return -(w[y] * (1 - pt) ** g * (pt + 1e-7).log()).mean()", "`log(p + eps)`"),
    ],
)
def test_other_mistakes_are_described(only, line, words):
    """Loss without mean, without gradient, and with a wrong value, are told apart."""
    check = only("3.2", {LOSS: FOCAL.format(line)})
    assert check.status is Status.FAILED
    assert words in messages(check)


@pytest.mark.slow
def test_a_mistake_beside_an_accepted_variant_gets_its_hint(hinted):
    """What an accepted variant changes is no sign of another mistake, nor in its way."""
    line = "return ((1 - torch.exp(-wce)) ** g * wce).mean().item()"
    check = hinted("3.2", {LOSS: FOCAL.format(line)})
    assert [case.name for case in check.cases if case.status is Status.FAILED] == ["its gradient"]
    assert check.families == [["losses-no-gradient"]]


@pytest.mark.parametrize(
    ("number", "text", "names"),
    [
        ("3.1", REWEIGHT.format("return w"), {"weights"}),
        ("3.2", FOCAL.format("return (w[y] * ce).mean()"), {"loss", "gradient"}),
        ("3.2", FOCAL.format("return w[y] * (1 - pt) ** g * ce"), {"loss", "gradient"}),
    ],
)
def test_what_should_come_is_told_once(only, number, text, names):
    """The meaning of each wrong value stands beside the cases, not in their messages."""
    check = only(number, {LOSS: text})
    assert check.expected == {name: MEANING[name] for name in names}
    assert not any(words in messages(check) for words in MEANING.values())


def test_cut_off_logarithms_are_suspected_only_where_nothing_else_is_wrong(only):
    """A loss that is wrong everywhere says nothing about logits that are far apart."""
    check = only("3.2", {LOSS: FOCAL.format("return ((1 - pt) ** (g + 1) * ce).mean()")})
    assert len([case for case in check.cases if case.status is Status.FAILED]) == 6
    assert CUT_OFF not in messages(check)


def test_variants_are_told_apart_by_the_inputs():
    """On the inputs of the first case, all variants give different losses."""
    values = [float(value) for key, value in record(3).items() if "[weights, gamma 2]/" in key]
    assert len(values) == len({round(value, 6) for value in values}) == 4
