"""The committed checkpoints on the real test images, where the machine has them."""

import json
import os
from pathlib import Path

import pytest

from grader import cli
from grader.outcomes import from_json

IMAGES = os.environ.get("GRADER_CIFAR10", "")


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(
    not Path(IMAGES).is_file(), reason="GRADER_CIFAR10 names no .npz with CIFAR-10's test images"
)
def test_the_reference_gets_full_marks_on_cifar10(reference_dir, tmp_path):
    """The reference's trained networks beat every threshold on the 10 000 test images."""
    out = tmp_path / "outcomes.json"
    arguments = ["grade", str(reference_dir), "--data", IMAGES, "--outcomes", str(out)]
    assert cli.run(arguments) == 0
    run = from_json(json.loads(out.read_text()))
    assert run.points == run.max_points == 14
    facts = next(check.facts for check in run.checks if check.number == "2.8")
    assert facts["accuracy"] > 0.88
    assert facts["images"] == 10_000
