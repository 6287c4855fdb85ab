"""`grader data`: the test images of a data set as one file for `--data`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from grader.datasets import cifar10, download, sources
from grader.errors import DataUnavailable
from grader.evaluation import images
from grader.exporters import terminal

OFFICIAL = "These are the official files, by their MD5."
FROM_ARRAYS = (
    "Whether these are the original images cannot be told from arrays, only from the official "
    "files. Copies that went through JPEG cost trained networks some points of accuracy."
)
OTHER_FILES = (
    "These are not the official files: their MD5 is another one. If you downloaded them, do it "
    "again; if they are a copy that went through JPEG, it costs trained networks some points of "
    "accuracy."
)


def run(options: argparse.Namespace) -> int:
    """Write CIFAR-10's test images to one file and say what they are.

    Raises DataUnavailable, with the way out, where they cannot be had or are something else.
    """
    output = options.output
    if output.suffix != ".npz":
        raise DataUnavailable(f"{output} must end in .npz: that is what `--data` takes.")
    source = options.source or download.cifar10(download.cache(), output)
    if output.exists() and source.exists() and output.samefile(source):
        raise DataUnavailable(f"{output} is what the images come from: name another with -o.")
    raw = sources.read(source, cifar10.IMAGES)
    arrays = cifar10.verified(raw)
    cifar10.write(output, arrays)
    print(report(output, raw))
    return 0


def report(output: Path, raw: sources.Raw) -> str:
    """What was written, where it comes from, and what it is good for."""
    written = images.load(output)
    from_files = ", ".join(json.loads(written.provenance)["files"])
    origin = OFFICIAL if raw.official else FROM_ARRAYS if raw.kind == sources.NPZ else OTHER_FILES
    count = len(written.pixels)
    lines = [
        f"{output}: {count} test images of CIFAR-10, {cifar10.OF_EACH_CLASS} of each class",
        terminal.wrapped(f"from {raw.kind} ({from_files}). {origin}"),
        f"SHA-256: {written.digest}",
        f"Next: give it as --data {output}",
    ]
    return "\n".join(lines)
