"""What of a wheel students must not get."""

import functools
import io
import json
import zipfile

import numpy as np
import pytest

from grader.assignment import DEFAULT, load
from grader.authoring import practice
from grader.authoring.wheel_scan import scan
from grader.evaluation.images import PRACTICE
from grader.tape import PUBLIC

GIVEN = [
    f"{part}/{path}"
    for part, entry in load().table["parts"].items()
    for path in entry.get("given", ())
]
SOLUTION = "self.dx = np.where(self.cache > 0, dout, 0.0) * scale + shift"
LISTED = "grader/data/template.json"
RESNET = "part2-pytorch/models/resnet.py"


@pytest.fixture
def reference(tmp_path):
    """A reference with one solution."""
    file = tmp_path / "reference" / "part1" / "layer.py"
    file.parent.mkdir(parents=True)
    file.write_text(f"def f():\n    # BEGIN SOLUTION\n    {SOLUTION}\n    # END SOLUTION\n")
    return tmp_path / "reference"


@pytest.fixture
def complaints(tmp_path, reference, reference_dir, monkeypatch):
    """Scan a wheel of a few sound files, with others planted: {name: content, None to remove}."""
    monkeypatch.setattr(practice, "draw", functools.cache(practice.draw))
    sound = {
        "grader/__init__.py": b"",
        "grader/cli.py": b'"""The command line."""\n',
        "grader/assignment.toml": DEFAULT.read_bytes(),
        "grader/data/public_tape.npz": PUBLIC.read_bytes(),
        "grader/data/practice_test.npz": PRACTICE.read_bytes(),
        LISTED: b'{"part1/layer.py": {"f": "def f(): raise NotImplementedError(\'f\')"}}',
        "convnet_grader-0.1.0.dist-info/METADATA": b"Name: convnet-grader\n",
        "convnet_grader-0.1.0.dist-info/RECORD": b"",
        **{f"grader/given/{name}": (reference_dir / name).read_bytes() for name in GIVEN},
    }

    def run(planted=None):
        wheel = tmp_path / "a.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr("grader/", "")
            for name, content in {**sound, **(planted or {})}.items():
                if content is not None:
                    archive.writestr(name, content)
        return scan(wheel, reference)

    return run


def npz(**arrays):
    """The bytes of an .npz."""
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def tape(seeds, key, **arrays):
    """The bytes of a tape."""
    header = json.dumps({"format": 1, "seeds": seeds, "key": key, "source": ""})
    return npz(header=np.frombuffer(header.encode(), np.uint8), **arrays)


def test_a_sound_wheel(complaints):
    """Code, the assignment, the public data and the given files may go out."""
    assert complaints() == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("grader/authoring/tape.py", "authoring/ is for instructors only"),
        ("grader/bugs/pooling.py", "bugs/ is for instructors only"),
        ("reference/part1-convnet/modules/relu.py", "reference/ is for instructors only"),
        ("submissions/complete/sample.toml", "submissions/ is for instructors only"),
        ("grader/submissions/a.py", "submissions/ is for instructors only"),
        ("tests/test_a.py", "tests/ is for instructors only"),
        ("grader/given/part1-convnet/modules/relu.py", "not among the files that the course gives"),
        ("grader/data/cifar10_test.npz", "neither code nor data that is meant to be public"),
        ("grader/data/secret_tape.npz", "neither code nor data that is meant to be public"),
        ("grader/data/labels.py.gz", "neither code nor data that is meant to be public"),
        ("grader/mymodel.pth", "neither code nor data that is meant to be public"),
        ("grader/__pycache__/tape.cpython-311.pyc", "neither code nor data"),
        ("grader/notes.md", "neither code nor data that is meant to be public"),
        ("other/module.py", "neither code nor data that is meant to be public"),
        ("convnet_grader-0.1.0.dist-info/extra.json", "neither code nor data"),
    ],
)
def test_files_that_have_no_business_in_it(complaints, name, words):
    """What is not listed as public is named, with the reason."""
    (complaint,) = complaints({name: b""})
    assert complaint.startswith(f"{name}: ")
    assert words in complaint


@pytest.mark.parametrize(
    "name", [f"grader/given/{GIVEN[0]}", "grader/data/public_tape.npz", LISTED]
)
def test_files_that_must_be_in_it(complaints, name):
    """Without a given file or the tape, students could not check what they wrote."""
    assert complaints({name: None}) == [f"{name}: is not in the wheel"]


