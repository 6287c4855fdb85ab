"""SGD with momentum"""

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)

        for idx, m in enumerate(model.modules):
            if hasattr(m, "weight"):
                old = self.grad_tracker[idx]["dw"]
                m.weight = m.weight - self.learning_rate * (m.dw + self.momentum * old)
                self.grad_tracker[idx]["dw"] = m.dw
            if hasattr(m, "bias"):
                old = self.grad_tracker[idx]["db"]
                m.bias = m.bias - self.learning_rate * (m.db + self.momentum * old)
                self.grad_tracker[idx]["db"] = m.db
