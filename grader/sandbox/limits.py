"""What a worker may use, and what it used."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Limits of one worker, over its whole life.

    `cpu_seconds` is the real limit (whole seconds count, rounded up); `wall_seconds`
    is the backstop and runs only while a request runs. `memory_mb` bounds the private
    memory of the process, what its zygote holds included: about 50 MB with numpy, 250
    with torch. `answer_mb` bounds the arrays of one answer.
    """

    cpu_seconds: float = 10.0
    wall_seconds: float = 30.0
    memory_mb: int = 560
    answer_mb: int = 64


@dataclass(frozen=True)
class Usage:
    """What a worker used: CPU and wall seconds, its peak memory, the time to start it.

    `peak_mb` includes pages that the worker shares with its zygote.
    """

    cpu_seconds: float = 0.0
    wall_seconds: float = 0.0
    peak_mb: float = 0.0
    start_seconds: float = 0.0
