"""What everybody has, and what therefore does not count."""

from pathlib import Path

import numpy as np

from grader.authoring.classroom.similarity import known
from grader.authoring.classroom.similarity.tokens import tokens
from grader.authoring.classroom.similarity.winnowing import among, grams

ROOT = Path(__file__).parents[4]


def test_checkout_has_template_and_reference():
    """All k-grams of both are known, and their files by what they hold; they rise."""
    found = known.of_checkout()
    for folder in ("reference", "student_template"):
        source = (ROOT / folder / "part1-convnet/modules/convolution.py").read_text()
        hashes = grams([token.text for token in tokens(source)])
        assert among(hashes, found.hashes).all()
    assert (np.diff(found.hashes) > 0).all()
    assert len(found.digests) > 20


def test_no_files():
    """Where nothing is known, everything counts."""
    found = known.of_files([])
    assert (len(found.hashes), found.digests) == (0, frozenset())
