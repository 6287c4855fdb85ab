"""Right solutions of SGD with momentum, in both conventions of the velocity."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

SGD = Task("sgd", "part1-convnet/optimizer/sgd.py", frozenset({"1.8"}), first="update")

NUMPY = "import numpy as np"
LAYERS = "from modules.convolution import Conv2D\nfrom modules.linear import Linear"

TRACKER_IN_PLACE = """\
    def update(self, model):
        self.apply_regularization(model)
        for idx, m in enumerate(model.modules):
            if hasattr(m, "weight"):
                self.grad_tracker[idx]["dw"] *= self.momentum
                self.grad_tracker[idx]["dw"] -= self.learning_rate * m.dw
                m.weight += self.grad_tracker[idx]["dw"]
            if hasattr(m, "bias"):
                self.grad_tracker[idx]["db"] *= self.momentum
                self.grad_tracker[idx]["db"] -= self.learning_rate * m.db
                m.bias += self.grad_tracker[idx]["db"]
"""

TRACKER_OF_GRADIENTS = '''\
    def update(self, model):
        """The velocity is a sum of gradients; the learning rate comes last."""
        self.apply_regularization(model)
        for idx, m in enumerate(model.modules):
            if hasattr(m, "weight"):
                tracker = self.grad_tracker[idx]
                tracker["dw"] = self.momentum * tracker["dw"] + m.dw
                tracker["db"] = self.momentum * tracker["db"] + m.db
                m.weight -= self.learning_rate * tracker["dw"]
                m.bias -= self.learning_rate * tracker["db"]
'''

BY_POSITION = """\
    def update(self, model):
        self.apply_regularization(model)
        if not hasattr(self, "velocity"):
            self.velocity = {}
        for i in range(len(model.modules)):
            layer = model.modules[i]
            if not hasattr(layer, "weight"):
                continue
            for name, gradient in (("weight", layer.dw), ("bias", layer.db)):
                v = self.velocity.get((i, name), np.zeros_like(gradient))
                v = self.momentum * v - self.learning_rate * gradient
                self.velocity[i, name] = v
                setattr(layer, name, getattr(layer, name) + v)
"""

BY_IDENTITY = """\
    def update(self, model):
        self.apply_regularization(model)
        for layer in model.modules:
            if not hasattr(layer, "dw"):
                continue
            dw, db = self.kept().setdefault(id(layer), (0, 0))
            dw = layer.dw + self.momentum * dw
            db = layer.db + self.momentum * db
            self.kept()[id(layer)] = dw, db
            layer.weight = layer.weight - self.learning_rate * dw
            layer.bias = layer.bias - self.learning_rate * db

    def kept(self):
        return self.__dict__.setdefault("_kept", {})
"""

ON_THE_LAYER = """\
    def update(self, model):
        self.apply_regularization(model)
        for layer in model.modules:
            if getattr(layer, "weight", None) is None:
                continue
            try:
                layer.v_w, layer.v_b
            except AttributeError:
                layer.v_w, layer.v_b = layer.weight * 0, layer.bias * 0
            layer.v_w = self.momentum * layer.v_w - self.learning_rate * layer.dw
            layer.v_b = self.momentum * layer.v_b - self.learning_rate * layer.db
            layer.weight = layer.weight + layer.v_w
            layer.bias = layer.bias + layer.v_b
"""

LAZY_LISTS = """\
    def update(self, model):
        self.apply_regularization(model)
        with_weights = [layer for layer in model.modules if "weight" in dir(layer)]
        if not self.started:
            self.v_weights = [np.zeros(layer.weight.shape) for layer in with_weights]
            self.v_biases = [np.zeros(layer.bias.shape) for layer in with_weights]
            self.started = True
        for layer, v_w, v_b in zip(with_weights, self.v_weights, self.v_biases):
            v_w[...] = self.momentum * v_w - self.learning_rate * layer.dw
            v_b[...] = self.momentum * v_b - self.learning_rate * layer.db
            layer.weight += v_w
            layer.bias += v_b

    started = False
"""

UPHILL = '''\
    def update(self, model):
        """The velocity points uphill, and the learning rate is in it."""
        self.apply_regularization(model)
        for key, state in self.grad_tracker.items():
            layer = model.modules[key]
            if not isinstance(layer, (Conv2D, Linear)):
                continue
            for slot, parameter in {"dw": "weight", "db": "bias"}.items():
                step = self.learning_rate * getattr(layer, slot) + self.momentum * state[slot]
                state[slot] = step.copy()
                getattr(layer, parameter)[:] -= step
'''

ZIPPED = """\
    def update(self, model):
        self.apply_regularization(model)
        for layer, tracked in zip(model.modules, self.grad_tracker.values()):
            if type(layer).__name__ in ("ReLU", "MaxPooling"):
                continue
            print("updating", type(layer).__name__)
            tracked.update(
                dw=np.subtract(tracked["dw"] * self.momentum, layer.dw * self.learning_rate),
                db=np.subtract(tracked["db"] * self.momentum, layer.db * self.learning_rate),
            )
            layer.weight, layer.bias = layer.weight + tracked["dw"], layer.bias + tracked["db"]
