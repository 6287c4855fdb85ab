"""main.py as students start it, and what is left of Part 2 for them to write."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import torch

torch.set_num_threads(1)

TASKS = {
    "main.py": ["train", "validate"],
    "models/twolayer.py": ["TwoLayerNet.__init__", "TwoLayerNet.forward"],
    "models/cnn.py": ["VanillaCNN.__init__", "VanillaCNN.forward"],
    "models/my_model.py": ["MyModel.__init__", "MyModel.forward"],
    "losses/focal_loss.py": ["reweight", "FocalLoss.forward"],
}
CONFIG = "model: TwoLayerNet\nbatch_size: 16\nlearning_rate: 0.01\nwarmup: 1\nepochs: {}\n"
RUN_TWICE = """
from pathlib import Path
from main import run
from support.config import read_config
whole, half = (read_config(Path(name)) | {"data": "tiny.npz"} for name in ("2.yaml", "1.yaml"))
run(whole, Path("whole.pth"), Path("whole.pt"), resume=False)
run(half, Path("parts.pth"), Path("parts.pt"), resume=True)
run(whole, Path("parts.pth"), Path("parts.pt"), resume=True)
"""
IMPORT_ALONE = """
import sys
for name in ("torchvision", "matplotlib", "data"):
    sys.modules[name] = None
import main
print(main.train.__name__, main.validate.__name__)
"""


def python(folder, part, *arguments):
    """Run Python in a folder with the part importable, on one thread; return what it printed."""
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(part)}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture(scope="module")
def part(reference_dir):
    """Give the folder of Part 2."""
    return reference_dir / "part2-pytorch"


@pytest.fixture
def folder(tmp_path):
    """Give a folder with 64 images and configs for one and for two epochs."""
    rng = np.random.RandomState(0)
    images = rng.randint(0, 256, size=(64, 32, 32, 3)).astype(np.uint8)
    np.savez(tmp_path / "tiny.npz", images=images, labels=np.arange(64) % 10)
    for epochs in (1, 2):
        (tmp_path / f"{epochs}.yaml").write_text(CONFIG.format(epochs), encoding="utf-8")
    return tmp_path


def test_command_line(folder, part):
    """One epoch by the command line leaves a checkpoint, curves and a side file."""
    options = ["--config", "1.yaml", "--data", "tiny.npz", "--checkpoints", "c", "--runs", "r"]
    printed = python(folder, part, str(part / "main.py"), *options)
    assert "best accuracy" in printed
    assert {path.name for path in (folder / "r").iterdir()} == {"1.png", "1.pt"}
    weights = torch.load(folder / "c" / "twolayernet.pth", weights_only=True)
    assert {tuple(value.shape) for value in weights.values()} == {
        (256, 3072), (256,), (10, 256), (10,),
    }  # fmt: skip
    assert {value.dtype for value in weights.values()} == {torch.float32}


def test_resumed_run_equals_whole_run(folder, part):
    """A run that stops after its first epoch and goes on ends with the weights of a whole one."""
    python(folder, part, "-c", RUN_TWICE)
    files = (folder / "whole.pt", folder / "parts.pt")
    whole, parts = (torch.load(path, weights_only=True) for path in files)
    torch.testing.assert_close(parts["model"], whole["model"], rtol=0, atol=0)
    assert parts["history"] == whole["history"]
    assert len(parts["history"]) == 2


def test_import_needs_no_data(folder, part):
    """Importing main needs neither torchvision nor matplotlib nor the folder data."""
    assert python(folder, part, "-c", IMPORT_ALONE) == "train validate\n"


def test_bfloat16_keeps_float32_outside(load_part, part):
    """In bfloat16 the logits and the weights stay float32, and later steps see new weights."""
    support = load_part(part, "support.precision")["support.precision"]
    torch.manual_seed(0)
    model, x = torch.nn.Linear(4, 3), torch.randn(2, 4)
    expected = model(x)
    support.run_in_bfloat16(model, "cpu")
    assert model(x).dtype == model.weight.dtype == torch.float32
    torch.testing.assert_close(model(x), expected, rtol=0.02, atol=0.02)
    torch.nn.init.zeros_(model.weight)
    torch.testing.assert_close(model(x), model.bias.expand(2, 3), rtol=0.02, atol=0.02)


def strip(source: str) -> str:
    """Replace each solution block by one raise, or by nothing where it stands at module level."""
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == "# BEGIN SOLUTION":
            assert not inside
            inside = True
            indent = line.partition("#")[0]
            kept += [indent + "raise NotImplementedError"] if indent else []
        elif line.strip() == "# END SOLUTION":
            assert inside
            inside = False
        elif not inside:
            kept.append(line)
    assert not inside
    return "\n".join(kept) + "\n"


def unfinished(source: str) -> list[str]:
    """Name the functions and methods that hold that raise."""
    tree, names = ast.parse(source), []
    for node in ast.walk(tree):
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for function in getattr(node, "body", []) if prefix or node is tree else []:
            if isinstance(function, ast.FunctionDef):
                raises = [n for n in ast.walk(function) if isinstance(n, ast.Raise)]
                if any(ast.unparse(n) == "raise NotImplementedError" for n in raises):
                    names.append(prefix + function.name)
    return names


def test_what_the_student_writes(part):
    """Without the solution blocks exactly the tasks are open; all other files are given."""
    marked = {}
    for path in part.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "SOLUTION" in source:
            marked[path.relative_to(part).as_posix()] = unfinished(strip(source))
    assert marked == TASKS


def test_stripped_part_imports(load_part, part, tmp_path):
    """Without the solution blocks main imports, and an open network says so when it is made."""
    copy = tmp_path / "part2-pytorch"
    ignored = shutil.ignore_patterns("__pycache__", "runs", "checkpoints", "*.npz", "cifar*")
    shutil.copytree(part, copy, ignore=ignored)
    for path in copy.rglob("*.py"):
        path.write_text(strip(path.read_text(encoding="utf-8")), encoding="utf-8")
    main = load_part(copy, "main")["main"]
    with pytest.raises(NotImplementedError):
        main.build_model("MyModel")
    assert isinstance(main.build_model("ResNet-32"), torch.nn.Module)
