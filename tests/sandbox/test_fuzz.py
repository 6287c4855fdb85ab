"""Whatever bytes a worker sends: an answer, a named error or `ProtocolError`, in bounded memory.

FUZZ_SEED sets another seed than the one of every run; a failure names the input.
"""

from __future__ import annotations

import json
import struct
import time
import tracemalloc
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader import errors, feedback
from grader.sandbox import Limits, Worker, protocol
from grader.sandbox.protocol import ProtocolError
from grader.sandbox.proxies import RemoteObject
from grader.sandbox.values import MAX_DEPTH, MAX_NODES, MAX_TEXT
from tests.hostile.mutations import BATCH, SEED, amounts, batches, damaged

LIMIT = 1 << 18
HEADER_COST = 16 << 20
NUMBER = 7
TEXTS = ("", "x", "relu.py", "\x00\x1b[31m", "\ud800", "\u202e", "```", "a" * 5000, "nan", "inf")
NUMBERS = (0, 1, -1, 7, True, 2**31 - 1, 2**31, 2**53, 2**63 - 1, 2**63, 10**40, 0.5, 1e308)
NAMES = ("id", "ok", "value", "error", "arrays", "kind", "message", "frames", "r", "a", "l", "d")
KINDS = ("raised", "not-started", "missing", "answer", "exit", "memory", "other", "", None)


class Dropped:
    """Stands for the process of a worker that is dropped when it breaks the protocol."""

    def drop(self, violation):
        raise errors.BadAnswer(violation)


@pytest.fixture
def worker():
    """The grader's end of a worker, without the process."""
    end = Worker.__new__(Worker)
    end.limits, end._process, end._released = Limits(), Dropped(), []
    return end


def tree(chance: Random, depth: int = 0):  # noqa: PLR0911  one for each kind of node
    """A value tree: mostly by the grammar, with a mistake here and there."""
    pick = chance.random()
    if pick < 0.06 or depth > chance.choice((1, 2, 3, MAX_DEPTH + 2)):
        return chance.choice((*NUMBERS, *TEXTS, None, [], {}))
    if pick < 0.2:
        return {"a": chance.choice((0, 0, 1, 2, -1, True, "0"))}
    if pick < 0.3:
        return reference(chance)
    if pick < 0.36:
        return {"f": chance.choice((*TEXTS, 1))}
    if pick < 0.5:
        key = lambda: chance.choice((*NUMBERS, *TEXTS))  # noqa: E731
        return {"d": [[key(), tree(chance, depth + 1)] for _ in range(chance.randrange(4))]}
    if pick < 0.56:
        names = [chance.choice(("l", "t", "d", "f", "r", "a", "x")) for _ in range(2)]
        return {name: tree(chance, depth + 1) for name in names}
    return {chance.choice("lt"): [tree(chance, depth + 1) for _ in range(chance.randrange(4))]}


def reference(chance: Random):
    """A reference to an object that stays in the worker."""
    node = {"r": chance.choice((1, *NUMBERS)), "type": chance.choice(TEXTS), "callable": True}
    if chance.random() < 0.2:
        node[chance.choice(("callable", "type", "more"))] = chance.choice((1, None, "x"))
    return node


def record(chance: Random):
    """What a worker says of an exception."""
    frame = {"path": "a.py", "line": 3, "function": "f", "text": "x = 1"}
    frames = [
        frame | {chance.choice(list(frame)): chance.choice((*TEXTS, *NUMBERS))}
        for _ in range(chance.choice((0, 1, 2, 14)))
    ]
    found = {
        "kind": chance.choice(("raised", "raised", *KINDS)),
        "type": chance.choice((*TEXTS, "MemoryError", "IndexError")),
        "message": chance.choice((*TEXTS, "index 3 is out of bounds")),
        "frames": chance.choice((frames, frames, [], [frame], [frame] * 3, {})),
        "importing": chance.choice((True, False, 1)),
        "status": chance.choice(NUMBERS),
    }
    for name in chance.sample(list(found), chance.choice((0, 0, 1, 2))):
        del found[name]
    return found


def arrays(chance: Random):
    """Announcements of arrays and, mostly, bodies of their size."""
    specs, body = [], b""
    for _ in range(chance.choice((0, 1, 1, 2, 3, 17))):
        code = chance.choice((*(3 * [*protocol.DTYPES]), "O", 8))
        shape = [chance.choice((0, 1, 2, 3, 3)) for _ in range(chance.choice((0, 1, 2, 4, 4)))]
        if chance.random() < 0.05:
            shape = [chance.choice((0, 2**31 - 1, 2**31, 2**40, -1, True, "1")) for _ in range(3)]
        specs.append([code, shape])
        if code in protocol.DTYPES and all(type(size) is int and size < 9 for size in shape):
            size = int(np.prod(shape, dtype=int)) * protocol.DTYPES[code].itemsize
            body += chance.randbytes(max(size, 0))
    return specs, body


def framed(header, body: bytes) -> bytes:
    """Frame a header without any check."""
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<I", len(raw)) + raw + body


