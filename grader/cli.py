"""The command line: reads arguments, calls one command, and is the only place that exits.

Exit status 0: done. 1: `check` found failures; the network of `doctor --model` may not fit;
`diff` found a fall of points that is not accepted; `pack`, `release` or `bundle` has reasons to
refuse; or Gradescope would lose or complain of what `image grade` got.
2: the input or the grader's own set-up is unusable, with the reason in one sentence.
130: interrupted by Ctrl-C, SIGTERM or SIGHUP; what was finished is written.
"""

from __future__ import annotations

import argparse
import importlib
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from grader import __version__
from grader.errors import AutograderError

UNUSABLE = 2
INTERRUPTED = 130

MODULES = {"class": "whole_class"}
"""Commands whose name is a word of Python, so that no module can have it."""


def parser() -> argparse.ArgumentParser:
    """Every command and option, with its help."""
    top = argparse.ArgumentParser(prog="grader", description=__doc__.split("\n", maxsplit=1)[0])
    top.add_argument("--version", action="version", version=f"grader {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    grade = commands.add_parser("grade", help="grade one submission (a zip or a folder)")
    grade.add_argument("path", type=Path, metavar="PATH")
    grade.add_argument("--results", type=Path, metavar="FILE", help="write Gradescope's JSON")
    grade.add_argument("--outcomes", type=Path, metavar="FILE", help="write the neutral model")
    grade.add_argument("--metadata", type=Path, metavar="FILE", help="submission_metadata.json")
    grade.add_argument(
        "--private", type=Path, metavar="FILE.npz", help="more images, to flag a gap for staff"
    )
    _common(grade)

    check = commands.add_parser("check", help="check your own folder before you submit")
    check.add_argument("path", type=Path, nargs="?", default=Path(), metavar="DIR")
    wanted = check.add_mutually_exclusive_group()
    wanted.add_argument("--part", metavar="N", help="only this part, such as 1")
    wanted.add_argument(
        "--only",
        action="append",
        metavar="N.M",
        help="only this check, such as 1.2; may be repeated, or take several: 1.2,1.4",
    )
    check.add_argument(
        "--watch", action="store_true", help="wait for saves and rerun what they affect"
    )
    check.add_argument("--outcomes", type=Path, metavar="FILE", help="write the neutral model")
    _common(check)

    pack = commands.add_parser("pack", help="build the archive to hand in")
    pack.add_argument("path", type=Path, nargs="?", default=Path(), metavar="DIR")
    pack.add_argument("-o", "--output", type=Path, default=Path("submission.zip"), metavar="FILE")
    pack.add_argument(
        "--force", action="store_true", help="pack unfinished work; what is wrong is only said"
    )

    doctor = commands.add_parser("doctor", help="what is installed, found and locked up")
    doctor.add_argument("--data", metavar="practice|cifar10|FILE.npz")
    doctor.add_argument("--tape", type=Path, metavar="FILE", help="other expected values")
    doctor.add_argument(
        "--model",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="DIR|FILE.py",
        help="what MyModel of your folder, or of this file, will take, before it is trained",
    )

    data = commands.add_parser("data", help="make one file of a data set's test images")
    data.add_argument("name", choices=("cifar10",))
    data.add_argument(
        "--from",
        dest="source",
        type=Path,
        metavar="DIR|FILE",
        help="the folder cifar-10-batches-py, cifar-10-python.tar.gz or an .npz of arrays "
        "(default: torchvision's download)",
    )
    data.add_argument(
        "-o", "--output", type=Path, default=Path("cifar10_test.npz"), metavar="FILE.npz"
    )

    if _authoring():
        _add_authoring(commands)
    return top


def _add_authoring(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """The commands for instructors."""
    tape = commands.add_parser("tape", help="record expected values from the reference")
    tape.add_argument("-o", "--output", type=Path, metavar="FILE")
    tape.add_argument("--seeds", type=_positive, default=1, metavar="N")
    tape.add_argument("--secret", action="store_true", help="seeds that nobody can guess")
    tape.add_argument("--no-hints", action="store_true", help="leave known mistakes out")
    tape.add_argument("--reference", type=Path, metavar="DIR")
    tape.add_argument("--check", action="store_true", help="only say whether it is current")
    template = commands.add_parser("template", help="make the students' template")
    template.add_argument("-o", "--output", type=Path, metavar="DIR")
    template.add_argument("--reference", type=Path, metavar="DIR")
    template.add_argument("--check", action="store_true", help="prove that it is sound")
    release = commands.add_parser("release", help="write what students download")
    release.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    release.add_argument("--quick", action="store_true", help="leave out proofs that grade")
    bundle = commands.add_parser("bundle", help="write the zip to upload to Gradescope")
    bundle.add_argument(
        "-o", "--output", type=Path, default=Path("autograder.zip"), metavar="FILE.zip"
    )
    bundle.add_argument("--data", metavar="practice|cifar10|FILE.npz", help="the test images")
    bundle.add_argument(
        "--private", type=Path, metavar="FILE.npz", help="more images, to flag a gap for staff"
    )
    bundle.add_argument(
        "--secret", type=Path, metavar="FILE", help="secret expected values (secret/tape.npz)"
    )
    bundle.add_argument(
        "--seeds", type=_positive, default=2, metavar="N", help="of a secret tape that is made now"
    )
    bundle.add_argument("--assignment", type=Path, metavar="FILE", help="another assignment.toml")
    perturb = commands.add_parser("perturb", help="a copy of test images, to be private ones")
    perturb.add_argument("source", type=Path, metavar="FILE.npz", help="the test images")
    perturb.add_argument(
        "-o", "--output", type=Path, default=Path("private.npz"), metavar="FILE.npz"
    )
    panel = commands.add_parser(
        "panel", help="is the grader right? sample submissions, known mistakes, right solutions"
    )
    panel.add_argument("names", nargs="*", metavar="SAMPLE", help="only these sample submissions")
    one = panel.add_mutually_exclusive_group()
    one.add_argument("--bugs", action="store_true", help="known mistakes in place of samples")
    one.add_argument("--right", action="store_true", help="right solutions in their place")
    one.add_argument("--points", action="store_true", help="report what each sample gets and why")
    panel.add_argument(
        "-o", "--output", type=Path, metavar="FILE.md", help="write --points there, too"
    )
    panel.add_argument(
        "--component", metavar="NAME", help="of --bugs or --right, such as convolution"
    )
    panel.add_argument("--seeds", type=int, metavar="N", help="default: 20, and 200 for right")
    panel.add_argument(
        "--jobs", type=int, metavar="N", help="at a time (default: a processor each)"
    )
    _add_class(commands.add_parser("class", help="grade all submissions of a class"))
    _add_image(commands.add_parser("image", help="grade in a container like Gradescope's"))
    _add_diff(commands.add_parser("diff", help="whose points a second grading changes, and why"))
    sample = commands.add_parser("sample", help="assemble a sample submission")
    sample.add_argument("name", nargs="?", help="without a name: list them")
    sample.add_argument("-o", "--output", type=Path, metavar="FILE.zip|DIR")


def _add_diff(diff: argparse.ArgumentParser) -> None:
    """Two gradings of a class, and which falls of points are known."""
    what = "a folder of `grader class`, or a file of `grader grade --outcomes`"
    diff.add_argument("old", type=Path, metavar="OLD", help=what)
    diff.add_argument("new", type=Path, metavar="NEW", help="the same kind")
    diff.add_argument("--html", type=Path, metavar="FILE", help="write everything as one page")
    diff.add_argument(
        "--accept", type=Path, metavar="FILE", help="falls that are wanted: KEY CHECK a line"
    )
    diff.add_argument(
        "--write-accept", type=Path, metavar="FILE", help="write the list of all falls of now"
    )
    diff.add_argument("--anonymous", action="store_true", help="name nobody")


def _add_image(image: argparse.ArgumentParser) -> None:
    """What is done with the image that mirrors the platform's."""
    actions = image.add_subparsers(dest="what", required=True, metavar="build|grade")
    build = actions.add_parser("build", help="build it from a bundle")
    build.add_argument("--bundle", type=Path, default=Path("autograder.zip"), metavar="FILE.zip")
    build.add_argument("--base", default="gradescope/autograder-base:ubuntu-22.04", metavar="IMAGE")
    build.add_argument("--network", metavar="NAME", help="of the build's steps, such as host")
    grade = actions.add_parser("grade", help="grade a submission in it, and show both pages")
    grade.add_argument("submission", type=Path, metavar="SUBMISSION")
    grade.add_argument("--size", choices=("0.5", "1", "2", "4"), default="0.5", help="CPUs")
    grade.add_argument("--network", choices=("none", "open"), default="none")
    grade.add_argument("--seconds", type=_positive, metavar="S", help="the platform's time-out")
    grade.add_argument("--metadata", type=Path, metavar="FILE", help="submission_metadata.json")
    grade.add_argument("--late", metavar="26h", help="handed in so long after the due date")
    grade.add_argument("--extension", metavar="2d", help="the student's own due date is later")
    grade.add_argument("--group", type=int, metavar="N", help="students who hand in together")
    grade.add_argument(
        "--previous",
        type=Path,
        action="append",
        metavar="FILE",
        help="results.json of an earlier submission; may be repeated, oldest first",
    )
    grade.add_argument("--view", choices=("both", "student", "instructor"), default="both")
    grade.add_argument("--results", type=Path, metavar="FILE", help="write what the site keeps")
    grade.add_argument("--assignment", type=Path, metavar="FILE", help="another assignment.toml")
    for action in (build, grade):
        action.add_argument("--tag", default="convnet-grader", metavar="TAG", help="the image")


def _add_class(command: argparse.ArgumentParser) -> None:
    """What a whole class is graded with."""
    command.add_argument(
        "source",
        type=Path,
        metavar="SOURCE",
        help="Gradescope's export, or a folder of zips or of folders",
    )
    command.add_argument("-o", "--output", type=Path, required=True, metavar="OUT")
    command.add_argument(
        "--only",
        action="append",
        metavar="failed|changed|KEY",
        help="of what is graded already, only this; may be repeated",
    )
    command.add_argument("--data", metavar="practice|cifar10|FILE.npz", help="the test images")
    command.add_argument(
        "--private", type=Path, metavar="FILE.npz", help="more images, to flag a gap for staff"
    )
    command.add_argument("--tape", type=Path, metavar="FILE", help="other expected values")
    command.add_argument("--assignment", type=Path, metavar="FILE", help="another assignment.toml")
    command.add_argument(
        "--jobs", type=_positive, metavar="N", help="at a time (default: what the machine bears)"
    )
    command.add_argument(
        "--scheduler", metavar="ADDRESS", help="of a Dask cluster that runs, tcp://HOST:8786"
    )
    command.add_argument("--image", metavar="TAG", help="grade each in a container of this image")
    command.add_argument("--anonymous", action="store_true", help="pseudonyms in place of names")


def _common(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--data",
        metavar="practice|cifar10|FILE.npz",
        help="test images for the accuracy checks",
    )
    command.add_argument("--tape", type=Path, metavar="FILE", help="other expected values")
    command.add_argument(
        "--seconds", type=float, metavar="S", help="time of the whole run (TIMEOUT_SECONDS)"
    )
    command.add_argument("--assignment", type=Path, metavar="FILE", help="another assignment.toml")


def _positive(text: str) -> int:
    """A whole number from 1 on; raises what argparse turns into a sentence."""
    if not text.isdecimal() or int(text) < 1:
        message = f"{text!r} is no whole number from 1 on"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def _authoring() -> bool:
    """Whether the instructor's side is here; it is left out of what ships."""
    return (Path(__file__).parent / "authoring").is_dir()


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    options = parser().parse_args(arguments)
    try:
        module = MODULES.get(options.command, options.command)
        command = importlib.import_module(f"grader.commands.{module}")
        return int(command.run(options))
    except AutograderError as error:
        print(f"grader: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("grader: interrupted; what was finished is written", file=sys.stderr)
        return INTERRUPTED


def main() -> None:
    """The console script."""
    for name in ("SIGTERM", "SIGHUP"):
        _end_as_by_ctrl_c(getattr(signal, name))
    sys.exit(run())


def _end_as_by_ctrl_c(number: signal.Signals) -> None:
    """Let a signal that ends the process unwind it first: workers and staged files go with it.

    What was ignored when the process started (nohup) stays ignored.
    """
    if signal.getsignal(number) is signal.SIG_DFL:
        signal.signal(number, signal.default_int_handler)
