"""The memory of the container that this process runs in, by its control group (v1 or v2)."""

from __future__ import annotations

import contextlib
from pathlib import Path

ROOT = Path("/sys/fs/cgroup")
_MIB = 1 << 20
_UNLIMITED = 1 << 60  # from here on, version 1 means that there is no limit


def limit_mb(root: Path = ROOT) -> int | None:
    """What the container may use, in MiB; None where there is no limit, or no container."""
    found = _number(root / "memory.max", root / "memory" / "memory.limit_in_bytes")
    return None if found is None or found >= _UNLIMITED else found // _MIB


def peak_mb(root: Path = ROOT) -> float | None:
    """The most that the container has used, in MiB; None where it has no limit.

    Pages of files count that the kernel would give back before it kills.
    """
    if limit_mb(root) is None:  # the whole machine's figures say nothing about this run
        return None
    found = _number(root / "memory.peak", root / "memory" / "memory.max_usage_in_bytes")
    return None if found is None else round(found / _MIB, 1)


def _number(*paths: Path) -> int | None:
    """The number in the first of these files that has one."""
    for path in paths:
        with contextlib.suppress(OSError, ValueError):
            return int(path.read_text(encoding="ascii"))
    return None
