"""The tests that students get: what they say about right, wrong and unfinished code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from grader.assignment import load
from grader.authoring.template import generate
from grader.session import opened

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

HERE = Path(__file__).parent
REFERENCE = HERE.parents[1] / "reference"
FILES = {
    "part1-convnet": ("convolution", "max_pool", "relu", "linear", "network", "sgd"),
    "part2-pytorch": ("models", "training", "losses"),
}
TABLE = tomllib.loads((HERE / "light_test_variants.toml").read_text(encoding="utf-8"))
VARIANTS = [
    (path, task, name)
    for path, tasks in TABLE.items()
    for task, names in tasks.items()
    for name in names
]
variants = pytest.mark.parametrize(
    ("path", "task", "name"), VARIANTS, ids=[f"{task} {name}" for _, task, name in VARIANTS]
)


def edited(path, task, name):
    """The text of a file of the reference with one of the variants in it."""
    text = (REFERENCE / path).read_text()
    edits = TABLE[path][task][name]
    for old, new in zip(edits[::2], edits[1::2]):
        assert text.count(old) == 1, f"{path}: {old!r} occurs {text.count(old)} times"
        text = text.replace(old, new)
    return text


def template(folder):
    """What students start from, without images."""
    generate(REFERENCE, folder)
    return folder


def reference(folder, *parts):
    """The reference, or parts of it, without images and checkpoints."""
    ignored = shutil.ignore_patterns("__pycache__", "*.npz", "*.pth", "runs", "cifar*")
    for name in ("tests", *(parts or FILES)):
        shutil.copytree(REFERENCE / name, folder / name, ignore=ignored)
    shutil.copy(REFERENCE / "pytest.ini", folder)
    return folder


def run_pytest(folder, *arguments, **environment):
    """Run pytest in a folder as a student would; return its exit status and what it prints."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-B", "-m", "pytest", *arguments],
        cwd=folder,
        env={**clean, "COLUMNS": "120", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def files_of(part):
    """The tests of a part, as pytest takes them."""
    return [f"tests/test_{name}.py" for name in FILES[part]]


def outcomes_in(output):
    """What became of the tests, by pytest's last line: {"passed", "skipped"}."""
    last = output.strip().splitlines()[-1]
    return set(re.findall(r"\d+ (\w+)", last.split(" in ")[0]))


def reasons(output):
    """Why tests were skipped: pairs of a file and a reason."""
    return set(re.findall(r"^SKIPPED \[\d+\] ([^:]+)(?::\d+)?: (.*)$", output, re.MULTILINE))


def test_the_reference_passes(tmp_path):
    """Right code passes every test, none is skipped, and nothing is left in the folder."""
    status, output = run_pytest(reference(tmp_path))
    assert status == 0
    assert outcomes_in(output) == {"passed"}
    assert {path.name for path in tmp_path.iterdir()} == {"tests", "pytest.ini", *FILES}


def test_the_template_is_not_started(tmp_path):
    """In the template every test is skipped, at the line to be written, and the status is 0."""
    status, output = run_pytest(template(tmp_path / "hw2"))
    assert status == 0
    assert outcomes_in(output) == {"skipped"}
    assert {(Path(file).name, reason) for file, reason in reasons(output)} == {
        ("convolution.py", "not started: Conv2D.forward"),
        ("max_pool.py", "not started: MaxPooling.forward"),
        ("relu.py", "not started: ReLU.forward"),
        ("linear.py", "not started: Linear.forward"),
        ("conv_classifier.py", "not started: ConvNet.forward"),
        ("sgd.py", "not started: SGD.update"),
        ("main.py", "not started: train"),
        ("main.py", "not started: validate"),
        ("twolayer.py", "not started: TwoLayerNet.__init__"),
        ("cnn.py", "not started: VanillaCNN.__init__"),
        ("my_model.py", "not started: MyModel.__init__"),
        ("focal_loss.py", "not started: reweight"),
        ("focal_loss.py", "not started: FocalLoss.forward"),
    }


def test_methods_that_do_nothing_are_not_started(tmp_path):
    """A forward that returns None, and an update that moves nothing, are not started either."""
    folder = template(tmp_path / "hw2")
    for path in folder.glob("part1-convnet/*/*.py"):
        path.write_text(re.sub(r"raise NotImplementedError\(.+\)", "pass", path.read_text()))
    status, output = run_pytest(folder, *files_of("part1-convnet"))
    assert status == 0
    assert {reason for _, reason in reasons(output)} == {
        "not started: Conv2D.forward returns None",
        "not started: MaxPooling.forward returns None",
        "not started: ReLU.forward returns None",
        "not started: Linear.forward returns None",
        "not started: ConvNet.forward makes no call and returns None",
        "not started: SGD.update moves nothing",
    }
    assert outcomes_in(output) == {"skipped"}


def test_a_backward_that_stores_nothing_is_not_started(tmp_path):
    """With forward done and `pass` in backward, forward passes and backward is skipped."""
    folder = reference(tmp_path, "part1-convnet")
    block = re.compile(r"(def backward.*?# BEGIN SOLUTION\n).*?( *# END SOLUTION)", re.DOTALL)
    for path in folder.glob("part1-convnet/modules/*.py"):
        path.write_text(block.sub(r"\1        pass\n\2", path.read_text()))
    status, output = run_pytest(folder, *files_of("part1-convnet"))
    assert status == 0
    assert {reason for _, reason in reasons(output)} == {
        "not started: Conv2D.backward stores nothing in self.dx and self.dw and self.db",
        "not started: MaxPooling.backward stores nothing in self.dx",
        "not started: ReLU.backward stores nothing in self.dx",
        "not started: Linear.backward stores nothing in self.dx and self.dw and self.db",
        "not started: ConvNet.backward makes no call",
    }
    assert outcomes_in(output) == {"passed", "skipped"}


def test_part_1_needs_neither_torch_nor_part_2(tmp_path):
    """Without torch, or without its folder, Part 2's tests are skipped, a line for each file."""
    folder = reference(tmp_path)
    blocked = folder / "blocked"
    blocked.mkdir()
    error = "ModuleNotFoundError(\"No module named 'torch'\", name='torch')"
    (blocked / "torch.py").write_text(f"raise {error}\n")
    status, output = run_pytest(folder, PYTHONPATH=str(blocked))
    assert status == 0
    assert outcomes_in(output) == {"passed", "skipped"}
    reason = "could not import 'torch': No module named 'torch'"
    assert reasons(output) == {(name, reason) for name in files_of("part2-pytorch")}

    shutil.rmtree(folder / "part2-pytorch")
    status, output = run_pytest(folder)
    assert status == 0
    assert outcomes_in(output) == {"passed", "skipped"}
    reason = "there is no folder part2-pytorch"
    assert reasons(output) == {(name, reason) for name in files_of("part2-pytorch")}


@pytest.mark.parametrize(
    ("word", "beginning"),
    [
        ("conv", "tests/test_convolution.py::"),
        ("pool", "tests/test_max_pool.py::"),
        ("sgd", "tests/test_sgd.py::"),
        ("1.2", "tests/test_convolution.py::test_backward"),
    ],
    ids=lambda text: text.partition("::")[0],
)
def test_selection(word, beginning):
    """`pytest -k` selects by a layer's name, or by the number of a task, and nothing else."""
    _, output = run_pytest(REFERENCE, "--collect-only", "-k", word)
    selected = re.findall(r"^tests/.*", output, re.MULTILINE)
    assert len(selected) > 2
    assert all(name.startswith(beginning) for name in selected)


def test_a_failure_is_short_and_specific(tmp_path):
    """A failure names task, configuration, array and shapes, without the tests' own frames."""
    folder = reference(tmp_path, "part1-convnet")
    path = "part1-convnet/modules/convolution.py"
    (folder / path).write_text(edited(path, "1.2", "border cut off by p:-p"))
    status, output = run_pytest(folder, "-k", "1.2")
    assert status == 1
    assert (
        "Task 1.2: Conv2D.backward fits your own forward: kernel 3, stride 1, padding 0" in output
    )
    assert "dx has the shape (2, 1, 0, 0); it should have (2, 1, 5, 3)." in output
    (folder / path).write_text(edited(path, "1.2", "overwritten, not accumulated"))
    _, output = run_pytest(folder, "-k", "1.2")
    assert re.search(r"dx: \d+ of 54 entries are wrong, the worst at \[\d, \d, \d, \d\]: ", output)
    assert "tests/trial.py" not in output


def test_a_crash_shows_the_students_line(tmp_path):
    """Code that raises is shown with its line; backward waits for a forward that raises."""
    folder = reference(tmp_path, "part1-convnet")
    path = folder / "part1-convnet/modules/linear.py"
    path.write_text(path.read_text().replace("@ self.weight + self.bias", "@ self.wait"))
    status, output = run_pytest(folder, "-k", "linear")
    assert status == 1
    assert re.search(r"part1-convnet/modules/linear\.py:\d+: in forward", output)
    assert "AttributeError: 'Linear' object has no attribute 'wait'" in output
    assert "trial.py" not in output
    waits = "waits for Linear.forward, which raises AttributeError here"
    assert {reason for _, reason in reasons(output)} == {waits}


def test_a_submission_leaves_the_tests_out(tmp_path):
    """What is graded, and so what is packed, holds nothing of the tests' folder."""
    with opened(reference(tmp_path / "hw2"), load()) as submission:
        paths = {f"{entry.part}/{entry.path}" for entry in submission.files}
    assert "part1-convnet/modules/relu.py" in paths
    assert not [path for path in paths if "test" in path or "trial" in path]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory):
    """The outcomes of the tests of each variant's part, by (path, task, name)."""
    folder = reference(tmp_path_factory.mktemp("hw2"))
    found = {}
    for part in FILES:
        chosen = [variant for variant in VARIANTS if variant[0].startswith(part)]
        done = subprocess.run(
            [sys.executable, HERE / "light_tests.py", folder, *files_of(part)],
            input=json.dumps([{variant[0]: edited(*variant)} for variant in chosen]),
            capture_output=True,
            text=True,
            check=True,
        )
        found |= zip(chosen, json.loads(done.stdout), strict=True)
    return found


