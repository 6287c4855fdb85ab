"""A place to grade hostile submissions in, laid out as on the platform, and watched.

    source/                   a copy of the grader and of the reference
    submission/               the archive that is graded
    results/results.json
    submission_metadata.json
    tmp/                      the grader's TMPDIR

All of it belongs to the user who grades, as on a laptop. Whatever hostile code leaves there,
takes away or changes shows in a comparison of before and after.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import select
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from grader.authoring import samples
from grader.authoring.samples import ROOT
from grader.evaluation import images
from grader.sandbox.pool import USER_IDS
from grader.sandbox.reachable import package_folders

if TYPE_CHECKING:
    from typing_extensions import Self

SHARED = ("/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/run/lock")
SYSTEM_V = ("/proc/sysvipc/shm", "/proc/sysvipc/sem", "/proc/sysvipc/msg")
FEW_IMAGES = 200
LEFT = "left behind"
SECONDS = 240
METADATA = {"id": 1, "token": "not for students", "users": [{"email": "someone@example.org"}]}


class Workplace:
    """A folder, and a grader that works in it as the user `uid`; a context manager.

    `without` names layers that its workers go without.
    """

    def __init__(self, uid: int, without: tuple[str, ...] = ()) -> None:
        self.uid = uid
        self.without = without
        self.folder = Path(tempfile.mkdtemp(prefix="workplace-")).resolve()
        self.archives = self.folder / "submission"
        self.results = self.folder / "results" / "results.json"
        self.images = self.folder / "source" / "images.npz"
        self._process: subprocess.Popen[str] | None = None
        self._furnish()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        shutil.rmtree(self.folder)

    def _furnish(self) -> None:
        self.folder.chmod(0o755)
        for name in ("source", "submission", "results", "tmp"):
            (self.folder / name).mkdir()
        leave = shutil.ignore_patterns("__pycache__", "*.pth", "practice_train.npz")
        for name in ("grader", "reference"):
            shutil.copytree(ROOT / name, self.folder / "source" / name, ignore=leave)
        with np.load(images.PRACTICE) as practice:
            few = {name: practice[name][:FEW_IMAGES] for name in ("images", "labels")}
        np.savez(self.images, **few)
        metadata = self.folder / "submission_metadata.json"
        metadata.write_text(json.dumps(METADATA), encoding="utf-8")
        self._give(self.folder)

    def _give(self, path: Path) -> None:
        """Hand `path` and all below to the user who grades."""
        if os.geteuid() != self.uid:
            for entry in [path, *path.rglob("*")]:
                os.chown(entry, self.uid, self.uid)

    def assemble(self, name: str) -> Path:
        """Put a sample's archive, and nothing else, into `submission/`."""
        for path in self.archives.iterdir():
            path.unlink()
        archive = samples.assemble_zip(name, self.archives)
        self._give(archive)
        return archive

    def grade(self, archive: Path, only: tuple[str, ...], seconds: float | None):
        """What `grading_process` answers; a grader that dies or hangs is an AssertionError."""
        process = self._process = self._process or self._start()
        request = {
            "archive": str(archive),
            "data": str(self.images),
            "only": list(only),
            "seconds": seconds,
        }
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request) + "\n")
            process.stdin.flush()
        line = process.stdout.readline() if _readable(process.stdout, SECONDS) else ""
        if not line:
            self._stop()
            log = (self.folder / "log").read_text(encoding="utf-8", errors="replace")
            message = f"the grader died or hangs (status {process.returncode}): {log[-2000:]}"
            raise AssertionError(message)
        return json.loads(line)

    def _start(self) -> subprocess.Popen[str]:
        own = {} if os.geteuid() == self.uid else {"user": self.uid, "group": self.uid}
        if own:
            own["extra_groups"] = []
        script = Path(__file__).with_name("grading_process.py")
        with (self.folder / "log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-B", str(script), str(self.results), *self.without],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=self.folder,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(self.folder / "source"),
                    "PYTHONDONTWRITEBYTECODE": "1",
                    "TMPDIR": str(self.folder / "tmp"),
                    "GRADER_TOKEN": METADATA["token"],
                },
                **own,
            )

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            process.kill()
            process.wait()
            process.stdout.close()

    def traces(self) -> dict[str, object]:
        """All that hostile code might leave, take away or change, by its name.

        Other graders may be at work on the same machine: of places that all share, only
        what belongs to this grader's workers counts.
        """
        own = dict(_tree(self.folder, leave_out={self.results, self.folder / "log"}))
        shared = {str(path): LEFT for place in SHARED for path in self._ours(Path(place))}
        packages = {
            str(path): path.lstat().st_mtime_ns
            for folder in package_folders()
            for path in Path(folder).iterdir()
            if path.name != "__pycache__"
        }
        return {**own, **shared, **packages, **dict(self._system_v())}

    def _worker_ids(self) -> range:
        return USER_IDS if self.uid == 0 else range(self.uid, self.uid + 1)

    def _ours(self, place: Path) -> Iterator[Path]:
        """Entries of a worker's, here and in folders that all may write to; not this place."""
        for entry in _entries(place):
            with contextlib.suppress(FileNotFoundError):  # somebody else's, just removed
                status = entry.lstat()
                if entry != self.folder and status.st_uid in self._worker_ids():
                    yield entry
                elif stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_IWOTH:
                    yield from self._ours(entry)

    def _system_v(self) -> Iterator[tuple[str, str]]:
        for table in map(Path, SYSTEM_V):
            if table.exists():
                heading, *rows = table.read_text(encoding="ascii").splitlines()
                place = heading.split().index("uid")
                for row in rows:
                    if int(row.split()[place]) in self._worker_ids():
                        yield f"{table} {row}", LEFT


def changes(before: dict[str, object], after: dict[str, object]) -> list[str]:
    """The names of what came, went or changed; what was left earlier may be tidied up."""
    names = {name for name in (*before, *after) if before.get(name) != after.get(name)}
    return sorted(name for name in names if before.get(name) != LEFT)


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; nothing where it is not there or may not be listed."""
    with contextlib.suppress(OSError):
        return list(folder.iterdir())
    return []


def _tree(folder: Path, leave_out: set[Path]) -> Iterator[tuple[str, object]]:
    """Mode, owner and content of everything below `folder`, and of itself."""
    for path in (folder, *folder.rglob("*")):
        if path not in leave_out:
            status = path.lstat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            yield str(path), (status.st_mode, status.st_uid, digest)


def _readable(stream, seconds: float) -> bool:
    """Whether a line, or the end, comes in time. Answers are single lines: no buffer is left."""
    return bool(select.select([stream], [], [], seconds)[0])
