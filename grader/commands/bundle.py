"""`grader bundle`: the zip to upload to Gradescope, once it is proven to work (instructors)."""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from grader.assignment import load
from grader.authoring import bundle, tape, wheel, wheel_scan
from grader.commands.progress import overwrite
from grader.commands.tape import record
from grader.errors import DataUnavailable, TapeError
from grader.evaluation import images
from grader.evaluation.images import Images
from grader.intake.sentences import size
from grader.tape import Tape, is_fingerprint

SECRET = wheel.ROOT / "secret" / "tape.npz"


def run(options: argparse.Namespace) -> int:
    """Make, prove, write and list the bundle; 1, with the reasons, if it would fail there.

    Raises GraderError when something that goes into it is missing or cannot be made, or the
    output is in the way.
    """
    bundle.require_output(options.output)
    assignment = load(options.assignment)
    path = images.locate(options.data)
    if path is None:
        raise DataUnavailable(
            "a bundle needs test images, or no accuracy could be measured: give them with "
            "`--data FILE.npz`, or try everything out with `--data practice`"
        )
    loaded = images.load(path)
    private = _private(options.private, loaded) if options.private else None
    secret = _secret_tape(options.secret or SECRET, options.seeds)
    with tempfile.TemporaryDirectory(prefix="bundle-") as folder:
        print("building the package ...", file=sys.stderr)
        built = wheel.build(Path(folder))
        files = bundle.contents(built, secret.path, loaded, private, options.assignment)
        archive = bundle.zipped(files)
        reasons = [
            *wheel_scan.scan(built),
            *bundle.refusals(files, assignment),
            *filter(None, [bundle.oversize(archive)]),
        ]
        lost: list[str] = []
        if not reasons:
            print("grading the reference with it ...", file=sys.stderr)
            unpacked = Path(folder, "unpacked")
            bundle.unpack(archive, unpacked)
            try:
                graded = bundle.rehearse(unpacked, tape.REFERENCE, overwrite)
            finally:
                overwrite("")
            reasons, lost = bundle.verdicts(graded)
    if reasons:
        print("No bundle was written:", file=sys.stderr)
        for reason in reasons:
            print(f"  {reason}", file=sys.stderr)
        return 1
    bundle.publish(options.output, archive)
    _list(options.output, files, archive, secret, loaded, private)
    for sentence in lost:
        print(f"note: the reference loses points with it: {sentence}")
    return 0


def _private(path: Path, known: Images) -> Images:
    """A second set of images; raises DataUnavailable where it is none, or the first one again."""
    found = images.load(path)
    if np.array_equal(found.pixels, known.pixels):
        raise DataUnavailable(
            f"{path} has the test images themselves, which show no gap: take images that nobody "
            "knows, or make a copy by `grader perturb FILE.npz`"
        )
    return found


def _secret_tape(path: Path, seeds: int) -> Tape:
    """The tape at `path`: made now if there is none, and again if it is out of date.

    Its seeds stay the same from bundle to bundle, so that a regrade is.
    """
    if not path.exists():
        print(f"making the secret tape {path}: keep it, and keep it out of git", file=sys.stderr)
        record(path, tape.REFERENCE, tape.secret(seeds))
        return Tape(path)
    known = _known(path)
    bundle.require_secret(known)
    stale = tape.outdated(path, tape.REFERENCE)
    if not stale:
        return known
    print(f"making {path} again with its seeds: {stale}", file=sys.stderr)
    identity = tape.Identity(known.header.seeds, known.header.key)
    record(path, tape.REFERENCE, identity, hints=_hinted(known))
    return Tape(path)


def _known(path: Path) -> Tape:
    """The tape at `path`; raises TapeError if it does not even say its seeds."""
    try:
        return Tape(path)
    except TapeError as error:
        message = (
            f"the secret tape {path} cannot be read ({error.__cause__ or error}): bring back a "
            "copy. If there is none, move it away: a new one is made, and a regrade may differ"
        )
        raise TapeError(message) from error


def _hinted(secret: Tape) -> bool:
    """Whether known mistakes are recorded on it."""
    return any(is_fingerprint(name) for name in secret.names())


def _list(
    output: Path,
    files: Mapping[str, bytes],
    archive: bytes,
    secret: Tape,
    loaded: Images,
    private: Images | None,
) -> None:
    """What is inside and how large it is."""
    package = [content for name, content in files.items() if name.startswith(bundle.PACKAGE)]
    rows = [
        (bundle.SETUP, len(files[bundle.SETUP]), "builds the environment"),
        (bundle.ENTRY, len(files[bundle.ENTRY]), "grades a submission"),
        (bundle.PACKAGE, sum(map(len, package)), f"{len(package)} files, no solution among them"),
        (bundle.TAPE, len(files[bundle.TAPE]), f"expected values, {_seeds(secret)}"),
    ]
    for folder, pictures in ((bundle.IMAGES, loaded), (bundle.PRIVATE_IMAGES, private)):
        if pictures is not None:
            name = next(name for name in files if name.startswith(folder))
            what = "test" if pictures is loaded else "private"
            rows.append(
                (name, len(files[name]), f"{len(pictures.labels)} {what} images and labels")
            )
    print(f"{output}: {size(len(archive))}, sha256 {hashlib.sha256(archive).hexdigest()[:16]}")
    wide = max(len(name) for name, _, _ in rows)
    for name, count, what in rows:
        print(f"  {name:{wide}}  {size(count):>8}  {what}")


def _seeds(secret: Tape) -> str:
    count = len(secret.header.seeds)
    return f"{count} secret seed{'s' * (count > 1)}{'' if _hinted(secret) else ', without hints'}"
