"""Fingerprints of a text by winnowing."""

import numpy as np
import pytest

from grader.authoring.classroom.similarity.winnowing import K, W, among, grams, mix, winnow

NOTHING = np.empty(0, np.int64)


def words(seed, count):
    return [str(number) for number in np.random.default_rng(seed).integers(0, 50, count)]


def fingerprints(text, known=NOTHING):
    hashes = grams(text)
    return set(hashes[winnow(hashes, known)].tolist())


@pytest.mark.parametrize("seed", range(20))
def test_guarantee(seed):
    """Two texts that share w + k - 1 tokens in a row share a fingerprint, wherever these stand."""
    common = words(seed, W + K - 1)
    one = [*words(1000 + seed, 83), *common, *words(2000 + seed, 59)]
    other = [*words(3000 + seed, 17), *common, *words(4000 + seed, 71)]
    assert fingerprints(one) & fingerprints(other)


def test_guarantee_beside_known_text():
    """It holds for w unknown k-grams in a row when known ones are left out."""
    common = words(1, W + K - 1)
    handout = words(2, 200)
    known = np.unique(grams(handout))
    one = fingerprints([*handout, *words(3, 40), *common, *words(4, 40)], known)
    other = fingerprints([*words(5, 40), *common, *words(6, 40), *handout], known)
    assert one & other


def test_noise_threshold():
    """A shared run of k - 1 tokens does not show."""
    common = words(1, K - 1)
    one = [*["x"] * 50, *common, *["y"] * 50]
    other = [*["u"] * 50, *common, *["v"] * 50]
    assert not fingerprints(one) & fingerprints(other)


def test_density():
    """About 2 / (w + 1) of the hashes of a text without repetitions are kept."""
    text = [str(number) for number in np.random.default_rng(1).permutation(20_000)]
    assert len(fingerprints(text)) == pytest.approx(20_000 * 2 / (W + 1), rel=0.05)


def test_what_is_known_has_no_fingerprints():
    """A text of known k-grams has none, and neither has one that is too short."""
    text = words(1, 100)
    assert len(winnow(grams(text), np.unique(grams(text)))) == 0
    assert len(grams(text[: K - 1])) == 0
    assert len(winnow(grams(text[: K - 1]), NOTHING)) == 0


def test_short_text_has_one():
    """A text of a single k-gram has that as its fingerprint."""
    hashes = grams(words(1, K))
    assert winnow(hashes, NOTHING).tolist() == [0]


def test_rightmost_of_equals():
    """Of equal hashes in a window the rightmost is kept, so that repetitions cost little."""
    assert winnow(np.zeros(20, np.int64), NOTHING).tolist() == list(range(W - 1, 20))
    assert winnow(np.array([3, 1, 1, 2]), NOTHING, w=4).tolist() == [2]


def test_hashes_are_the_same_everywhere():
    """Features of different machines are compared: a hash depends on the tokens alone."""
    assert grams(["a"] * K).tolist() == grams(["a"] * K).tolist()
    assert grams(["x", *["a"] * K]).tolist()[1:] == grams(["a"] * K).tolist()
    assert mix(np.array([1], np.uint64)).tolist() == [6238072747940578789]


def test_among():
    """Membership in a sorted array, an empty one too."""
    assert among(np.array([1, 5, 9]), np.array([0, 5])).tolist() == [False, True, False]
    assert among(np.array([1, 5]), NOTHING).tolist() == [False, False]
