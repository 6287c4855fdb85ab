"""What a student's network costs: parameters, operations, the size of its file. Runs in the worker.

Operations are counted in one forward, where torch's functions are called. torch's own counter
(`torch.utils.flop_counter`) works a level deeper, for which torch imports its compiler: that
takes more time and memory than predicting with a small network does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.modules import module as hooks
from torch.overrides import TorchFunctionMode

from grader.checks.drivers import weights
from grader.checks.drivers.models import build

if TYPE_CHECKING:
    from typing_extensions import Self

IMAGES = 2
LONGEST_NAME = 120
MOST_LISTED = 3


def make(student: Any, network: list[Any]) -> None:
    """Build `network` (module, class, arguments) and keep it as `weights.load` does: untrained."""
    module, name, arguments = network
    example = np.zeros((IMAGES, 3, 32, 32), np.float32)
    weights.keep(build(student, module, name, arguments, example))


def count(student: Any) -> dict[str, Any]:
    """What the kept network costs; `make` or `weights.load` has come first.

    Gives `parameters`; `flops` of one image, a multiplication and an addition as two;
    `bytes` of its `state_dict` in a file; and `busiest` and `largest`: up to three pairs of
    a layer and its share of the operations, or of the parameters (0 to 1).
    """
    del student
    model = weights.kept().eval()
    operations = Operations(model)
    torch.manual_seed(0)
    with torch.no_grad(), operations:
        model(torch.zeros(IMAGES, 3, 32, 32))
    parameters = {name: value.numel() for name, value in model.named_parameters()}
    size = FileSize()
    torch.save(model.state_dict(), size)  # type: ignore[arg-type]
    return {
        "parameters": sum(parameters.values()),
        "flops": 2 * sum(operations.found.values()) // IMAGES,
        "bytes": size.bytes,
        "busiest": shares(operations.found),
        "largest": shares(parameters),
    }


def shares(amounts: dict[str, int]) -> list[list[Any]]:
    """The largest of `amounts` by name, as shares of all of them."""
    total = sum(amounts.values())
    first = sorted(amounts.items(), key=lambda entry: -entry[1])[:MOST_LISTED]
    return [[name[:LONGEST_NAME], amount / total] for name, amount in first if amount]


class FileSize:
    """A file that keeps nothing and counts its bytes."""

    def __init__(self) -> None:
        self.bytes = 0

    def write(self, data: Any) -> int:
        """Take a piece of the file."""
        self.bytes += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits to be written."""


class Operations(TorchFunctionMode):
    """Counts multiply-adds while it is entered; `found` has them by the layer that called.

    A layer is the innermost module of `model` that runs, by its name in there.
    """

    def __init__(self, model: torch.nn.Module) -> None:
        super().__init__()
        self.found: dict[str, int] = defaultdict(int)
        self._names = {id(layer): name for name, layer in model.named_modules()}
        self._running: list[str] = []
        self._handles: list[Any] = []

    def __enter__(self) -> Self:
        """Also watch which layer runs."""
        self._handles = [
            hooks.register_module_forward_pre_hook(self._begin),
            hooks.register_module_forward_hook(self._end, always_call=True),
        ]
        super().__enter__()  # type: ignore[no-untyped-call]
        return self

    def __exit__(self, *error: object) -> None:
        """Leave torch as it was."""
        for handle in self._handles:
            handle.remove()
        super().__exit__(*error)  # type: ignore[no-untyped-call]

    def __torch_function__(
        self,
        function: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Call the function, and count it if it multiplies matrices."""
        del types
        out = function(*args, **(kwargs or {}))
        rule = RULES.get(getattr(function, "__name__", ""))
        if rule is not None:
            layer = self._running[-1] if self._running else ""
            self.found[layer or "forward"] += rule(out, *args, **(kwargs or {}))
        return out

    def _begin(self, layer: torch.nn.Module, _: Any) -> None:
        above = self._running[-1] if self._running else ""
        self._running.append(self._names.get(id(layer), above))

    def _end(self, *_: Any) -> None:
        self._running.pop()


# What each function multiplies and adds: its result, then its own arguments.


def convolution(out: Any, input: Any, weight: Any, *_: Any, **__: Any) -> int:  # noqa: A002
    """Each entry of the result sums over a window and the channels of a group."""
    del input
    return int(out.numel() * prod(weight.shape[1:]))


def transposed(out: Any, input: Any, weight: Any, *_: Any, **__: Any) -> int:  # noqa: A002
    """Each entry of the input goes to a window of each channel of a group."""
    del out
    return int(input.numel() * prod(weight.shape[1:]))


def product(out: Any, input: Any, *_: Any, **__: Any) -> int:  # noqa: A002
    """A matrix product sums over the first factor's last axis."""
    return int(out.numel() * input.shape[-1])


def product_and_sum(out: Any, _: Any, first: Any, *__: Any, **___: Any) -> int:
    """The same where an array to be added comes first."""
    return product(out, first)


def sums_over_indices(out: Any, equation: Any, *operands: Any) -> int:
    """Every index runs once: those of the result, and those that are summed over."""
    if not isinstance(equation, str):
        return 0
    many = (
        operands[0] if len(operands) == 1 and isinstance(operands[0], (list, tuple)) else operands
    )
    left, _, right = equation.replace(" ", "").replace("...", "").partition("->")
    sizes: dict[str, int] = {}
    for letters, operand in zip(left.split(","), many):
        shape = operand.shape[operand.ndim - len(letters) :]
        sizes.update(zip(letters, shape))
    return int(out.numel() * prod(size for letter, size in sizes.items() if letter not in right))


def attention(out: Any, query: Any, key: Any, *_: Any, **__: Any) -> int:
    """Scores of each query with each key, and as many sums of values."""
    pairs = prod(query.shape[:-1]) * key.shape[-2]
    return int(pairs * (query.shape[-1] + out.shape[-1]))


def multi_head(out: Any, query: Any, key: Any, *_: Any, **__: Any) -> int:
    """(length, batch, width): four projections around the attention."""
    width = query.shape[-1]
    pairs = query.numel() * key.shape[0]
    return int(2 * (out[0].numel() + key.numel()) * width + 2 * pairs)


def recurrent(out: Any, input: Any, _: Any, parameters: Any, *__: Any, **___: Any) -> int:  # noqa: A002
    """Every matrix is used once at each step of each sequence."""
    del out
    steps = input.numel() // input.shape[-1]
    return int(steps * sum(value.numel() for value in parameters if value.ndim > 1))


RULES: dict[str, Callable[..., int]] = {
    **dict.fromkeys(("conv1d", "conv2d", "conv3d"), convolution),
    **dict.fromkeys(("conv_transpose1d", "conv_transpose2d", "conv_transpose3d"), transposed),
    **dict.fromkeys(("linear", "matmul", "__matmul__", "mm", "bmm", "mv"), product),
    **dict.fromkeys(("addmm", "baddbmm"), product_and_sum),
    **dict.fromkeys(("lstm", "gru", "rnn_tanh", "rnn_relu"), recurrent),
    "einsum": sums_over_indices,
    "scaled_dot_product_attention": attention,
    "multi_head_attention_forward": multi_head,
}
