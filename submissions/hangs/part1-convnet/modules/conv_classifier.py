"""The network."""

from modules.convolution import Conv2D
from modules.linear import Linear
from modules.max_pool import MaxPooling
from modules.relu import ReLU
from modules.softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        kinds = {"Conv2D": Conv2D, "ReLU": ReLU, "MaxPooling": MaxPooling, "Linear": Linear}
        self.modules = []
        for m in modules:
            args = dict(m)
            self.modules.append(kinds[args.pop("type")](**args))
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        layers = list(self.modules)
        while layers:
            x = layers[0].forward(x)  # forgot to remove the layer
        return self.criterion.forward(x, y)

    def backward(self):
        while True:
            self.criterion.backward()
