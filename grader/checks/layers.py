"""What the checks of the single layers share: inputs, one pass, and the two verdicts.

A layer is tried on one configuration at a time. Its forward is held against the tape.
Its backward is held against the tape too; where the forward is already wrong, the
backward may instead be right *for that forward*, which exact probes decide, as long as
that forward looks at the right entries.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader import feedback
from grader.errors import Blocked, NotStarted, StudentCodeRaised, WrongResult
from grader.marks import Case
from grader.numerics.inputs import Array
from grader.numerics.probes import consistent, reach
from grader.sandbox import RemoteObject, Worker
from grader.sandbox.proxies import call
from grader.tape import Expected

VALUES = "values"
SECOND_CALL = "second call"
UNTOUCHED = "untouched"

MEANING = {
    "out": "what forward returns",
    "dx": "the gradient with respect to the input, in the input's shape",
    "dw": "the gradient with respect to the weight, summed over the batch",
    "db": "the gradient with respect to the bias, summed over the batch",
}


@dataclass(frozen=True)
class LayerCase(Case):
    """A configuration of a layer, and what is looked at: its values, or how it behaves."""

    purpose: str = VALUES


@dataclass(frozen=True)
class Trial:
    """One configuration of a layer: how to build it, and what to feed it.

    `parameters` are set on the fresh layer (weight, bias); `gradients` names the
    attributes that backward sets, beside `dx`.
    """

    name: str
    build: Callable[[], RemoteObject]
    x: Array
    dout: Array
    parameters: dict[str, Array] = field(default_factory=dict)
    gradients: dict[str, str] = field(default_factory=dict)

    @property
    def arguments(self) -> dict[str, Array]:
        """The input and the parameters with a gradient, as `forward` takes them."""
        return {"x": self.x, **{name: self.parameters[name] for name in self.gradients.values()}}

    def layer(self, **changed: Array) -> RemoteObject:
        """A fresh layer with the trial's parameters, or others."""
        layer = self.build()
        for attribute, value in {**self.parameters, **changed}.items():
            setattr(layer, attribute, value)
        return layer

    def forward(self, x: Array, **changed: Array) -> Any:
        """The output of a fresh layer."""
        return call(self.layer(**changed), "forward", x)

    def read(self, layer: RemoteObject) -> dict[str, Any]:
        """The gradients that backward left on `layer`."""
        return {name: _attribute(layer, name) for name in ("dx", *self.gradients)}


def _attribute(layer: RemoteObject, name: str) -> Any:
    try:
        return getattr(layer, name)
    except StudentCodeRaised as error:
        if error.type_name == "AttributeError":
            return None
        raise


def check_layer(
    make: Callable[[], Trial],
    case: LayerCase,
    tape: Expected,
    worker: Callable[[], Worker],
    *,
    backward: bool,
) -> None:
    """One case of a layer's check; `make` draws a trial."""
    trial = make()
    if case.purpose == SECOND_CALL:
        check_second_call(trial, make(), tape, backward=backward)
    elif case.purpose == UNTOUCHED:
        check_untouched(trial, worker(), backward=backward)
    elif backward:
        check_backward(trial, tape)
    else:
        check_forward(trial, tape)


def check_forward(trial: Trial, tape: Expected) -> None:
    """The output of one forward equals the tape's.

    Raises NotStarted when nothing came, WrongResult with what differs.
    """
    out = trial.forward(trial.x)
    if out is None:
        raise NotStarted(f"{trial.name}.forward")
    wrong = tape.differences(out=out)
    if wrong:
        raise WrongResult(feedback.wrong_arrays(wrong, {}))


def check_backward(trial: Trial, tape: Expected) -> None:
    """The gradients equal the tape's, or are exact for the student's own wrong forward.

    Raises Blocked when forward does not run, NotStarted, or WrongResult.
    """
    layer = trial.layer()
    out = run_forward(trial, layer, trial.x)
    got = run_backward(trial, layer, trial.dout)
    forward_wrong = bool(tape.differences(out=out))
    wrong = tape.differences(loose_shape=("db",), **got)
    excused = tape.recording or (wrong and forward_wrong)
    if excused and _reaches_alike(trial, tape) and _fits_own_forward(trial, got, tape):
        return
    if wrong:
        raise WrongResult(feedback.wrong_arrays(wrong, MEANING))


