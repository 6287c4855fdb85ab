"""Requests are well formed before they leave; answers must fit what was asked."""

from __future__ import annotations

import numpy as np
import pytest

from grader.errors import BadAnswer, StudentCodeRaised, WorkerExited
from grader.sandbox import AsTensor, proxies

from .forgery import FORGE

REFERENCE = '{"r": 1, "type": "module", "callable": False}'


@pytest.mark.parametrize("value", [object(), np.zeros(2, complex), {(1,): 2}, np.zeros(2, "f2")])
def test_only_plain_values_are_sent(run, value):
    """A value that the protocol does not carry is a mistake in the check."""
    code = run("def f(*a, **k): pass\n").load("code")
    with pytest.raises(TypeError):
        code.f(value)
    with pytest.raises(TypeError):
        code.f(x=value)
    assert code.f() is None


def test_references_belong_to_their_worker(run):
    """A reference cannot be given to another worker."""
    first, second = run("x = {1}\n"), run("y = {2}\n")
    with pytest.raises(TypeError, match="another worker"):
        second.put(first.load("code").x)
    with pytest.raises(TypeError, match="another worker"):
        second.fetch(first.load("code").x)


@pytest.mark.parametrize(
    "value",
    ["5", "None", '{"t": [' + REFERENCE + "]}", '{"d": [["modules", 5]]}'],
)
def test_an_import_gives_a_module(run, value):
    """An answer to an import that is no module drops the worker."""
    worker = run(FORGE + f"\nanswer({value}); import time; time.sleep(60)\n")
    with pytest.raises(BadAnswer):
        worker.load("code")


def test_a_reference_is_not_to_be_replaced_by_a_value(run):
    """Where a reference was asked for, a value drops the worker."""
    code = run(FORGE + "\ndef f(): answer(5); import time; time.sleep(60)\n").load("code")
    with pytest.raises(BadAnswer, match="a reference was asked for"):
        proxies.call_reference(code, "f")


def test_a_length_is_a_number(run):
    """Where a length was asked for, anything else drops the worker."""
    code = run(
        FORGE + "\nclass A:\n    def __len__(self): answer('long'); import time; time.sleep(60)\n"
    ).load("code")
    with pytest.raises(BadAnswer, match="a length was asked for"):
        len(code.A())


def test_made_up_references_lead_nowhere(run):
    """A forged reference costs the forger a failed request."""
    code = run(
        FORGE
        + """
def f():
    answer({'r': 77, 'type': '\\x1b', 'callable': False})
    os._exit(0)
def g(x):
    pass
"""
    ).load("code")
    forged = code.f()
    assert proxies.type_name(forged) == "\ufffd"
    with pytest.raises((BadAnswer, WorkerExited)):
        code.g(forged)


def test_tensors_need_torch(run):
    """A numpy worker has no tensors."""
    with pytest.raises(StudentCodeRaised, match="without torch"):
        run("").put(AsTensor(np.zeros(2)))
