"""`grader image`: build the image that mirrors Gradescope's, and grade in it (instructors only)."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

from rich.console import Console

from grader import lateness
from grader.assignment import Assignment, load
from grader.authoring.gradescope import container, engine, image, metadata, site
from grader.commands.progress import overwrite
from grader.errors import ConfigurationError, GraderError
from grader.outcomes import write_json

PLAIN_WIDTH = 100


def run(options: argparse.Namespace) -> int:
    """Do what was asked for; raises GraderError with what to type when it cannot be done."""
    return _build(options) if options.what == "build" else _grade(options)


def _build(options: argparse.Namespace) -> int:
    """Build the image, with what the engine says as it goes."""
    began = time.monotonic()
    client = engine.connect()
    image.build(
        client,
        options.bundle,
        tag=options.tag,
        base=options.base,
        network=options.network,
        told=lambda line: print(f"  {line}", file=sys.stderr, flush=True),
    )
    size = image.details(client, options.tag)["Size"] / 1e9
    print(f"{options.tag}: {size:.1f} GB, {time.monotonic() - began:.0f} s")
    return 0


def _grade(options: argparse.Namespace) -> int:
    """Grade and show both pages; 1 if the platform would lose the run or complain."""
    assignment = load(options.assignment)
    seconds = options.seconds or int(assignment.limits.total_seconds)
    setting = container.Setting(container.SIZES[options.size], options.network, seconds)
    document = _metadata(options, assignment)
    record = _run(options, setting, document)
    console = Console(
        width=None if sys.stdout.isatty() else PLAIN_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
    )
    if options.view != "student":
        site.show(console, site.instructor(record))
    if options.view != "instructor":
        site.show(console, site.student(record))
    complaints = site.complaints(record)
    for complaint in complaints:
        print(f"results.json: {complaint}")
    if options.results is not None:
        _write(options.results, record.results)
    return 1 if complaints or record.outcome != "graded" else 0


def _run(
    options: argparse.Namespace, setting: container.Setting, document: dict[str, Any] | None
) -> site.Record:
    """Grade in a container, with the seconds at a terminal; what its harness recorded."""
    client = engine.connect()
    began = time.monotonic()
    what = f"grading at {options.size} CPU, {setting.size.memory_mb} MB"

    def tick() -> None:
        overwrite(f"{what}: {time.monotonic() - began:.0f} of {setting.seconds} s")

    try:
        content, raw = container.grade(
            client, options.tag, options.submission, document, setting, tick
        )
    finally:
        overwrite("")
    return site.parse(content, raw)


def _write(path: Path, results: dict[str, Any]) -> None:
    try:
        write_json(path, results)
    except OSError as error:
        message = f"{path} could not be written ({error.strerror}): choose another place"
        raise GraderError(message) from error


def _metadata(options: argparse.Namespace, assignment: Assignment) -> dict[str, Any]:
    """What the file says that was given, or the scenario that the options describe.

    Raises ConfigurationError when both are given, or the file cannot be read.
    """
    asked = (options.late, options.extension, options.group, options.previous)
    if options.metadata is None:
        scenario = metadata.Scenario(
            late=metadata.duration("0h" if options.late is None else options.late),
            extension=metadata.duration("0h" if options.extension is None else options.extension),
            group=1 if options.group is None else options.group,
            previous=tuple(options.previous or ()),
        )
        return metadata.build(assignment, scenario)
    if any(option is not None for option in asked):
        message = (
            "--metadata is a whole scenario: leave out --late, --extension, --group, --previous"
        )
        raise ConfigurationError(message)
    document, notes = lateness.read_metadata(options.metadata)
    if notes:
        message = f"{options.metadata} cannot be used: {notes[0].removeprefix('no lateness: ')}"
        raise ConfigurationError(message)
    return document
