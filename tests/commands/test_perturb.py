"""`grader perturb`: a copy of test images for `--private`."""

import stat

import numpy as np
import pytest

from grader import cli
from grader.evaluation.images import PRACTICE, load


def test_each_call_makes_another_copy(tmp_path, capsys, monkeypatch):
    """The labels stay, every picture changes, and only its owner may read it."""
    out = tmp_path / "private.npz"
    assert cli.run(["perturb", str(PRACTICE), "-o", str(out)]) == 0
    assert f"--private {out}" in capsys.readouterr().out
    first, known = load(out), load(PRACTICE)
    assert np.array_equal(first.labels, known.labels)
    assert (first.pixels != known.pixels).any(axis=(1, 2, 3)).mean() > 0.99
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    monkeypatch.chdir(tmp_path)
    assert cli.run(["perturb", str(PRACTICE)]) == 0
    assert not np.array_equal(load(out).pixels, first.pixels)


@pytest.mark.parametrize(
    ("source", "output", "said"),
    [
        ("none.npz", "private.npz", "no test images at"),
        (PRACTICE, PRACTICE, "name another"),
        (PRACTICE, "/proc/no/private.npz", "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path, capsys, monkeypatch, source, output, said):
    """One sentence, status 2, and no file."""
    monkeypatch.chdir(tmp_path)
    before = PRACTICE.read_bytes()
    assert cli.run(["perturb", str(source), "-o", str(output)]) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "private.npz").exists()
    assert PRACTICE.read_bytes() == before
