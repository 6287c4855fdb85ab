"""Gives back what has a short description and no end. There is nothing to gain."""

import itertools

import numpy as np

numbers = itertools.count()


def deep(x):
    inner = []
    for _ in range(100_000):
        inner = [inner]
    return inner


def endless(x):
    found = [x]
    found.append(found)
    return found


class Sized(np.ndarray):
    """An array that says it is small."""

    nbytes = property(lambda self: 0)
    shape = property(lambda self: (2, 3, 4, 5))
    ndim = property(lambda self: 4)


ANSWERS = [
    lambda x: np.broadcast_to(np.float64(1), (2**20, 2**20)),
    lambda x: np.zeros((2**31, 2**31, 0)),
    lambda x: np.zeros((1,) * 32),
    lambda x: np.zeros((100, 1000, 1000), np.uint8),
    lambda x: np.zeros(10_000_000).view(Sized),
    lambda x: np.full(x.shape, 10**4000, dtype=object),
    lambda x: np.full(x.shape, np.nan),
    lambda x: [x] * 100_000,
    lambda x: {number: x for number in range(100_000)},
    lambda x: "x" * 100_000_000,
    lambda x: 10 ** (10**6),
    lambda x: (0 for _ in itertools.count()),
    deep,
    endless,
]


class ReLU:
    def __init__(self):
        self.dx = None

    def forward(self, x):
        answer = ANSWERS[next(numbers) % len(ANSWERS)](x.copy())
        x[...] = 0
        return answer

    def backward(self, dout):
        self.dx = ANSWERS[next(numbers) % len(ANSWERS)](dout.copy())
        dout[...] = 0
