"""What is left for students when the solution blocks are taken out."""

from __future__ import annotations

import ast
import shutil

import numpy as np
import pytest

TASKS = {
    "modules/convolution.py": ["Conv2D.forward", "Conv2D.backward"],
    "modules/max_pool.py": ["MaxPooling.forward", "MaxPooling.backward"],
    "modules/relu.py": ["ReLU.forward", "ReLU.backward"],
    "modules/linear.py": ["Linear.forward", "Linear.backward"],
    "modules/conv_classifier.py": ["ConvNet.forward", "ConvNet.backward"],
    "optimizer/sgd.py": ["SGD.update"],
}


def strip(source: str) -> str:
    """Replace every solution block by one raise at the block's indentation."""
    kept, inside = [], False
    for line in source.splitlines():
        if line.strip() == "# BEGIN SOLUTION":
            assert not inside
            inside = True
            kept.append(line.replace("# BEGIN SOLUTION", "raise NotImplementedError"))
        elif line.strip() == "# END SOLUTION":
            assert inside
            inside = False
        elif not inside:
            kept.append(line)
    assert not inside
    return "\n".join(kept) + "\n"


def unfinished(source: str) -> list[str]:
    """Name the methods that end in that raise."""
    classes = [node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)]
    return [
        f"{cls.name}.{method.name}"
        for cls in classes
        for method in cls.body
        if isinstance(method, ast.FunctionDef)
        and isinstance(method.body[-1], ast.Raise)
        and ast.unparse(method.body[-1]) == "raise NotImplementedError"
    ]


@pytest.fixture
def stripped(reference_dir, tmp_path):
    """Give a copy of Part 1 without its solution blocks."""
    part = tmp_path / "part1-convnet"
    ignore = shutil.ignore_patterns("__pycache__", "runs", "*.npz", "cifar*")
    shutil.copytree(reference_dir / "part1-convnet", part, ignore=ignore)
    for path in part.rglob("*.py"):
        path.write_text(strip(path.read_text(encoding="utf-8")), encoding="utf-8")
    return part


@pytest.mark.parametrize("path", TASKS)
def test_what_the_student_writes(stripped, path):
    """Without the blocks each file is valid Python, and exactly the tasks' methods are open."""
    assert unfinished((stripped / path).read_text(encoding="utf-8")) == TASKS[path]


def test_every_other_file_is_given(reference_dir):
    """Only the six files of the tasks hold solution blocks."""
    part = reference_dir / "part1-convnet"
    marked = {
        path.relative_to(part).as_posix()
        for path in part.rglob("*.py")
        if "SOLUTION" in path.read_text(encoding="utf-8")
    }
    assert marked == set(TASKS)


def test_stripped_part_imports(stripped, load_part):
    """Without the blocks everything imports and builds, and an open task says so when called."""
    names = load_part(stripped, "modules", "optimizer", "trainer", "train")
    net = names["modules"].ConvNet(names["train"].LAYERS, {"type": "SoftmaxCrossEntropy"})
    names["optimizer"].SGD(net)
    with pytest.raises(NotImplementedError):
        net.modules[0].forward(np.zeros((1, 3, 32, 32)))
