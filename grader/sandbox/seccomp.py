"""A filter that refuses system calls which student code has no honest use for.

The filter is a program of the kernel's classic packet filter (see the kernel's
Documentation/userspace-api/seccomp_filter.rst). It binds this process for good, and all
that it may start. It looks at the calling convention first: the same number means another
call in another one. What is newer than the list in `syscalls` does not exist, as on an
older kernel.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from collections.abc import Iterator

from .syscalls import AARCH64, CONDITIONS, NEWEST, REFUSED, UNKNOWN, X86_64, Condition, number

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2

_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IF_EQUAL, _IF_GREATER = 0x15, 0x25
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_CONVENTIONS = {X86_64: 0xC000003E, "amd64": 0xC000003E, AARCH64: 0xC00000B7, "arm64": 0xC00000B7}


class _Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_void_p)]


def install() -> int:
    """Filter the calling thread from now on; gives the length of the program.

    Needs "no new privileges", or root. Raises OSError where the kernel refuses, or the
    architecture is none of those that `syscalls` lists.
    """
    code = program(os.getpid())
    buffer = ctypes.create_string_buffer(code, len(code))
    length = len(code) // 8
    filters = _Program(length, ctypes.cast(buffer, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, ctypes.c_ulong(_MODE_FILTER), ctypes.byref(filters), 0, 0):
        code_ = ctypes.get_errno()
        raise OSError(code_, os.strerror(code_))
    return length


def program(own: int) -> bytes:
    """The filter's instructions for the process `own`, 8 bytes each.

    Raises OSError for an architecture without a list.
    """
    number((0, 0))
    convention = _CONVENTIONS[platform.machine().lower()]
    parts = [
        _instruction(_LOAD, _ARCHITECTURE),
        _instruction(_IF_EQUAL, convention, yes=1),
        _instruction(_RETURN, _KILL),
        _instruction(_LOAD, _NUMBER),
        _instruction(_IF_GREATER, NEWEST, no=1),
        _instruction(_RETURN, _ERROR | errno.ENOSYS),
    ]
    for names, error in ((UNKNOWN, errno.ENOSYS), (REFUSED, errno.EPERM)):
        for numbers in names.values():
            call = number(numbers)
            if call is not None:
                parts += _block(call, [_instruction(_RETURN, _ERROR | error)])
    for condition in CONDITIONS:
        call = number(condition.numbers)
        if call is not None:
            parts += _block(call, list(_judged(condition, own)))
    return b"".join([*parts, _instruction(_RETURN, _ALLOW)])


def _block(call: int, body: list[bytes]) -> list[bytes]:
    """Instructions for one call; every way through `body` ends in a verdict."""
    return [_instruction(_IF_EQUAL, call, no=len(body)), *body]


def _judged(condition: Condition, own: int) -> Iterator[bytes]:
    """Look at one argument. Its low half only: the kernel takes these as 32-bit numbers."""
    yield _instruction(_LOAD, _ARGUMENTS + 8 * condition.argument)
    yield _instruction(_AND, condition.mask)
    values = (*condition.values, own) if condition.own else condition.values
    for index, value in enumerate(values):
        yield _instruction(_IF_EQUAL, value, yes=len(values) - index)
    refused = _instruction(_RETURN, _ERROR | errno.EPERM)
    allowed = _instruction(_RETURN, _ALLOW)
    yield from (refused, allowed) if condition.unless else (allowed, refused)


def _instruction(code: int, operand: int, yes: int = 0, no: int = 0) -> bytes:
    """Struct sock_filter: `yes` and `no` are how many instructions a jump skips."""
    return struct.pack("=HBBI", code, yes, no, operand)
