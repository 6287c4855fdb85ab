"""[given] What every optimizer shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from modules.conv_classifier import ConvNet


class _BaseOptimizer:
    """Hold the hyper-parameters, and a place to remember something about each layer.

    grad_tracker[i] belongs to model.modules[i] and starts as {"dw": 0, "db": 0}.
    """

    def __init__(self, model: ConvNet, learning_rate: float = 1e-4, reg: float = 1e-3) -> None:
        self.learning_rate = learning_rate
        self.reg = reg
        self.grad_tracker = {index: {"dw": 0, "db": 0} for index in range(len(model.modules))}

    def update(self, model: ConvNet) -> None:
        """Take one step: move the parameters of every layer against their gradients."""
        raise NotImplementedError

    def apply_regularization(self, model: ConvNet) -> None:
        """Add reg * weight, the gradient of reg/2 * |weight|^2, to each dw; biases stay free."""
        for module in model.modules:
            if hasattr(module, "weight"):
                module.dw = module.dw + self.reg * module.weight
