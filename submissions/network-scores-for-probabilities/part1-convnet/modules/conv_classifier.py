"""The whole network."""

from . import convolution, linear, max_pool, relu, softmax_ce

LAYERS = {
    "Conv2D": convolution.Conv2D,
    "Linear": linear.Linear,
    "MaxPooling": max_pool.MaxPooling,
    "ReLU": relu.ReLU,
    "SoftmaxCrossEntropy": softmax_ce.SoftmaxCrossEntropy,
}


def create(spec):
    spec = spec.copy()
    return LAYERS[spec.pop("type")](**spec)


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = list(map(create, modules))
        self.criterion = create(criterion)

    def forward(self, x, y):
        z = x
        for layer in self.modules:
            z = layer.forward(z)
        _, loss = self.criterion.forward(z, y)
        return z, loss

    def backward(self):
        self.criterion.backward()
        upstream = self.criterion.dx
        for i in reversed(range(len(self.modules))):
            self.modules[i].backward(upstream)
            upstream = self.modules[i].dx
