"""Every sample submission gets, from the real command, the outcome that it says it must get.

The practice images are thinned out for all but `complete`: the accuracies of networks are
not what the other samples are about.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.authoring import samples
from grader.authoring.samples import ROOT, assemble_zip, describe, expected
from grader.evaluation import images
from grader.exporters import lint
from grader.outcomes import from_json

FEW = 300
UNUSABLE = 2
# One sample for each way through the engine; the others are about mistakes in the homework.
QUICK = (
    "complete", "corrupt-checkpoint", "crash-at-import", "hangs", "loops-float32", "missing-part",
    "nested-layout", "prints-100mb", "template", "too-large", "whole-model-checkpoint",
)  # fmt: skip


@pytest.fixture(scope="module")
def few_images(tmp_path_factory):
    """Give a file with the first practice images."""
    path = tmp_path_factory.mktemp("data") / "few.npz"
    with np.load(images.PRACTICE) as practice:
        np.savez(path, images=practice["images"][:FEW], labels=practice["labels"][:FEW])
    return path


@pytest.fixture(scope="module")
def grade(tmp_path_factory, few_images):
    """Give a function that grades a sample's zip by the command, and returns run and results."""

    @functools.cache
    def command(name, seconds=None):
        tmp_path = tmp_path_factory.mktemp(name)
        data = "practice" if name == "complete" else few_images
        outcomes, results = tmp_path / "outcomes.json", tmp_path / "results.json"
        arguments = [
            "grade", assemble_zip(name, tmp_path), "--data", data,
            "--results", results, "--outcomes", outcomes,
        ]  # fmt: skip
        if seconds is not None:
            arguments += ["--seconds", seconds]
        done = subprocess.run(
            [sys.executable, "-m", "grader", *map(str, arguments)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        unusable = bool(expected(name).error)
        assert done.returncode == (UNUSABLE if unusable else 0), done.stderr
        run = from_json(json.loads(outcomes.read_text(encoding="utf-8")))
        return run, json.loads(results.read_text(encoding="utf-8"))

    return command


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.slow)
        for name in samples.names()
    ],
)
def test_sample(name, grade):
    """The checks' statuses, reasons and points are the sample's, and results.json is sound."""
    run, results = grade(name, describe(name).pace.seconds)
    assert list(map(str, expected(name).mismatches(run))) == []
    assert run.complete
    assert lint.validate(results) == []
    assert results["score"] == pytest.approx(float(run.score), abs=0.0051)  # rounded to 0.01


@pytest.mark.slow
def test_hanging_part_does_not_starve_the_next(grade):
    """Where every function hangs, checks of both parts still get their turn, and their reason."""
    run, _ = grade("hangs", 40)
    stopped = {check.part for check in run.checks if check.reason == "time-limit"}
    assert stopped >= {"1", "2"}
    assert run.wall_seconds < 60


def test_template_ends_in_no_traceback(grade):
    """A student who has started nothing reads friendly sentences only."""
    run, results = grade("template")
    messages = [case.message for check in run.checks for case in check.cases]
    assert all(messages)
    text = json.dumps(results)
    assert "Traceback" not in text
    assert "NotImplementedError" not in text


def test_nothing_is_copied_from_the_reference():
    """A sample holds only files that differ from the reference's."""
    for name in samples.names():
        folder = Path(ROOT, "submissions", name)
        for path in folder.rglob("*"):
            original = ROOT / "reference" / path.relative_to(folder)
            if path.is_file() and original.is_file():
                assert path.read_bytes() != original.read_bytes(), f"{path} is a copy"
