"""The network."""

from modules.convolution import Conv2D
from modules.linear import Linear
from modules.max_pool import MaxPooling
from modules.relu import ReLU
from modules.softmax_ce import SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = []
        for m in modules:
            args = dict(m)
            kind = args.pop("type")
            if kind == "Conv2D":
                self.modules.append(Conv2D(**args))
            elif kind == "ReLU":
                self.modules.append(ReLU(**args))
            elif kind == "MaxPooling":
                self.modules.append(MaxPooling(**args))
            elif kind == "Linear":
                self.modules.append(Linear(**args))
            else:
                raise ValueError("unknown layer " + kind)
        if criterion["type"] == "SoftmaxCrossEntropy":
            self.criterion = SoftmaxCrossEntropy()
        else:
            raise ValueError("unknown criterion " + criterion["type"])

    def forward(self, x, y):
        out = x
        for i in range(len(self.modules)):
            out = self.modules[i].forward(out)
        probs, loss = self.criterion.forward(out, y)
        return probs, loss

    def backward(self):
        self.criterion.backward()
        grad = self.criterion.dx
        for i in range(len(self.modules) - 1, -1, -1):
            self.modules[i].backward(grad)
            grad = self.modules[i].dx
