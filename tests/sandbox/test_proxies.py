"""Remote objects: all names are the student's, functions do the rest."""

from __future__ import annotations

import copy

import numpy as np
import pytest

from grader.errors import StudentCodeRaised
from grader.sandbox import RemoteObject, proxies

CODE = """
class Layer:
    call = "mine"
    _private = 3
    def __init__(self): self.get = "also mine"
    def __call__(self, x): return x + 1
    def method(self, method, target=0): return method, target
    @property
    def bad(self): return 1 / 0
    def array(self):
        import numpy as np
        return np.arange(3)
"""


@pytest.fixture
def layer(run):
    """An object in a worker."""
    return run(CODE).load("code").Layer()


def test_names_do_not_clash(layer):
    """Attributes with the names of our functions, and private ones, are the student's."""
    assert (layer.call, layer.get, layer._private) == ("mine", "also mine", 3)
    layer._sandbox_note = 4
    assert layer._sandbox_note == 4
    assert layer.method(method=1, target=2) == (1, 2)
    assert proxies.call(layer, "method", method=1, target=2) == (1, 2)


def test_objects_are_called(layer):
    """An object with __call__ can be called."""
    assert layer(1) == 2
    assert proxies.is_callable(layer)
    assert proxies.is_callable(layer.method)
    assert proxies.type_name(layer) == "Layer"


def test_missing_attributes_raise_as_python_would(layer):
    """A missing attribute is an AttributeError of the student's code; `has` tells."""
    with pytest.raises(StudentCodeRaised) as caught:
        layer.dx  # noqa: B018 - asking is what raises
    assert caught.value.type_name == "AttributeError"
    assert "no attribute 'dx'" in caught.value.message
    assert not proxies.has(layer, "dx")
    assert proxies.has(layer, "call")
    with pytest.raises(StudentCodeRaised, match="ZeroDivisionError"):
        proxies.has(layer, "bad")


def test_results_can_be_left_there(layer):
    """A result or an attribute that is a plain value can be had as a reference."""
    kept = proxies.call_reference(layer, "array")
    assert isinstance(kept, RemoteObject)
    assert proxies.type_name(kept) == "ndarray[int64]"
    assert proxies.call(kept, "sum") == 3
    assert isinstance(proxies.get_reference(layer, "call"), RemoteObject)


def test_python_asks_in_vain(layer):
    """Truth, repr and failed copies cost no round trip and change nothing."""
    assert layer
    assert repr(layer).startswith("<remote Layer #")
    assert not hasattr(layer, "__array__")
    with pytest.raises(TypeError, match="cannot be copied"):
        copy.deepcopy(layer)


def test_set_reaches_the_object(layer):
    """Assigning copies an array; assigning a reference shares the object."""
    layer.weight = np.ones(2)
    shared = proxies.get_reference(layer, "weight")
    layer.other = shared
    proxies.call(shared, "fill", 5)
    np.testing.assert_array_equal(layer.other, [5.0, 5.0])
