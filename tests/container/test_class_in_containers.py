"""A class graded with `--image`: the same points, cases and reasons as without containers."""

import csv
import zipfile

import pytest

from grader import cli
from grader.authoring import samples
from grader.authoring.classroom import grades, records

pytestmark = pytest.mark.slow

OUTBOX = "/gradescope/out"
PRYING = f"""
import os

import numpy as np


def refused(act):
    try:
        act()
    except OSError:
        return True
    return False


class ReLU:
    def forward(self, x):
        self.cache = x > 0
        acts = [
            lambda: os.listdir("{OUTBOX}"),
            lambda: open("{OUTBOX}/outcomes.json").close(),
            lambda: open("{OUTBOX}/outcomes.json", "w").close(),
        ]
        return np.where(self.cache, x, 0.0) if all(map(refused, acts)) else x

    def backward(self, dout):
        self.dx = np.where(self.cache, dout, 0.0)
"""
WRONG = "class ReLU:\n    def forward(self, x):\n        return x\n"


@pytest.fixture
def source(tmp_path):
    """A folder with two small submissions: one pries into the outbox, one is wrong."""
    with zipfile.ZipFile(samples.assemble_zip("complete", tmp_path)) as archive:
        names = [name for name in archive.namelist() if name.startswith("part1-convnet/")]
        for key, text in (("pries", PRYING), ("wrong", WRONG)):
            archive.extractall(tmp_path / "class" / key, names)
            (tmp_path / "class" / key / "part1-convnet/modules/relu.py").write_text(text)
    return tmp_path / "class"


@pytest.mark.timeout(900)
def test_the_same_class_with_and_without_containers(source, tag, archive, tmp_path):
    """Every point, case, reason and fact that staff read is the same, and nobody may pry."""
    boxed, plain = tmp_path / "boxed", tmp_path / "plain"
    assert cli.run(["class", str(source), "-o", str(boxed), "--image", tag]) == 0
    there = archive.with_name("private.npz"), archive.with_name("secret.npz")
    options = ["--data", "practice", "--private", str(there[0]), "--tape", str(there[1])]
    assert cli.run(["class", str(source), "-o", str(plain), *options]) == 0

    assert _points(boxed) == _points(plain)
    assert cli.run(["diff", str(plain), str(boxed)]) == 0
    found = {record.key: record.run for record in records.each(boxed)}
    for record in records.each(plain):
        assert _told(found[record.key]) == _told(record.run)
        assert found[record.key].submission_sha256 == record.run.submission_sha256
    relu = {key: _check(run, "1.5") for key, run in found.items()}
    assert relu["pries"].points == relu["pries"].max_points
    assert {case.status.value for case in relu["wrong"].cases} == {"passed", "failed"}
    assert found["pries"].isolation["level"] == "full"


def _points(out):
    """Total and checks of each row of grades.csv."""
    with (out / grades.NAME).open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: cell for name, cell in row.items() if name[0].isdigit() or name == "total"}
            for row in csv.DictReader(file)
        ]


def _told(run):
    """What a check comes to, case by case, but for how long it took."""
    return [
        (check.number, check.status, check.points, check.hint, check.families, check.cases)
        for check in run.checks
    ]


def _check(run, number):
    return next(check for check in run.checks if check.number == number)
