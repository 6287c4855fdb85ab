"""Run the students' tests of a folder again and again, each time with other files in it.

    python light_tests.py FOLDER TEST_FILE... < variants.json > outcomes.json

Each variant maps paths in FOLDER to the texts that stand there during its run. What comes out
are, for each variant, the tests' outcomes: {test: [task, outcome, what is said]}.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from pathlib import Path

import pytest


class Recorder:
    """A pytest plugin that keeps the outcomes."""

    def __init__(self):
        self.outcomes = {}

    def pytest_runtest_logreport(self, report):
        """Keep each test's call, and of its other phases what went wrong."""
        if report.when == "call" or not report.passed:
            said = report.longrepr[2] if report.skipped else report.longreprtext
            task = report.location[2].removeprefix("Task ")[:3]
            self.outcomes[report.nodeid] = [task, report.outcome, said]


def outcomes(folder, tests, variant):
    """Run the tests with a variant's files, and put the files back."""
    before = {path: (folder / path).read_text() for path in variant}
    recorder = Recorder()
    try:
        for path, text in variant.items():
            (folder / path).write_text(text)
        with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
            pytest.main([str(folder / name) for name in tests], plugins=[recorder])
    finally:
        for path, text in before.items():
            (folder / path).write_text(text)
    return recorder.outcomes


if __name__ == "__main__":
    sys.dont_write_bytecode = True  # a text of the same size in the same second is another one
    root, *names = sys.argv[1:]
    runs = [outcomes(Path(root), names, variant) for variant in json.load(sys.stdin)]
    json.dump(runs, sys.stdout)