"""

FLOAT32 = """\
    def update(self, model):
        self.apply_regularization(model)
        for index, layer in enumerate(model.modules):
            if not hasattr(layer, "weight"):
                continue
            layer.weight = layer.weight.astype(np.float32)
            layer.bias = layer.bias.astype(np.float32)
            state = self.grad_tracker[index]
            rate, momentum = np.float32(self.learning_rate), np.float32(self.momentum)
            state["dw"] = momentum * state["dw"] - rate * np.float32(layer.dw)
            state["db"] = momentum * state["db"] - rate * np.float32(layer.db)
            layer.weight = np.asfortranarray(layer.weight + state["dw"])
            layer.bias = layer.bias + state["db"]
"""

HELPER = """\
    def update(self, model):
        super().apply_regularization(model)
        for name, layer in ((str(i), layer) for i, layer in enumerate(model.modules)):
            if hasattr(layer, "weight") and hasattr(layer, "bias"):
                layer.weight = self.step(name + ".weight", layer.weight, layer.dw)
                layer.bias = self.step(name + ".bias", layer.bias, layer.db)

    def step(self, name, parameter, gradient):
        velocities = vars(self).setdefault("velocities", {})
        if name in velocities:
            velocities[name] = self.momentum * velocities[name] + gradient
        else:
            velocities[name] = gradient.copy()
        return parameter - self.learning_rate * velocities[name]
"""

HISTORY = '''\
    def update(self, model):
        """All gradients are kept, and their weighted sum is taken afresh in each step."""
        self.apply_regularization(model)
        self.history = [*getattr(self, "history", []), self.gradients(model)]
        for index in self.history[0]:
            for place, attribute in enumerate(("weight", "bias")):
                velocity = 0
                for age, gradients in enumerate(reversed(self.history)):
                    velocity += self.momentum**age * gradients[index][place]
                layer = model.modules[index]
                setattr(layer, attribute, getattr(layer, attribute) - self.learning_rate * velocity)

    def gradients(self, model):
        return {
            index: (layer.dw.copy(), layer.db.copy())
            for index, layer in enumerate(model.modules)
            if hasattr(layer, "weight")
        }
'''

OWN_FILE = '''\
"""My optimizer, with the weight decay written out in place of the given line."""

import numpy as np

from ._base_optimizer import _BaseOptimizer


class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum
        self.v = [
            {"w": np.zeros_like(m.weight), "b": np.zeros_like(m.bias)}
            if hasattr(m, "weight")
            else None
            for m in model.modules
        ]

    def update(self, model):
        for m, v in zip(model.modules, self.v):
            if v is None:
                continue
            dw = m.dw + self.reg * m.weight
            v["w"] = self.momentum * v["w"] - self.learning_rate * dw
            v["b"] = self.momentum * v["b"] - self.learning_rate * m.db
            m.weight = m.weight + v["w"]
            m.bias = m.bias + v["b"]
'''

SIZED = """\
    def update(self, model):
        self.apply_regularization(model)
        if not hasattr(self, "v"):
            self.v = {}
            for i, m in enumerate(model.modules):
                if hasattr(m, "in_dim"):
                    self.v[i] = np.zeros((m.in_dim, m.out_dim)), np.zeros(m.out_dim)
                elif hasattr(m, "weight"):
                    self.v[i] = np.zeros(m.weight.shape), np.zeros(m.bias.shape)
        for i, (vw, vb) in self.v.items():
            m = model.modules[i]
            vw = self.momentum * vw - self.learning_rate * m.dw
            vb = self.momentum * vb - self.learning_rate * m.db
            m.weight, m.bias, self.v[i] = m.weight + vw, m.bias + vb, (vw, vb)
"""


def solutions() -> list[Right]:
    """Velocities in every place, updated in place or bound anew."""
    styles = {
        "tracker-in-place": ("grad_tracker and parameters changed in place", TRACKER_IN_PLACE),
        "tracker-gradients": ("v = m v + g; w -= lr v, in grad_tracker", TRACKER_OF_GRADIENTS),
        "dict-by-position": ("a dict by position and name, made lazily", BY_POSITION, NUMPY),
        "dict-by-id": ("a dict by id(layer), tuples; v = m v + g", BY_IDENTITY),
        "on-the-layer": ("velocities as attributes of the layer", ON_THE_LAYER),
        "lazy-lists": ("lists made in the first step, filled in place", LAZY_LISTS, NUMPY),
        "isinstance": ("asks for the class; the velocity points uphill", UPHILL, LAYERS),
        "by-class-name": ("asks for the class's name; prints", ZIPPED, NUMPY),
        "float32": ("float32 and Fortran order", FLOAT32, NUMPY),
        "sized": ("asks the layers for their sizes", SIZED, NUMPY),
        "helper": ("a method for one parameter, velocities by name", HELPER),
        "history": ("keeps all gradients and sums them afresh", HISTORY),
    }
    found = [SGD.with_methods(name, *style) for name, style in styles.items()]
    title = "its own constructor, the weight decay written out"
    return [*found, SGD.with_text("own-file", title, OWN_FILE)]
