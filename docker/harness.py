#!/usr/bin/env python3
"""What the platform's harness does with one submission, simulated in one process.

It is the container's main command and needs nothing but Python 3.8 and its standard
library: the base image's own `python3` runs it, never the grader's environment. It wipes
and fills the folders, runs `run_autograder` under the time limit, reads results.json the
moment that process has ended, and decides what the platform would keep of it.

Environment variables, so that it also runs as an ordinary process on any folder:

    AUTOGRADER_ROOT   /autograder      holds run_autograder, submission/ and results/
    HARNESS_IN        /gradescope/in   holds submission_metadata.json, and what was uploaded:
                                       files in submission/, or upload.zip
    HARNESS_OUT       /gradescope/out  gets record.json, and results.raw as it was found; closed
                                       to others, because run_autograder may write there (below)
    HARNESS_CGROUP    /sys/fs/cgroup   where this container's memory is accounted
    TIMEOUT_SECONDS   600              the time limit; run_autograder inherits it

Beyond what the platform does, run_autograder gets GRADER_OUTCOMES: a file in HARNESS_OUT for
the grader's own account of the run. What it leaves there goes into the record, as it is.

The exit status is 0 once record.json is written, whatever became of the run. Memory is in
MB of 2**20 bytes.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import math
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from pathlib import Path
from typing import Any, Iterator, Mapping  # noqa: UP035 (Python 3.8: the base's own)

LONGEST_TEXT = 100_000  # characters; of a longer text the middle is cut
LOST = (
    "The autograder failed to execute correctly. Ask your course staff for help, and send "
    "them the link to this page."
)
TIMED_OUT = "Your submission timed out: it took longer than {:g} seconds to run."

_PR_SET_CHILD_SUBREAPER = 36
_MOST_BYTES_A_CHARACTER = 4
_SAMPLE_SECONDS = 0.2
_MB = 1 << 20
_LARGEST_UPLOAD = 2 << 30  # bytes, unpacked
_LARGEST_OUTCOMES = 32 << 20  # bytes; what our grader writes is far below
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
_UNLIMITED = 1 << 60  # beyond it, cgroup v1 means "no limit"


class Lost(Exception):
    """The platform keeps nothing of the run; the message says why."""


def main(environment: Mapping[str, str]) -> None:
    """Run once, from the files that came in to the record."""
    root = Path(environment.get("AUTOGRADER_ROOT", "/autograder"))
    incoming = Path(environment.get("HARNESS_IN", "/gradescope/in"))
    outgoing = Path(environment.get("HARNESS_OUT", "/gradescope/out"))
    limit = environment.get("TIMEOUT_SECONDS", "600")
    seconds = _seconds(limit)
    outgoing.mkdir(parents=True, exist_ok=True, mode=0o700)
    outcomes = outgoing / "outcomes.json"
    for stale in (outgoing / "record.json", outgoing / "results.raw", outcomes):
        with contextlib.suppress(FileNotFoundError):
            stale.unlink()
    _adopt_orphans()
    memory = Memory(Path(environment.get("HARNESS_CGROUP", "/sys/fs/cgroup")))
    with memory:
        told = {"TIMEOUT_SECONDS": limit, "GRADER_OUTCOMES": str(outcomes)}
        record, raw = grade(root, incoming, seconds, {**environment, **told})
    record["outcomes"] = _text(outcomes)
    record.update(memory.figures())
    record["leftover"] = list(_descendants())
    if raw is not None:
        _write(outgoing / "results.raw", raw)
    _write(outgoing / "record.json", json.dumps(record, allow_nan=False).encode())


def grade(
    root: Path, incoming: Path, limit: float, environment: Mapping[str, str]
) -> tuple[dict[str, Any], bytes | None]:
    """Prepare, run and judge; the record so far, and the bytes of results.json if any."""
    record: dict[str, Any] = {"outcome": "lost", "reason": "", "exit_status": None}
    raw = None
    began = time.monotonic()
    try:
        _prepare(root, incoming)
        began = time.monotonic()
        status = _execute(root, limit, environment)
        raw = _read(root / "results" / "results.json")  # at once: who still writes, races
        if status is None:
            record["outcome"] = "timed-out"
            record["reason"] = f"run_autograder was killed after {limit:g} s"
            record["results"] = {"score": 0, "output": TIMED_OUT.format(limit)}
            replacement = json.dumps(record["results"]).encode()
            _write(root / "results" / "results.json", replacement)
        else:
            record["exit_status"] = status
            record["results"] = kept(raw)
            record["outcome"] = "graded"
    except (Lost, OSError) as problem:
        record["reason"] = str(problem)
        record["results"] = {"score": 0, "output": LOST}
    record["seconds"] = round(time.monotonic() - began, 3)
    record["stdout"] = _head_and_tail(root / "results" / "stdout")
    return record, raw


def kept(raw: bytes | None) -> dict[str, Any]:
    """What the platform keeps of a results.json with these bytes; raises Lost if nothing."""
    if raw is None:
        raise Lost("run_autograder ended, and there is no results/results.json")
    if not raw.strip():
        raise Lost("results.json is empty")
    try:
        document = json.loads(raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Lost(f"results.json cannot be read: {error}") from None
    if not isinstance(document, dict):
        raise Lost(f"results.json holds {type(document).__name__}, not an object, at its top")
    tests = document.get("tests", [])
    if not (isinstance(tests, list) and all(isinstance(test, dict) for test in tests)):
        raise Lost("tests in results.json is not a list of objects")
    for number, table in enumerate([document, *tests]):
        text = table.get("output", "")
        if not isinstance(text, str):
            where = f"of tests[{number - 1}] " if number else ""
            raise Lost(f"output {where}in results.json is {type(text).__name__}, not a string")
        if "output" in table:
            table["output"] = cut(text)
    return document


def cut(text: str) -> str:
    """The text; where it is too long, its two ends."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT // 2] + text[-LONGEST_TEXT // 2 :]


