"""How a layer behaves beside its values: in a second call, and toward the caller's arrays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NoReturn

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
from grader.checks.sentences import layers as sentences
from grader.errors import Blocked, NotStarted, StudentCodeRaised, WrongResult
from grader.numerics.compare import Difference, difference
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
        check_second_call(trial, (make(case.another()), make(case)), tape, backward=backward)
    elif case.purpose == UNTOUCHED:
        check_untouched(trial, worker(), backward=backward)
    elif backward:
        check_backward(trial, tape)
    else:
        check_forward(trial, tape)


def check_second_call(
    trial: Trial,
    before: Sequence[Trial],
    tape: Expected,
    *,
    backward: bool,
) -> None:
    """A layer that had other parameters and data before gives the trial's results all the same.

    Finds accumulated gradients, stale caches, caches that layers share, and a backward that
    moves the weights. The last of the calls `before` has the trial's shapes: what a layer
    keeps may be thrown away where they change.
    """
    layer = trial.build()
    if not backward:
        for earlier in before:
            earlier.equip(layer)
            call(layer, "forward", earlier.x)
        trial.equip(layer)
        out = call(layer, "forward", trial.x)
        if out is None:
            raise NotStarted(f"{trial.name}.forward")
        wrong = tape.differences(out=out)
        if wrong:
            fresh = of_fresh_layer(trial, backward=False)
            refuse(wrong, trial, {"out": out}, fresh, sentences.AFTER_FORWARD)
        return
    for earlier in before:
        earlier.equip(layer)
        run_forward(earlier, layer, earlier.x)
        call(layer, "backward", earlier.dout)
    trial.equip(layer)
    out = run_forward(trial, layer, trial.x)
    run_forward(before[-1], before[-1].layer(), before[-1].x)
    got = gradients_after(trial, layer, out)
    wrong = tape.differences(loose_shape=("db",), **got)
    may_be_excused = excused(trial, got, wrong, out, tape)
    if wrong:
        fresh = of_fresh_layer(trial, backward=True)
        if not (may_be_excused and fresh is not None and alike(got, fresh)):
            refuse(wrong, trial, got, fresh, sentences.AFTER_BACKWARD)


def refuse(
    wrong: dict[str, Difference],
    trial: Trial,
    got: dict[str, Any],
    fresh: dict[str, Any] | None,
    advice: str,
) -> NoReturn:
    """Raises WrongResult, with advice where `got` depends on what the layer did before.

    `fresh` is what a new layer gives; one that is as wrong is wrong for another reason.
    """
    values = any(item.kind == "values" for item in wrong.values())
    depends = values and fresh is not None and not alike(got, fresh)
    raise feedback.wrong_result(wrong, trial.meaning, advice if depends else "")


def of_fresh_layer(trial: Trial, *, backward: bool) -> dict[str, Any] | None:
    """What a fresh layer of the student's gives for the trial; None if it gives nothing."""
    layer = trial.layer()
    try:
        out = run_forward(trial, layer, trial.x)
        return gradients_after(trial, layer, out) if backward else {"out": out}
    except (NotStarted, StudentCodeRaised, Blocked, WrongResult):
        return None


def alike(got: dict[str, Any], fresh: dict[str, Any]) -> bool:
    """Whether the same came; of what are no arrays, only their types are compared."""
    return all(
        difference(got[name], value) is None
        if isinstance(value, np.ndarray)
        else type(got[name]) is type(value)
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
        method = "backward" if backward else "forward"
        raise WrongResult(
            sentences.changed(method, changed),
            code="mutated",
            evidence=f"{method}: {', '.join(changed)}",
        )


def parameters(trial: Trial, layer: RemoteObject) -> dict[str, Any]:
    """The layer's parameters as they are now."""
    return {name: getattr(layer, name) for name in trial.parameters}


def unchanged(before: Any, after: Any) -> bool:
    """Whether two arrays are equal; what is no array has changed."""
    arrays = isinstance(before, np.ndarray) and isinstance(after, np.ndarray)
    return arrays and np.array_equal(before, after)
