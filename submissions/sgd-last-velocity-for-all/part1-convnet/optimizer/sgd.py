import numpy as np

from optimizer._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.velocity = {}

    def update(self, model):
        self.apply_regularization(model)

        for module in model.modules:
            if not hasattr(module, "weight"):
                continue
            v_w = self.velocity.get("w", np.zeros_like(module.weight))
            v_b = self.velocity.get("b", np.zeros_like(module.bias))
            if v_w.shape != module.weight.shape:
                v_w = np.zeros_like(module.weight)
                v_b = np.zeros_like(module.bias)
            v_w = self.momentum * v_w - self.learning_rate * module.dw
            v_b = self.momentum * v_b - self.learning_rate * module.db
            module.weight += v_w
            module.bias += v_b
            self.velocity = {"w": v_w, "b": v_b}
