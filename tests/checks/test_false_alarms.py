"""A correct Part 1 never loses a point, whatever the seed."""

import functools

import pytest

from grader.authoring import samples
from grader.authoring.tape import record
from grader.budget import Budget
from grader.grading import Grading
from grader.outcomes import Run, Status
from grader.session import opened, run_checks
from grader.tape import Header, Tape, write

FLOAT32 = """
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("weight", "bias"):
            if hasattr(self, name):
                setattr(self, name, getattr(self, name).astype(np.float32))

    def forward(self, x):
        return super().forward(x.astype(np.float32)).astype(np.float32)

    def backward(self, dout):
        super().backward(dout.astype(np.float32))
        for name in ("dx", "dw", "db"):
            if getattr(self, name, None) is not None:
                setattr(self, name, getattr(self, name).astype(np.float32))
"""
LAYERS = {
    "convolution": "Conv2D",
    "max_pool": "MaxPooling",
    "relu": "ReLU",
    "linear": "Linear",
}


@pytest.fixture(params=["reference", "loops", "loops in float32", "float32"])
def correct(request, tmp_path, submit):
    """A correct submission: vectorised or looping, in double or single precision."""
    if request.param.startswith("loops"):
        folder = samples.assemble("loops-float32", tmp_path / "loops")
        if request.param == "loops":
            for path in folder.rglob("*.py"):
                path.write_text(path.read_text().replace("float32", "float64"))
        return folder
    folder = submit()
    if request.param == "float32":
        for name, layer in LAYERS.items():
            path = folder / "part1-convnet" / "modules" / f"{name}.py"
            text = path.read_text().replace(f"class {layer}:", f"class Double{layer}:")
            path.write_text(f"{text}\n\nclass {layer}(Double{layer}):{FLOAT32}")
    return folder


def wanted(number):
    """Whether a check belongs to Part 1."""
    return number.startswith("1.")


@pytest.fixture(scope="session")
def taped(tmp_path_factory, reference_dir):
    """Record Part 1 for some seeds, once for all submissions."""

    @functools.cache
    def make(seeds):
        path = tmp_path_factory.mktemp("seeds") / "tape.npz"
        write(path, Header(seeds, "key", ""), record(reference_dir, seeds, wanted))
        return Tape(path)

    return make


@pytest.fixture
def alarms(correct, taped, pool, assignment):
    """Grade the submission on some seeds; the cases that did not pass."""

    def grade(seeds):
        found, tape = [], taped(seeds)  # recorded before any run's time begins
        with opened(correct, assignment) as submission:
            for seed in seeds:
                run = Run(assignment.title, correct.name)
                budget = Budget(assignment, 600.0)
                grading = Grading(assignment, budget, pool, submission, run, seed, tape=tape)
                run_checks(grading, wanted)
                assert sum(len(check.cases) for check in run.checks) > 60
                found += [
                    (seed, check.number, case.name, case.message)
                    for check in run.checks
                    for case in check.cases
                    if case.status is not Status.PASSED
                ]
        return found

    return grade


def test_three_seeds_without_an_alarm(alarms):
    """Correct layers pass every case of Part 1 on three seeds."""
    assert alarms((1, 2, 3)) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_two_hundred_seeds_without_an_alarm(alarms):
    """Correct layers pass every case of Part 1 on two hundred seeds."""
    assert alarms(tuple(range(1000, 1200))) == []