def run_backward(trial: Trial, layer: RemoteObject, dout: Array | RemoteObject) -> dict[str, Any]:
    """The gradients that one backward leaves on the layer.

    Raises NotStarted when it leaves none, WrongResult when it returns them instead.
    """
    returned = call(layer, "backward", dout)
    got = trial.read(layer)
    if any(value is not None for value in got.values()):
        return got
    name = f"{trial.name}.backward"
    if returned is None:
        raise NotStarted(name)
    names = ", ".join(f"`self.{attribute}`" for attribute in ("dx", *trial.gradients))
    raise WrongResult(
        f"{name} returns something and sets nothing: store the gradients in {names}, "
        "where the other layers and the optimizer look for them.",
        code="not-stored",
    )


def run_forward(trial: Trial, layer: RemoteObject, x: Array | RemoteObject) -> Any:
    """The forward that a backward needs; raises NotStarted, or Blocked when it does not run."""
    try:
        out = call(layer, "forward", x)
    except StudentCodeRaised as error:
        raise Blocked(
            f"Could not be checked: {feedback.code(f'{trial.name}.forward')} does not run on "
            f"this configuration, and backward needs it. {feedback.explain(error)}",
        ) from error
    if out is None:
        raise NotStarted(f"{trial.name}.forward")
    return out


def _reaches_alike(trial: Trial, tape: Expected) -> bool:
    """Whether each output of the student's forward depends on the inputs that it should.

    A made-up forward with an easy gradient does not, and its backward earns nothing. Of a
    parameter only the channels count that it moves (axis 1 of the output): the entries of
    a flipped kernel meet other parts of the border.
    """
    try:
        found = reach(trial.forward, trial.arguments, trial.dout.shape, tape.rng)
    except StudentCodeRaised:
        return False
    for name in trial.gradients.values():
        if found[name] is not None:
            found[name] = found[name].any(axis=(1, *range(3, found[name].ndim)))
    return not tape.differences(**{f"reach_{name}": value for name, value in found.items()})


def _fits_own_forward(trial: Trial, got: dict[str, Any], tape: Expected) -> bool:
    gradients = {"x": got["dx"]}
    gradients |= {attribute: got[name] for name, attribute in trial.gradients.items()}
    try:
        return consistent(trial.forward, trial.arguments, gradients, trial.dout, tape.rng)
    except StudentCodeRaised:
        return False


def check_second_call(trial: Trial, other: Trial, tape: Expected, *, backward: bool) -> None:
    """A layer that was used on `other`'s data gives the trial's results all the same.

    Finds accumulated gradients, stale caches, and a backward that moves the weights.
    """
    layer = trial.layer()
    if backward:
        run_forward(other, layer, other.x)
        call(layer, "backward", other.dout)
    else:
        call(layer, "forward", other.x)
    out = call(layer, "forward", trial.x)
    if out is None:
        raise NotStarted(f"{trial.name}.forward")
    if not backward:
        wrong = tape.differences(out=out)
        advice = "A second call must not depend on the first."
    else:
        got = run_backward(trial, layer, trial.dout)
        wrong = tape.differences(loose_shape=("db",), **got)
        advice = "Each backward starts afresh: set the gradients, do not add to the old ones."
    if wrong:
        text = feedback.wrong_arrays(wrong, {})
        if any(item.kind == "values" for item in wrong.values()):
            text += f" {advice}"
        raise WrongResult(text)


def check_untouched(trial: Trial, worker: Worker, *, backward: bool) -> None:
    """The caller's arrays and the parameters are unchanged after the call."""
    layer = trial.layer()
    arguments = {"x": (worker.put(trial.x), trial.x)}
    if backward:
        run_forward(trial, layer, arguments["x"][0])
        arguments["dout"] = (worker.put(trial.dout), trial.dout)
        run_backward(trial, layer, arguments["dout"][0])
    elif call(layer, "forward", arguments["x"][0]) is None:
        raise NotStarted(f"{trial.name}.forward")
    changed = [
        name
        for name, (remote, before) in arguments.items()
        if not np.array_equal(worker.fetch(remote), before)
    ]
    for attribute, before in trial.parameters.items():
        now = getattr(layer, attribute)
        if not isinstance(now, np.ndarray) or not np.array_equal(now, before):
            changed.append(attribute)
    if changed:
        names = ", ".join(f"`{name}`" for name in changed)
        method = "backward" if backward else "forward"
        raise WrongResult(
            f"After {method}, {names} had been changed. Work on a copy: the caller still "
            "needs its arrays, and only the optimizer moves the parameters.",
            code="mutated",
        )
