"""What sample submissions say about themselves, and which descriptions are refused."""

from __future__ import annotations

import pytest

from grader.authoring.descriptions import (
    Pace,
    SampleError,
    attacks,
    describe,
    expected,
    names,
)


@pytest.fixture
def checkout(tmp_path):
    """Give a function that adds a sample to a checkout of its own, which it returns."""

    def add(name, toml='base = "reference"', outcome='points = "1"'):
        folder = tmp_path / "submissions" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "sample.toml").write_text(f'title = "A sample"\n{toml}\n')
        (folder / "expected.toml").write_text(outcome)
        return tmp_path

    return add


def test_names(checkout):
    """Samples are the folders with a description, in alphabetical order."""
    checkout("zebra")
    root = checkout("ant")
    (root / "submissions" / "notes").mkdir()
    assert names(root) == ["ant", "zebra"]


def test_hostile_samples_have_names_of_their_own(checkout):
    """Those below `attacks` are listed apart, and described by their full name."""
    checkout("ant")
    checkout("attacks/wasp")
    root = checkout("attacks/bee")
    assert names(root) == ["ant"]
    assert attacks(root) == ["attacks/bee", "attacks/wasp"]
    assert describe("attacks/bee", root).name == "attacks/bee"


def test_expected(checkout):
    """The outcome lies beside the description."""
    root = checkout("one", outcome='points = "12.5"')
    assert str(expected("one", root).points) == "25/2"
    assert describe("one", root).title == "A sample"


def test_pace(checkout):
    """A sample takes the assignment's time, and is not slow, unless it says otherwise."""
    assert describe("one", checkout("one")).pace == Pace(None, slow=False)
    root = checkout("two", 'base = "none"\n[grading]\nseconds = 20\nslow = true')
    assert describe("two", root).pace == Pace(20, slow=True)


@pytest.mark.parametrize(
    "toml",
    [
        "",
        'base = "elsewhere"',
        'base = "none"\nunknown = 1',
        'base = "none"\n[packing]\nupside = "down"',
        'base = "none"\n[grading]\nhours = 3',
        'base = "none"\npacking = "tight"',
        "base = none",
    ],
)
def test_unusable_descriptions(checkout, toml):
    """A description that makes no sense is refused with its path."""
    root = checkout("one", toml)
    with pytest.raises(SampleError, match=r"one/sample\.toml"):
        describe("one", root)


@pytest.mark.parametrize("outcome", ["score = 3", "points = ", 'checks = "all"', "notes = 3"])
def test_unusable_expectations(checkout, outcome):
    """An outcome that makes no sense is refused with its path."""
    root = checkout("one", outcome=outcome)
    with pytest.raises(SampleError, match=r"one/expected\.toml"):
        expected("one", root)


def test_missing_expectations(checkout):
    """A sample without an expected outcome is refused, not taken to expect nothing."""
    root = checkout("one")
    (root / "submissions" / "one" / "expected.toml").unlink()
    with pytest.raises(SampleError, match=r"there is no .*one/expected\.toml"):
        expected("one", root)


def test_unknown_sample(checkout):
    """A name that is none is answered with those there are."""
    root = checkout("one")
    with pytest.raises(SampleError, match="the samples are: one"):
        describe("two", root)
    with pytest.raises(SampleError, match="the samples are: none"):
        describe("two", root / "submissions")
