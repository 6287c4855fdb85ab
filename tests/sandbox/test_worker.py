"""What checks do with honest code: import, construct, call, look at the results."""

from __future__ import annotations

import numpy as np
import pytest

from grader.errors import BadAnswer, StudentCodeRaised
from grader.sandbox import RemoteObject, proxies


def test_a_layer_is_used_as_if_it_were_here(run):
    """Construct, set, call, get: arrays go in and come out."""
    code = run(
        """
        class Layer:
            def __init__(self, n, scale=1):
                self.n, self.scale, self.weight, self.dx = n, scale, None, None
            def forward(self, x):
                self.cache = x
                return x @ self.weight * self.scale
            def backward(self, dout):
                self.dx = dout @ self.weight.T
        """
    ).load("code")
    layer = code.Layer(3, scale=2)
    weight = np.arange(6.0).reshape(3, 2)
    layer.weight = weight
    x = np.ones((1, 3))
    np.testing.assert_array_equal(layer.forward(x), x @ weight * 2)
    assert layer.dx is None
    layer.backward(np.ones((1, 2)))
    np.testing.assert_array_equal(layer.dx, [[1.0, 5.0, 9.0]])
    assert layer.n == 3
    np.testing.assert_array_equal(layer.cache, x)


def test_arrays_reach_the_code_fresh(run):
    """Arguments are writable C-contiguous copies, whatever they were here."""
    code = run(
        """
        def describe(x):
            x[...] = 0
            return x.flags.writeable, x.flags.c_contiguous, x.flags.aligned, str(x.dtype), x.shape
        """
    ).load("code")
    frozen = np.arange(6, dtype=np.float32).reshape(2, 3)
    frozen.flags.writeable = False
    for array in (frozen, frozen.T, frozen[:, ::2], np.float64(3), np.zeros((0, 2))):
        result = code.describe(array)
        assert result == (True, True, True, str(array.dtype), array.shape)
    assert frozen[1, 2] == 5


def test_changed_arguments_can_be_seen(run):
    """An array that was put there shows what the code did to it."""
    worker = run("def forward(x):\n    x *= 2\n    return x.sum()\n")
    code = worker.load("code")
    x = worker.put(np.ones(3))
    assert float(code.forward(x)) == 6.0
    np.testing.assert_array_equal(worker.fetch(x), [2.0, 2.0, 2.0])


def test_dtypes_that_the_protocol_lacks_are_converted(run):
    """Half floats come as float32, small integers as int64, scalars as 0-d arrays."""
    code = run(
        """
        import numpy as np
        half, short, big = np.zeros(2, "f2"), np.ones(2, "i2"), np.array([2**63], "u8")
        swapped, scalar, flag = np.arange(3, dtype=">f8"), np.float32(1.5), np.bool_(True)
        class Sub(np.ndarray): pass
        sub = np.arange(3.0).view(Sub)
        masked = np.ma.array([1.0, 2.0], mask=[True, False])
        matrix = np.matrix([[1.0]])
        """
    ).load("code")
    assert code.half.dtype == np.float32
    assert code.short.dtype == np.int64
    assert code.big.dtype == np.float64
    np.testing.assert_array_equal(code.swapped, [0.0, 1.0, 2.0])
    assert code.scalar.shape == ()
    assert code.flag.dtype == bool
    for name in ("sub", "masked", "matrix"):
        assert type(proxies.get(code, name)) is np.ndarray


@pytest.mark.parametrize(
    ("expression", "type_name"),
    [
        ("object()", "object"),
        ("np.array([None, 1], dtype=object)", "ndarray[object]"),
        ("np.zeros(2, complex)", "ndarray[complex128]"),
        ("np.array(['a'])", "ndarray[str32]"),
        ("np.zeros((1,) * 9)", "ndarray[float64]"),
        ("2 ** 70", "int"),
        ("{1, 2}", "set"),
        ("{(1, 2): 3}", "dict"),
        ("b'x'", "bytes"),
        ("1j", "complex"),
        ("range(3)", "range"),
        ("lambda x: x", "function"),
        ("np", "module"),
        ("[[0] * 100] * 100", "list"),
        ("[np.zeros(1)] * 20", "list"),
        ("['\\u1234' * 4000] * 40", "list"),
    ],
)
def test_what_is_no_plain_value_comes_as_a_reference(run, expression, type_name):
    """Objects, odd arrays and overgrown containers stay there; only a type's name comes."""
    code = run(f"import numpy as np\ndef give():\n    return {expression}\n").load("code")
    result = proxies.call(code, "give")
    assert isinstance(result, RemoteObject)
    assert proxies.type_name(result) == type_name