@pytest.mark.parametrize(
    "content",
    [
        tape([1, 2], "public"),
        tape([20240219], "0123456789abcdef"),
        tape([20240219], "public", labels=np.arange(10)),
        npz(labels=np.arange(10)),
        b"damaged",
        b"",
    ],
    ids=["seeds", "key", "labels", "no tape", "damaged", "empty"],
)
def test_only_the_public_tape(complaints, content):
    """A tape with other seeds or a secret key, or something else by its name, is refused."""
    name = "grader/data/public_tape.npz"
    assert complaints({name: content}) == [f"{name}: holds something else than its name says"]


@pytest.mark.parametrize("change", ["labels", "images", "more", "less"])
def test_only_the_practice_sets_labels(complaints, change):
    """Other images or labels by the practice set's name are refused."""
    name = "grader/data/practice_test.npz"
    with np.load(PRACTICE) as stored:
        arrays = {key: stored[key].copy() for key in stored.files}
    if change == "more":
        arrays["y_test"] = np.arange(10)
    elif change == "less":
        del arrays["labels"]
    else:
        arrays[change][0] ^= 1
    planted = {name: npz(**arrays)}
    assert complaints(planted) == [f"{name}: holds something else than its name says"]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b'{"part1/layer.py": {"f": "def f(): return 1"}}'],
    ids=["empty", "no list", "nothing", "another function"],
)
def test_only_the_templates_functions(complaints, content):
    """What has other functions than the template, solved ones say, is refused."""
    assert complaints({LISTED: content}) == [f"{LISTED}: holds something else than its name says"]


@pytest.mark.parametrize(
    ("name", "lead"),
    [
        ("grader/a.py", "x = 1\n"),
        ("grader/given/" + GIVEN[0], "# "),
        ("grader/assignment.toml", "# "),
    ],
)
def test_a_solution_anywhere(complaints, name, lead):
    """A solution is found in code, in a comment of a given file, and in what is no code."""
    text = DEFAULT.read_text() + "\n" if name.endswith("toml") else ""
    (complaint,) = complaints({name: f"{text}{lead}{SOLUTION}\n".encode()})
    assert complaint.startswith(f"{name}:")
    assert "are in the solution at part1/layer.py:" in complaint


def test_a_marker(complaints):
    """A solution's marker is found with its line, in whatever file."""
    found = complaints({"grader/a.py": b"x = 1\n# BEGIN SOLUTION\n"})
    assert found == ["grader/a.py:2: a solution marker"]


def test_code_that_computes(complaints):
    """Code that may compute a convolution is named with its line."""
    (complaint,) = complaints({"grader/numerics/a.py": b"\ny = np.einsum('ij', x)\n"})
    assert complaint.startswith("grader/numerics/a.py:2: einsum: may compute")


def test_layers_of_torch_are_fine_in_the_given_network_only(complaints):
    """The ResNet that is given has torch's layers; nothing else may."""
    text = b"import torch.nn as nn\nlayer = nn.Conv2d(3, 3, 3)\n"
    assert complaints({f"grader/given/{RESNET}": text}) == []
    for name in ("grader/a.py", "grader/given/part2-pytorch/models/__init__.py"):
        (complaint,) = complaints({name: text})
        assert complaint.startswith(f"{name}:2: Conv2d")


@pytest.mark.parametrize("content", [b"def", b"x = '\xff'", b"x = 1\0"])
def test_code_that_cannot_be_read(complaints, content):
    """What cannot be looked at cannot be released."""
    (complaint,) = complaints({"grader/a.py": content})
    assert complaint.startswith("grader/a.py: cannot be read as Python")


@pytest.mark.parametrize(
    "code",
    [
        "import grader.authoring.tape",
        "from grader.authoring import tape",
        "from grader import authoring",
        "def f():\n    from grader.authoring.tape import make\n",
    ],
)
def test_code_that_needs_what_is_left_out(complaints, code):
    """A command for instructors would not even import: it must be left out, too."""
    (complaint,) = complaints({"grader/commands/panel.py": code.encode()})
    assert "imports grader.authoring; exclude it" in complaint


def test_an_import_of_another_name(complaints):
    """A module that is only named alike is another one."""
    assert complaints({"grader/a.py": b"import grader.authoring_tools\nfrom . import x\n"}) == []
