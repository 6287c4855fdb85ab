"""The zip that an instructor uploads to Gradescope.

    setup.sh, run_autograder   what the platform runs when it builds, and for each submission
    grader/                    the package that students get, too: no solution, no known mistake
    tape.npz                   the expected values, for seeds that students do not know
    images/NAME.npz            the test images and their labels
    private/NAME.npz           more images, if there are any: a gap is flagged for staff

The same inputs give the same bytes. `refusals` and `rehearse` say what would fail there.
Nothing here prints: `grader.commands.bundle` does.
"""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from grader import npz
from grader.assignment import Assignment
from grader.authoring.tape import PUBLIC_KEY
from grader.authoring.wheel import ROOT
from grader.errors import GraderError
from grader.evaluation.images import Images
from grader.intake.pack import entry, refuse_overwriting
from grader.outcomes import CheckOutcome, Run, Status, from_json
from grader.replacing import replacing, require_place
from grader.tape import PUBLIC, Tape

SETUP, ENTRY = "setup.sh", "run_autograder"
PROGRAMS = frozenset({SETUP, ENTRY})
PACKAGE = "grader/"
ASSIGNMENT = f"{PACKAGE}assignment.toml"
TAPE = "tape.npz"
IMAGES = "images/"
PRIVATE_IMAGES = "private/"
LARGEST_MB = 100  # of an upload
LONGEST_SECONDS = 2400  # the platform's longest time-out

_PROGRAM_MODE = 0o100755
_LINES_QUOTED = 6
_LONGEST_SENTENCE = 160
_UNREACHED = {Status.UNCHECKED, Status.NOT_RUN}
_BAD_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, OSError)


class BundleError(GraderError):
    """The bundle cannot be made."""

    reason = "bundle"


def contents(
    wheel: Path,
    tape: Path,
    images: Images,
    private: Images | None = None,
    assignment: Path | None = None,
    root: Path = ROOT,
) -> dict[str, bytes]:
    """The files of the bundle by name.

    `wheel` is the package that students get. `private` are images of which only staff hear,
    `assignment` is another file than the packaged one; `root` another checkout in tests.
    """
    files = {name: (root / name).read_bytes() for name in sorted(PROGRAMS)}
    with zipfile.ZipFile(wheel) as archive:
        packed = (info for info in archive.infolist() if not info.is_dir())
        files |= {i.filename: archive.read(i) for i in packed if i.filename.startswith(PACKAGE)}
    if assignment is not None:
        files[ASSIGNMENT] = assignment.read_bytes()
    files[TAPE] = tape.read_bytes()
    files[_place(IMAGES, images)] = image_file(images)
    if private is not None:
        files[_place(PRIVATE_IMAGES, private)] = image_file(private)
    return files


def _place(folder: str, images: Images) -> str:
    """Where images lie in the bundle: their name, as far as a shell takes it without quotes."""
    name = re.sub(r"[^A-Za-z0-9_.-]+", "-", images.name).strip("-.") or "test"
    return f"{folder}{name}.npz"


def image_file(images: Images) -> bytes:
    """Test images and labels as one .npz, whatever else lay in the file they came from."""
    arrays = {
        "images": images.pixels,
        "labels": images.labels.astype(np.int64),
        "classes": np.array(images.classes),
    }
    stream = io.BytesIO()
    npz.write(stream, arrays)
    return stream.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The zip, with programs that can be run."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in sorted(files.items()):
            packed = entry(name)
            if name in PROGRAMS:
                packed.external_attr = _PROGRAM_MODE << 16
            archive.writestr(packed, content)
    return stream.getvalue()


def require_secret(tape: Tape) -> None:
    """Raise BundleError if students could know what a tape's seeds make of the inputs."""
    public = set(tape.header.seeds) & set(Tape(PUBLIC).header.seeds)
    if public or tape.header.key == PUBLIC_KEY:
        raise BundleError(
            f"the tape {tape.path} is a public one, which students can make: name a secret one, "
            "made by `grader tape --secret -o FILE`, or leave --secret out"
        )


def refusals(files: Mapping[str, bytes], assignment: Assignment) -> Iterator[str]:
    """What would fail there; a sentence each."""
    for name in sorted(PROGRAMS):
        if not files[name].startswith(b"#!"):
            yield f"{name} does not begin with a line such as #!/usr/bin/env bash"
        if b"\r" in files[name]:
            yield f"{name} has Windows line endings, which bash there refuses: save it with LF"
    seconds = assignment.limits.total_seconds
    if seconds > LONGEST_SECONDS:
        yield (
            f"assignment.toml allows {seconds:g} s, the platform {LONGEST_SECONDS} s at most: "
            "lower [limits] total_seconds"
        )


