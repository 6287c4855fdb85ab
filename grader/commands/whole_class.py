"""`grader class`: grade every submission of a class (instructors only)."""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from grader import lateness, libraries
from grader.assignment import Assignment, load
from grader.authoring.classroom import (
    basis,
    engine,
    grades,
    journal,
    records,
    resume,
    similarity,
    sources,
)
from grader.authoring.classroom import report as reports
from grader.authoring.classroom.grading import Answer, Setting
from grader.authoring.classroom.pseudonyms import Owned, Pseudonyms
from grader.authoring.classroom.records import Basis, ClassError, Record
from grader.authoring.classroom.sources import Source
from grader.outcomes import from_json, write_json

_GONE_NAMED = 5
_PATIENCE = 120.0  # seconds beyond the run's own before a slot counts as lost: it has to start


def run(options: argparse.Namespace) -> int:
    """Grade what is not graded yet, and write what is known of the class; 0 when all is done.

    Raises ClassError when the class, OUT or the cluster cannot be used; ConfigurationError for
    dates that cannot be read; KeyboardInterrupt when interrupted, after saying how many are left.
    """
    assignment = load(options.assignment)
    lateness.Policy.of(assignment)  # refused now, not 1200 times
    parts = [part.folder for part in assignment.parts]
    found = sources.find(options.source, parts, options.output)
    for note in found.notes:
        _say(note)
    if assignment.rate_limit.submissions:
        _say("[rate_limit] does not count here: each submission is graded for itself")
    _refuse_misfits(options)
    files = basis.files(options.data, options.private, options.tape, options.assignment)
    if files.data is None and not options.image:
        _say("there are no test images (--data), so no accuracy can be measured")
    now = _basis(files, options.image)
    try:
        graded = Class.opened(options.output, options.anonymous, found.sources)
        elsewhere = options.image or options.scheduler
        here = None if elsewhere else libraries.deciding()
        plan = resume.plan(graded.sources, graded.out, now, graded.keys(options.only or ()), here)
        graded.write_basis(now)
        _tell(plan)
        for record in plan.retold:
            records.save(graded.out, record, None)
        if plan.todo:
            with _table_in_any_case(graded.out, plan.gone):
                _grade(options, assignment, files, graded, plan, now)
        _finish(options, assignment, graded, plan.gone)
    except OSError as error:
        message = f"{error.filename or options.output} cannot be written ({error.strerror})"
        raise ClassError(message) from error
    return 0


def _refuse_misfits(options: argparse.Namespace) -> None:
    """Raise ClassError for options of which one would be ignored."""
    if options.image and (options.data or options.private or options.tape):
        message = "--image has images and expected values of its own: leave the others out"
        raise ClassError(message)
    if options.scheduler and options.jobs:
        message = "--jobs is for this machine: a cluster grades as many as it has threads"
        raise ClassError(message)


@dataclass
class Class:
    """OUT, and the submissions under the names that they have there.

    `found` has what was found by the key in OUT. Without `pseudonyms` names may be written.
    """

    out: Path
    sources: list[Source]
    found: dict[str, Source]
    pseudonyms: Pseudonyms | None

    @classmethod
    def opened(cls, out: Path, anonymous: bool, found: list[Source]) -> Class:
        """OUT as it is, or a new one: whether it has names is decided once.

        Raises OSError where nothing can be written there, ClassError where it is damaged.
        """
        out.mkdir(parents=True, exist_ok=True)
        known = records.is_anonymous(out)
        hides = anonymous if known is None else known
        pseudonyms = Pseudonyms.of(out, map(Owned.source, found)) if hides else None
        pairs = [(pseudonyms.of_source(one) if pseudonyms else one, one) for one in found]
        if pseudonyms:  # graded in their own order: that of the names would tell who is who
            pairs.sort(key=lambda pair: pair[0].key)
        told = [one for one, _ in pairs]
        return cls(out, told, {one.key: source for one, source in pairs}, pseudonyms)

    def keys(self, asked: Sequence[str]) -> list[str]:
        """The words of `--only`, with a submission's key in OUT for the one that it had."""
        here = {source.key: key for key, source in self.found.items()}
        return [here.get(word, word) for word in asked]

    def write_basis(self, now: Basis) -> None:
        """Say what is graded with, and whether names are left out."""
        document = {"schema": records.SCHEMA, "basis": asdict(now), "anonymous": self.hides}
        write_json(self.out / records.BASIS, document)

    @property
    def hides(self) -> bool:
        """Whether names stay out of OUT."""
        return self.pseudonyms is not None

    def save(self, source: Source, answer: Answer, digest: str, now: Basis, why: str) -> Record:
        """Write all that came of one submission; raises OSError."""
        if self.pseudonyms is not None:
            features = answer.features
            told = self.pseudonyms.scrubbed(replace(answer, features=None).as_json())
            if features is not None:
                told["features"] = similarity.unsigned(features, self.pseudonyms.text)
            answer = Answer(**told)
        record = Record(
            key=source.key,
            students=source.students,
            source=source.name,
            submitted_at=source.submitted_at,
            dates=source.dates,
            sha256=digest,
            files=answer.files,
            run=None if answer.run is None else from_json(answer.run),
            failure=answer.failure,
            seconds=answer.seconds,
            graded_at=journal.now(),
            basis=now,
        )
        if answer.features is not None:
            similarity.save(self.out, source.key, answer.features)
        records.save(self.out, record, answer.results)
        journal.append(self.out, record, why)
        return record


