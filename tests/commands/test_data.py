"""`grader data`: one file of test images, from wherever they are."""

import json

import numpy as np
import pytest

from grader import cli
from grader.commands import data
from grader.datasets import sources
from grader.datasets.sources import Raw
from grader.evaluation import images


@pytest.fixture
def arrays(tmp_path):
    """An .npz with ten thousand black pictures of ten classes, a thousand of each."""
    path = tmp_path / "copy.npz"
    np.savez(path, images=np.zeros((10_000, 32, 32, 3), np.uint8), labels=np.arange(10_000) % 10)
    return path


def test_arrays_become_a_file_that_the_grader_takes(arrays, tmp_path, capsys):
    """The file is written, and said to be of unknown origin; `doctor` and `load` read it."""
    out = tmp_path / "cifar10_test.npz"
    assert cli.run(["data", "cifar10", "--from", str(arrays), "-o", str(out)]) == 0
    printed = capsys.readouterr().out
    found = images.load(out)
    assert found.digest in printed
    assert "cannot be told from arrays" in printed.replace("\n", " ")
    assert f"--data {out}" in printed
    assert json.loads(found.provenance)["official"] is False
    assert cli.run(["doctor", "--data", str(out)]) == 0
    assert "10000 images" in capsys.readouterr().out


def test_nothing_is_written_when_something_is_wrong(tmp_path, capsys):
    """What is no test set gives status 2, one sentence and no file."""
    out = tmp_path / "out.npz"
    assert cli.run(["data", "cifar10", "--from", str(tmp_path / "none"), "-o", str(out)]) == 2
    assert "does not exist" in capsys.readouterr().err
    practice = str(images.PRACTICE)
    assert cli.run(["data", "cifar10", "--from", practice, "-o", str(out)]) == 2
    assert "(1000, 32, 32, 3)" in capsys.readouterr().err
    assert not out.exists()


def test_the_output_is_no_input_and_an_npz(arrays, capsys):
    """The source is never overwritten, and the name is one that `--data` takes."""
    before = arrays.read_bytes()
    assert cli.run(["data", "cifar10", "--from", str(arrays), "-o", str(arrays)]) == 2
    assert "name another" in capsys.readouterr().err
    assert arrays.read_bytes() == before
    assert cli.run(["data", "cifar10", "--from", str(arrays), "-o", "images.zip"]) == 2
    assert "must end in .npz" in capsys.readouterr().err


def test_without_a_source_it_is_downloaded(arrays, tmp_path, monkeypatch):
    """Without --from, the images are those that torchvision put into the cache."""
    asked = []

    def downloaded(root, output):
        asked.append((root, output))
        return arrays

    monkeypatch.setattr("grader.datasets.download.cifar10", downloaded)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    out = tmp_path / "out.npz"
    assert cli.run(["data", "cifar10", "-o", str(out)]) == 0
    assert asked == [(tmp_path / "convnet-grader", out)]
    assert out.is_file()


@pytest.mark.parametrize(
    ("kind", "official", "words"),
    [
        ("the folder", True, data.OFFICIAL),
        ("the folder", False, data.OTHER_FILES),
        (sources.NPZ, False, data.FROM_ARRAYS),
    ],
)
def test_the_origin_is_said(arrays, kind, official, words):
    """Official files, other files and arrays have a sentence each."""
    raw = Raw(np.zeros(0), np.zeros(0), None, kind, {}, official=official)
    document = json.dumps({"files": {"test_batch": {}}})
    with np.load(arrays) as found:
        np.savez(arrays, **found, provenance=np.array(document))
    printed = data.report(arrays, raw)
    assert words in printed.replace("\n", " ")
    assert "(test_batch)" in printed
