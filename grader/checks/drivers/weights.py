"""Build a student's network, load its checkpoint, and predict images. Runs in the worker.

This is the only place where a checkpoint is unpickled: in a locked process that holds
nothing but the submission, with `weights_only=True`, and without a second try.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from grader.checks.drivers.models import build

WRAPPERS = (
    "state_dict",
    "model_state_dict",
    "model_state",
    "model",
    "net",
    "network",
    "weights",
    "params",
)
PREFIXES = ("module.", "_orig_mod.")
MEAN = (0.4914, 0.4822, 0.4465)
STD = (0.2023, 0.1994, 0.2010)
LARGEST_TEXT = 400
SAME = 1e-4  # of the largest logit: what the order of summation may change

_NUMBERS = (np.float64, np.float32, np.float16, np.int64, np.int32, np.bool_)
# What lies beside the weights in honest files, and holds only data: an accuracy that numpy
# computed, a confusion matrix, the arguments of the run. Both names of numpy's are in use.
PLAIN: list[Any] = [
    argparse.Namespace,
    defaultdict,
    dict,
    list,
    np.dtype,
    np.ndarray,
    *{type(np.dtype(kind)) for kind in _NUMBERS},
    *(
        (np.float64(0).__reduce__()[0], f"{package}.multiarray.scalar")
        for package in ("numpy.core", "numpy._core")
    ),
    *(
        (np.zeros(0).__reduce__()[0], f"{package}.multiarray._reconstruct")
        for package in ("numpy.core", "numpy._core")
    ),
]

_loaded: dict[str, Any] = {}


class Unusable(Exception):
    """A checkpoint that cannot be loaded; holds the facts that are told to the grader."""

    def __init__(self, problem: str, **facts: Any) -> None:
        super().__init__(problem)
        self.facts = {"problem": problem, **facts}


def load(
    student: Any,
    network: list[Any],
    path: str,
    kind: str,
) -> dict[str, Any]:
    """Build `network` (module, class, arguments) and load the checkpoint at `path`.

    Gives facts: `problem` with what the problem's sentence needs, or the number of
    parameters and what was done to fit the weights (`unwrapped`, `prefixes`, `extra`,
    `bad`: names of entries that are not finite).
    """
    module, name, arguments = network
    model = build(student, module, name, arguments, np.zeros((2, 3, 32, 32), np.float32))
    try:
        document = read(Path(student.root, path), kind)
        facts = fit(model, document)
    except Unusable as refused:
        return refused.facts
    keep(model)
    facts["parameters"] = sum(parameter.numel() for parameter in model.parameters())
    return facts


def keep(model: torch.nn.Module) -> None:
    """Let the calls that follow use this network."""
    _loaded.clear()
    _loaded["model"] = model


def kept() -> torch.nn.Module:
    """The network that `keep` got last."""
    model: torch.nn.Module = _loaded["model"]
    return model


def read(path: Path, kind: str) -> Any:
    """The file's content: tensors and plain values. Raises Unusable."""
    try:
        if kind == "safetensors":
            from safetensors.torch import load_file

            return load_file(path, device="cpu")
        with safe_globals():
            return torch.load(path, map_location="cpu", weights_only=True)
    except MemoryError:
        raise
    except ImportError as error:
        raise Unusable("no-library", name=str(error.name)) from error
    except Exception as error:
        text = str(error)
        found = re.search(r"GLOBAL ([\w.]+)", text) or re.search(r"class (\w[\w.]+)", text)
        if type(error).__name__ == "UnpicklingError" and found:
            raise Unusable("object", name=found.group(1)[:LARGEST_TEXT]) from error
        first = (text.strip().splitlines() or [""])[0][:LARGEST_TEXT]
        raise Unusable("unreadable", text=f"{type(error).__name__}: {first}") from error


def safe_globals() -> contextlib.AbstractContextManager[Any]:
    """Let `PLAIN` be loaded; torch before 2.5 has no way to say so."""
    allow = getattr(torch.serialization, "safe_globals", None)
    return contextlib.nullcontext() if allow is None else allow(PLAIN)


def fit(model: torch.nn.Module, document: Any) -> dict[str, Any]:
    """Find the weights in `document` and copy them into `model`. Raises Unusable."""
    unwrapped, entries = unwrap(document)
    for key, tensor in entries.items():
        if tensor.layout != torch.strided or tensor.is_quantized or tensor.is_meta:
            raise Unusable("tensor", name=str(key)[:LARGEST_TEXT])
    wanted = model.state_dict()
    prefixes: list[str] = []
    while True:
        prefix = next((p for p in PREFIXES if all(key.startswith(p) for key in entries)), None)
        if prefix is None or all(key.startswith(prefix) for key in wanted):
            break
        entries = {key[len(prefix) :]: tensor for key, tensor in entries.items()}
        prefixes.append(prefix)
    extra = [key for key in entries if key not in wanted]
    missing = [
        key for key in wanted if key not in entries and not key.endswith("num_batches_tracked")
    ]
    differ = [key for key in wanted if key in entries and entries[key].shape != wanted[key].shape]
    if missing or differ:
        raise Unusable(
            "architecture",
            missing=short(missing),
            extra=short(extra),
            shapes=[[key, list(entries[key].shape)] for key in differ[:3]],
            wanted=[[key, list(wanted[key].shape)] for key in differ[:3]],
        )
    model.load_state_dict({key: entries[key] for key in wanted if key in entries}, strict=False)
    bad = [
        key
        for key, tensor in model.state_dict().items()
        if tensor.is_floating_point() and not torch.isfinite(tensor).all()
    ]
    return {
        "problem": "",
        "unwrapped": unwrapped,
        "prefixes": prefixes,
        "extra": short(extra),
        "bad": short(bad),
    }


