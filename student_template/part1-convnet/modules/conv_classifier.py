"""Task 1.7: a network that chains the layers."""

from typing import Any

import numpy as np

from modules.convolution import Conv2D
from modules.linear import Linear
from modules.max_pool import MaxPooling
from modules.relu import ReLU
from modules.softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    """A stack of layers with a loss on top.

    `modules` lists the layers in order, each a dict with the layer's name as `type` and the
    arguments of its constructor:

        ConvNet(
            [dict(type="Conv2D", in_channels=3, out_channels=8), dict(type="ReLU"), ...],
            criterion=dict(type="SoftmaxCrossEntropy"),
        )
    """

    def __init__(self, modules: list[dict[str, Any]], criterion: dict[str, Any]) -> None:
        """[given] Build the layers and the loss."""
        self.modules = [_build(spec) for spec in modules]
        self.criterion = _build(criterion)

    def forward(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
        """Task 1.7: send x through all layers, then the scores and y (N,) through the criterion.

        Return what the criterion returns: (probs, loss).
        """
        raise NotImplementedError("ConvNet.forward")

    def backward(self) -> None:
        """Task 1.7: run all backward passes, last layer first.

        The criterion starts; the dx of each layer is the dout of the layer below it.
        """
        raise NotImplementedError("ConvNet.backward")


def _build(spec: dict[str, Any]) -> Any:
    """[given] Turn dict(type="Linear", in_dim=8, out_dim=2) into Linear(in_dim=8, out_dim=2)."""
    classes = {
        "Conv2D": Conv2D,
        "ReLU": ReLU,
        "MaxPooling": MaxPooling,
        "Linear": Linear,
        "SoftmaxCrossEntropy": SoftmaxCrossEntropy,
    }
    arguments = {name: value for name, value in spec.items() if name != "type"}
    return classes[spec["type"]](**arguments)
