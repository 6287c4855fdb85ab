"""Making a tape, and telling whether one is current."""

import shutil

import numpy as np
import pytest

from grader.authoring import tape as taping
from grader.authoring.bugs.bug import REFERENCE
from grader.tape import Header, write

FILE = "part1-convnet/modules/relu.py"


@pytest.fixture(scope="module")
def digest():
    """The hash of the code that tapes are made from."""
    return taping.source_digest(REFERENCE)


@pytest.fixture
def outdated(tape, tmp_path, digest):
    """What is said of the tests' tape, changed."""

    def ask(change):
        arrays = {name: tape.raw(name) for name in tape.names() if name != "header"}
        change(arrays)
        path = tmp_path / "tape.npz"
        write(path, Header(tape.header.seeds, "key", digest), arrays)
        return taping.outdated(path, REFERENCE)

    return ask


def test_a_tape_of_this_code_is_current(outdated):
    """The same arrays from the same code are current, with fingerprints or without."""
    assert outdated(lambda arrays: None) == ""
    assert outdated(lambda arrays: arrays.update({"77/fingerprints/1.5/names": np.ones(3)})) == ""


def test_another_value_is_named(outdated):
    """An array that the reference no longer gives is named."""

    def change(arrays):
        name = next(name for name in arrays if "relu[forward]/out" in name)
        arrays[name] = arrays[name] + 1

    assert outdated(change) == "77/relu[forward]/out differs"


def test_missing_and_left_over_arrays_are_counted(outdated):
    """An array too many is out of date, as is one too few."""
    assert "1 arrays" in outdated(lambda arrays: arrays.update(extra=np.ones(3)))
    assert "1 arrays" in outdated(lambda arrays: arrays.pop(next(iter(arrays))))


def test_a_damaged_array_is_named(tape, tmp_path, digest):
    """Also one of the fingerprints, which are not recorded again to be compared."""
    path = tmp_path / "tape.npz"
    name = "77/fingerprints/1.5/names"
    noise = np.random.default_rng(0).random(1000)
    write(path, Header(tape.header.seeds, "key", digest), {name: noise})
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])
    assert taping.outdated(path, REFERENCE) == f"{name} is damaged"


@pytest.fixture
def changed(tmp_path, monkeypatch):
    """The hash where a file of the checks has one line more."""

    def ask(path):
        checks = shutil.copytree(taping.CHECKS, tmp_path / "grader" / "checks")
        for name in ("diagnosis", "numerics"):
            shutil.copytree(taping.CHECKS.parent / name, checks.parent / name)
        monkeypatch.setattr(taping, "CHECKS", checks)
        before = taping.source_digest(REFERENCE)
        with (checks / path).open("a") as file:
            file.write("MORE = 1\n")
        return before != taping.source_digest(REFERENCE)

    return ask


@pytest.mark.parametrize(
    ("path", "counts"),
    [
        ("sentences/layers.py", False),
        ("hints/training.py", False),
        ("check_network.py", True),
        ("drivers/layers.py", True),
    ],
)
def test_what_students_read_does_not_age_a_tape(changed, path, counts):
    """Sentences and hints can be worded anew; checks and drivers cannot be changed unseen."""
    assert changed(path) is counts


@pytest.fixture
def meaning(tmp_path):
    """What counts of a source text."""

    def read(text):
        path = tmp_path / "code.py"
        path.write_text(text)
        return taping._meaning(path)

    return read


def test_comments_docstrings_and_layout_do_not_count(meaning):
    """Code that does the same has the same hash."""
    plain = meaning("def f(x):\n    return x + 1\n")
    assert meaning('"""Text."""\ndef f(x):\n    """Text."""\n    # why\n    return x+1\n') == plain
    assert meaning("def f(x):\n    return x + 2\n") != plain


def test_strings_that_are_used_count(meaning):
    """A text that is returned is no docstring."""
    assert meaning('def f():\n    return "a"\n') != meaning('def f():\n    return "b"\n')
