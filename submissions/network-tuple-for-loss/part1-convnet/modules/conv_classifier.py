from .convolution import Conv2D
from .linear import Linear
from .max_pool import MaxPooling
from .relu import ReLU
from .softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = []
        for m in modules:
            kind = m["type"]
            kwargs = {key: value for key, value in m.items() if key != "type"}
            self.modules.append(globals()[kind](**kwargs))
        self.criterion = globals()[criterion["type"]]()

    def forward(self, x, y):
        probs = None
        loss = None
        current = x
        for module in self.modules:
            current = module.forward(current)
        probs = current
        loss = self.criterion.forward(current, y)
        return probs, loss

    def backward(self):
        self.criterion.backward()
        grad = self.criterion.dx
        for module in self.modules[::-1]:
            module.backward(grad)
            grad = module.dx
