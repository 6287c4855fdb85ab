"""One malformed message after the other: lengths, nesting, numbers, names, sizes."""

import json
import os
import struct
import sys

def send(header, body=b""):
    """Write one message as the worker does."""
    raw = json.dumps(header).encode()
    os.write(4, struct.pack("<I", len(raw)) + raw + body)


def request():
    """The request that is being answered, from the worker's own variables."""
    frame = sys._getframe()
    while frame is not None:
        header = frame.f_locals.get("header")
        if isinstance(header, dict) and "id" in header:
            return header
        frame = frame.f_back
    return {"id": 1}


def raw(text, length=None):
    data = text.encode("utf-8", "surrogatepass")
    os.write(4, struct.pack("<I", len(data) if length is None else length) + data)


def head(value, arrays="[]"):
    return f'{{"id": {request()["id"]}, "ok": true, "value": {value}, "arrays": {arrays}}}'


FRAMES = (
    lambda: raw("", 2**32 - 1),
    lambda: raw("[" * 30_000),
    lambda: raw(head("[" * 20_000 + "]" * 20_000)),
    lambda: raw(head('{"l": [' * 5_000 + "]}" * 5_000)),
    lambda: raw(head("NaN")),
    lambda: raw(head("1" + "0" * 5_000)),
    lambda: raw(head("1e999")),
    lambda: raw(head('"\ud800"')),
    lambda: raw(head('{"a": 0}', '[["f8", [2147483647, 2147483647, 2147483647]]]')),
    lambda: raw(head('{"a": 0}', '[["f8", [2147483648, 2147483648, 0]]]')),
    lambda: raw(head('{"a": 0}', '[["f8", [-1]]]')),
    lambda: raw(head('{"a": 0}', '[["O", [1]]]')),
    lambda: raw(head('{"a": 0}', '[["f8", [true]]]')),
    lambda: raw(head('{"a": 1}', '[["u1", [0]]]')),
    lambda: raw(head('{"l": [{"a": 0}, {"a": 0}]}', '[["u1", [0]]]')),
    lambda: raw(head('{"d": [["x", 1], ["x", 2]]}')),
    lambda: raw(head('{"r": 0, "type": 7, "callable": 1}')),
    lambda: raw(head('{"a": 0, "tensor": true}', '[["u1", [0]]]')),
    lambda: raw(head('{"__class__": "Run", "f": "nan"}')),
)
turn = os.getpid()


class ReLU:
    """One of the frames a call; which one it begins with differs from run to run."""

    dx = None

    def forward(self, x):
        global turn
        for _ in range(1 + turn % 3):
            turn += 1
            FRAMES[turn % len(FRAMES)]()

    backward = forward
