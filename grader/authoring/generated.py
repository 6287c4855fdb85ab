"""A folder of generated files: write it, replace what an earlier run wrote, compare it.

Beside the files lies a list of their hashes (`MANIFEST`, which `sha256sum --check`
understands). It tells what an earlier run wrote and nobody has touched since; only that
is ever replaced or removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path, PurePosixPath

from grader.authoring.markers import TemplateError, split_lines

MANIFEST = ".template.sha256"

_NAMED = 5
_ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PLAIN, _EXECUTABLE = 0o644, 0o755

IsLeftover = Callable[[PurePosixPath], bool]


def replace(
    out: Path, files: Mapping[str, bytes], executable: Collection[str], is_leftover: IsLeftover
) -> None:
    """Make `files` (by relative path) the content of the folder `out`.

    What an earlier run wrote and this one does not vanishes; what `is_leftover` stays. A
    signal that ends the process leaves the old files or the new ones, no mixture. Raises
    TemplateError where files of somebody else's are in the way, or `out` cannot be written.
    """
    wanted = _with_manifest(files)
    out = out.resolve()
    try:
        earlier = _earlier(out, wanted, is_leftover)
        changed = [
            name for name, content in wanted.items() if _digest_at(out / name) != _digest(content)
        ]
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}.") as folder:
            for name in changed:
                write_file(Path(folder, name), wanted[name])
            with _uninterrupted():
                for name in earlier:
                    if name not in wanted:
                        _remove(out, name)
                for name in changed:
                    (out / name).parent.mkdir(parents=True, exist_ok=True)
                    Path(folder, name).replace(out / name)
                for name in wanted:
                    (out / name).chmod(_EXECUTABLE if name in executable else _PLAIN)
    except OSError as error:
        raise TemplateError(str(out), 0, f"cannot be written: {error}") from error


def differences(out: Path, files: Mapping[str, bytes], is_leftover: IsLeftover) -> list[str]:
    """How the folder `out` differs from what `replace` would make of it, a line a file."""
    wanted = _with_manifest(files)
    found = [
        f"{name} is generated no more" for name in _names(out, is_leftover) if name not in wanted
    ]
    for name, content in wanted.items():
        path = out / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif (present := path.read_bytes()) != content:
            found.append(f"{name}:{_first_difference(present, content)}: differs")
    return found


def _with_manifest(files: Mapping[str, bytes]) -> dict[str, bytes]:
    lines = [f"{_digest(content)}  {name}\n" for name, content in sorted(files.items())]
    return {**files, MANIFEST: "".join(lines).encode()}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_at(path: Path) -> str:
    """The hash of a file; '' for what is no plain file."""
    return _digest(path.read_bytes()) if path.is_file() and not path.is_symlink() else ""


def _earlier(out: Path, wanted: Mapping[str, bytes], is_leftover: IsLeftover) -> list[str]:
    """The files of `out` that an earlier run wrote; raises TemplateError if there are others.

    A file that already is as it should be counts as ours, whoever wrote it.
    """
    if out.exists() and not out.is_dir():
        raise TemplateError(str(out), 0, "is no folder: choose another place")
    listed = _listed(out / MANIFEST)
    ours: list[str] = []
    foreign = [f"{name}/" for name in wanted if (out / name).is_dir()]
    for name in _names(out, is_leftover):
        known = {listed.get(name), _digest(wanted[name]) if name in wanted else None} - {None}
        mine = bool(known) and _digest_at(out / name) in known
        (ours if mine else foreign).append(name)
        if len(foreign) > _NAMED:
            break
    if foreign:
        reason = (
            f"holds {_some(foreign)}: not written by an earlier run, or changed since. "
            "Move that away, or choose another folder"
        )
        raise TemplateError(str(out), 0, reason)
    return ours


def _listed(path: Path) -> dict[str, str]:
    """Hashes by name, as a manifest gives them."""
    if not path.is_file():
        return {}
    lines = (line.split("  ", 1) for line in path.read_text("utf-8", "replace").splitlines())
    return {line[1]: line[0] for line in lines if len(line) > 1}


def _names(out: Path, is_leftover: IsLeftover) -> Iterator[str]:
    """The files in `out` that are no leftovers, and links, in a fixed order."""
    for folder, folders, files in os.walk(out):
        below = PurePosixPath(Path(folder).relative_to(out).as_posix())
        links = [name for name in folders if Path(folder, name).is_symlink()]
        folders[:] = sorted(name for name in folders if not is_leftover(below / name / "_"))
        for name in sorted([*files, *links]):
            if not is_leftover(below / name):
                yield str(below / name)


def _some(names: list[str]) -> str:
    more = " and more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def _first_difference(present: bytes, wanted: bytes) -> int:
    """The first line, from 1, in which two different files differ."""
    pairs = zip(*(split_lines(content.decode("latin-1")) for content in (present, wanted)))
    same = 0
    for one, other in pairs:
        if one != other:
            break
        same += 1
    return same + 1


def write_file(path: Path, content: bytes) -> None:
    """Write a file, and the folders that it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove(out: Path, name: str) -> None:
    """Remove a file, and the folders that are empty without it."""
    path = out / name
    path.unlink()
    with contextlib.suppress(OSError):
        for folder in path.parents[: len(PurePosixPath(name).parts) - 1]:
            folder.rmdir()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let the signals that end a process wait until this is over.

    They are taken down rather than blocked, for numpy's threads would let them through.
    """
    came: list[int] = []
    before = {}
    if threading.current_thread() is threading.main_thread():  # no other gets to handle them
        before = {number: signal.getsignal(number) for number in _ENDINGS}
        for number in _ENDINGS:
            signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
