"""`grader sample`: assemble one of the sample submissions (instructors only)."""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from grader.authoring import samples
from grader.errors import ConfigurationError


def run(options: argparse.Namespace) -> int:
    """List the samples, or assemble one as a zip (by the output's ending) or a folder."""
    if options.name is None:
        print("\n".join(samples.names()))
        return 0
    output = options.output or Path(f"{options.name}.zip")
    with tempfile.TemporaryDirectory() as folder:
        assemble = samples.assemble_zip if output.suffix == ".zip" else samples.assemble
        made = assemble(options.name, Path(folder))
        if output.exists() and (output.is_dir() or output.suffix != ".zip"):
            raise ConfigurationError(f"{output} exists: choose another place with -o")
        output.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, output)
    print(output)
    return 0
