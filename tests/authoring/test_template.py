"""The template: which files it takes, how it is written, and that the real one is open."""

from __future__ import annotations

import ast
import io
import tokenize
from pathlib import Path, PurePosixPath

import pytest

from grader.authoring.generated import MANIFEST
from grader.authoring.markers import MARKERS
from grader.authoring.template import (
    TemplateError,
    build,
    generate,
    is_leftover,
    render,
    strip,
    strip_yaml,
)

REFERENCE = Path(__file__).resolve().parents[2] / "reference"
YAML = """\
model: MyModel
# BEGIN SOLUTION
# BEGIN PROMPT
#: learning_rate:
# END PROMPT
learning_rate: 0.1
# END SOLUTION
"""


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("part1/runs/overfit.png", True),
        ("plots/a.png", True),
        ("part1/modules/__pycache__/relu.cpython-311.pyc", True),
        ("part1/.DS_Store", True),
        (".ipynb_checkpoints/a.py", True),
        ("part2/data/cifar-10-batches-py/data_batch_1", True),
        ("part2/data/cifar10_test.npz", True),
        ("train.log", True),
        ("checkpoints/mymodel.partial", True),
        ("part1/modules/relu.py.orig", True),
        ("part1/modules/relu.py~", True),
        ("hw2.ZIP", True),
        ("results.json", True),
        ("part2/data/practice_train.npz", False),
        ("part1/modules/relu.py", False),
        ("figures/window.png", False),
        ("runs.py", False),
        ("part2/cifar.py", False),
        ("pytest.ini", False),
        ("tests/test_relu.py", False),
    ],
)
def test_leftovers(path, expected):
    """Caches, runs and downloads are told from files that were written."""
    assert is_leftover(PurePosixPath(path)) is expected


@pytest.fixture
def tree(tmp_path):
    """Give a little reference with one file of each kind."""
    root = tmp_path / "reference"
    files = {
        "README.md": b"# Handout\r\n",
        "part/layer.py": b"def f():\n  # BEGIN SOLUTION\n  return 1\n  # END SOLUTION\n",
        "part/run.sh": b"#!/bin/sh\n",
        "part/configs/a.yml": YAML.encode(),
        "part/data/practice_train.npz": bytes(range(256)),
        "part/checkpoints/mymodel.pth": b"weights",
        "part/runs/curve.png": b"plot",
        "part/__pycache__/layer.pyc": b"cache",
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "part" / "run.sh").chmod(0o755)
    return root


def test_build(tree):
    """The tree's files come without solutions, and with them, checkpoints and leavings apart."""
    made = build(tree)
    assert set(made.files) == {
        "README.md", "part/layer.py", "part/run.sh", "part/configs/a.yml",
        "part/data/practice_train.npz",
    }  # fmt: skip
    assert made.files["README.md"] == b"# Handout\r\n"
    assert made.files["part/data/practice_train.npz"] == bytes(range(256))
    assert made.files["part/layer.py"] == b'def f():\n  raise NotImplementedError("f")\n'
    assert b"0.1" not in made.files["part/configs/a.yml"]
    taken = [(solution.file, solution.line, solution.text) for solution in made.solutions]
    assert taken == [
        ("part/configs/a.yml", 2, "learning_rate: 0.1\n"),
        ("part/layer.py", 2, "  return 1\n"),
    ]
    assert made.executable == {"part/run.sh"}
    assert render(tree) == made.files


@pytest.mark.parametrize("name", ["mymodel.pth", "MYMODEL.PTH", "a/b.safetensors", "history.json"])
def test_checkpoints_stay_out(tree, name):
    """Weights by their ending, and whatever else lies in a folder of checkpoints."""
    before = render(tree)
    path = tree / "part" / "checkpoints" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"weights")
    assert render(tree) == before


def test_strip_by_language():
    """The text alone of either language."""
    assert strip("def f():\n  # BEGIN SOLUTION\n  x\n  # END SOLUTION\n", "f.py").endswith('"f")\n')
    assert strip_yaml(YAML, "c.yaml") == "model: MyModel\nlearning_rate:\n"


