"""SGD with momentum; each layer carries its own velocity."""

import numpy as np

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        for m in model.modules:
            if hasattr(m, "weight"):
                m.v_weight = np.zeros_like(m.weight)
                m.v_bias = np.zeros_like(m.bias)

    def update(self, model):
        self.apply_regularization(model)
        for m in model.modules:
            if hasattr(m, "weight"):
                m.v_weight = self.momentum * m.v_weight + m.dw
                m.v_bias = self.momentum * m.v_bias + m.db
                m.weight -= self.learning_rate * m.v_weight
                m.bias -= self.learning_rate * m.v_bias
