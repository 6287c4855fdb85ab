"""What the checks of Part 3's functions accept, refuse, and say."""

import dataclasses

import pytest

from grader.authoring.variants import record
from grader.checks.check_losses import MISTAKES, VARIANTS
from grader.outcomes import Status

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


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("return w", "not_normalised"),
        ("return w / w.sum()", "sum_to_one"),
        ("e = 1 / w; return e / e.sum() * len(n)", "effective_number"),
        ("v = (1 - beta) / (1 - n ** beta); return v / v.sum() * len(n)", "power_of_n"),
        ("v = 1 / n; return v / v.sum() * len(n)", "inverse_count"),
    ],
)
def test_a_wrong_reweight_is_named(only, line, mistake):
    """Each known mistake fails with its own sentence."""
    check = only("3.1", {LOSS: REWEIGHT.format(line)})
    assert check.status is Status.FAILED
    assert MISTAKES[mistake] in messages(check)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return 'text'", "not an array"),
        ("return [w, w]", "not an array"),
        ("return w[:3]", "has shape"),
        ("return w * np.random.rand()", "entries are wrong"),
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


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("return (w[y] * (1 - pt) ** g * ce).sum()", "sum"),
        ("return (w[y] * (1 - pt) ** g * ce).sum() / x.numel()", "mean_of_all"),
        ("return (w[y][:, None] * ((1 - pt) ** g * ce)).mean()", "outer"),
        ("return ((1 - pt) ** g * ce).mean()", "no_weight"),
        ("return (w[y] * ce).mean()", "no_gamma"),
        ("return -(w[y] * (1 - pt) ** g * ce).mean()", "negative"),
    ],
)
def test_a_wrong_focal_loss_is_named(only, line, mistake):
    """Each known mistake fails with its own sentence."""
    check = only("3.2", {LOSS: FOCAL.format(line)})
    assert check.status is Status.FAILED
    assert MISTAKES[mistake] in messages(check)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("return w[y] * (1 - pt) ** g * ce", "a loss for each sample"),
        ("return (w[y] * (1 - pt) ** g * ce).mean().item()", "No gradient comes back"),
        ("return (w[y] * (1 - pt.detach()) ** g * ce).mean()", "`gradient`:"),
        ("return (w[y] * (1 - pt) ** (g + 1) * ce).mean()", "`loss`:"),
        ("return -(w[y] * (1 - pt) ** g * (pt + 1e-8).log()).mean()", "`log(p + eps)`"),
    ],
)
def test_other_mistakes_are_described(only, line, words):
    """Loss without mean, without gradient, and with a wrong value, are told apart."""
    check = only("3.2", {LOSS: FOCAL.format(line)})
    assert check.status is Status.FAILED
    assert words in messages(check)


def test_variants_are_told_apart_by_the_inputs():
    """On the inputs of the first case, all variants and mistakes give different losses."""
    values = [float(value) for key, value in record(3).items() if "[weights, gamma 2]/" in key]
    assert len(values) == len({round(value, 6) for value in values}) == 10