def _basis(files: basis.Files, image: str | None) -> Basis:
    """What decides: files and code that are here, or an image that has its own."""
    if not image:
        return basis.basis(files)
    from grader.authoring.gradescope import engine as docker
    from grader.authoring.gradescope import image as images

    return Basis(code=str(images.details(docker.connect(), image)["Id"]))


def _grade(
    options: argparse.Namespace,
    assignment: Assignment,
    files: basis.Files,
    graded: Class,
    plan: resume.Plan,
    now: Basis,
) -> None:
    """Grade what the plan says, each written as it is done."""
    seconds = assignment.limits.total_seconds + _PATIENCE
    setting = Setting(basis.of_code(), seconds, options.image or "")
    left = len(plan.todo)
    with _cluster(options, left) as cluster, journal.meter(left) as meter:
        meter.say(f"{cluster.slots} at a time; {_where_to_watch(cluster)}")

        def told(source: Source, answer: Answer) -> None:
            nonlocal left
            key = source.key
            record = graded.save(source, answer, plan.digests.get(key, ""), now, plan.why[key])
            left -= 1
            problem = journal.problem(record)
            meter.advance(f"{key}: {problem}" if problem else "")

        try:
            engine.grade(cluster, setting, files, plan.todo, told)
        except KeyboardInterrupt:
            meter.say(f"interrupted: {left} are left. The same command goes on with them.")
            raise


def _where_to_watch(cluster: engine.Cluster) -> str:
    """The dashboard's address, if there is one and it can show anything."""
    if not cluster.dashboard:
        return "the scheduler has no dashboard"
    if not cluster.remote and importlib.util.find_spec("bokeh") is None:
        return "no dashboard: it needs `pip install bokeh`"
    return f"dashboard: {cluster.dashboard}"


def _cluster(options: argparse.Namespace, most: int) -> AbstractContextManager[engine.Cluster]:
    if options.scheduler:
        return engine.at(options.scheduler)
    slots = options.jobs or engine.default_slots(in_containers=bool(options.image))
    return engine.here(min(slots, most))


@contextlib.contextmanager
def _table_in_any_case(out: Path, gone: Sequence[str]) -> Iterator[None]:
    """Bring grades.csv up to what is graded when the grading is broken off."""
    try:
        yield
    except BaseException:
        with contextlib.suppress(ClassError, OSError):
            grades.write(out, records.each(out), gone)
        raise


def _finish(
    options: argparse.Namespace, assignment: Assignment, graded: Class, gone: Sequence[str]
) -> None:
    """Write the table and the report anew, and say where they are and what is missing."""
    out = graded.out
    everybody = list(records.each(out))
    rows = grades.write(out, everybody, gone)
    _say(f"{out / grades.NAME}: {rows} students")
    modes = [False, True] if options.anonymous and not graded.hides else [False]
    for anonymous in modes:
        section = similarity.report(out, anonymous=anonymous)
        print(reports.write(out, assignment, anonymous=anonymous, sections=[section], gone=gone))
    failures = [record.key for record in everybody if not resume.is_whole(record)]
    if failures:
        _say(f"{len(failures)} could not be graded, or not wholly: `--only failed` tries again")


def _tell(plan: resume.Plan) -> None:
    """What is graded now and why, and what is not."""
    counts = ", ".join(f"{count} {why}" for why, count in plan.counts().items())
    _say(f"{len(plan.todo)} to grade ({counts})" if plan.todo else "nothing to grade")
    if plan.done:
        _say(f"{plan.done} are graded already, with the same bytes, code and files")
    if plan.new:
        _say(f"{plan.new} have no result yet, and are left out by --only")
    if plan.gone:
        named = ", ".join(plan.gone[:_GONE_NAMED])
        more = ", …" if len(plan.gone) > _GONE_NAMED else ""
        _say(
            f"{len(plan.gone)} results stay whose submission is no longer there ({named}{more}); "
            "whoever has another one gets the points of that"
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr)
