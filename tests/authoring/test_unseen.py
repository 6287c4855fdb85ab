"""Mistakes that make no fingerprints, read from a file."""

import pytest

from grader.authoring.bugs.bug import BugError
from grader.authoring.unseen import load

ENTRY = """
[[variants]]
name = "mask-of-dout"
of = "{of}"
family = "relu-mask-from-dout"
caught_by = ["1.5"]
edits = [['{old}', 'dx = dout * (dout > 0)']]
"""


@pytest.fixture
def written(tmp_path):
    """A file of one mistake."""

    def write(of="relu-mask-multiply", old="dx = dout * (x > 0)", more=""):
        path = tmp_path / "some.toml"
        path.write_text(ENTRY.format(of=of, old=old) + more)
        return path

    return write


def test_a_mistake_is_an_edit_of_its_solution(written):
    """The solution's file is read with the edit in it, and its checks are those of the task."""
    (unseen,) = load(written())
    ((path, text),) = unseen.bug.files.items()
    assert path == "part1-convnet/modules/relu.py"
    assert "dx = dout * (dout > 0)" in text
    assert unseen.checks == unseen.bug.caught_by == {"1.5"}
    assert unseen.families == {"relu-mask-from-dout"}
    assert unseen.named


def test_a_mistake_may_be_known_not_to_be_named(written):
    """`named` is true unless the file says otherwise."""
    (unseen,) = load(written(more="named = false\n"))
    assert not unseen.named


def test_other_families_may_describe_it_as_well(written):
    """What `also` lists is true of the mistake, too."""
    (unseen,) = load(written(more='also = ["relu-sign"]\n'))
    assert unseen.families == {"relu-mask-from-dout", "relu-sign"}


@pytest.mark.parametrize("changed", [{"of": "relu-of-nobody"}, {"old": "dx = nothing"}])
def test_what_does_not_fit_is_refused(written, changed):
    """A solution that is not there, or does not have the text, is an error."""
    with pytest.raises(BugError):
        load(written(**changed))
