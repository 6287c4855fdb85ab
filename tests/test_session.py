"""What a whole run does before and after its checks."""

import stat
import sys

import pytest

from grader import sandbox, session
from grader.errors import SandboxError
from grader.outcomes import ALL_FILES, Status
from grader.selection import Selection
from grader.session import Options, opened

RELU = Selection(frozenset({"1.5"}))


def test_a_worker_cannot_find_another_submission(submit, assignment):
    """What is staged can be read by those who know its name, and nobody can list it."""
    with opened(submit(), assignment) as submission:
        staged = submission.parts["part1-convnet"].parent
        outer = staged.parent
        assert stat.S_IMODE(outer.stat().st_mode) == 0o711
        assert len(staged.name) == 16
    assert not outer.exists()


def launched(pool):
    """The zygotes of a pool: their process ids by kind."""
    return {kind: launcher.pid for kind, launcher in pool._launchers.items()}


def test_a_pool_serves_several_gradings(submit):
    """Zygotes that are handed in stay as they are, and see each time the files of now."""
    with sandbox.WorkerPool(launch="zygote") as pool:
        (before,) = session.grade(Options(submit(), selection=RELU), pool).checks
        first = launched(pool)
        changed = submit({"modules/relu.py": "class ReLU:\n    pass\n"})
        (after,) = session.grade(Options(changed, selection=RELU), pool).checks
        assert launched(pool) == first
    assert (before.status, after.status) == (Status.PASSED, Status.FAILED)


def test_only_the_zygotes_that_are_needed_start(submit):
    """Checks of Part 1 alone start no torch."""
    with sandbox.WorkerPool(launch="zygote") as pool:
        session.grade(Options(submit(), selection=RELU), pool)
        assert list(launched(pool)) == ["numpy"]


def test_where_fork_is_not_to_be_trusted(submit):
    """With a fresh process for each worker, as on macOS, checks give the same outcomes."""
    with sandbox.WorkerPool(launch="fresh") as pool:
        (check,) = session.grade(Options(submit(), selection=RELU), pool).checks
    assert check.status is Status.PASSED
    assert check.cpu_seconds > 0


def test_the_run_says_how_well_workers_were_locked_up(submit):
    """The level is that of the weakest worker, with what it found open."""
    with sandbox.WorkerPool(without=["system calls"]) as pool:
        run = session.grade(Options(submit(), selection=RELU), pool)
    assert run.isolation["level"] == "degraded"
    assert "network" in run.isolation["open"]
    assert run.isolation["layers"]["system calls"].startswith("off")


def test_below_the_demanded_level_nothing_is_graded(submit):
    """A lock that is weaker than the assignment demands stops the run before any check."""
    saved = []
    options = Options(submit(), selection=RELU, demand="full", save=saved.append)
    with (
        sandbox.WorkerPool(without=["system calls"]) as pool,
        pytest.raises(SandboxError, match=r"demands \(full\).*degraded: .*the network"),
    ):
        session.grade(options, pool)
    assert saved == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux's layers")
def test_a_demand_that_is_met_changes_nothing(submit):
    """With all layers the demanded level is reached, and said."""
    run = session.grade(Options(submit(), selection=RELU, demand="full"))
    assert run.isolation["level"] == "full"
    assert run.checks[0].status is Status.PASSED


def test_a_later_worker_that_is_less_locked_up_is_not_used(submit, assignment, monkeypatch):
    """Each worker is held to the demand; a check that cannot have one is not the student's."""
    locked = []

    def holes(worker):
        locked.append(worker)
        return [] if len(locked) == 1 else ["network"]

    monkeypatch.setattr(sandbox.Worker, "holes", property(holes, lambda *_: None), raising=False)
    run = session.grade(Options(submit(), selection=RELU, demand="full"))
    assert run.checks[0].status is Status.UNCHECKED
    assert any("the network" in note for note in run.staff_notes)


@pytest.mark.parametrize(
    ("number", "reads"),
    [
        ("1.5", ["part1-convnet/modules/relu.py"]),
        ("1.8", ["part1-convnet/optimizer/sgd.py"]),
        ("2.1", ["part2-pytorch/main.py", "part2-pytorch/solver.py"]),
        ("2.9", [ALL_FILES]),
    ],
)
def test_each_check_says_which_files_it_asked_for(grade, submit, number, reads):
    """Files that are not there count as well: a check may come out otherwise with them."""
    submit()
    folder = submit(part="part2-pytorch")
    assert grade(folder, keep=lambda name: name == number)[number].reads == reads


def test_files_that_are_missing_count_as_asked_for(grade, submit):
    """A check that fails for want of a file names it."""
    folder = submit({"modules/relu.py": None})
    assert grade(folder, keep=RELU)["1.5"].reads == ["part1-convnet/modules/relu.py"]
