"""What is tried on an archive before it is handed in."""

import dataclasses

import pytest

from grader import rehearsal
from grader.authoring import samples
from grader.errors import ConfigurationError, SandboxError
from grader.evaluation import images
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status
from grader.rehearsal import rehearse
from grader.session import grade

FOLDERS = {"part1-convnet", "part2-pytorch"}
CHECKPOINTS = [f"checkpoints/{name}.pth" for name in ("twolayernet", "vanillacnn", "mymodel")]


def with_pack(assignment, checks):
    """The assignment with other checks to try."""
    return dataclasses.replace(assignment, table={**assignment.table, "pack": {"checks": checks}})


def said(*cases, staff_notes=()):
    """A run of one check, 2.5, with cases of these (status, reason, message)."""
    outcomes = [
        CaseOutcome(f"case {k}", "core", 0, status, reason=reason, message=message)
        for k, (status, reason, message) in enumerate(cases)
    ]
    check = CheckOutcome("2.5", "2", "the file: loads", 0, cases=outcomes)
    return Run("", "", checks=[check], staff_notes=list(staff_notes))


@pytest.fixture
def pretend(monkeypatch, assignment, tmp_path):
    """Rehearse with a grading that gives this run, or raises this error."""

    def run(result):
        def grade(_):
            if isinstance(result, Exception):
                raise result
            return result

        monkeypatch.setattr(rehearsal, "grade", grade)
        return rehearse(tmp_path, with_pack(assignment, ["2.5"]), FOLDERS)

    return run


def test_checkpoints_that_load(assignment, tmp_path):
    """The packaged assignment's checks try the three checkpoints of a whole submission."""
    seen = rehearse(samples.assemble("complete", tmp_path), assignment, FOLDERS)
    assert seen.loaded == CHECKPOINTS
    assert seen.failures == []
    assert seen.unverified == {}


def test_checkpoints_that_do_not_load(assignment, tmp_path):
    """A damaged file and a pointer are failures, said once; the third still loads."""
    seen = rehearse(samples.assemble("corrupt-checkpoint", tmp_path), assignment, FOLDERS)
    assert seen.loaded == CHECKPOINTS[:1]
    assert len(seen.failures) == 2
    assert "Git LFS pointer" in seen.failures[0]
    assert "cut off or damaged" in seen.failures[1]


def test_missing_files_are_left_for_others_to_say(assignment, tmp_path):
    """The template has no checkpoints: nothing is loaded, and nothing said."""
    seen = rehearse(samples.assemble("template", tmp_path), assignment, FOLDERS)
    assert (seen.loaded, seen.failures, seen.unverified) == ([], [], {})


def test_no_images_are_ever_used(assignment, tmp_path, monkeypatch):
    """Test images in their usual place are not looked at: an accuracy would take minutes."""
    monkeypatch.setattr(images, "CIFAR10", images.PRACTICE)
    assert images.locate(None) == images.PRACTICE
    whole = samples.assemble("complete", tmp_path)
    ran = []
    monkeypatch.setattr(rehearsal, "grade", lambda options: ran.append(grade(options)) or ran[0])
    rehearse(whole, with_pack(assignment, ["2.5"]), FOLDERS)
    (check,) = ran[0].checks
    assert check.cases[-1].reason == "no-data"


@pytest.mark.parametrize("checks", [[], ["2.5"]])
def test_nothing_to_try(assignment, tmp_path, monkeypatch, checks):
    """Without checks to try, or without their part, no worker is started."""
    monkeypatch.setattr(rehearsal, "grade", lambda _: pytest.fail("graded"))
    seen = rehearse(tmp_path, with_pack(assignment, checks), {"part1-convnet"})
    assert (seen.loaded, seen.failures, seen.unverified) == ([], [], {})


def test_an_assignment_without_the_table_tries_nothing(assignment, tmp_path):
    """[pack] may be left out."""
    table = {key: value for key, value in assignment.table.items() if key != "pack"}
    bare = dataclasses.replace(assignment, table=table)
    assert rehearse(tmp_path, bare, FOLDERS).loaded == []


def test_a_check_that_does_not_exist(assignment, submit):
    """[pack] that names an unknown check verifies nothing, and says what there is."""
    seen = rehearse(submit(), with_pack(assignment, ["2.77"]), FOLDERS)
    ((reason, subjects),) = seen.unverified.items()
    assert "there is no check 2.77" in reason
    assert subjects == ["check 2.77"]
    with pytest.raises(ConfigurationError, match=r"9\.1"):
        rehearse(submit(), with_pack(assignment, ["9.1"]), FOLDERS)


def test_a_grader_that_cannot_work_leaves_all_unverified(pretend):
    """What a grader raises is named, without the traceback that it quotes."""
    seen = pretend(SandboxError("no worker. It said:\nTraceback\n  line\nValueError: x\n"))
    assert seen.unverified == {"no worker. It said: ... ValueError: x": ["check 2.5"]}


def test_what_staff_would_read_is_said_to_the_student(pretend):
    """Of a check that could not be made the reason is named, not the sentence that hides it."""
    case = (Status.UNCHECKED, "sandbox", "the staff can see the reason")
    seen = pretend(said(case, case, staff_notes=["2.6: other", "2.5: torch is missing"]))
    assert seen.unverified == {"torch is missing": ["the file"]}


def test_without_a_word_to_staff_the_message_stands(pretend):
    """A check that was blocked says itself by what."""
    seen = pretend(said((Status.UNCHECKED, "checkpoint-no-library", "no library here")))
    assert seen.unverified == {"no library here": ["the file"]}


def test_what_was_never_run_is_not_loaded(pretend):
    """A check without an outcome counts as unverified."""
    assert pretend(said((Status.NOT_RUN, "", ""))).unverified == {"not run": ["the file"]}


def test_a_failure_hides_what_it_blocked(pretend):
    """Cases that a failed one blocks say nothing new."""
    failed = (Status.FAILED, "checkpoint-pickle", "it is a pickle")
    seen = pretend(said(failed, (Status.UNCHECKED, "checkpoint-not-loaded", "not measured")))
    assert seen.failures == ["it is a pickle"]
    assert (seen.loaded, seen.unverified) == ([], {})


def test_an_archive_that_cannot_be_graded(pretend):
    """What makes the whole submission unusable is a failure."""
    run = Run("", "", error="the zip is damaged")
    assert pretend(run).failures == ["the zip is damaged"]