def tasks(outcome, *, of):
    """The tasks of the tests that passed, failed or were skipped."""
    return {task for task, result, _ in outcome.values() if result == of}


@pytest.mark.slow
@variants
def test_variant(outcomes, path, task, name):
    """A mistake fails the tests of its task and no others; another right style fails none."""
    outcome = outcomes[path, task, name]
    assert tasks(outcome, of="failed") == ({task} - {"right"})
    if task == "right":
        assert not tasks(outcome, of="skipped")
    assert all("waits for" in said for _, result, said in outcome.values() if result == "skipped")


def test_every_task_has_mistakes():
    """For each task that has tests there are two mistakes at least."""
    numbers = Counter(task for _, task, _ in VARIANTS)
    documented = set()
    for path in REFERENCE.glob("tests/test_*.py"):
        documented.update(re.findall(r'"""Task (\d\.\d): ', path.read_text()))
    assert documented == set(numbers) - {"right"}
    assert all(number > 1 for task, number in numbers.items() if task != "right")


def test_loops_and_float32_pass(tmp_path):
    """Part 1 in loops, which computes in float32, passes every test."""
    folder = reference(tmp_path, "part1-convnet")
    other = REFERENCE.parent / "submissions/loops-float32/part1-convnet"
    shutil.copytree(other, folder / "part1-convnet", dirs_exist_ok=True)
    status, output = run_pytest(folder, *files_of("part1-convnet"))
    assert status == 0
    assert outcomes_in(output) == {"passed"}
