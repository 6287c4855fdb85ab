"""What must hold before a template goes out; `grader template --check` runs it all.

Each proof is a function that returns complaints: sentences that begin with file and line
where there are such. None means that it holds.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath

from grader.assignment import load
from grader.authoring import generated, importing, leaks, python_blocks, samples, tape, yaml_blocks
from grader.authoring.template import Template, is_leftover
from grader.errors import GraderError, NotStarted, TapeError
from grader.outcomes import CheckOutcome, Status
from grader.session import Options, grade
from grader.tape import PUBLIC, Header, write

SEEDS = 2
COMPLETE = "complete"
DATA = "practice"

_IMPORT_SECONDS = 300.0


@dataclass(frozen=True)
class Proof:
    """`name` is a sentence that holds if `find` finds nothing to complain of."""

    name: str
    find: Callable[[], list[str]]

    def complaints(self) -> list[str]:
        """What speaks against it; an error of the grader's speaks against it, too."""
        try:
            return self.find()
        except GraderError as error:
            return [str(error)]


def proofs(made: Template, reference: Path, committed: Path) -> list[Proof]:
    """All proofs about the template `made` of `reference`, the quick ones first."""
    return [
        Proof(
            f"{committed.name} is what the reference gives", partial(is_current, made, committed)
        ),
        Proof("no piece of a solution is left", partial(nothing_leaks, made)),
        Proof("every file parses and imports", partial(everything_imports, made)),
        Proof("it earns nothing, and all is 'not started'", partial(earns_nothing, made)),
        Proof(
            f"the reference gets full marks, also with {SEEDS} fresh seeds",
            partial(reference_passes, reference),
        ),
    ]


def is_current(made: Template, committed: Path) -> list[str]:
    """The folder `committed` holds the template, byte for byte, and nothing beside it."""
    found = generated.differences(committed, made.files, is_leftover)
    return [f"{committed} is out of date: run `grader template`", *found] if found else []


def nothing_leaks(made: Template) -> list[str]:
    """No run of tokens of a solution is anywhere in the template."""
    parts = load().table["parts"]
    given = {f"{part}/{path}" for part, entry in parts.items() for path in entry.get("given", ())}
    return [str(leak) for leak in leaks.find_leaks(made.solutions, made.files, given)]


def everything_imports(made: Template) -> list[str]:
    """Every .py file parses and can be imported by itself, and every YAML file parses.

    A folder that is no package, such as a part, is where its files are imported from: the
    parts have packages of the same names.
    """
    found = list(_parse_problems(made))
    if found:
        return found
    modules: dict[str, dict[str, str]] = {}
    for name in made.files:
        if name.endswith(".py"):
            top = PurePosixPath(name).parts[0]
            folder = "" if top == name or f"{top}/__init__.py" in made.files else top
            below = name.removeprefix(f"{folder}/").removesuffix(".py").removesuffix("/__init__")
            modules.setdefault(folder, {})[below.replace("/", ".")] = name
    with _written(made) as root:
        for folder, named in modules.items():
            found += _import_problems(root, folder, named)
    return list(dict.fromkeys(found))


def earns_nothing(made: Template) -> list[str]:
    """Graded, the template gets 0 points, and each case says 'not started' and nothing else.

    Nothing that is said shows a traceback or a piece of a solution.
    """
    with _written(made) as root:
        run = grade(Options(root, data=DATA))
    if run.error:
        return [run.error]
    found = []
    for check in run.checks:
        shown = _read_by_students(check)
        if "Traceback" in shown:
            found.append(f"{check.number} shows a traceback")
        told = {f"what {check.number} says": shown.encode("utf-8", "replace")}
        found += [str(leak) for leak in leaks.find_leaks(made.solutions, told)]
        for case in check.cases:
            if case.status is Status.PASSED:
                found.append(f"{check.number} [{case.name}] passes: which solution has no markers?")
            elif case.reason != NotStarted.reason:
                found.append(f"{check.number} [{case.name}] says {case.reason!r}: {case.message}")
    return found


def _read_by_students(check: CheckOutcome) -> str:
    """All texts of an outcome that may reach a student."""
    texts = [check.title, check.printed, *check.remarks, check.hint, check.advice]
    texts += [*check.expected.values(), check.handout, *(case.message for case in check.cases)]
    return "\n".join(texts)


def reference_passes(reference: Path) -> list[str]:
    """The reference and the practice checkpoints get all points.

    Once with the tape that ships: a reference that has changed since does not fit it. Then
    with seeds never used before, recorded from the reference itself: a reference that passes
    by luck does not pass again. The seeds are in the complaints.
    """
    seeds: set[int] = set()
    while len(seeds) < SEEDS:
        seeds.add(secrets.randbelow(2**31))
    with tempfile.TemporaryDirectory() as folder:
        submission = samples.assemble(COMPLETE, Path(folder), reference=reference)
        found = [f"{PUBLIC.name}: {what}" for what in _lacks(submission, PUBLIC)]
        for seed in sorted(seeds):
            try:
                fresh = _recorded(seed, reference, Path(folder))
                found += [f"seed {seed}: {what}" for what in _lacks(submission, fresh)]
            except TapeError as error:
                found.append(f"seed {seed}: {error}")
    return found


def _recorded(seed: int, reference: Path, folder: Path) -> Path:
    """A tape of one seed; raises TapeError where the reference fails its own checks."""
    path = folder / f"{seed}.npz"
    write(path, Header((seed,), "proof", ""), tape.record(reference, (seed,)))
    return path


def _lacks(submission: Path, path: Path) -> list[str]:
    """What the complete submission lacks of full marks with the tape at `path`."""
    run = grade(Options(submission, data=DATA, tape=path))
    messages = [
        f"{check.number} [{case.name}]: {case.message}"
        for check in run.checks
        for case in check.cases
        if case.message
    ]
    return [*map(str, samples.expected(COMPLETE).mismatches(run)), *messages]


def _parse_problems(made: Template) -> Iterator[str]:
    for name, content in made.files.items():
        language = {".py": python_blocks, ".yaml": yaml_blocks, ".yml": yaml_blocks}.get(
            PurePosixPath(name).suffix
        )
        if language and (found := language.problem(content.decode("utf-8-sig", "replace"))):
            line, reason = found
            yield f"{name}:{line}: this is not {language.LANGUAGE}: {reason}"


def _import_problems(root: Path, folder: str, modules: dict[str, str]) -> Iterator[str]:
    """Import `modules` (file by dotted name) in a process that works in `folder`."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTHONPATH", None)
    with tempfile.TemporaryDirectory() as beside:
        report = Path(beside, "report.json")
        try:
            ended = subprocess.run(  # noqa: S603  our script, the instructor's own code
                [sys.executable, importing.__file__, report, *modules],
                cwd=root / folder,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=_IMPORT_SECONDS,
            )
            how = f"ended Python with status {ended.returncode}: {ended.stderr.strip()[-300:]}"
        except subprocess.TimeoutExpired:
            how = f"was not done in {_IMPORT_SECONDS:.0f} s"
        done = json.loads(report.read_text("utf-8")) if report.exists() else {}
    for module, (place, reason) in done.items():
        if reason:
            where = str(PurePosixPath(folder, place)) if place else modules[module]
            yield f"{where}: {reason}"
    lost = next((module for module in modules if module not in done), None)
    if lost is not None:
        yield f"{modules[lost]}: importing it {how}"


@contextlib.contextmanager
def _written(made: Template) -> Iterator[Path]:
    """The template's files in a folder of their own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in made.files.items():
            generated.write_file(Path(folder, name), content)
        yield Path(folder)
