"""What the tests of a comparison share: two gradings, of records made by hand."""

import sys
from pathlib import Path

import pytest

from grader.authoring.classroom.compare.changes import compare
from grader.authoring.classroom.compare.reading import Grading

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def compared():
    """Compare two lists of records, as if they were read from folders."""

    def run(old, new):
        return compare(Grading(Path("old"), tuple(old)), Grading(Path("new"), tuple(new)))

    return run
