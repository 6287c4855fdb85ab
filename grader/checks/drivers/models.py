"""Build a student's networks, set their parameters, run them. Runs in the worker."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import torch
from torch.nn.parameter import is_lazy

MOST_LISTED = 200
_built: dict[str, torch.nn.Module] = {}


def build(
    student: Any,
    module: str,
    name: str,
    arguments: list[Any],
    example: np.ndarray[Any, Any],
) -> torch.nn.Module:
    """The network `name` of the student's `module`; lazy layers get their shapes.

    `example` is an input, for one forward of lazy layers.
    """
    torch.manual_seed(0)
    torch.hub.load_state_dict_from_url = refuse_download
    model = getattr(student.load(module), name)(*arguments)
    if not isinstance(model, torch.nn.Module):
        message = f"{name} is a {type(model).__name__}, not a torch.nn.Module"
        raise TypeError(message)
    if any(is_lazy(value) for value in [*model.parameters(), *model.buffers()]):
        model.eval()
        with torch.no_grad():
            model(torch.from_numpy(example))
    return model


def refuse_download(*_: Any, **__: Any) -> NoReturn:
    """What torchvision calls for `pretrained=True`; there is no network here."""
    message = "there is no network here, so pretrained weights cannot be downloaded"
    raise RuntimeError(message)


def parameters(
    student: Any,
    module: str,
    name: str,
    arguments: list[Any],
    example: np.ndarray[Any, Any],
) -> list[list[Any]]:
    """Build a network and keep it; name and shape of each of its first parameters."""
    model = build(student, module, name, arguments, example)
    _built["model"] = model
    named = list(model.named_parameters())[:MOST_LISTED]
    return [[key, list(value.shape)] for key, value in named]


def logits(
    student: Any,
    places: list[int],
    values: list[np.ndarray[Any, Any]],
    x: np.ndarray[Any, Any],
) -> dict[str, Any]:
    """Put `values` into the parameters numbered `places`, and run the network on `x`.

    Gives `type` (of what forward returned) and `out`, None unless that is a tensor.
    """
    del student
    model = _built["model"].eval()
    own = list(model.parameters())
    torch.manual_seed(0)
    with torch.no_grad():
        for place, value in zip(places, values):
            own[place].copy_(torch.from_numpy(value))
        out = model(torch.from_numpy(x))
    return {"type": type(out).__name__, "out": out if isinstance(out, torch.Tensor) else None}


def gradients(
    student: Any,
    x: np.ndarray[Any, Any],
    target: np.ndarray[Any, Any],
) -> dict[str, Any]:
    """One forward in training mode and one backward of the kept network.

    Gives `out`, `type`, the numbers of parameters (`all`) and of those that got no gradient
    (`count`), names of these (`without`) and of those with a gradient not finite (`bad`).
    """
    del student
    model = _built["model"].train()
    torch.manual_seed(0)
    out = model(torch.from_numpy(x))
    if not isinstance(out, torch.Tensor):
        return {"type": type(out).__name__, "out": None}
    named = {key: value for key, value in model.named_parameters() if value.requires_grad}
    if out.requires_grad and out.ndim == 2 and len(out) == len(target):
        loss = torch.nn.functional.cross_entropy(out, torch.from_numpy(target))
        torch.autograd.backward([loss])
    without = [key for key, value in named.items() if value.grad is None]
    bad = [
        key
        for key, value in named.items()
        if value.grad is not None and not torch.isfinite(value.grad).all()
    ]
    return {
        "type": type(out).__name__,
        "out": out,
        "all": len(named),
        "count": len(without),
        "without": without[:10],
        "bad": bad[:10],
    }
