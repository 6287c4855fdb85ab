"""SGD with momentum."""

import numpy as np

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        # one velocity for each weight and each bias, layer by layer
        self.velocity_w = []
        self.velocity_b = []
        for m in model.modules:
            if hasattr(m, "weight"):
                self.velocity_w.append(np.zeros(m.weight.shape, dtype=np.float32))
                self.velocity_b.append(np.zeros(m.bias.shape, dtype=np.float32))
            else:
                self.velocity_w.append(None)
                self.velocity_b.append(None)

    def update(self, model):
        self.apply_regularization(model)

        for i, m in enumerate(model.modules):
            if not hasattr(m, "weight"):
                continue
            self.velocity_w[i] = self.momentum * self.velocity_w[i] - self.learning_rate * m.dw
            m.weight = m.weight + self.velocity_w[i]
            self.velocity_b[i] = self.momentum * self.velocity_b[i] - self.learning_rate * m.db
            m.bias = m.bias + self.velocity_b[i]
