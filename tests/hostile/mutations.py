"""Damage for fuzzing: bytes that are nearly what a reader expects."""

from __future__ import annotations

import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, settings

SEED = int(os.environ.get("FUZZ_SEED", "20"))
BATCH = 50
EDGES = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, (1 << 64) - 1)


def batches(inputs: int) -> settings:
    """Settings for a test whose every example is the seed of a batch of inputs."""
    return settings(
        max_examples=max(inputs // BATCH, 1),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def amounts(quick: int, many: int):
    """Parameters for a few inputs in every run and many in the slow one."""
    return pytest.mark.parametrize(
        "inputs", [quick, pytest.param(many, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])]
    )


def damaged(data: bytes, chance: Random, others: list[bytes]) -> bytes:
    """`data` after one to four of: a flip, a cut, a splice, a repetition, a number at its edge."""
    result = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        _ONE[chance.randrange(len(_ONE))](result, chance, others)
    return bytes(result)


def _flip(data: bytearray, chance: Random, _others: list[bytes]) -> None:
    for _ in range(chance.choice((1, 1, 2, 8))):
        if data:
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _overwrite(data: bytearray, chance: Random, _others: list[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def _number(data: bytearray, chance: Random, _others: list[bytes]) -> None:
    size = chance.choice((2, 4, 8))
    at = chance.randrange(len(data) + 1)
    number = chance.choice((*EDGES, len(data), at, chance.randrange(1 << 16)))
    data[at : at + size] = (number & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def _cut(data: bytearray, chance: Random, _others: list[bytes]) -> None:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    if chance.random() < 0.5:
        del data[end:]
    else:
        del data[start : min(end, start + 40)]


def _repeat(data: bytearray, chance: Random, _others: list[bytes]) -> None:
    start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
    at = chance.randrange(len(data) + 1)
    data[at:at] = data[start : min(end, start + 200)]


def _splice(data: bytearray, chance: Random, others: list[bytes]) -> None:
    other = chance.choice(others)
    data[chance.randrange(len(data) + 1) :] = other[chance.randrange(len(other) + 1) :]


_ONE = (_flip, _overwrite, _number, _cut, _repeat, _splice)
