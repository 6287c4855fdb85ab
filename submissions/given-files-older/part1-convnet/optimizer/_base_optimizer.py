"""Base class of the optimizers."""


class _BaseOptimizer:
    def __init__(self, model, learning_rate=1e-4, reg=1e-3):
        self.learning_rate = learning_rate
        self.reg = reg

    def update(self, model):
        pass

    def apply_regularization(self, model):
        for m in model.modules:
            if hasattr(m, "weight"):
                m.dw += self.reg * m.weight
