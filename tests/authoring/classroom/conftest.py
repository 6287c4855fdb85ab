"""What the tests of a class share: `making` builds records by hand."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def hidden():
    """Pseudonyms of a class of one."""
    from hiding import of_one

    return of_one()
