"""What is tried with every layer of Part 1."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from tests.quarters import difference, misshapen, odd_quarters, same, slope, slopes

__tracebackhide__ = True  # a failure shows your code and the test, not what lies between
GRADIENTS = {"x": "dx", "weight": "dw", "bias": "db"}


@dataclass(frozen=True)
class Trial:
    """A layer with an input x, and the output that is right for it.

    `build()` makes a layer; its weight and bias are then set to those in `parameters`.
    """

    name: str
    build: Callable[[], Any]
    x: np.ndarray
    out: np.ndarray | None = None
    parameters: dict[str, np.ndarray] = field(default_factory=dict)

    @property
    def arguments(self):
        """All that the output depends on, by name."""
        return {"x": self.x, **self.parameters}

    def layer(self, **parameters):
        """Make a fresh layer, with other parameters where they are given."""
        layer = self.build()
        for name, value in {**self.parameters, **parameters}.items():
            setattr(layer, name, value.copy())
        return layer

    def forward(self, layer, x):
        """Return the output of a layer."""
        out = layer.forward(x)
        if out is None:
            pytest.skip(f"not started: {self.name}.forward returns None")
        return out

    def backward(self, layer, dout):
        """Return the gradients that backward stores in a layer, by name."""
        returned = layer.backward(dout)
        names = [GRADIENTS[name] for name in self.arguments]
        stored = {name: getattr(layer, name, None) for name in names}
        if all(value is None for value in stored.values()):
            where = " and ".join(f"self.{name}" for name in names)
            if returned is None:
                pytest.skip(f"not started: {self.name}.backward stores nothing in {where}")
            pytest.fail(f"{self.name}.backward returns: store it in {where}.", pytrace=False)
        if 1 in np.shape(stored.get("db")):  # (1, out) is as good as (out,)
            stored["db"] = np.ravel(stored["db"])
        for name, value in self.arguments.items():
            if problem := misshapen(GRADIENTS[name], stored[GRADIENTS[name]], value.shape):
                pytest.fail(problem, pytrace=False)
        return stored

    def output(self, x, **parameters):
        """Return the output of a fresh layer."""
        return self.forward(self.layer(**parameters), x.copy())

    def gradients(self, dout):
        """Return the gradients that a fresh layer stores."""
        layer = self.layer()
        self.forward(layer, self.x.copy())
        return self.backward(layer, dout.copy())

    def weighted(self, dout, name):
        """Return the function of one argument whose slopes backward(dout) stores.

        It is the sum of dout * out over all entries, a single number.
        """
        return lambda value: float(np.sum(dout * self.output(**{**self.arguments, name: value})))


def check_forward(trial):
    """The output is right."""
    same("out", trial.output(**trial.arguments), trial.out)


def check_second_forward(trial, other):
    """A layer that was used on other numbers, of another shape, gives what a fresh one gives."""
    layer = used(trial, other)
    same("out of the second call", trial.forward(layer, trial.x.copy()), trial.out)


def check_untouched_forward(trial):
    """The caller's x is as it was, and so are the parameters."""
    layer, x = trial.layer(), trial.x.copy()
    before = snapshot(trial, layer, x=x)
    trial.forward(layer, x)
    unchanged(before, snapshot(trial, layer, x=x))


def check_backward(trial):
    """Each gradient is the slope of the layer's own forward, entry by entry."""
    need_forward(trial)
    dout = odd_quarters(1, trial.out.shape)
    stored = trial.gradients(dout)
    for name, value in trial.arguments.items():
        same(GRADIENTS[name], stored[GRADIENTS[name]], slopes(trial.weighted(dout, name), value))


def check_directions(trial):
    """Each gradient gives the slopes of the layer's own forward in two random directions."""
    dout = odd_quarters(2, np.shape(trial.output(**trial.arguments)))
    stored = trial.gradients(dout)
    for name, value in trial.arguments.items():
        gradient = GRADIENTS[name]
        for seed in (3, 4):
            v = odd_quarters(seed, value.shape, largest=3)
            expected = slope(trial.weighted(dout, name), value, v)
            came = np.sum(stored[gradient] * v)
            same(f"sum({gradient} * v), the slope in a random direction v", came, expected)


def check_second_backward(trial, other):
    """A layer that was used on other numbers, of another shape, stores what a fresh one stores."""
    need_forward(trial)
    dout, layer = odd_quarters(1, trial.out.shape), used(trial, other, backward=True)
    need_forward(trial, layer)
    trial.forward(trial.layer(), other.copy())  # a network has several layers of a kind
    stored = trial.backward(layer, dout.copy())
    for name, expected in trial.gradients(dout).items():
        same(f"{name} of the second call", stored[name], expected)


def check_untouched_backward(trial):
    """The caller's x and dout are as they were, and so are the parameters."""
    need_forward(trial)
    layer, x, dout = trial.layer(), trial.x.copy(), odd_quarters(1, trial.out.shape)
    trial.forward(layer, x)
    before = snapshot(trial, layer, x=x, dout=dout)
    trial.backward(layer, dout)
    unchanged(before, snapshot(trial, layer, x=x, dout=dout))


def need_forward(trial, layer=None):
    """Skip where forward is wrong: the slopes of a wrong output say nothing about backward."""
    forward = f"{trial.name}.forward"
    try:
        out = trial.forward(layer or trial.layer(), trial.x.copy())
    except NotImplementedError:
        raise
    except Exception as error:
        pytest.skip(f"waits for {forward}, which raises {type(error).__name__} here")
    if difference("out", out, trial.out):
        pytest.skip(f"waits for {forward}, which is wrong here")


def used(trial, other, backward=False):
    """Make a layer that was used once, with other parameters than it has now."""
    layer = trial.layer(**{name: value + 1 for name, value in trial.parameters.items()})
    out = trial.forward(layer, other.copy())
    if backward:
        layer.backward(odd_quarters(2, np.shape(out)))
    for name, value in trial.parameters.items():
        setattr(layer, name, value.copy())
    return layer


def snapshot(trial, layer, **arrays):
    """Copy arrays and the layer's parameters, by name."""
    arrays |= {name: getattr(layer, name) for name in trial.parameters}
    return {name: np.array(value) for name, value in arrays.items()}


def unchanged(before, after):
    """Fail where an array is not what it was before."""
    changed = [name for name, value in before.items() if not np.array_equal(value, after[name])]
    if changed:
        pytest.fail(
            f"{' and '.join(changed)} changed. Work on a copy: the caller still needs its arrays, "
            "and only the optimizer moves the parameters.",
            pytrace=False,
        )
