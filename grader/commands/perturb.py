"""`grader perturb`: a copy of test images to be private ones (instructors)."""

from __future__ import annotations

import argparse
import secrets

from grader.authoring import perturb
from grader.errors import DataUnavailable
from grader.evaluation import images


def run(options: argparse.Namespace) -> int:
    """Write the copy, by chance of its own, and say what it is for.

    Raises DataUnavailable when there are no images to copy, or no place for the copy.
    """
    source, output = options.source, options.output
    original = images.load(source)
    if output.exists() and output.samefile(source):
        raise DataUnavailable(f"{output} is what the images come from: name another with -o.")
    perturb.write(original, output, secrets.randbits(31))
    count = len(original.pixels)
    print(f"{output}: {count} images of {source.name}, moved, mirrored, brighter or darker")
    print("Keep it, and keep it to yourself: another call makes another copy.")
    print(f"Next: give it as --private {output} to grader bundle, or to grader grade")
    return 0
