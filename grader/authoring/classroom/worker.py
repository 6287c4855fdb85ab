"""What runs in a worker of Dask: it gets a submission, and has it graded in a slot.

Imported only where `distributed` is installed. Workers on other machines share no disk with who
grades the class: the files that all gradings need travel once to each worker, inside a plugin,
which workers that join later get as well; a submission's bytes travel in its task.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from distributed import Worker, get_worker
from distributed.diagnostics.plugin import WorkerPlugin

from grader.authoring.classroom import basis, boxed
from grader.authoring.classroom.grading import Answer, Request, Setting, failed
from grader.authoring.classroom.parcels import Parcel
from grader.authoring.classroom.records import ClassError
from grader.authoring.classroom.slots import Slots, SlotStuck


@dataclass(frozen=True, repr=False)
class Task:
    """One submission to be graded, with the equipment of that name.

    It prints as nothing: Dask's logs leave the machine.
    """

    equipment: str
    key: str
    parcel: Parcel
    metadata: Mapping[str, Any]


class Equipment(WorkerPlugin):
    """A worker's slots, and the files that all gradings of one call need.

    `files` maps what a file is for ('tape', 'data', ...) to the parcel that it comes in. `name`
    is the call's own: two classes on one cluster must not be graded with each other's files.
    """

    def __init__(self, name: str, setting: Setting, files: Mapping[str, Parcel]) -> None:
        self.name = name
        self._setting = setting
        self._files = dict(files)

    def setup(self, worker: Worker) -> None:
        """Unpack the files, when this or the worker comes; raises OSError."""
        # The nanny of a worker that is killed removes the folder that Dask gave it.
        self._folder = worker.local_directory
        self._place = tempfile.TemporaryDirectory(
            prefix="class-", dir=self._folder, ignore_cleanup_errors=True
        )
        place = Path(self._place.name)
        self._paths = {
            name: str(parcel.unpack(place / name)) for name, parcel in self._files.items()
        }
        self._files.clear()  # test images need not be kept in memory as well
        self.slots = Slots()
        self._over = threading.Event()

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002  Dask's signature
        """End the slots and containers, when this or the worker goes."""
        self._over.set()
        self.slots.close()
        self._place.cleanup()

    def grade(self, task: Task) -> dict[str, Any]:
        """Grade one submission; the answer's JSON.

        Raises ClassError where another grader is installed here, SlotLost where what graded is
        lost or is ended, EngineError where no container can be had.
        """
        if self._setting.code != (ours := basis.of_code()):
            message = (
                f"a worker has another grader ({ours[:8]}, not {self._setting.code[:8]}): install "
                "the same one on every worker"
            )
            raise ClassError(message)
        with tempfile.TemporaryDirectory(prefix="parcel-", dir=self._folder) as folder:
            path = task.parcel.unpack(Path(folder, "submission"))
            answer = self._graded(task, path)
        return answer.as_json()

    def _graded(self, task: Task, path: Path) -> Answer:
        request = Request(key=task.key, path=str(path), metadata=task.metadata, **self._paths)
        if self._setting.image:
            return boxed.grade(self._setting.image, request, self._over)
        try:
            return self.slots.grade(request, self._setting.seconds)
        except SlotStuck as error:
            return failed(str(error))


def grade(task: Task) -> dict[str, Any]:
    """Grade with the task's equipment in the worker that runs this; what Dask calls."""
    equipment = cast("Equipment", get_worker().plugins[task.equipment])
    return equipment.grade(task)
