"""The stand-ins that ConvNet is checked with."""

import numpy as np

from grader.checks.drivers.layers import Chain


def test_what_a_chain_keeps():
    """The order of all calls, and the first array that came with each."""
    chain = Chain([], [], 0.0)
    first, second = np.ones(2), np.zeros(2)
    chain.note("forward 0", first)
    chain.note("forward 1", "no array")
    chain.note("forward 0", second)
    first[:] = 7
    assert chain.calls == ["forward 0", "forward 1", "forward 0"]
    assert {call: array.tolist() for call, array in chain.received.items()} == {
        "forward 0": [1.0, 1.0]
    }


def test_a_loop_that_never_ends(monkeypatch):
    """It runs out of time, not out of the memory that keeping every call would take."""
    monkeypatch.setattr("grader.checks.drivers.layers.MOST_CALLS", 3)
    chain = Chain([], [], 0.0)
    for _ in range(5):
        chain.note("criterion backward", None)
    assert chain.calls == ["criterion backward"] * 3
