"""Many submissions at a time, with Dask: here, or on a cluster that exists.

Here, scheduler and workers are threads of this process that talk without a socket: a port would
be open to everybody on the machine, and to submitted code where the lock has no filter; what
Dask's port gets, it runs. Each worker holds a process of its own that grades (`slots`). A cluster
has its own machines and ports (`docs/cluster.md`).

A submission whose worker or slot is lost is graded again, a few times at most; one that fails is
not, because its failure is its result.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.authoring import side_by_side
from grader.authoring.classroom import parcels, slots
from grader.authoring.classroom.basis import Files
from grader.authoring.classroom.grading import Answer, Setting, failed
from grader.authoring.classroom.records import ClassError
from grader.authoring.classroom.sources import Source

SLOT_MB = 450
CONTAINER_MB = 768
RETRIES = 3
LOCAL = "127.0.0.1"
DASHBOARD_PORT = 8787

# Scheduler and workers look at themselves a hundred times a second otherwise: 4 % of a core.
_QUIET = {
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    "distributed.admin.system-monitor.interval": "5s",
}
_LOST = "the connection to the scheduler was lost: grade again, and it goes on"
_AHEAD = 2  # submissions on their way for each slot: it never waits, and few lie in memory
_PATIENCE = 60  # seconds that the first worker of a cluster may take
_KEPT_FREE = 0.1  # of the memory, for this process and for reading files


@dataclass(frozen=True)
class Cluster:
    """Workers that are there: `slots` at a time, `dashboard` where to watch them."""

    client: Any  # distributed's Client: its methods have no types
    remote: bool
    dashboard: str

    @property
    def slots(self) -> int:
        """How many submissions are graded at a time, now."""
        return int(sum(self.client.nthreads().values()))


def default_slots(*, in_containers: bool = False) -> int:
    """As many as cores and memory allow, at least 1; a container has half a core."""
    cores, size = side_by_side.cores(), SLOT_MB
    if in_containers:
        cores, size = 2 * cores, CONTAINER_MB
    return int(max(1, min(cores, available_mb() * (1 - _KEPT_FREE) // size)))


def available_mb() -> float:
    """Memory that may be used, in MB: what is free here, or less where a cgroup limits it."""
    from grader.sandbox import cgroup

    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):  # no Linux: memory is not what bounds it
        return float("inf")
    return min(free * 1024 / 1e6, cgroup.limit_mb() or float("inf"))


@contextlib.contextmanager
def here(slots_: int) -> Iterator[Cluster]:
    """Workers in this process, each with a slot; all are gone in the end.

    Raises ClassError where Dask is not installed.
    """
    distributed = _distributed()
    from dask import config

    with contextlib.ExitStack() as stack:
        stack.enter_context(config.set(_QUIET))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # another port where 8787 is taken
            cluster = distributed.LocalCluster(
                n_workers=slots_,
                threads_per_worker=1,
                processes=False,
                memory_limit=None,  # the slots are processes of their own
                dashboard_address=f"{LOCAL}:{DASHBOARD_PORT}",
                worker_dashboard_address=f"{LOCAL}:0",
                silence_logs=logging.CRITICAL,
            )
        stack.enter_context(cluster)
        client = stack.enter_context(distributed.Client(cluster))
        stack.callback(slots.close_all)  # first of all: who waits for a slot is set free
        port = client.scheduler_info()["services"].get("dashboard")
        dashboard = f"http://{LOCAL}:{port}/status" if port else ""
        yield Cluster(client, remote=False, dashboard=dashboard)


@contextlib.contextmanager
def at(address: str) -> Iterator[Cluster]:
    """The workers of a scheduler that runs; they stay.

    Raises ClassError where none answers, or it has no worker.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(address, timeout=_PATIENCE)
    except (OSError, TimeoutError, ValueError) as error:
        message = f"no scheduler answers at {address}: start one with `dask scheduler`"
        raise ClassError(message) from error
    with _closed(client):
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            message = f"the scheduler at {address} has no worker: start some with `dask worker`"
            raise ClassError(message) from error
        yield Cluster(client, remote=True, dashboard=client.dashboard_link or "")