def test_generate(tree, tmp_path):
    """What is built is written, with the right to execute where the reference gives it."""
    out = tmp_path / "made" / "template"
    made = generate(tree, out)
    written = {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    del written[MANIFEST]
    assert written == made.files == render(tree)
    modes = {name: (out / name).stat().st_mode & 0o777 for name in written}
    assert modes.pop("part/run.sh") == 0o755
    assert set(modes.values()) == {0o644}


def test_generate_again(tree, tmp_path):
    """What the reference no longer has vanishes from the template, what it gained appears."""
    out = tmp_path / "out"
    generate(tree, out)
    (tree / "part" / "run.sh").rename(tree / "part" / "walk.sh")
    made = generate(tree, out)
    names = {p.relative_to(out).as_posix() for p in out.rglob("*") if p.is_file()}
    assert names == {*made.files, MANIFEST}
    assert "part/walk.sh" in names


def test_generate_leaves_other_folders_alone(tree, tmp_path):
    """The reference itself, and a folder within it, are no place for the template."""
    before = {path: path.stat().st_mtime_ns for path in tree.rglob("*")}
    with pytest.raises(TemplateError, match="lies in the reference"):
        generate(tree, tree)
    with pytest.raises(TemplateError, match="lies in the reference"):
        generate(tree, tree / "part" / "template")
    with pytest.raises(TemplateError, match=r"holds reference/README\.md"):
        generate(tree, tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*")} == before


@pytest.mark.parametrize(
    ("name", "content", "line", "problem"),
    [
        ("a.py", b"# begin solution\n", 1, "looks like a marker"),
        ("a.py", b"x = 1\ny = '\xff'\n", 2, "not UTF-8"),
        ("notes.md", b"one\n<!-- END SOLUTION -->\n", 2, "in .py and .yaml files only"),
        ("book.ipynb", b'["# begin_solution"]', 1, "in .py and .yaml files only"),
    ],
)
def test_generate_all_or_nothing(tree, tmp_path, name, content, line, problem):
    """One file that cannot be stripped stops everything before anything is written."""
    (tree / "part" / name).write_bytes(content)
    with pytest.raises(TemplateError, match=problem) as caught:
        generate(tree, tmp_path / "out")
    assert (caught.value.filename, caught.value.line) == (f"part/{name}", line)
    assert not (tmp_path / "out").exists()


def test_generate_refuses_links_and_nothing(tree, tmp_path):
    """A link could point anywhere, and a template of nothing is a mistyped path."""
    link = tree / "part" / "link"
    for target in (tree / "part" / "layer.py", tree / "part" / "data", tmp_path / "nothing"):
        link.symlink_to(target)
        with pytest.raises(TemplateError, match=r"part/link: is a link"):
            generate(tree, tmp_path / "out")
        link.unlink()
    with pytest.raises(TemplateError, match="holds no files"):
        generate(tmp_path / "nowhere", tmp_path / "out")


@pytest.fixture(scope="module")
def template():
    """Give the real reference's template."""
    return render(REFERENCE)


def test_nothing_is_added_but_raises(template):
    """No marker is left, and a line that the reference does not have is a raise."""
    for name, content in template.items():
        if not name.endswith(".py"):
            continue
        text = content.decode()
        tokens = tokenize.generate_tokens(io.StringIO(text).readline)
        assert not {token.string for token in tokens} & set(MARKERS)
        reference = (REFERENCE / name).read_text(encoding="utf-8").splitlines()
        added = [line.strip() for line in text.splitlines() if line not in reference]
        assert all(line.startswith("raise NotImplementedError(") for line in added)


def test_every_task_is_open(template):
    """Each function that a student writes raises, with its own name, and nothing else does."""
    named = [
        (name.split("/", 1)[1], node.exc.args[0].value)
        for name, content in template.items()
        if name.endswith(".py")
        for node in ast.walk(ast.parse(content))
        if isinstance(node, ast.Raise)
        and isinstance(node.exc, ast.Call)
        and getattr(node.exc.func, "id", "") == "NotImplementedError"
    ]
    assert sorted(named) == sorted([
        ("modules/convolution.py", "Conv2D.forward"),
        ("modules/convolution.py", "Conv2D.backward"),
        ("modules/max_pool.py", "MaxPooling.forward"),
        ("modules/max_pool.py", "MaxPooling.backward"),
        ("modules/relu.py", "ReLU.forward"),
        ("modules/relu.py", "ReLU.backward"),
        ("modules/linear.py", "Linear.forward"),
        ("modules/linear.py", "Linear.backward"),
        ("modules/conv_classifier.py", "ConvNet.forward"),
        ("modules/conv_classifier.py", "ConvNet.backward"),
        ("optimizer/sgd.py", "SGD.update"),
        ("main.py", "train"),
        ("main.py", "validate"),
        ("models/twolayer.py", "TwoLayerNet.__init__"),
        ("models/twolayer.py", "TwoLayerNet.forward"),
        ("models/cnn.py", "VanillaCNN.__init__"),
        ("models/cnn.py", "VanillaCNN.forward"),
        ("models/my_model.py", "MyModel.__init__"),
        ("models/my_model.py", "MyModel.forward"),
        ("losses/focal_loss.py", "reweight"),
        ("losses/focal_loss.py", "FocalLoss.forward"),
    ])  # fmt: skip