def test_values_that_are_no_arrays(run):
    """None, numbers, strings, tuples, NaN and dicts are answers too."""
    code = run("def give():\n    return None, 1, 2.5, 'x', [True], {'a': (float('nan'),)}\n")
    none, one, number, text, flags, nested = code.load("code").give()
    assert (none, one, number, text, flags) == (None, 1, 2.5, "x", [True])
    assert np.isnan(nested["a"][0])


def test_an_answer_beyond_its_limit_is_named(run):
    """An array larger than `answer_mb` is refused by name; the worker lives on."""
    worker = run(
        "import numpy as np\ndef give(n):\n    return np.zeros((n, 1024, 128))\n", answer_mb=2
    )
    code = worker.load("code")
    with pytest.raises(BadAnswer, match=r"takes 5 MB, 2 MB allowed.*\(5, 1024, 128\)"):
        code.give(5)
    assert code.give(2).shape == (2, 1024, 128)


def test_large_arrays_go_through(run):
    """Arrays much larger than a pipe's buffer arrive whole in both directions."""
    code = run("def same(x):\n    return x\n").load("code")
    x = np.random.default_rng(0).standard_normal((16, 64, 1024))
    np.testing.assert_array_equal(code.same(x), x)


def test_references_can_be_passed_back(run):
    """Objects of the student's can be arguments of the student's functions."""
    worker = run("class A: pass\nis_same = lambda a, b: a is b\npair = lambda a: [a, a]\n")
    code = worker.load("code")
    a, b = code.A(), code.A()
    assert code.is_same(a, a) is True
    assert code.is_same(a, b) is False
    first, second = code.pair(a)
    assert proxies.same(first, second)
    assert proxies.same(first, a)
    assert not proxies.same(first, b)


def test_references_that_are_let_go_are_freed(run):
    """An object is kept there only as long as somebody here holds it."""
    code = run(
        """
        import weakref
        class A: pass
        refs = []
        def make():
            a = A(); refs.append(weakref.ref(a)); return a
        def alive():
            return sum(r() is not None for r in refs)
        def give_again():
            return refs[0]()
        """
    ).load("code")
    first = code.make()
    again = code.give_again()
    assert code.alive() == 1
    del first
    assert code.alive() == 1
    del again
    code.alive()
    assert code.alive() == 0


def test_too_many_objects_are_an_error(run):
    """A check that hoards references gets an error, the worker no unbounded table."""
    code = run("def give():\n    return [object() for _ in range(3000)]\n").load("code")
    kept = [code.give()]
    with pytest.raises(BadAnswer, match="4096 objects"):
        kept.append(code.give())


def test_items_and_lengths(run):
    """Sequences that stayed there can be indexed and measured."""
    code = run("items = [object()] * 20 + [5]\nclass Bad:\n    __len__ = lambda self: -1\n")
    module = code.load("code")
    table = proxies.get_reference(module, "items")
    assert len(table) == 21
    assert table[20] == 5
    with pytest.raises(StudentCodeRaised, match="IndexError"):
        table[99]
    with pytest.raises(StudentCodeRaised, match="ValueError"):
        len(module.Bad())
    with pytest.raises(TypeError):
        iter(table)


def test_drivers_run_beside_the_code(run):
    """A driver gets the student, values and references, and gives a value back."""
    worker = run("def double(x):\n    return 2 * x\n")
    code = worker.load("code")
    result = worker.drive("tests.sandbox.driver:double", code, np.ones(2), times=3)
    np.testing.assert_array_equal(result, [8.0, 8.0])
    loaded = worker.drive("tests.sandbox.driver:load", "code")
    assert proxies.same(loaded, code)


def test_only_announced_drivers_run(run):
    """A module that the zygote did not load as a driver is refused."""
    with pytest.raises(BadAnswer, match="is no driver"):
        run("").drive("os:getcwd")


def test_a_driver_that_fails_shows_no_frames_of_ours(run):
    """An exception in a driver has a type and a message, and no traceback."""
    with pytest.raises(StudentCodeRaised) as caught:
        run("").drive("tests.sandbox.driver:broken")
    assert caught.value.type_name == "KeyError"
    assert caught.value.frames == []


def test_workers_look_like_a_fresh_interpreter(run):
    """The code finds its own folder first, no arguments, an empty `__main__` and stdin."""
    code = run(
        """
        import os, sys, __main__
        first, cwd = sys.path[0] == os.path.dirname(__file__), os.getcwd() == sys.path[0]
        argv, main = sys.argv, sorted(k for k in vars(__main__) if not k.startswith("__"))
        """
    ).load("code")
    assert (code.first, code.cwd, code.argv, code.main) == (True, True, ["student"], [])


def test_random_numbers_are_the_same_in_every_worker(run):
    """A regrade draws the same random numbers."""
    text = "import random, numpy as np\ndraw = (random.random(), float(np.random.rand()))\n"
    assert run(text).load("code").draw == run(text).load("code").draw
