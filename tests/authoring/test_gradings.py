"""Sample submissions graded side by side."""

from __future__ import annotations

import pytest

from grader.authoring import gradings
from grader.authoring.gradings import grade_all
from grader.authoring.samples import SampleError, expected

UNUSABLE = 'base = "none"\n[generated]\n"notes.bin" = { bytes = 10 }\n'


@pytest.fixture
def checkout(tmp_path):
    """Give a function that adds a sample to a checkout of its own."""

    def add(name, toml, outcome='error = "No part of the assignment"'):
        folder = tmp_path / "submissions" / name
        folder.mkdir(parents=True)
        (folder / "sample.toml").write_text(f'title = "The sample {name}"\n{toml}')
        (folder / "expected.toml").write_text(outcome)
        return tmp_path

    return add


def test_all_samples_by_name(checkout):
    """Without names all are graded, and come in the order of their names with their titles."""
    checkout("zebra", UNUSABLE)
    root = checkout("ant", UNUSABLE)
    heard = []
    first, second = grade_all(root=root, told=heard.append)
    assert (first.name, second.name) == ("ant", "zebra")
    assert first.title == "The sample ant"
    assert "No part of the assignment" in first.run.error
    assert first.differences == second.differences == []
    assert {graded.name for graded in heard} == {"ant", "zebra"}


def test_chosen_samples_once(checkout):
    """Only those that are named are graded, and a name that comes twice once."""
    checkout("zebra", UNUSABLE)
    root = checkout("ant", UNUSABLE)
    assert [graded.name for graded in grade_all(["ant", "ant"], root=root)] == ["ant"]


def test_long_ones_begin_first(checkout):
    """Slow samples begin before those with a time of their own, and these before others."""
    checkout("a", UNUSABLE)
    checkout("b", f"{UNUSABLE}[grading]\nseconds = 20\n")
    root = checkout("c", f"{UNUSABLE}[grading]\nslow = true\n")
    heard = []
    grade_all(root=root, told=lambda graded: heard.append(graded.name))
    assert heard == ["c", "b", "a"]


def test_differences(checkout):
    """What came out otherwise than expected.toml says is in the result."""
    root = checkout("one", UNUSABLE, 'error = "no zip"')
    (graded,) = grade_all(root=root)
    (difference,) = graded.differences
    assert difference.where == "error"
    assert "no zip" in difference.expected


def test_a_sample_that_cannot_be_made_is_a_difference(checkout):
    """Where the grader cannot do its job for one sample, the others still are graded."""
    checkout("good", UNUSABLE)
    root = checkout("odd", 'base = "none"\nremove = ["nothing/*"]\n')
    good, odd = grade_all(root=root)
    assert good.differences == []
    (difference,) = odd.differences
    assert difference.where == "grading"
    assert "nothing/*" in difference.got
    assert "could not do its job" in odd.run.error


@pytest.mark.parametrize(
    ("name", "toml", "outcome"),
    [("two", UNUSABLE, ""), ("one", "base = 3", ""), ("one", UNUSABLE, "score = 3")],
)
def test_what_makes_no_sense_is_said_before_anything_is_graded(checkout, name, toml, outcome):
    """An unknown name, or a file with a mistake in it, stops the panel at once."""
    root = checkout("one", toml, outcome)
    heard = []
    with pytest.raises(SampleError):
        grade_all([name], root=root, told=heard.append)
    assert heard == []


def test_nothing_is_left_behind(checkout, tmp_path, monkeypatch):
    """The archives that were made lie in a temporary folder, which goes."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(gradings.tempfile, "tempdir", str(temporary))
    grade_all(root=checkout("one", UNUSABLE))
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
def test_several_processes_grade_real_samples():
    """Processes with zygotes of their own give what one process gives."""
    names = ["missing-part", "template", "too-large"]
    graded = grade_all(names, jobs=2)
    assert [one.name for one in graded] == names
    assert [one.differences for one in graded] == [[], [], []]
    assert [one.run.points for one in graded] == [7, 0, 0]


@pytest.mark.slow
def test_only_what_suffices():
    """Of a sample that names checks only those are run, and its other outcomes are for others."""
    (graded,) = grade_all(["attacks/returns-nan"])
    assert graded.differences == []
    assert {check.number for check in graded.run.checks} == set(expected(graded.name).only)