@contextlib.contextmanager
def _closed(client: Any) -> Iterator[None]:
    """Close a client in the end, in silence: a scheduler that is lost would hide why."""
    try:
        yield
    finally:
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            client.close()


def grade(
    cluster: Cluster,
    setting: Setting,
    files: Files,
    todo: Iterable[Source],
    told: Callable[[Source, Answer], None],
) -> None:
    """Grade `todo`; `told` hears of each as it is done, in no particular order.

    What cannot be read or graded has an answer, too. Raises ClassError when the cluster is
    lost. What is raised meanwhile, an interrupt above all, leaves nothing running here.
    """
    from grader.authoring.classroom import worker

    client, pack = cluster.client, parcels.packed if cluster.remote else parcels.shared
    supplies = {name: pack(path, path.name) for name, path in files.named().items()}
    batch = f"grader-class-{secrets.token_hex(4)}"
    client.register_plugin(worker.Equipment(batch, setting, supplies))
    waiting = enumerate(todo)
    running: dict[Any, Source] = {}

    def submit_next() -> Any | None:
        for number, source in waiting:
            if source.path is None:
                told(source, failed(source.problem))
                continue
            try:
                parcel = pack(source.path)
            except (OSError, ClassError) as error:
                told(source, failed(_sentence(error)))
                continue
            task = worker.Task(batch, source.key, parcel, source.metadata())
            with _connected(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a task is large: a submission is
                future = client.submit(
                    worker.grade, task, key=f"{batch}-{number}", pure=False, retries=RETRIES
                )
            running[future.key] = source
            return future
        return None

    finished = _distributed().as_completed()
    try:
        _fill(cluster, running, finished, submit_next)
        for future in _each(finished):
            answer = _answer(future)
            if answer is None:
                finished.add(future)
                continue
            source = running.pop(future.key)
            future.release()
            told(source, answer)
            _fill(cluster, running, finished, submit_next)
    finally:
        if running and not cluster.remote:
            slots.close_all()
        with contextlib.suppress(Exception):  # a scheduler that is lost has nothing to cancel
            client.cancel(list(finished.futures), force=True)
            client.unregister_worker_plugin(batch)


def _fill(
    cluster: Cluster,
    running: dict[Any, Source],
    finished: Any,
    submit_next: Callable[[], Any | None],
) -> None:
    """Send submissions until there are enough on their way, or no more."""
    with _connected():
        wanted = max(1, cluster.slots) * _AHEAD
    while len(running) < wanted and (future := submit_next()) is not None:
        finished.add(future)


def _each(finished: Any) -> Iterator[Any]:
    """The futures as they are done; raises ClassError when the scheduler is lost."""
    futures = iter(finished)
    while True:
        with _connected():
            future = next(futures, None)
        if future is None:
            return
        yield future


@contextlib.contextmanager
def _connected() -> Iterator[None]:
    """Raise ClassError for what Dask's client raises when its scheduler is gone."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        raise ClassError(_LOST) from error


def _answer(future: Any) -> Answer | None:
    """What came of a task; None where its worker was lost, and the answer with it.

    Dask makes that one again. Raises ClassError where Dask itself gave up.
    """
    status = future.status
    if status == "finished":
        return Answer(**future.result())
    if status == "cancelled":
        raise ClassError(_LOST)
    return failed(_sentence(future.exception())) if status == "error" else None


def _sentence(error: BaseException | None) -> str:
    """Why a submission could not be graded, without its path."""
    from distributed import KilledWorker

    if isinstance(error, OSError):
        return f"it cannot be read ({error.strerror or type(error).__name__})"
    if isinstance(error, KilledWorker):
        return f"its workers were lost, {RETRIES + 1} times: look at the workers' logs and memory"
    if isinstance(error, slots.SlotLost):
        return f"{error} It was tried {RETRIES + 1} times."
    return str(error) or type(error).__name__


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        message = "Dask is not installed: `pip install 'convnet-grader[instructor]'`"
        raise ClassError(message) from error
    return distributed
