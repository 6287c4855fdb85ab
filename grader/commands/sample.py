"""`grader sample`: assemble one of the sample submissions (instructors only)."""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.authoring import samples


def run(options: argparse.Namespace) -> int:
    """List the samples, or assemble one as a zip (by the output's ending) or a folder."""
    if options.name is None:
        print("\n".join(samples.names()))
        return 0
    output = options.output or Path(f"{options.name}.zip")
    if output.suffix == ".zip":
        made = samples.assemble_zip(options.name, output.parent)
        if made != output:
            made.replace(output)
    else:
        samples.assemble(options.name, output)
    print(output)
    return 0
