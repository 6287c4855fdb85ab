from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    """v = momentum * v + gradient, parameter = parameter - learning_rate * v"""

    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.velocities = [None] * len(model.modules)

    def update(self, model):
        self.apply_regularization(model)
        for place, layer in enumerate(model.modules):
            if getattr(layer, "weight", None) is None:
                continue
            db = layer.db.reshape(layer.bias.shape)
            if self.velocities[place] is None:
                self.velocities[place] = [layer.dw.copy(), db.copy()]
            else:
                vw, vb = self.velocities[place]
                self.velocities[place] = [self.momentum * vw + layer.dw, self.momentum * vb + db]
            vw, vb = self.velocities[place]
            layer.weight = layer.weight - self.learning_rate * vw
            layer.bias = layer.bias - self.learning_rate * vb