def answer(chance: Random) -> bytes:
    """A message that a worker might send for request `NUMBER`, or nearly so."""
    specs, body = arrays(chance)
    value = tree(chance)
    if chance.random() < 0.5:
        value = {"l": [{"a": index} for index in range(len(specs))]}
    elif chance.random() < 0.5:
        specs, body = [], b""
    header = {"id": NUMBER, "ok": True, "value": value, "arrays": specs}
    if chance.random() < 0.4:
        header = {"id": NUMBER, "ok": False, "error": record(chance), "arrays": []}
        body = b""
    if chance.random() < 0.1:
        header[chance.choice(NAMES)] = chance.choice((*NUMBERS, *TEXTS, None, [], {}))
    return framed(header, body)


def nested(chance: Random) -> bytes:
    """A header that is deep, long or nothing but numbers."""
    count = chance.choice((10, 1000, 30_000, 65_000))
    text = chance.choice(("[", '{"l":[', "[" * 9 + "]", '{"a":', "9", "1e9", "[0],", '"\\ud800"'))
    raw = (text * count)[: chance.choice((200, 65_000, protocol.MAX_HEADER_BYTES))].encode()
    return framed(chance.choice((raw, b'{"arrays":[],"x":' + raw, raw + b"}")), b"")


GENUINE = [
    framed({"id": NUMBER, "ok": True, "value": {"a": 0}, "arrays": [["f8", [2, 3]]]}, bytes(48)),
    framed(
        {"id": NUMBER, "ok": True, "value": {"d": [["x", {"t": [1, 2.5, "y"]}]]}, "arrays": []},
        b"",
    ),
    framed({"id": NUMBER, "ok": False, "error": record(Random(1)), "arrays": []}, b""),
]


def message(chance: Random) -> bytes:
    """One input."""
    pick = chance.random()
    if pick < 0.05:
        return chance.randbytes(chance.randrange(80))
    if pick < 0.06:
        return nested(chance)
    if pick < 0.5:
        return answer(chance)
    source = answer(chance) if pick < 0.7 else chance.choice(GENUINE)
    return damaged(source, chance, GENUINE)


def read(data: bytes, worker: Worker) -> str:
    """Read one message as the grader does; say how it ended."""
    try:
        frame = protocol.parse(data, LIMIT)
        value = worker._result(frame, NUMBER)
    except ProtocolError:
        return "no message"
    except errors.BadAnswer as error:
        feedback.explain(error)
        return "no answer"
    except errors.SubmissionError as error:
        words = feedback.explain(error)
        json.dumps([words, str(error)], ensure_ascii=False).encode()
        return "an error"
    assert_plain(value)
    return "a value"


def assert_plain(value, depth: int = 0) -> int:
    """Only plain values, arrays and references come out, no deeper and longer than allowed."""
    assert depth <= MAX_DEPTH + 1
    count = 1
    if type(value) in (list, tuple):
        count += sum(assert_plain(item, depth + 1) for item in value)
    elif type(value) is dict:
        assert all(type(key) in (str, int) for key in value)
        count += sum(assert_plain(item, depth + 1) for item in value.values())
    elif type(value) is str:
        assert len(value.encode()) <= 4 * MAX_TEXT
    else:
        assert value is None or type(value) in (bool, int, float, np.ndarray, RemoteObject)
    assert count <= 4 * MAX_NODES
    return count


@amounts(1000, 110_000)
def test_any_message_is_read_or_refused(worker, inputs):
    """No message makes the reader raise anything but the named errors; all ends occur."""
    ends = dict.fromkeys(("no message", "no answer", "an error", "a value"), 0)
    began = time.perf_counter()

    @batches(inputs)
    @given(st.integers(0, 2**63))
    def read_a_batch(number):
        chance = Random(f"{SEED}/{number}")
        for _ in range(BATCH):
            data = message(chance)
            try:
                ends[read(data, worker)] += 1
            except Exception as error:
                raise AssertionError(f"FUZZ_SEED={SEED}: {data[:2000]!r}") from error

    read_a_batch()
    total = sum(ends.values())
    rate = total / (time.perf_counter() - began)
    report = f"FUZZ_SEED={SEED}: {total} messages, {rate:.0f} a second: {ends}"
    print(report)  # noqa: T201  for pytest -s
    assert total >= inputs * 0.9
    assert all(count > total / 200 for count in ends.values())


def test_no_message_takes_more_memory_than_is_allowed(worker):
    """The arrays' limit, and for a header of 64 KiB what its JSON takes."""
    chance = Random(SEED)
    samples = [nested(chance) for _ in range(60)] + [message(chance) for _ in range(300)]
    tracemalloc.start()
    try:
        for data in samples:
            tracemalloc.reset_peak()
            before, _ = tracemalloc.get_traced_memory()
            read(data, worker)
            _, peak = tracemalloc.get_traced_memory()
            assert peak - before <= 2 * LIMIT + HEADER_COST, data[:200]
    finally:
        tracemalloc.stop()
