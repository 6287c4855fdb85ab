"""Task 1.8: stochastic gradient descent with momentum."""

from __future__ import annotations

from typing import TYPE_CHECKING

from optimizer._base_optimizer import _BaseOptimizer

if TYPE_CHECKING:
    from modules.conv_classifier import ConvNet


class SGD(_BaseOptimizer):
    """Gradient descent that keeps a velocity for every parameter."""

    def __init__(
        self,
        model: ConvNet,
        learning_rate: float = 1e-4,
        reg: float = 1e-3,
        momentum: float = 0.9,
    ) -> None:
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model: ConvNet) -> None:
        """Task 1.8: take one step with momentum for the weight and bias of every layer.

            v <- momentum * v - learning_rate * gradient        (v starts at 0)
            parameter <- parameter + v

        The velocities must survive from call to call: self.grad_tracker has a place for them.
        Layers without weights (ReLU, MaxPooling) are skipped.
        """
        self.apply_regularization(model)  # given: from here on dw contains the weight decay

        raise NotImplementedError("SGD.update")
