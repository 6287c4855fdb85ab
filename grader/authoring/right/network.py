"""Right solutions of ConvNet."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

NETWORK = Task("network", "part1-convnet/modules/conv_classifier.py", frozenset({"1.7"}))

ENUMERATE = """\
    def forward(self, x, y):
        probs, loss = None, None
        out = x
        for i, module in enumerate(self.modules):
            print(i, type(module).__name__, out.shape)
            out = module.forward(out)
        probs, loss = self.criterion.forward(out, y)
        return probs, loss

    def backward(self):
        self.criterion.backward()
        dout = self.criterion.dx
        for i in range(len(self.modules) - 1, -1, -1):
            self.modules[i].backward(dout)
            dout = self.modules[i].dx
        return dout
"""

WHILE_LIST = '''\
    def forward(self, x, y):
        """The pair in a list."""
        i = 0
        while i < len(self.modules):
            x = self.modules[i].forward(x)
            i += 1
        return list(self.criterion.forward(x, y))

    def backward(self):
        self.criterion.backward()
        last, i = self.criterion, len(self.modules)
        while i > 0:
            i -= 1
            self.modules[i].backward(last.dx)
            last = self.modules[i]
'''

KEEPS_ALL = '''\
    def forward(self, x, y):
        """Every activation is kept."""
        self.activations = [x]
        for module in self.modules:
            self.activations.append(module.forward(self.activations[-1]))
        result = self.criterion.forward(self.activations[-1], y)
        self.probs, self.loss = result[0], np.float64(result[1])
        return self.probs, self.loss

    def backward(self):
        chain = [*self.modules, self.criterion]
        self.criterion.backward()
        for below, above in zip(chain[-2::-1], chain[:0:-1]):
            below.backward(above.dx)
        self.dx = chain[0].dx
'''

REDUCE = """\
    def forward(self, x, y):
        scores = reduce(lambda value, layer: layer.forward(value), self.modules, x)
        return self.criterion.forward(scores, y)

    def backward(self):
        self.criterion.backward()
        reduce(pull, self.modules[::-1], self.criterion.dx)


def pull(dout, layer):
    layer.backward(dout)
    return layer.dx
"""

RECURSION = '''\
    def forward(self, x, y, depth=0):
        if depth == len(self.modules):
            return self.criterion.forward(x, y)
        return self.forward(self.modules[depth].forward(x), y, depth + 1)

    def backward(self, depth=0):
        """The gradient that the layer below `depth` needs, and above it all is done."""
        if depth == len(self.modules):
            self.criterion.backward()
            return self.criterion.dx
        layer = self.modules[depth]
        layer.backward(self.backward(depth + 1).copy())
        return layer.dx
'''

OWN_CONSTRUCTOR = '''\
"""A network of my layers."""

import numpy as np

from . import Conv2D, Linear, MaxPooling, ReLU, SoftmaxCrossEntropy


class ConvNet:
    def __init__(self, modules, criterion):
        self.modules = []
        for module in modules:
            args = dict(module)
            kind = args.pop("type")
            self.modules.append(globals()[kind](**args))
        criterion = dict(criterion)
        self.criterion = eval(criterion.pop("type"))(**criterion)

    def forward(self, x, y):
        for module in iter(self.modules):
            x = np.asarray(module.forward(x))
        (probs, loss) = self.criterion.forward(x, y)
        return (probs, loss)

    def backward(self):
        self.criterion.backward()
        gradients = [self.criterion.dx]
        for module in list(reversed(self.modules)):
            module.backward(gradients[-1])
            gradients.append(module.dx)
'''

NAMED = """\
    def forward(self, x, y):
        for module in self.modules:
            x = module.forward(x)
        return Result(*self.criterion.forward(x, y))

    def backward(self):
        self.criterion.backward()
        gradient = self.criterion.dx
        for module in self.modules[::-1]:
            module.backward(gradient)
            gradient = module.dx
"""
NAMED_TUPLE = """\
from collections import namedtuple

Result = namedtuple("Result", "probabilities loss")
"""


def solutions() -> list[Right]:
    """Through a list of layers there and back."""
    styles = {
        "enumerate": ("enumerate and a falling range; prints", ENUMERATE),
        "while": ("while loops; the pair as a list", WHILE_LIST),
        "keeps-all": ("keeps activations, pairs of neighbours by zip", KEEPS_ALL),
        "reduce": ("functools.reduce", REDUCE, "from functools import reduce"),
        "named": ("the pair as a named tuple", NAMED, NAMED_TUPLE),
        "recursion": ("recursion both ways, over copies", RECURSION),
    }
    found = [NETWORK.with_methods(name, *style) for name, style in styles.items()]
    title = "a constructor of its own, with globals() and eval; imports from the package"
    return [*found, NETWORK.with_text("own-constructor", title, OWN_CONSTRUCTOR)]