class Memory:
    """What the container's cgroup, version 1 or 2, tells about memory; None where unknown.

    The kernel's own peak counts the page cache, which it would drop before it kills. So a
    thread also samples what cannot be dropped: anonymous and shared memory.
    """

    def __init__(self, cgroup: Path) -> None:
        self._v1 = (cgroup / "memory" / "memory.limit_in_bytes").exists()
        self._folder = cgroup / "memory" if self._v1 else cgroup
        self._largest: int | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._killed_before = self._oom_kills()

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def figures(self) -> dict[str, Any]:
        """`peak_mb`, `peak_anon_mb`, `memory_limit_mb`, and `oom_kills` since the start."""
        limit = self._number("memory.limit_in_bytes" if self._v1 else "memory.max")
        peak = self._number("memory.max_usage_in_bytes" if self._v1 else "memory.peak")
        kills = self._oom_kills()
        if kills is not None:
            kills -= self._killed_before or 0
        return {
            "peak_mb": _mb(peak),
            "peak_anon_mb": _mb(self._largest),
            "memory_limit_mb": None if limit is None or limit >= _UNLIMITED else _mb(limit),
            "oom_kills": kills,
        }

    def _watch(self) -> None:
        names = ("total_rss", "total_shmem") if self._v1 else ("anon", "shmem")
        while True:
            table = self._table("memory.stat")
            found = [table[name] for name in names if name in table]
            if found:
                self._largest = max(self._largest or 0, sum(found))
            if self._stop.wait(_SAMPLE_SECONDS):
                return

    def _oom_kills(self) -> int | None:
        return self._table("memory.oom_control" if self._v1 else "memory.events").get("oom_kill")

    def _number(self, name: str) -> int | None:
        try:
            return int((self._folder / name).read_text())
        except (OSError, ValueError):  # not there, or "max"
            return None

    def _table(self, name: str) -> dict[str, int]:
        try:
            lines = (self._folder / name).read_text().splitlines()
        except OSError:
            return {}
        pairs = (line.split() for line in lines)
        return {pair[0]: int(pair[1]) for pair in pairs if len(pair) == 2}  # noqa: PLR2004


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        sys.exit(f"harness: TIMEOUT_SECONDS must be a number of seconds, not {text!r}")
    return seconds


def _prepare(root: Path, incoming: Path) -> None:
    """Empty folders; the metadata, before the files are fetched; the files."""
    for name in ("submission", "results"):
        folder = root / name
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(str(folder))
        folder.mkdir(parents=True)
        folder.chmod(0o755)
    metadata = root / "submission_metadata.json"
    with contextlib.suppress(FileNotFoundError):
        metadata.unlink()
    if (incoming / metadata.name).exists():
        shutil.copyfile(str(incoming / metadata.name), str(metadata))
        metadata.chmod(0o644)
    upload, files = incoming / "upload.zip", incoming / "submission"
    try:
        if upload.exists():
            _unpack(upload, root / "submission")
        if files.exists():
            _fetch(files, root / "submission")
    except (OSError, *_BAD_ZIP) as error:
        raise Lost(f"the submitted files could not be fetched: {error}") from error


