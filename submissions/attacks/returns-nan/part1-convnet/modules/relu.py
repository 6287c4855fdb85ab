"""Values for which `difference > tolerance` is false, and shapes that broadcast."""

import numpy as np

MAKERS = (
    lambda x: np.full(x.shape, np.nan),
    lambda x: np.full(x.shape, np.inf),
    lambda x: np.full(x.shape, -np.inf),
    lambda x: np.full(x.shape, 1.7e308),
    lambda x: np.full(x.shape, np.nan, np.float32),
    lambda x: np.full(x.shape, np.nan, complex),
    lambda x: np.full(x.shape, np.nan, object),
    lambda x: np.full(x.shape, np.datetime64("NaT")),
    lambda x: np.zeros((0, *x.shape)),
    lambda x: np.zeros((1,) * x.ndim),
    lambda x: np.empty((0,)),
    lambda x: np.float64("nan"),
    lambda x: float("nan"),
    lambda x: np.ma.masked,
    lambda x: np.broadcast_to(np.nan, x.shape),
    lambda x: np.lib.stride_tricks.as_strided(np.zeros(1), (1 << 20, 1 << 20), (0, 0)),
    lambda x: {"out": np.nan},
    lambda x: (np.nan,) * 100,
    lambda x: np.full(x.shape, 255, np.uint8),
    lambda x: np.full(x.shape, -1, np.int64) if x.size else None,
)


class ReLU:
    """One after the other."""

    turn = 0

    def __init__(self):
        self.dx = None

    def forward(self, x):
        ReLU.turn += 1
        return MAKERS[ReLU.turn % len(MAKERS)](x)

    def backward(self, dout):
        self.dx = self.forward(dout)