def short(keys: list[Any]) -> list[str]:
    """The first three names."""
    return [str(key)[:LARGEST_TEXT] for key in keys[:3]]


def unwrap(document: Any) -> tuple[str, dict[str, torch.Tensor]]:
    """The weights within what was saved, and the key that they lay under ('' at the top)."""
    own = tensors_of(document)
    if own:
        return "", own
    if not isinstance(document, Mapping):
        raise Unusable("no-weights", type=type(document).__name__, keys=[])
    inner = {key: tensors_of(value) for key, value in document.items()}
    usual = [key for key in WRAPPERS if inner.get(key)]
    others = [key for key, value in inner.items() if value and "optim" not in str(key)]
    if not usual and len(others) != 1:
        keys = [str(key)[:LARGEST_TEXT] for key in list(document)[:6]]
        raise Unusable("no-weights", type=type(document).__name__, keys=keys)
    key = (usual or others)[0]
    return str(key)[:LARGEST_TEXT], inner[key]


def tensors_of(value: Any) -> dict[str, torch.Tensor]:
    """The tensors of a state dict; {} for what is none (a few plain entries may be among them)."""
    if not isinstance(value, Mapping):
        return {}
    tensors = {
        key: item
        for key, item in value.items()
        if isinstance(key, str) and isinstance(item, torch.Tensor)
    }
    return tensors if 2 * len(tensors) > len(value) else {}


def predict(
    student: Any,
    images: np.ndarray[Any, Any],
    batch: int,
    seed: int,
) -> dict[str, Any]:
    """Logits of `images` (n, 32, 32, 3) uint8 by the loaded network, `batch` at a time.

    Gives `logits` (n, k) float32, or `problem` with what came instead; `cpu` is the
    CPU seconds that this process has used in all.
    """
    del student
    model = _loaded["model"]
    model.eval()
    pieces = []
    with torch.no_grad():
        if "layout" not in _loaded:
            _loaded["layout"] = layout(model, normalised(images[:10]))
        torch.manual_seed(seed)
        for start in range(0, len(images), batch):
            x = normalised(images[start : start + batch])
            out = model(x.contiguous(memory_format=_loaded["layout"]))
            if out is None:
                return {"problem": "none"}
            if not isinstance(out, torch.Tensor):
                return {"problem": "type", "found": type(out).__name__[:LARGEST_TEXT]}
            if out.ndim != 2 or len(out) != len(x):
                return {"problem": "shape", "found": list(out.shape)[:8], "batch": len(x)}
            pieces.append(out.float().cpu())
    logits = torch.cat(pieces).numpy()
    return {"problem": "", "logits": logits, "cpu": time.process_time()}


def unused(student: Any) -> dict[str, Any]:
    """The share of the loaded network's parameters that no output depends on, and some names.

    Found by walking the graph of one forward, which takes no memory for gradients.
    """
    del student
    model = _loaded["model"].eval()
    trained = {p: name for name, p in model.named_parameters() if p.requires_grad}
    with torch.enable_grad():
        out = model(torch.zeros(2, 3, 32, 32))
    reached, waiting = set(), [out.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is None or node in reached:
            continue
        reached.add(node)
        waiting += [following for following, _ in node.next_functions]
    used = {node.variable for node in reached if hasattr(node, "variable")}
    idle = [parameter for parameter in trained if parameter not in used]
    total = sum(parameter.numel() for parameter in trained)
    share = sum(parameter.numel() for parameter in idle) / max(total, 1)
    return {"share": float(share), "names": short([trained[parameter] for parameter in idle])}


def normalised(images: np.ndarray[Any, Any]) -> torch.Tensor:
    """Images (n, 32, 32, 3) uint8 as the networks expect them: (n, 3, 32, 32) float32."""
    mean = torch.tensor(MEAN).view(1, 3, 1, 1)
    std = torch.tensor(STD).view(1, 3, 1, 1)
    pixels = torch.from_numpy(images).permute(0, 3, 1, 2)
    return pixels.float().div_(255).sub_(mean).div_(std)


def layout(model: torch.nn.Module, x: torch.Tensor) -> torch.memory_format:
    """The layout in memory that suits the network: channels last saves up to half the time.

    Not every network runs on it (`view` may raise), so both are tried and compared.
    """
    torch.manual_seed(0)
    plain = model(x.contiguous())
    torch.manual_seed(0)
    try:
        other = model(x.contiguous(memory_format=torch.channels_last))
        scale = float(plain.abs().max())
        if torch.allclose(plain, other, rtol=0, atol=SAME * scale):
            return torch.channels_last
    except Exception:  # noqa: BLE001  the student's code, on a layout that nobody asked for
        return torch.contiguous_format
    return torch.contiguous_format
