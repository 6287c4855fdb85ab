"""Run a student's training and validation step on a tiny network. Runs in the worker.

The network, the optimizer and the loss are ours and keep a diary of what is done to
them: what the diary says only words a hint, the verdict falls on the parameters.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import sys
import types
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.sandbox.stubs import StubModule

# What the course's scripts import and a training step does not need.
OPTIONAL = (
    "PIL",
    "cv2",
    "data",
    "matplotlib",
    "pandas",
    "scipy",
    "seaborn",
    "sklearn",
    "tensorboard",
    "tensorboardX",
    "torchsummary",
    "torchvision",
    "wandb",
    "yaml",
)
OWN_PACKAGES = ("models", "losses", "data")
LARGEST_DIARY = 60

_diary: dict[str, Any] = {}


class Batches(list[Any]):
    """A list of (data, target) that has what scripts ask of a DataLoader."""

    @property
    def dataset(self) -> list[Any]:
        """All samples, one by one."""
        return [pair for data, target in self for pair in zip(data, target)]

    @property
    def batch_size(self) -> int:
        """The size of the first batch."""
        return len(self[0][1])


class Optimizer(torch.optim.SGD):
    """SGD with momentum that writes down when it is used.

    Nothing of the base class runs: its constructor would import torch's compiler, a second
    and 70 MB in every worker, for a step of three lines.
    """

    def __init__(self, parameters: Iterator[nn.Parameter], lr: float, momentum: float) -> None:
        self.defaults = {"lr": lr, "momentum": momentum}
        self.param_groups = [{"params": list(parameters), **self.defaults}]
        self.state = defaultdict(dict)

    def step(self, closure: Any = None) -> Any:
        """Note the call, and make the step (velocity = momentum * velocity + gradient)."""
        note("step")
        loss = closure() if closure is not None else None
        with torch.no_grad():
            for group in self.param_groups:
                for parameter in group["params"]:
                    if parameter.grad is None:
                        continue
                    kept = self.state[parameter]
                    velocity = group["momentum"] * kept.get("velocity", 0) + parameter.grad
                    kept["velocity"] = velocity
                    parameter.sub_(group["lr"] * velocity)
        return loss

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Note the call, and clear the gradients."""
        note("zero_grad")
        for group in self.param_groups:
            for parameter in group["params"]:
                if set_to_none:
                    parameter.grad = None
                elif parameter.grad is not None:
                    parameter.grad = torch.zeros_like(parameter)


class Criterion(nn.CrossEntropyLoss):
    """Cross entropy that keeps what it was given."""

    def forward(self, input: torch.Tensor, target: torch.Tensor) -> torch.Tensor:  # noqa: A002
        """Note the call, and compute the loss."""
        note("criterion")
        _diary["criterion"] = input.detach().clone()
        return super().forward(input, target)


class Network(nn.Sequential):
    """Flatten, linear, sigmoid, linear, with given parameters; notes each forward."""

    def __init__(self, values: list[np.ndarray[Any, Any]]) -> None:
        (hidden, inputs), (outputs, _) = values[0].shape, values[2].shape
        super().__init__(
            nn.Flatten(), nn.Linear(inputs, hidden), nn.Sigmoid(), nn.Linear(hidden, outputs)
        )
        with torch.no_grad():
            for parameter, value in zip(self.parameters(), values):
                parameter.copy_(torch.from_numpy(value))
        weight = next(self.parameters())
        weight.register_hook(lambda _: note("backward"))  # type: ignore[no-untyped-call]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Note the call and the modes it is made in."""
        note("forward")
        modes = _diary["forwards"]
        if len(modes) < LARGEST_DIARY:
            graph = torch.is_grad_enabled() and not torch.is_inference_mode_enabled()
            modes.append([len(x), graph, self.training])
        out: torch.Tensor = super().forward(x)  # type: ignore[no-untyped-call]
        return out


def note(event: str) -> None:
    """Write an event down."""
    if len(_diary["events"]) < LARGEST_DIARY:
        _diary["events"].append(event)


def surfaces(student: Any, files: list[str]) -> list[str]:
    """Which of the scripts `files` ('main', 'solver') have a function for the steps.

    Raises what the import of the first one raised if none has.
    """
    found, failure = [], None
    for name in files:
        try:
            module = load_script(student, name)
        except Exception as error:  # noqa: BLE001  whatever it is, the other script may do
            failure = failure or error
            continue
        owner = module if name == "main" else getattr(module, "Solver", None)
        if hasattr(owner, "train" if name == "main" else "_compute_loss_update_params"):
            found.append(name)
    if not found and failure is not None:
        raise failure
    return found


def load_script(student: Any, name: str) -> Any:
    """Import a script, with stand-ins for what it imports and the steps do not need.

    One broken file of the submission must not keep its training step from being graded:
    if the import fails, it is tried again with stand-ins for the submission's packages.
    """
    with_progress_bars()
    os.environ["TQDM_DISABLE"] = "1"  # bars would fill the log that the student reads
    sys.argv = [f"{name}.py"]
    if name in sys.modules:
        return sys.modules[name]
    try:
        return student.load(name, stub_missing=OPTIONAL)
    except Exception as error:  # noqa: BLE001  it may come from any file that is imported
        sys.modules.pop(name, None)
        for loaded in list(sys.modules):
            if loaded.partition(".")[0] in OWN_PACKAGES:
                del sys.modules[loaded]
        for package in OWN_PACKAGES:
            sys.modules[package] = StubModule(package)
        try:
            return student.load(name, stub_missing=OPTIONAL)
        except Exception:  # noqa: BLE001  the first one says more
            raise error from None


