"""Numbers without rounding, exact slopes, and comparisons that say what is wrong.

All inputs are odd multiples of 1/4. Products and sums of a few of them are exact, in float64 and
in float32, in whatever order they are added up: a right layer gives exactly the expected numbers,
and a wrong one is off by 1/100 and more. (What lies between is for detours by way of roots or
Fourier transforms.)
"""

from __future__ import annotations

import numpy as np
import pytest

__tracebackhide__ = True  # a failure shows your code and the test, not what lies between
STEP = 1 / 4
NOTHING = 1e-4


def odd_quarters(seed, shape, largest=15):
    """Odd multiples of 1/4, up to `largest` / 4 on both sides of 0.

    They come from a generator of their own: the constructors of the layers set numpy's global one.
    """
    half = (largest + 1) // 2
    return (2 * np.random.RandomState(seed).randint(-half, half, size=shape) + 1) / 4


def shuffled(seed, shape):
    """Images (N, C, H, W) of which no channel has a value twice; the first is all negative.

    A channel holds H * W numbers, 1 apart: a step of 1/4 changes none of the maxima.
    """
    samples, channels, height, width = shape
    random, area = np.random.RandomState(seed), height * width
    images = np.stack([random.permutation(area) for _ in range(samples * channels)]).reshape(shape)
    images = images - area // 2 + 0.5
    images[0, 0] -= area
    return images


def planes(text, samples):
    """Read images (N, C, H, W): a line for each sample and channel, its rows between slashes."""
    lines = [[row.split() for row in line.split("/")] for line in text.strip().splitlines()]
    values = np.array(lines, float)
    return values.reshape(samples, -1, *values.shape[1:])


def slope(f, at, direction):
    """How fast the number f(a) grows at a = `at` in a direction v.

        (f(a + v/4) - f(a - v/4)) / (2/4)

    For a linear f this is no approximation, however large the step.
    """
    return (f(at + STEP * direction) - f(at - STEP * direction)) / (2 * STEP)


def slopes(f, at):
    """The gradient of the number f(a) at a = `at`, entry by entry."""
    gradient = np.zeros(at.shape)
    for place in range(at.size):
        direction = np.zeros(at.shape)
        direction.flat[place] = 1
        gradient.flat[place] = slope(f, at, direction)
    return gradient


def misshapen(name, came, shape):
    """What is wrong with an array before its values are looked at; "" if nothing is."""
    if came is None:
        return f"{name} is None: nothing was computed, returned or stored."
    if not isinstance(came, (np.ndarray, np.number, float, int)):
        return f"{name} is a {type(came).__name__}, not an array."
    if np.shape(came) != shape:
        return f"{name} has the shape {np.shape(came)}; it should have {shape}."
    return ""


def difference(name, came, expected, tolerance=NOTHING):
    """What is wrong with an array; "" if nothing is."""
    expected = np.asarray(expected)
    if problem := misshapen(name, came, expected.shape):
        return problem
    came = np.asarray(came)
    distance = np.nan_to_num(np.abs(came - expected), nan=np.inf, posinf=np.inf)
    wrong = int((distance > tolerance).sum())
    if not wrong:
        return ""
    worst = np.unravel_index(distance.argmax(), distance.shape)
    numbers = f"{came[worst]:.8g} came, {expected[worst]:.8g} is right."
    if came.size == 1:
        return f"{name}: {numbers}"
    place = ", ".join(map(str, worst))
    return f"{name}: {wrong} of {came.size} entries are wrong, the worst at [{place}]: {numbers}"


def same(name, came, expected, tolerance=NOTHING):
    """Fail unless an array is what it should be."""
    if problem := difference(name, came, expected, tolerance):
        pytest.fail(problem, pytrace=False)
