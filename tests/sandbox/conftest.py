"""Fixtures for the sandbox's tests: folders that workers can read, and a pool."""

from __future__ import annotations

import shutil
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.sandbox import Limits, Worker, WorkerPool

Submit = Callable[..., Path]
Open = Callable[..., Worker]


@pytest.fixture
def submit() -> Iterator[Submit]:
    """Write a submission from {path: text}; pytest's own tmp_path is closed to workers."""
    folders = []

    def write(files: dict[str, str]) -> Path:
        folder = Path(tempfile.mkdtemp(prefix="submission-")).resolve()
        folder.chmod(0o755)
        folders.append(folder)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return folder

    yield write
    for folder in folders:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def pool() -> Iterator[WorkerPool]:
    """A pool with a numpy zygote and this folder's driver."""
    with WorkerPool() as pool:
        pool.start("numpy", drivers=["tests.sandbox.driver"])
        yield pool


@pytest.fixture(scope="session")
def forking_pool() -> Iterator[WorkerPool]:
    """A pool whose workers may start processes: what is left to the reaper then."""
    with WorkerPool(without=["system calls"]) as pool:
        pool.start("numpy")
        yield pool


@pytest.fixture
def run(pool: WorkerPool, submit: Submit) -> Iterator[Open]:
    """Open a worker on a submission that is one module, `code`."""
    yield from _opening(pool, submit)


@pytest.fixture
def run_forking(forking_pool: WorkerPool, submit: Submit) -> Iterator[Open]:
    """Like `run`, and the code may start processes."""
    yield from _opening(forking_pool, submit)


def _opening(pool: WorkerPool, submit: Submit) -> Iterator[Open]:
    workers = []

    def open_worker(text: str, **limits: float) -> Worker:
        settings = {"cpu_seconds": 10, "wall_seconds": 20, **limits}
        root = submit({"code.py": text})
        # `code` is also the name of a module of the standard library.
        worker = pool.open("numpy", root, Limits(**settings))
        workers.append(worker)
        return worker

    yield open_worker
    for worker in workers:
        worker.close()