def with_progress_bars() -> None:
    """Put a plain loop in tqdm's place where it is not installed."""
    if "tqdm" in sys.modules or importlib.util.find_spec("tqdm") is not None:
        return

    class Bar:
        def __init__(self, iterable: Any = (), *_: Any, **__: Any) -> None:
            self.iterable = iterable

        def __iter__(self) -> Iterator[Any]:
            return iter(self.iterable)

        def __len__(self) -> int:
            return len(self.iterable)

        def __getattr__(self, _: str) -> Any:
            return lambda *_, **__: None

        @staticmethod
        def write(text: str, **_: Any) -> None:
            """Print, as tqdm does."""
            print(text)  # noqa: T201

    module = types.ModuleType("tqdm")
    module.tqdm = module.trange = Bar  # type: ignore[attr-defined]
    sys.modules["tqdm"] = sys.modules["tqdm.auto"] = module


def prepare(
    values: list[np.ndarray[Any, Any]],
    batches: list[list[np.ndarray[Any, Any]]],
    settings: dict[str, Any],
) -> tuple[Network, Optimizer, Criterion, Batches]:
    """A fresh network without gradients, its optimizer, the loss, and the data."""
    _diary.clear()
    _diary.update(events=[], forwards=[], criterion=None)
    model = Network(values)
    optimizer = Optimizer(model.parameters(), **settings)
    loader = Batches((torch.from_numpy(x), torch.from_numpy(y)) for x, y in batches)
    return model, optimizer, Criterion(), loader


def solver(student: Any, model: Network, optimizer: Optimizer, criterion: Criterion) -> Any:
    """The student's Solver without its constructor, which would load data."""
    made = object.__new__(load_script(student, "solver").Solver)
    for name, value in {
        "model": model,
        "net": model,
        "optimizer": optimizer,
        "criterion": criterion,
        "device": "cpu",
    }.items():
        with contextlib.suppress(AttributeError):  # a property of theirs
            setattr(made, name, value)
    return made


def train(
    student: Any,
    script: str,
    values: list[np.ndarray[Any, Any]],
    batches: list[list[np.ndarray[Any, Any]]],
    epochs: int,
    settings: dict[str, float],
) -> dict[str, Any]:
    """Train a network that starts at `values` by the student's step, batch by batch.

    Gives the `parameters` afterwards, the diary (`events`, `criterion`: the last input
    of the loss), and for a Solver the kinds of the pair that its step returned.
    """
    model, optimizer, criterion, loader = prepare(values, batches, settings)
    pair: Any = None
    if script == "main":
        step = load_script(student, "main").train
        for epoch in range(epochs):
            step(epoch, loader, model, optimizer, criterion)
    else:
        made = solver(student, model, optimizer, criterion)
        for data, target in [batch for _ in range(epochs) for batch in loader]:
            model.train()
            pair = made._compute_loss_update_params(data, target)  # noqa: SLF001  given name
    return {
        "parameters": list(model.parameters()),
        "events": _diary["events"],
        "criterion": _diary["criterion"],
        "pair": described(pair),
    }


def validate(
    student: Any,
    script: str,
    values: list[np.ndarray[Any, Any]],
    batches: list[list[np.ndarray[Any, Any]]],
    settings: dict[str, float],
) -> dict[str, Any]:
    """Validate a network by the student's step.

    Gives the `parameters` afterwards, whether each has a gradient (`gradients`), the
    modes of each forward [images, graph, training], the model's mode at the end, whether
    gradients are `enabled` then, and what validate returned (`accuracy`, `confusion`), None
    for a Solver.
    """
    model, optimizer, criterion, loader = prepare(values, batches, settings)
    accuracy: Any = None
    confusion: Any = None
    returned = ""
    if script == "main":
        result = load_script(student, "main").validate(0, loader, model, criterion)
        returned = described(result)
        if isinstance(result, (tuple, list)) and len(result) == 2:
            accuracy, confusion = result
    else:
        made = solver(student, model, optimizer, criterion)
        for data, target in loader:
            model.eval()
            returned = described(made._compute_loss_update_params(data, target))  # noqa: SLF001
    enabled = torch.is_grad_enabled()
    return {
        "parameters": list(model.parameters()),
        "gradients": [parameter.grad is not None for parameter in model.parameters()],
        "forwards": _diary["forwards"],
        "events": _diary["events"],
        "training": model.training,
        "enabled": enabled,
        "returned": returned,
        "accuracy": accuracy,
        "confusion": confusion,
    }


def started(student: Any) -> bool:
    """Whether the network was run since it was made: template code never does."""
    del student
    return bool(_diary.get("forwards"))


def described(value: Any) -> str:
    """Types of a returned value, such as 'tuple of Tensor (8, 10), NoneType'."""
    if isinstance(value, (tuple, list)):
        kinds = ", ".join(described(item) for item in value[:4])
        return f"{type(value).__name__} of {kinds}"[:200]
    shape = f" {tuple(value.shape)}" if isinstance(value, torch.Tensor) else ""
    return f"{type(value).__name__}{shape}"[:200]
