"""What the checks of the single layers share: one pass, and the two verdicts on its values.

A layer is tried on one configuration at a time. Its forward is held against the tape.
Its backward is held against the tape too; where the forward is already wrong, the
backward may instead be right *for that forward*, which exact probes decide, as long as
that forward looks at the right entries.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from grader import feedback
from grader.checks.sentences import layers as sentences
from grader.errors import Blocked, NotStarted, StudentCodeRaised, WrongResult
from grader.marks import Case
from grader.numerics.inputs import Array
from grader.numerics.probes import consistent, interact, reach
from grader.sandbox import RemoteObject
from grader.sandbox.proxies import call
from grader.tape import Expected

VALUES = "values"
SECOND_CALL = "second call"
UNTOUCHED = "untouched"


@dataclass(frozen=True)
class LayerCase(Case):
    """A configuration of a layer, and what is looked at: its values, or how it behaves."""

    purpose: str = VALUES

    def another(self) -> LayerCase:
        """A like configuration with a smaller batch, for a call before the one that counts."""
        raise NotImplementedError


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
    def meaning(self) -> dict[str, str]:
        """What the layer's arrays should be, in words for students."""
        return sentences.meaning(self.name)

    @property
    def arguments(self) -> dict[str, Array]:
        """The input and the parameters with a gradient, as `forward` takes them."""
        return {"x": self.x, **{name: self.parameters[name] for name in self.gradients.values()}}

    def layer(self, **changed: Array) -> RemoteObject:
        """A fresh layer with the trial's parameters, or others."""
        layer = self.build()
        self.equip(layer, **changed)
        return layer

    def equip(self, layer: RemoteObject, **changed: Array) -> None:
        """Give a layer the trial's parameters, or others."""
        for attribute, value in {**self.parameters, **changed}.items():
            setattr(layer, attribute, value)

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


def check_forward(trial: Trial, tape: Expected) -> None:
    """The output of one forward equals the tape's.

    Raises NotStarted when nothing came, WrongResult with what differs.
    """
    out = trial.forward(trial.x)
    if out is None:
        raise NotStarted(f"{trial.name}.forward")
    wrong = tape.differences(out=out)
    if wrong:
        raise feedback.wrong_result(wrong, trial.meaning)


def check_backward(trial: Trial, tape: Expected) -> None:
    """The gradients equal the tape's, or are exact for the student's own wrong forward.

    Raises Blocked when forward does not run, NotStarted, or WrongResult.
    """
    layer = trial.layer()
    out = run_forward(trial, layer, trial.x)
    got = gradients_after(trial, layer, out)
    wrong = tape.differences(loose_shape=("db",), **got)
    if excused(trial, got, wrong, out, tape):
        return
    if wrong:
        raise feedback.wrong_result(wrong, trial.meaning)


def excused(
    trial: Trial,
    got: dict[str, Any],
    wrong: Collection[str],
    out: Any,
    tape: Expected,
) -> bool:
    """Whether the wrong ones among the gradients are right for the student's own forward.

    That counts where the forward, which gave `out`, is wrong, too: a mistake costs once.
    """
    forward_wrong = bool(tape.differences(aside=True, out=out))
    if not tape.recording and not (wrong and forward_wrong):
        return False
    return (
        _reaches_alike(trial, tape)
        and _multiplies(trial)
        and _fits_own_forward(trial, got, wrong, tape)
    )


def gradients_after(trial: Trial, layer: RemoteObject, out: Any) -> dict[str, Any]:
    """The gradients that one backward leaves, after a forward that returned `out`.

    Raises NotStarted for the forward where it returned nothing and backward fails for it.
    """
    try:
        return run_backward(trial, layer, trial.dout)
    except (NotStarted, StudentCodeRaised) as error:
        if out is None:
            raise NotStarted(f"{trial.name}.forward") from error
        raise


def run_backward(trial: Trial, layer: RemoteObject, dout: Array | RemoteObject) -> dict[str, Any]:
    """The gradients that one backward leaves on the layer.

    Raises NotStarted when it leaves none, WrongResult when it returns them instead.
    """
    returned = call(layer, "backward", dout)
    got = trial.read(layer)
    if any(value is not None for value in got.values()):
        return got
    if returned is None:
        raise NotStarted(f"{trial.name}.backward")
    text = sentences.not_stored(trial.name, ("dx", *trial.gradients))
    raise WrongResult(text, code="not-stored", evidence="backward")


def run_forward(trial: Trial, layer: RemoteObject, x: Array | RemoteObject) -> Any:
    """The forward that a backward needs; raises Blocked when it does not run."""
    try:
        return call(layer, "forward", x)
    except StudentCodeRaised as error:
        raise Blocked(sentences.forward_stopped(trial.name, error)) from error


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
    named = {f"reach_{name}": value for name, value in found.items()}
    return not tape.differences(aside=True, **named)


def _multiplies(trial: Trial) -> bool:
    """Whether the student's forward multiplies input and weight, if there is a weight."""
    if "weight" not in trial.arguments:
        return True
    try:
        return interact(trial.forward, "x", "weight", trial.arguments)
    except StudentCodeRaised:
        return False


def _fits_own_forward(
    trial: Trial, got: dict[str, Any], wrong: Collection[str], tape: Expected
) -> bool:
    """Whether those gradients of the student's that are wrong are exact for their forward."""
    named = {"dx": "x", **trial.gradients}
    arguments = {named[name]: trial.arguments[named[name]] for name in wrong or named}
    gradients = {named[name]: got[name] for name in wrong or named}

    def forward(**changed: Array) -> Any:
        return trial.forward(**{"x": trial.x, **changed})

    try:
        return consistent(forward, arguments, gradients, trial.dout, tape.rng)
    except StudentCodeRaised:
        return False
