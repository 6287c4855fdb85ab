"""How a layer behaves beside its values: in a second call, and toward the caller's arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from grader import feedback
from grader.checks.layers import (
    SECOND_CALL,
    UNTOUCHED,
    LayerCase,
    Trial,
    check_backward,
    check_forward,
    excused,
    gradients_after,
    run_backward,
    run_forward,
)
from grader.errors import NotStarted, StudentCodeRaised, WrongResult
from grader.numerics.compare import difference
from grader.sandbox import RemoteObject, Worker
from grader.sandbox.proxies import call
from grader.tape import Expected


def check_layer(
    make: Callable[[Any], Trial],
    case: LayerCase,
    tape: Expected,
    worker: Callable[[], Worker],
    *,
    backward: bool,
) -> None:
    """One case of a layer's check; `make` draws a trial of a configuration."""
    trial = make(case)
    if case.purpose == SECOND_CALL:
        check_second_call(trial, make(case.another()), tape, backward=backward)
    elif case.purpose == UNTOUCHED:
        check_untouched(trial, worker(), backward=backward)
    elif backward:
        check_backward(trial, tape)
    else:
        check_forward(trial, tape)


def check_second_call(trial: Trial, other: Trial, tape: Expected, *, backward: bool) -> None:
    """A layer that had other parameters and data before gives the trial's results all the same.

    Finds accumulated gradients, stale caches, caches that layers share, and a backward that
    moves the weights.
    """
    layer = other.layer()
    if not backward:
        call(layer, "forward", other.x)
        trial.equip(layer)
        out = call(layer, "forward", trial.x)
        if out is None:
            raise NotStarted(f"{trial.name}.forward")
        refuse(tape.differences(out=out), "A second call must not depend on the first.")
        return
    run_forward(other, layer, other.x)
    call(layer, "backward", other.dout)
    trial.equip(layer)
    out = run_forward(trial, layer, trial.x)
    run_forward(other, other.layer(), other.x)
    got = gradients_after(trial, layer, out)
    wrong = tape.differences(loose_shape=("db",), **got)
    alike = excused(trial, got, wrong, out, tape) and as_if_new(trial, got)
    if not alike:
        refuse(
            wrong,
            "Each backward starts afresh, with what its own layer kept: set the gradients, do "
            "not add to the old ones.",
        )


def refuse(wrong: dict[str, Any], advice: str) -> None:
    """Raises WrongResult, with advice where the values are wrong and not the shapes."""
    if wrong:
        text = feedback.wrong_arrays(wrong, {})
        if any(item.kind == "values" for item in wrong.values()):
            text += f" {advice}"
        raise WrongResult(text)


def as_if_new(trial: Trial, got: dict[str, Any]) -> bool:
    """Whether a fresh layer of the student's gives the gradients `got`, too."""
    layer = trial.layer()
    try:
        out = run_forward(trial, layer, trial.x)
        fresh = gradients_after(trial, layer, out)
    except (NotStarted, StudentCodeRaised):
        return False
    return all(
        isinstance(value, np.ndarray) and difference(got[name], value) is None
        for name, value in fresh.items()
    )


def check_untouched(trial: Trial, worker: Worker, *, backward: bool) -> None:
    """The caller's arrays and the parameters are unchanged after the call."""
    layer = trial.layer()
    remote = {"x": worker.put(trial.x)}
    before = between = {"x": trial.x, **trial.parameters}
    if backward:
        run_forward(trial, layer, remote["x"])
        # What forward did to them is held against forward, in a check of its own.
        between = {"x": worker.fetch(remote["x"]), **parameters(trial, layer)}
        remote["dout"], before["dout"] = worker.put(trial.dout), trial.dout
        run_backward(trial, layer, remote["dout"])
    elif call(layer, "forward", remote["x"]) is None:
        raise NotStarted(f"{trial.name}.forward")
    after = {name: worker.fetch(array) for name, array in remote.items()}
    after |= parameters(trial, layer)
    changed = [
        name
        for name, value in after.items()
        if not (unchanged(before[name], value) or unchanged(between.get(name), value))
    ]
    if changed:
        names = ", ".join(f"`{name}`" for name in changed)
        method = "backward" if backward else "forward"
        raise WrongResult(
            f"After {method}, {names} had been changed. Work on a copy: the caller still "
            "needs its arrays, and only the optimizer moves the parameters.",
            code="mutated",
        )


def parameters(trial: Trial, layer: RemoteObject) -> dict[str, Any]:
    """The layer's parameters as they are now."""
    return {name: getattr(layer, name) for name in trial.parameters}


def unchanged(before: Any, after: Any) -> bool:
    """Whether two arrays are equal; what is no array has changed."""
    arrays = isinstance(before, np.ndarray) and isinstance(after, np.ndarray)
    return arrays and np.array_equal(before, after)
