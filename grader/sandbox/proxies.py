"""What checks hold in place of a student's object.

    conv = worker.load("modules.convolution")
    layer = conv.Conv2D(3, 4, kernel_size=3)    # a RemoteObject
    layer.weight = weight                       # copied to the worker
    out = layer.forward(x)                      # a numpy array, copied back
    layer.dx                                    # array, scalar, None, or RemoteObject

Plain values come back by value, everything else as another `RemoteObject`. All names of
a `RemoteObject` belong to the student; what can be done with it otherwise are functions
of this module. The functions `call` and `get` cost one round trip; `layer.forward(x)`
costs two, one of them to learn that `forward` can be called.

A missing attribute raises `StudentCodeRaised` with type name "AttributeError", as any
exception over there does.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NoReturn

from grader.errors import StudentCodeRaised

if TYPE_CHECKING:
    from .handle import Worker


class RemoteObject:
    """A reference to an object in a worker."""

    __slots__ = ("__weakref__", "_sandbox", "_sandbox_callable", "_sandbox_type")

    _sandbox: tuple[Worker, int]
    _sandbox_type: str
    _sandbox_callable: bool

    def __init__(self, worker: Worker, number: int, type_name: str, *, is_callable: bool) -> None:
        """Made by `Worker`."""
        object.__setattr__(self, "_sandbox", (worker, number))
        object.__setattr__(self, "_sandbox_type", type_name)
        object.__setattr__(self, "_sandbox_callable", is_callable)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)  # Python asks for these on its own account
        return get(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        set_(self, name, value)

    def __call__(self, *args: object, **kwargs: object) -> Any:
        """Call the object."""
        return call(self, "", *args, **kwargs)

    def __getitem__(self, key: object) -> Any:
        worker, _ = self._sandbox
        return worker._request("item", target=self, args=[key])  # noqa: SLF001

    def __len__(self) -> int:
        worker, _ = self._sandbox
        length = worker._request("length", target=self)  # noqa: SLF001
        if type(length) is not int or length < 0:
            worker._process.drop("a length was asked for, something else came")  # noqa: SLF001
        return length

    def __bool__(self) -> bool:
        """Be true without asking the worker for a length."""
        return True

    __iter__ = None  # len() and [] serve; iterating by errors would not end well

    def __reduce__(self) -> NoReturn:
        raise TypeError("a remote object cannot be copied or pickled")

    def __repr__(self) -> str:
        return f"<remote {self._sandbox_type} #{self._sandbox[1]}>"

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError):
            worker, number = self._sandbox
            worker._released.append(number)  # noqa: SLF001


def get(target: RemoteObject, name: str) -> Any:
    """Give an attribute: a value, or a `RemoteObject`."""
    return _worker(target)._request("get", target=target, name=name)  # noqa: SLF001


def get_reference(target: RemoteObject, name: str) -> RemoteObject:
    """Give an attribute as a reference, even if it is a plain value."""
    worker = _worker(target)
    value = worker._request("get", target=target, name=name, by_reference=True)  # noqa: SLF001
    return worker._as_reference(value)  # noqa: SLF001


def set_(target: RemoteObject, name: str, value: object) -> None:
    """Set an attribute to a copy of `value`, or to the object that a reference stands for."""
    _worker(target)._request("set", target=target, name=name, args=[value])  # noqa: SLF001


def call(target: RemoteObject, method: str, /, *args: object, **kwargs: object) -> Any:
    """Call a method in one round trip; "" calls the object itself."""
    worker = _worker(target)
    return worker._request("call", target=target, name=method, args=args, kwargs=kwargs)  # noqa: SLF001


def call_reference(
    target: RemoteObject, method: str, /, *args: object, **kwargs: object
) -> RemoteObject:
    """Call a method and leave its result in the worker: a tensor with its graph, say."""
    worker = _worker(target)
    value = worker._request(  # noqa: SLF001
        "call", target=target, name=method, args=args, kwargs=kwargs, by_reference=True
    )
    return worker._as_reference(value)  # noqa: SLF001


def has(target: RemoteObject, name: str) -> bool:
    """Whether the object has the attribute, as `hasattr` says it."""
    try:
        get_reference(target, name)
    except StudentCodeRaised as error:
        if error.type_name == "AttributeError":
            return False
        raise
    return True


def type_name(target: RemoteObject) -> str:
    """Name the object's class, as the worker says it."""
    return target._sandbox_type  # noqa: SLF001


def is_callable(target: RemoteObject) -> bool:
    """Whether the object can be called, as the worker says it."""
    return target._sandbox_callable  # noqa: SLF001


def same(first: RemoteObject, second: RemoteObject) -> bool:
    """Whether two references stand for one object."""
    return first._sandbox == second._sandbox  # noqa: SLF001


def _worker(target: RemoteObject) -> Worker:
    return target._sandbox[0]  # noqa: SLF001
