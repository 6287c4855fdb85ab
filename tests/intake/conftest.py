"""A layout of two small parts, and submissions made from dictionaries of files."""

import os
import zipfile
from pathlib import Path

import pytest

from grader.intake import Layout, Limits, receive

TABLE = {
    "parts": {
        "part1-convnet": {
            "title": "Part 1",
            "points": 7,
            "markers": ["modules/convolution.py", "modules/relu.py"],
            "expected": ["modules/convolution.py", "modules/relu.py", "optimizer/sgd.py"],
            "given": ["modules/__init__.py", "optimizer/_base_optimizer.py"],
            "keep": ["**/*.py"],
        },
        "part2-pytorch": {
            "title": "Part 2",
            "points": "7",
            "markers": ["models/my_model.py", "models/cnn.py", "main.py"],
            "expected": ["models/my_model.py", "main.py|solver.py", "checkpoints/mymodel.pth"],
            "given": ["models/__init__.py"],
            "keep": ["**/*.py", "configs/*.yaml", "checkpoints/*.pth"],
        },
        "part3-imbalance": {"title": "Part 3", "folder": "part2-pytorch"},
    }
}
PART1 = {
    "modules/convolution.py": "class Conv2D: ...\n",
    "modules/relu.py": "class ReLU: ...\n",
    "optimizer/sgd.py": "class SGD: ...\n",
}
PART2 = {
    "models/my_model.py": "class MyModel: ...\n",
    "models/cnn.py": "class VanillaCNN: ...\n",
    "main.py": "def train(): ...\n",
    "checkpoints/mymodel.pth": b"PK\x03\x04 weights",
}


def beneath(folder, files):
    """The same files below `folder`."""
    return {f"{folder}/{name}": content for name, content in files.items()}


def as_bytes(content):
    """Text as UTF-8."""
    return content if isinstance(content, bytes) else content.encode()


@pytest.fixture
def layout():
    """Two parts, as an assignment's file names them."""
    return Layout.from_table(TABLE)


@pytest.fixture
def both():
    """A complete submission with a folder for each part."""
    return {**beneath("part1-convnet", PART1), **beneath("part2-pytorch", PART2)}


@pytest.fixture
def part1():
    """The contents of Part 1."""
    return dict(PART1)


@pytest.fixture
def part2():
    """The contents of Part 2."""
    return dict(PART2)


@pytest.fixture
def make_zip(tmp_path):
    """Write a zip from (name or ZipInfo, content) pairs or a dictionary, in their order."""

    def make(files, name="hw2.zip", compression=zipfile.ZIP_DEFLATED):
        pairs = files.items() if isinstance(files, dict) else files
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", compression) as archive:
            for entry, content in pairs:
                archive.writestr(entry, as_bytes(content))
        return path

    return make


@pytest.fixture
def make_folder(tmp_path):
    """Write a folder from a dictionary of files."""

    def make(files, name="hw2"):
        root = tmp_path / name
        root.mkdir(exist_ok=True)
        for relative, content in files.items():
            target = root / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(as_bytes(content))
        return root

    return make


@pytest.fixture
def given(tmp_path):
    """The course's files, as they ship."""
    root = tmp_path / "given"
    for name, content in {
        "part1-convnet/modules/__init__.py": "from .relu import ReLU\n",
        "part1-convnet/optimizer/_base_optimizer.py": "class _BaseOptimizer: ...\n",
        "part2-pytorch/models/__init__.py": "from .my_model import MyModel\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    return root


@pytest.fixture
def take(layout, tmp_path):
    """Receive a path into a fresh folder."""
    count = 0

    def run(path, given=None, limits=None, into=None):
        nonlocal count
        count += 1
        into = into or tmp_path / f"staged-{count}"
        return receive(Path(path), layout, given, into, limits or Limits())

    return run


@pytest.fixture
def staged():
    """The staged files of a submission by part and path, as bytes, read from disk."""

    def read(submission):
        found = {}
        for name, folder in submission.parts.items():
            for top, _, files in os.walk(folder or ""):
                for file in files:
                    path = Path(top) / file
                    found[f"{name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
        return found

    return read
