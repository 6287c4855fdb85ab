"""The layout as the assignment's file describes it."""

from fractions import Fraction

import pytest

from grader.assignment import load
from grader.errors import ConfigurationError
from grader.intake import Layout


def table(**entry):
    """A table with one part."""
    return {"parts": {"p": {"markers": ["a.py"], **entry}}}


def test_reads_every_key():
    """Titles, exact points, and patterns come through."""
    part = Layout.from_table(table(title="T", points=0.1, keep=["x/*.txt"])).parts["p"]
    assert (part.title, part.points) == ("T", Fraction(1, 10))
    assert part.keeps("x/a.txt")
    assert part.keeps("a.py")
    assert not part.keeps("x/y/a.txt")


@pytest.mark.parametrize(
    ("pattern", "path", "kept"),
    [
        ("**/*.py", "b.py", True),
        ("**/*.py", "x/y/b.py", True),
        ("**/*.py", "x/b.pyc", False),
        ("*.py", "x/b.py", False),
        ("c/?.pth", "c/m.pth", True),
        ("c/?.pth", "c/mm.pth", False),
        ("c/[a].pth", "c/a.pth", False),
        ("c/[a].pth", "c/[a].pth", True),
    ],
)
def test_patterns(pattern, path, kept):
    """`**/` stands for any number of folders, `*` and `?` stay within one, the rest is literal."""
    assert Layout.from_table(table(keep=[pattern])).parts["p"].keeps(path) is kept


def test_part_in_another_parts_folder_is_none_of_its_own():
    """A part with `folder` has no files of its own."""
    document = table()
    document["parts"]["q"] = {"folder": "p"}
    assert list(Layout.from_table(document).parts) == ["p"]


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"parts": {}},
        {"parts": {"p": {}}},
        {"parts": {"../p": {"markers": ["a.py"]}}},
        table(markers=["../a.py"]),
        table(markers=["/a.py"]),
        table(markers="a.py"),
        table(keep=[1]),
        table(expected=["a.py|"]),
        table(points="many"),
    ],
)
def test_mistakes_are_configuration_errors(document):
    """A table that cannot be used raises with the part's name."""
    with pytest.raises(ConfigurationError, match=r"part"):
        Layout.from_table(document)


def test_packaged_assignment_is_usable():
    """The assignment that ships has parts that intake understands."""
    assert Layout.from_table(load().table).parts
