"""Running a right solution by itself, without the grader."""

import importlib
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

REFERENCE = Path(__file__).parents[3] / "reference"
PACKAGES = ("modules", "optimizer", "models", "losses")


@pytest.fixture
def student(monkeypatch):
    """Run the file of a solution among the reference's others; gives its module's names."""

    def run(solution):
        ((path, text),) = solution.files.items()
        part, package, file = path.split("/")
        for name in [name for name in sys.modules if name.partition(".")[0] in PACKAGES]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.syspath_prepend(REFERENCE / part)
        if package in ("modules", "optimizer"):  # those of Part 2 import nothing of their own
            importlib.import_module(package)
        names = {"__name__": f"{package}.{Path(file).stem}", "__package__": package}
        exec(compile(text, path, "exec"), names)
        return names

    yield run
    for name in [name for name in sys.modules if name.partition(".")[0] in PACKAGES]:
        del sys.modules[name]


@pytest.fixture
def close():
    """Whether two arrays agree, as closely as the solution's precision lets them."""

    def compare(solution, got, expected, *, loose_shape=False):
        expected = np.asarray(expected)
        if loose_shape:
            got = got.reshape(expected.shape)
        assert got.shape == expected.shape
        tolerance = 1e-4 if "float32" in solution.name else 1e-10
        assert np.abs(got - expected).max() <= tolerance * max(np.abs(expected).max(), 1)

    return compare


@pytest.fixture
def backward_agrees(close):
    """Run a layer twice on random data; outputs, gradients and arguments are as torch says.

    `function` is the layer in torch, of the input and the layer's parameters; inputs are
    views that do not lie in memory one after the other, like another layer's outputs.
    """

    def check(solution, layer, function, shape, rng):
        parameters = {"weight": "dw", "bias": "db"} if hasattr(layer, "weight") else {}
        for name in parameters:
            setattr(layer, name, rng.standard_normal(getattr(layer, name).shape))
        for _ in range(2):
            x = rng.standard_normal(shape[::-1]).T
            given = [x, *(np.array(getattr(layer, name), np.float64) for name in parameters)]
            tensors = [torch.tensor(value.copy(), requires_grad=True) for value in given]
            out = function(*tensors)
            dout = rng.standard_normal(out.shape)
            out.backward(torch.tensor(dout))
            before = x.copy(), dout.copy()
            close(solution, layer.forward(x), out.detach())
            layer.backward(dout)
            close(solution, layer.dx, tensors[0].grad)
            for (name, gradient), tensor in zip(parameters.items(), tensors[1:]):
                loose = gradient == "db"
                close(solution, getattr(layer, gradient), tensor.grad, loose_shape=loose)
                close(solution, getattr(layer, name), tensor.detach())
            assert np.array_equal(x, before[0])
            assert np.array_equal(dout, before[1])

    return check