def _unpack(upload: Path, target: Path) -> None:
    """What an uploaded archive holds; any other upload is one file, as it is.

    `zipfile` keeps every entry below the target and gives none exec bits or links.
    """
    if not zipfile.is_zipfile(str(upload)):
        shutil.copyfile(str(upload), str(target / upload.name))
        return
    with zipfile.ZipFile(str(upload)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if size > _LARGEST_UPLOAD:  # zipfile reads no entry beyond the size that it declares
            raise Lost(f"the upload would fill {size // _MB} MB, more than this simulator unpacks")
        archive.extractall(str(target))


def _fetch(source: Path, target: Path) -> None:
    """Copy a tree; files lose their exec bits, links stay links, devices and pipes stay out."""
    for entry in sorted(source.iterdir()):
        place = target / entry.name
        mode = entry.lstat().st_mode
        if stat.S_ISDIR(mode):
            place.mkdir()
            _fetch(entry, place)
        elif stat.S_ISLNK(mode):
            place.symlink_to(os.readlink(str(entry)))  # noqa: PTH115 (Python 3.8)
        elif stat.S_ISREG(mode):
            shutil.copyfile(str(entry), str(place))
            place.chmod(mode & 0o666)


def _execute(root: Path, limit: float, environment: Mapping[str, str]) -> int | None:
    """The exit status of run_autograder; None if its time ran out.

    Only the direct child is killed then: what it has started lives on, as on the platform.
    """
    program = root / "run_autograder"
    with (root / "results" / "stdout").open("wb") as stdout:
        try:
            child = subprocess.Popen(  # noqa: S603 (running it is the harness's job)
                [str(program)],
                cwd=str(root),
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=stdout,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise Lost(f"run_autograder could not be started: {_why(program, error)}") from error
    try:
        return child.wait(timeout=limit)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
        return None


def _why(program: Path, error: OSError) -> str:
    if not program.exists():
        return "it is not there"
    if error.errno == errno.ENOENT:
        return "the interpreter in its first line is not there (or the line ends with CRLF)"
    if error.errno == errno.EACCES:
        return "it is not executable"
    if error.errno == errno.ENOEXEC:
        return "it has no first line with #! and an interpreter"
    return str(error)


def _read(path: Path) -> bytes | None:
    """The file's bytes; None for what is no ordinary file. Never waits, as a pipe would."""
    try:
        descriptor = os.open(str(path), os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    with os.fdopen(descriptor, "rb") as stream:
        return stream.read()


def _text(path: Path) -> str:
    """What the file says; '' where there is none, or too much of it."""
    with contextlib.suppress(OSError):
        if path.stat().st_size <= _LARGEST_OUTCOMES:
            return (_read(path) or b"").decode("utf-8", "replace")
    return ""


def _head_and_tail(path: Path) -> str:
    """A log of any size as text, cut; no more of it is read than is shown."""
    room = _MOST_BYTES_A_CHARACTER * LONGEST_TEXT
    try:
        with path.open("rb") as stream:
            head = stream.read(room)
            size = stream.seek(0, os.SEEK_END)
            stream.seek(max(len(head), size - room))
            return cut((head + stream.read(room)).decode("utf-8", "replace"))
    except OSError:
        return ""


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large")
    return number


def _adopt_orphans() -> None:
    """Be for orphaned descendants what process 1 of a container is, so that they are found."""
    with contextlib.suppress(OSError, AttributeError):  # no Linux: nothing is found
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _descendants() -> Iterator[str]:
    """Names of the processes that run_autograder left behind, those already dead excepted."""
    children: dict[int, list[tuple[int, str]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_bytes().decode("utf-8", "replace")
        except OSError:  # it has ended meanwhile
            continue
        name = text[text.index("(") + 1 : text.rindex(")")]
        state, parent = text[text.rindex(")") + 2 :].split()[:2]
        if state not in "ZX":
            children.setdefault(int(parent), []).append((int(path.parent.name), name))
    waiting = [os.getpid()]
    while waiting:
        for process, name in children.get(waiting.pop(), []):
            waiting.append(process)
            yield name


def _mb(size: int | None) -> float | None:
    return None if size is None else round(size / _MB, 1)


def _write(path: Path, data: bytes) -> None:
    """All of the file or nothing of it."""
    new = path.with_name(path.name + ".new")
    new.write_bytes(data)
    new.replace(path)


def _stop(*_: object) -> None:
    sys.exit(128 + signal.SIGTERM)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)  # process 1 of a container ignores it otherwise
    main(os.environ)
