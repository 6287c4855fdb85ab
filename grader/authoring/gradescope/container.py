"""Grade a submission in a container of one of Gradescope's sizes, as the platform would.

`docker/harness.py` runs in it in place of the platform's harness: nothing is mounted, the
submission goes in as a stream and the record comes out as one, so the engine may be on another
machine. The container is removed whatever happens.
"""

from __future__ import annotations

import contextlib
import io
import json
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.authoring.gradescope.engine import EngineError, explained
from grader.authoring.wheel import ROOT
from grader.errors import UnusableSubmission
from grader.intake import sentences
from grader.text import clean

if TYPE_CHECKING:
    from docker import DockerClient
    from docker.models.containers import Container

INBOX, OUTBOX = "/gradescope/in", "/gradescope/out"
HARNESS = "/gradescope/harness.py"
NETWORKS = {"none": "none", "open": "bridge"}
_PERIOD = 100_000  # microseconds over which the engine measures a share of a processor
_AFTERWARDS = 120.0  # what the harness may take beyond the time-out of the submission
_PERIOD_OF_WAITING = 1.0
_OVER = ("exited", "dead")
_KILLED = " because its memory ran out"
_LINES_QUOTED = 15


class NoRecord(EngineError):
    """The container ran, and left nothing: it will do so again."""

    reason = "no-record"


@dataclass(frozen=True)
class Size:
    """A container's processors, and its memory in MiB."""

    cpus: float
    memory_mb: int


SIZES = {
    "0.5": Size(0.5, 768),
    "1": Size(1, 1536),
    "2": Size(2, 3072),
    "4": Size(4, 6144),
}


@dataclass(frozen=True)
class Setting:
    """How a submission is graded: the container, the network, the platform's time-out."""

    size: Size = SIZES["0.5"]
    network: str = "none"
    seconds: int = 600


def grade(
    client: DockerClient,
    tag: str,
    submission: Path,
    metadata: Mapping[str, Any] | None,
    setting: Setting,
    waiting: Callable[[], None] = lambda: None,
) -> tuple[bytes, bytes]:
    """Run the harness over a submission (a zip or a folder); the record, and the raw results.

    Without `metadata` there is no such file. `waiting` is called once a second.

    Raises UnusableSubmission when there is nothing at `submission`, or it cannot be read;
    EngineError when the engine refuses, NoRecord when no record comes out.
    """
    inbox = _inbox(submission, metadata)
    with explained(tag), _container(client, tag, setting) as container:
        container.put_archive("/", inbox)
        container.start()
        _wait(container, setting.seconds + _AFTERWARDS, waiting)
        record = _fetch(container, "record.json")
        if record is None:
            raise _no_record(container)
        return record, _fetch(container, "results.raw") or b""


@contextlib.contextmanager
def _container(client: DockerClient, tag: str, setting: Setting) -> Iterator[Container]:
    """A container that is not started yet, and is gone in the end."""
    from docker import errors

    limit = f"{setting.size.memory_mb}m"
    container = client.containers.create(
        tag,
        ["/usr/bin/python3", HARNESS],
        working_dir="/autograder",
        network_mode=NETWORKS[setting.network],
        cpu_period=_PERIOD,
        cpu_quota=int(_PERIOD * setting.size.cpus),
        mem_limit=limit,
        memswap_limit=limit,  # memory and swap together: no swap
        environment={
            "HARNESS_IN": INBOX,
            "HARNESS_OUT": OUTBOX,
            "TIMEOUT_SECONDS": str(setting.seconds),
            # The platform's environment holds such things, and no submission may read them.
            "SUBMISSION_TOKEN": "a-token-that-no-submission-may-read",
        },
    )
    try:
        yield container
    finally:
        with contextlib.suppress(errors.NotFound):
            container.remove(force=True, v=True)


def _inbox(submission: Path, metadata: Mapping[str, Any] | None) -> bytes:
    """A tar of what the platform brings: the harness, the files handed in, the metadata.

    Raises UnusableSubmission when there is no such submission, or it cannot be read.
    """
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        _add(archive, HARNESS, (ROOT / "docker" / "harness.py").read_bytes())
        if metadata is not None:
            content = json.dumps(metadata).encode()
            _add(archive, f"{INBOX}/submission_metadata.json", content)
        try:
            for name, path in _files(submission):
                _add(archive, f"{INBOX}/{name}", path.read_bytes())
        except OSError as error:
            message = f"{error.filename or submission} cannot be read ({error.strerror})"
            raise UnusableSubmission(message) from error
    return stream.getvalue()


def _files(submission: Path) -> Iterator[tuple[str, Path]]:
    """The files to bring, by their names in the inbox; links are none.

    A zip is unpacked over there: it may be hostile.
    """
    if submission.is_dir():
        for path in sorted(submission.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield f"submission/{path.relative_to(submission).as_posix()}", path
    elif submission.exists():
        yield "upload.zip", submission
    else:
        raise UnusableSubmission(sentences.not_there(str(submission)))


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name.lstrip("/"))
    info.size, info.mode = len(content), 0o644
    archive.addfile(info, io.BytesIO(content))


def _wait(container: Container, seconds: float, waiting: Callable[[], None]) -> None:
    """Wait for the harness's end, and no longer than it may take.

    Raises NoRecord if it takes longer.
    """
    deadline = time.monotonic() + seconds
    while True:
        container.reload()
        if container.status in _OVER:
            return
        if time.monotonic() > deadline:
            raise NoRecord(f"the container was still running after {seconds:.0f} s: removed")
        waiting()
        time.sleep(_PERIOD_OF_WAITING)


def _fetch(container: Container, name: str) -> bytes | None:
    """A file that the harness left; None if there is no such file."""
    from docker import errors

    try:
        chunks, _ = container.get_archive(f"{OUTBOX}/{name}")
        stream = io.BytesIO(b"".join(chunks))
    except errors.NotFound:
        return None
    with tarfile.open(fileobj=stream) as archive:
        member = archive.extractfile(name)
        return None if member is None else member.read()


def _no_record(container: Container) -> NoRecord:
    """What became of a harness that left nothing, with its last lines."""
    state = container.attrs["State"]
    why = _KILLED if state.get("OOMKilled") else ""
    said = clean(container.logs(tail=_LINES_QUOTED).decode(errors="replace")).rstrip()
    return NoRecord(
        f"the harness left no record: the container ended with status {state.get('ExitCode')}"
        f"{why}. Its last lines were:\n{said or '(none)'}"
    )
