"""A perturbed copy of test images."""

import numpy as np
import pytest

from grader.authoring.perturb import BRIGHTNESS, SHIFT, perturbed, write
from grader.evaluation import images
from grader.evaluation.images import PRACTICE


@pytest.fixture(scope="module")
def practice():
    """The practice images."""
    return images.load(PRACTICE)


def test_no_image_stays_as_it_was_and_none_is_lost(practice):
    """Shape and type stay; nearly every image differs, so that no look-up finds it."""
    copy = perturbed(practice.pixels, 1)
    assert (copy.shape, copy.dtype) == (practice.pixels.shape, np.uint8)
    same = (copy == practice.pixels).all(axis=(1, 2, 3)).mean()
    assert same < 0.01


def test_the_copy_depends_on_the_seed_alone(practice):
    """One seed gives one copy, another seed another."""
    one, again, other = (perturbed(practice.pixels[:50], seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_every_image_is_the_old_one_moved_mirrored_and_brighter():
    """Each copy is found among the few that the description allows, and all kinds occur."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(60, 190, (60, 8, 8, 3), dtype=np.uint8)
    kinds = set()
    for before, after in zip(pixels, perturbed(pixels, 4)):
        kinds.add(found(before, after.astype(int)))
    assert {kind[0] for kind in kinds} == {kind[1] for kind in kinds} == {0, 1, 2, 3, 4}
    assert {kind[2] for kind in kinds} == {False, True}
    assert len({kind[3] for kind in kinds}) > 10


def found(before, after):
    """Rows and columns of the shift, whether mirrored, and the change of brightness."""
    padded = np.pad(before.astype(int), ((SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="edge")
    for down in range(2 * SHIFT + 1):
        for right in range(2 * SHIFT + 1):
            moved = padded[down : down + 8, right : right + 8]
            for mirrored in (False, True):
                change = after - (moved[:, ::-1] if mirrored else moved)
                if (change == change[0, 0, 0]).all() and abs(change[0, 0, 0]) <= BRIGHTNESS:
                    return down, right, mirrored, int(change[0, 0, 0])
    pytest.fail("this image is no copy of the old one")


def test_brightness_ends_at_black_and_white():
    """Nothing wraps around."""
    ends = np.array([0, 255], np.uint8)[:, None, None, None] * np.ones((2, 32, 32, 3), np.uint8)
    black, white = perturbed(ends.repeat(50, axis=0), 2).reshape(2, -1)
    assert black.max() <= BRIGHTNESS
    assert white.min() >= 255 - BRIGHTNESS


def test_the_file_is_one_of_test_images(practice, tmp_path):
    """It is read as any other, with the same labels and class names."""
    path = tmp_path / "private.npz"
    write(practice, path, 3)
    copy = images.load(path)
    assert np.array_equal(copy.labels, practice.labels)
    assert copy.classes == practice.classes
    assert np.array_equal(copy.pixels, perturbed(practice.pixels, 3))
    assert copy.digest != practice.digest
