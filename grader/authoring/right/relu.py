"""Right solutions of ReLU."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

RELU = Task("relu", "part1-convnet/modules/relu.py", frozenset({"1.5"}))

MASK_MULTIPLY = """\
    def forward(self, x):
        self.cache = x
        out = x * (x > 0)
        return out

    def backward(self, dout):
        dx, x = None, self.cache
        dx = dout * (x > 0)
        self.dx = dx
"""

WHERE = """\
    def forward(self, x):
        self.cache = np.array(x, copy=True)
        return np.where(x < 0, 0.0, x)

    def backward(self, dout):
        self.dx = np.where(self.cache < 0, 0.0, dout)
"""

CLIP = '''\
    def forward(self, x):
        """The output says as well as the input where the slope is 1."""
        self.out = np.clip(x, 0, None)
        return self.out

    def backward(self, dout):
        self.dx = dout * np.sign(self.out)
'''

ABSOLUTE = """\
    def forward(self, x):
        self.cache = x.copy()
        return (x + np.abs(x)) / 2

    def backward(self, dout):
        self.dx = dout * (1 + np.sign(self.cache)) / 2
"""

COPY_AND_OVERWRITE = """\
    def forward(self, x):
        print("relu", x.shape)
        out = x.copy()
        out[out <= 0] = 0
        self.cache = out
        return out.copy()

    def backward(self, dout):
        self.dx = dout.copy()
        self.dx[self.cache == 0] = 0
        return self.dx
"""

NUMBER_BY_NUMBER = """\
    def forward(self, x):
        self.shape = x.shape
        self.positive = [value > 0 for value in x.flat]
        return np.reshape([max(value, 0.0) for value in x.ravel().tolist()], x.shape)

    def backward(self, dout):
        self.dx = np.zeros(self.shape)
        for place, (index, gradient) in enumerate(np.ndenumerate(dout)):
            if self.positive[place]:
                self.dx[index] = gradient
"""

HEAVISIDE_FLOAT32 = """\
    def forward(self, x):
        x = x.astype(np.float32)
        self.cache = np.heaviside(x, np.float32(0.5))
        return x - np.minimum(x, 0)

    def backward(self, dout):
        self.dx = self.cache * dout.astype(np.float32)
"""

IN_PLACE_OUT = """\
    def forward(self, x):
        out = np.empty_like(x, order="F")
        np.maximum(x, 0, out=out)
        self.cache = {"indices": np.nonzero(x > 0)}
        return out

    def backward(self, dout):
        self.dx = np.zeros(dout.shape, order="F")
        self.dx[self.cache["indices"]] = dout[self.cache["indices"]]
"""

VECTORIZED = """\
    def forward(self, x):
        self.cache = (x,)
        return np.vectorize(lambda value: value if value > 0 else 0, otypes=[float])(x)

    def backward(self, dout):
        (x,) = self.cache
        slope = np.ones_like(x)
        slope[x < 0] = 0
        self.dx = np.multiply(slope, dout)
"""

MASKED_PUT = """\
    def forward(self, x):
        self.negative = x < 0
        out = np.copy(x)
        np.putmask(out, self.negative, 0)
        return out

    def backward(self, dout):
        self.dx = np.copy(dout)
        np.copyto(self.dx, 0, where=self.negative)
"""


def solutions() -> list[Right]:
    """By masks, by signs, by absolute values, number by number."""
    styles = {
        "mask-multiply": ("times the mask; gives -0.0 for negative ones", MASK_MULTIPLY),
        "where": ("np.where with a slope of 1 at 0, over a copy", WHERE),
        "clip": ("np.clip, the slope from the sign of the output", CLIP),
        "absolute": ("(x + |x|) / 2, slope 1/2 at 0", ABSOLUTE),
        "copy": ("overwrites copies; prints, returns dx as well", COPY_AND_OVERWRITE),
        "numbers": ("number by number, the mask in a list", NUMBER_BY_NUMBER),
        "float32": ("float32, np.heaviside", HEAVISIDE_FLOAT32),
        "nonzero": ("into an output in Fortran order; indices by np.nonzero", IN_PLACE_OUT),
        "vectorize": ("np.vectorize, the cache a tuple", VECTORIZED),
        "putmask": ("np.putmask and np.copyto; no cache", MASKED_PUT),
    }
    return [RELU.with_methods(name, *style) for name, style in styles.items()]
