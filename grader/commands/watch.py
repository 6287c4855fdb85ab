"""`grader check --watch`: after every save, the checks that it affects run again.

It ends by Ctrl-C, as every run does: with status 130, no process left, and what was
finished written.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from grader import sandbox
from grader.assignment import Assignment
from grader.commands.progress import Progress
from grader.errors import ConfigurationError, GraderError
from grader.exporters import terminal
from grader.intake import Layout, Limits
from grader.outcomes import Run
from grader.selection import Selection
from grader.session import Options, grade
from grader.text import clean
from grader.watching import Imports, Snapshot, affected, merge, take

STEP_MS = 100  # a save is over when nothing has happened for this long
LOOK_MS = 2_000  # look at least this often, for what the system did not tell
MOST_NAMES = 4


class Watch:
    """A folder that is checked again and again: the run as it stands, and the saves it saw."""

    def __init__(self, wanted: Options, assignment: Assignment, pool: sandbox.WorkerPool) -> None:
        self.run = Run(assignment.title, wanted.path.name)
        self.snapshot = Snapshot()
        self._wanted = wanted
        self._pool = pool
        self._layout = Layout.from_table(assignment.table)
        self._limits = Limits(archive_mb=int(assignment.limits.archive_mb))
        self._folders = {part.number: part.folder for part in assignment.parts}
        self._imports = Imports()

    def begin(self) -> Run:
        """Run all the checks that are asked for."""
        self._look(self._take())
        self.run = self._grade(self._wanted)
        return self.run

    def wait(self, events: Iterable[object]) -> list[str]:
        """The graded files that changed, once some did; none when the events are over."""
        with Progress() as progress:
            progress.waiting(f"waiting for a save (Ctrl-C ends) in {self._wanted.path}")
            for _ in events:
                now = self._take()
                changed = self.snapshot.changed(now)
                if changed:
                    self._look(now, changed)
                    return changed
        return []

    def rerun(self, changed: list[str]) -> str:
        """Run again what the changed files affect, and give the text to show."""
        title = f"\n{time.strftime('%H:%M:%S')} changed: {_listed(changed)}."
        if self.run.error:
            self.run = self._grade(self._wanted)
            return f"{title} Everything ran again.\n{terminal.render(self.run)}"
        numbers = affected(self.run.checks, changed, self._imports, self._folders)
        if not numbers:
            return f"{title} No check reads this: nothing runs again."
        chosen = Selection(frozenset(numbers))
        again = self._grade(dataclasses.replace(self._wanted, selection=chosen, save=_keep))
        former = None
        if again.error:
            self.run = again
        else:
            self.run, former = merge(self.run, again)
        self._wanted.save(self.run)
        title += f" Ran again: {', '.join(numbers)} ({again.wall_seconds:.1f} s)."
        return f"{title}\n{terminal.render(self.run, before=former)}"

    def _grade(self, options: Options) -> Run:
        with Progress() as progress:
            return grade(dataclasses.replace(options, watcher=progress), self._pool)

    def _take(self) -> Snapshot:
        return take(self._wanted.path, self._layout, self._limits)

    def _look(self, now: Snapshot, changed: Iterable[str] | None = None) -> None:
        """Take the files as they are now for what the next run is going to see."""
        names = now.files if changed is None else [name for name in changed if name in now.files]
        self._imports.read({name: now.files[name] for name in names})
        self.snapshot = now


def watch(
    wanted: Options,
    assignment: Assignment,
    show: Callable[[Run], None],
    closing: Callable[[Run], str],
    events: Iterable[object] | None = None,
) -> Run:
    """Check, then check again whatever a save affects, until Ctrl-C.

    `show` prints the first run; `closing` is the last thing to say about a later one.
    `events` are other occasions to look at the folder, in tests only: when they are over,
    the run as it then stands is given back.

    Raises ConfigurationError when there is no folder to watch, and GraderError when the
    grader cannot do its job.
    """
    if not wanted.path.is_dir():
        raise ConfigurationError(
            f"--watch waits for saves in a folder, and {wanted.path} is none: leave it out"
        )
    occasions = iter(saves(wanted.path) if events is None else events)
    with sandbox.WorkerPool() as pool:
        watched = Watch(wanted, assignment, pool)
        show(watched.begin())
        while changed := watched.wait(occasions):
            before = watched.run
            print(watched.rerun(changed))
            print(closing(watched.run) if watched.run is not before else "", flush=True)
    return watched.run


def saves(folder: Path) -> Iterator[object]:
    """Something at each save in the folder, and every few seconds.

    Raises GraderError when the system cannot tell of saves.
    """
    import watchfiles

    try:
        yield from watchfiles.watch(
            folder,
            watch_filter=None,
            step=STEP_MS,
            rust_timeout=LOOK_MS,
            yield_on_timeout=True,
            ignore_permission_denied=True,
        )
    except (OSError, RuntimeError) as error:
        message = (
            f"cannot wait for saves in {folder}: {error}. With WATCHFILES_FORCE_POLLING=1 in the "
            "environment, the folder is looked through instead"
        )
        raise GraderError(message) from error


def _listed(paths: list[str]) -> str:
    shown = ", ".join(clean(path) for path in paths[:MOST_NAMES])
    more = len(paths) - MOST_NAMES
    return f"{shown} and {more} more" if more > 0 else shown


def _keep(_: Run) -> None:
    """A rerun is written once it stands in its place among the other checks."""
