"""What the tests of checks share: garbage that stays cheap, one check at a time, images."""

import gc

import numpy as np
import pytest

from grader.evaluation.images import Images


@pytest.fixture(scope="session", autouse=True)
def _light_garbage():
    """Every run of pytest within these tests collects garbage ten times: make that cheap."""
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def only(submit, grade):
    """Grade one check of the reference with changed files; gives its outcome."""

    def run(number, changes=None, **options):
        folder = submit(changes, part="part2-pytorch")
        return grade(folder, lambda name: name == number, **options)[number]

    return run


@pytest.fixture(scope="session")
def pictures():
    """Sixty random images, six of each class."""
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (60, 32, 32, 3), dtype=np.uint8)
    names = tuple("abcdefghij")
    return Images("pictures", pixels, np.arange(60) % 10, names, "digest")
