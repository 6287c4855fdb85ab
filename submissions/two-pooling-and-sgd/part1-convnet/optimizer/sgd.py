from optimizer._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        for i, layer in enumerate(model.modules):
            tracker = self.grad_tracker[i]
            if hasattr(layer, "weight"):
                tracker["dw"] = tracker["dw"] - self.learning_rate * layer.dw
                layer.weight = layer.weight + tracker["dw"]
            if hasattr(layer, "bias"):
                tracker["db"] = tracker["db"] - self.learning_rate * layer.db
                layer.bias = layer.bias + tracker["db"]