def oversize(archive: bytes) -> str:
    """A sentence if the zip is larger than an upload may be."""
    if len(archive) <= LARGEST_MB * 1_000_000:
        return ""
    found = len(archive) / 1e6
    return f"the zip has {found:.0f} MB, an upload at most {LARGEST_MB}: take fewer test images"


def require_output(out: Path) -> None:
    """Raise BundleError unless `out` is new, or a zip, in a folder that can be written."""
    try:
        refuse_overwriting(ROOT, out)
        require_place(out)
    except OSError as error:
        raise _unwritable(out, error) from error


def publish(out: Path, archive: bytes) -> None:
    """Write the zip in one step; raises BundleError like `require_output`."""
    require_output(out)
    try:
        with replacing(out) as stream:
            stream.write(archive)
    except OSError as error:
        raise _unwritable(out, error) from error


def _unwritable(out: Path, error: OSError) -> BundleError:
    if error.strerror is None:  # a sentence of ours
        return BundleError(f"{error} with -o")
    return BundleError(f"{out} cannot be written ({error.strerror}): choose another place with -o")


def unpack(archive: bytes, into: Path) -> None:
    """Unpack a bundle as the platform does, with its programs' modes.

    Raises BundleError when it is none, or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            names = opened.namelist()
            missing = sorted({*PROGRAMS, TAPE, ASSIGNMENT} - set(names))
            if not any(name.startswith(IMAGES) for name in names):
                missing.append(IMAGES)
            if missing:
                raise BundleError(f"it is no bundle: {', '.join(missing)} is not in it")
            for info in opened.infolist():
                path = Path(opened.extract(info, into))
                mode = (info.external_attr >> 16) & 0o777
                if mode and not info.is_dir():  # a zip from Windows has none
                    path.chmod(mode)
    except _BAD_ZIP as error:
        raise BundleError(f"it is no zip, or damaged: {error}") from error


def rehearse(folder: Path, submission: Path, told: Callable[[str], None] = lambda _: None) -> Run:
    """Grade a submission with an unpacked bundle, and nothing else of this checkout.

    `told` hears how it goes on, line by line. Raises BundleError when nothing comes out.
    """
    outcomes = folder / "rehearsal.json"
    images = next((folder / IMAGES).glob("*.npz"))
    start = f"import sys; sys.path.insert(0, {str(folder)!r}); from grader.cli import main; main()"
    command = [sys.executable, "-I", "-c", start, "grade", str(submission)]
    options = ["--tape", folder / TAPE, "--data", images, "--outcomes", outcomes]
    for private in (folder / PRIVATE_IMAGES).glob("*.npz"):
        options += ["--private", private]
    status, said = _watched([*command, *map(str, options)], told)
    run = _outcome(outcomes)
    if status != 0 or run is None:
        reasons = [run.error] if run is not None and run.error else said
        raise BundleError("\n  ".join(["the bundle cannot grade the reference:", *reasons]))
    return run


def _watched(command: list[str], told: Callable[[str], None]) -> tuple[int, list[str]]:
    """Run a command; its exit status, and the last lines of its standard error.

    It is in a session of its own: of Ctrl-C it hears from here, once, and cleans up.
    """
    last: deque[str] = deque(maxlen=_LINES_QUOTED)
    with subprocess.Popen(  # noqa: S603  our own interpreter
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            for line in process.stderr or ():
                last.append(line.rstrip())
                told(last[-1])
        except BaseException:
            process.terminate()
            process.communicate()  # its last words are read, or it could not end
            raise
    return process.returncode, list(last)


def _outcome(path: Path) -> Run | None:
    """The run that was written to `path`; None if none was."""
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None


def verdicts(run: Run) -> tuple[list[str], list[str]]:
    """What the reference should not meet, a sentence each.

    First what could not be checked, which would be so for everybody; then what it loses points
    for, which may be right: its checkpoints may come from other images.
    """
    unchecked = [] if run.complete and run.checks else ["the grading did not get to its end"]
    lost = []
    for check in run.checks:
        unreached = [case for case in check.cases if case.status in _UNREACHED]
        if unreached or not check.cases:
            why = _first_sentence([case.message or case.reason for case in unreached])
            unchecked.append(f"{check.number} could not be checked: {why}")
        elif check.points < check.max_points:
            why = _first_sentence([case.message for case in check.cases])
            lost.append(f"{check.number} ({_points(check)}): {why}")
    return unchecked, lost


def _first_sentence(messages: list[str]) -> str:
    """The first sentence of the first message that says anything, in one line of bounded length."""
    text = " ".join(next(filter(None, messages), "no reason was given.").split())
    sentence = re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]
    if len(sentence) > _LONGEST_SENTENCE:
        return f"{sentence[:_LONGEST_SENTENCE]} ..."
    return sentence


def _points(check: CheckOutcome) -> str:
    return f"{float(check.points):g} of {float(check.max_points):g}"
