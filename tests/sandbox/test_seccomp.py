"""The filter of system calls: its program, and what it refuses when it is installed."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
import sys

import pytest

from grader.sandbox import seccomp, syscalls
from tests.sandbox.test_confinement import in_a_child

linux = pytest.mark.skipif(sys.platform != "linux", reason="needs seccomp")
X86_64 = 0xC000003E
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
OWN = 4711


def verdict(call: int, *arguments: int, convention: int = X86_64) -> int:
    """Run the program as the kernel does, on one call."""
    program = seccomp.program(OWN)
    code = [struct.unpack_from("=HBBI", program, at) for at in range(0, len(program), 8)]
    padded = [*arguments, *[0] * (6 - len(arguments))]
    data = struct.pack("=IIQ6Q", call, convention, 0, *padded)
    at = accumulator = 0
    while True:
        what, yes, no, operand = code[at]
        at += 1
        if what == 0x20:
            (accumulator,) = struct.unpack_from("=I", data, operand)
        elif what == 0x54:
            accumulator &= operand
        elif what == 0x15:
            at += yes if accumulator == operand else no
        elif what == 0x25:
            at += yes if accumulator > operand else no
        else:
            assert what == 0x06
            return operand


@pytest.fixture(autouse=True)
def on_x86_64(monkeypatch):
    """The program for one architecture, whatever this machine is."""
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")


@pytest.mark.parametrize("name", sorted(syscalls.REFUSED))
def test_each_call_of_the_list_is_refused(name):
    """The calls of the deny-list fail with EPERM."""
    assert verdict(syscalls.REFUSED[name][0]) == ERROR | errno.EPERM


@pytest.mark.parametrize("name", ["read", "write", "openat", "futex", "brk", "exit_group"])
def test_ordinary_calls_pass(name):
    """What Python needs is not touched."""
    numbers = {"read": 0, "write": 1, "openat": 257, "futex": 202, "brk": 12, "exit_group": 231}
    assert verdict(numbers[name]) == ALLOW


def test_another_calling_convention_ends_the_process():
    """The same number means another call in 32-bit code."""
    assert verdict(0, convention=0x40000003) == KILL


@pytest.mark.parametrize("call", [syscalls.NEWEST + 1, 0x40000000, 0x40000208, 0xFFFFFFFF])
def test_what_is_newer_or_of_x32_does_not_exist(call):
    """Calls that nobody has judged fail as on an older kernel."""
    assert verdict(call) == ERROR | errno.ENOSYS


def test_clone3_does_not_exist_and_clone_makes_threads_only():
    """A thread may be started, a process not."""
    assert verdict(435) == ERROR | errno.ENOSYS
    assert verdict(56, 0x11) == ERROR | errno.EPERM
    assert verdict(56, 0x3D0F00) == ALLOW


@pytest.mark.parametrize(
    ("call", "arguments", "allowed"),
    [
        (62, (OWN, 9), True),
        (62, (1, 9), False),
        (62, (0xFFFFFFFF, 9), False),
        (62, (OWN | 1 << 32, 9), True),  # the kernel drops the high half, too
        (234, (OWN, 1, 6), True),
        (234, (1, 1, 9), False),
        (9, (0, 4096, 3, 0x22), True),
        (9, (0, 4096, 3, 0x21), False),
        (9, (0, 4096, 3, 0x23), False),
        (9, (0, 4096, 1, 0x01), True),
        (9, (0, 4096, 3, 0x20022), True),
        (9, (0, 4096, 3, 0x121), False),
        (9, (0, 4096, 3, 0x122), False),
        (9, (0, 4096, 3, 0x102), False),
        (157, (1, 0), False),
        (157, (4 | 7 << 32, 1), False),
        (157, (15,), True),
        (72, (0, 10, 9), False),
        (72, (0, 1024, 1), False),
        (72, (0, 1026, 1), False),
        (72, (0, 3), True),
        (16, (0, 0x5412), False),
        (16, (0, 0x5401), True),
        (302, (0, 7), True),
        (302, (OWN, 7), True),
        (302, (1, 7), False),
        (203, (1,), False),
        (141, (0, 1, 19), False),
        (141, (0, 0, 19), False),
        (141, (2, 0, 19), False),
        (251, (3, 0, 3 << 13), False),
    ],
)
def test_calls_that_depend_on_an_argument(call, arguments, allowed):
    """Signals, limits and priorities reach this process alone; memory without a limit none."""
    assert verdict(call, *arguments) == (ALLOW if allowed else ERROR | errno.EPERM)


def test_the_other_architecture_has_a_program(monkeypatch):
    """On AArch64 calls that it lacks are left out."""
    here = seccomp.program(OWN)
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    code = seccomp.program(OWN)
    assert struct.unpack_from("=HBBI", code, 8)[3] == 0xC00000B7
    assert len(code) < len(here)


def test_an_unlisted_architecture_is_an_error(monkeypatch):
    """There is no filter for numbers that nobody has looked up."""
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")
    with pytest.raises(OSError, match="no list of system calls for riscv64"):
        seccomp.program(OWN)


@linux
def test_a_kernel_that_refuses_is_an_error(monkeypatch):
    """Without "no new privileges", and without root, the kernel takes no filter."""
    monkeypatch.undo()
    monkeypatch.setattr(seccomp, "_MODE_FILTER", 99)
    with pytest.raises(OSError, match="Invalid argument"):
        seccomp.install()


@linux
def test_an_installed_filter_binds(monkeypatch):
    """In a process of its own: no socket, no child; threads still run."""
    monkeypatch.undo()

    def attempts() -> str:
        import socket
        import threading

        ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)
        seccomp.install()
        found = []
        for attempt in (os.fork, socket.socket, lambda: os.kill(os.getppid(), 0)):
            try:
                attempt()
                found.append("open")
            except PermissionError:
                found.append("refused")
        thread = threading.Thread(target=lambda: found.append("thread"))
        thread.start()
        thread.join()
        os.kill(os.getpid(), 0)
        return " ".join(found)

    assert in_a_child(attempts) == "refused refused refused thread"
