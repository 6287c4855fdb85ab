"""What the checks of the training and the validation step accept, refuse, and say."""

import pytest

from grader.outcomes import Status

STEP = """        output = model(data)
        loss = criterion(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
LOOK = """        with torch.no_grad():
            output = model(data)
            loss = criterion(output, target)
"""
SOLVER = """
import torch
from data import no_such_name


class Solver:
    def __init__(self):
        raise RuntimeError("would load the data")

    def _compute_loss_update_params(self, data, target):
        if self.model.training:
            output = self.model(data.to(self.device))
            loss = self.criterion(output, target)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        else:
            with torch.no_grad():
                output = self.model(data)
                loss = self.criterion(output, target)
        return output, loss
"""
SOLVER_TEMPLATE = """
class Solver:
    def _compute_loss_update_params(self, data, target):
        output, loss = None, None
        return output, loss
"""


def step(*lines):
    """A change of main.py: other lines in place of the training step."""
    return {"main.py": (STEP, "".join(f"        {line}\n" for line in lines))}


def look(*lines):
    """The same for the validation step."""
    return {"main.py": (LOOK, "".join(f"        {line}\n" for line in lines))}


FORWARD = ("output = model(data)", "loss = criterion(output, target)")


def messages(check):
    """All that a check said about its cases."""
    return " ".join(case.message for case in check.cases)


@pytest.mark.parametrize("number", ["2.1", "2.2"])
def test_the_reference_passes(only, number):
    """Correct steps pass every case, without a remark."""
    check = only(number)
    assert check.status is Status.PASSED
    assert check.remarks == []


def test_gradients_may_be_cleared_after_the_step(only):
    """zero_grad after step, and on the model, is as good as before."""
    assert only("2.1", step(*FORWARD, "loss.backward()", "optimizer.step()",
                            "model.zero_grad()")).status is Status.PASSED  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ((*FORWARD,), "neither `loss.backward()` nor"),
        ((*FORWARD, "optimizer.step()"), "call `loss.backward()` before"),
        ((*FORWARD, "optimizer.zero_grad()", "loss.backward()"), "is never called"),
        ((*FORWARD, "optimizer.zero_grad()", "optimizer.step()", "loss.backward()"),
         "first the gradients"),
        ((*FORWARD, "loss.backward()", "optimizer.zero_grad()", "optimizer.step()"),
         "there are no gradients"),
        ((*FORWARD, "optimizer.zero_grad()", "loss.backward()", "optimizer.step()",
          "optimizer.step()"), "`optimizer.step()` is called more often"),
        (("output = model(data).softmax(dim=1)", FORWARD[1], *STEP.split("\n")[2:5]),
         "includes the softmax"),
        ((*FORWARD, "loss.backward()", "optimizer.step()"), "gradients add up"),
        ((*FORWARD, "loss.backward(retain_graph=True)", "loss.backward()", "optimizer.step()",
          "optimizer.zero_grad()"), "`loss.backward()` runs more often"),
        ((FORWARD[0], "loss = 2 * criterion(output, target)", "optimizer.zero_grad()",
          "loss.backward()", "optimizer.step()"), "it should be the criterion's"),
        ((FORWARD[0], "loss = criterion(output, target) * float('inf')", "loss.backward()",
          "optimizer.step()"), "They are NaN or infinite"),
    ],
)  # fmt: skip
def test_a_wrong_training_step_is_named(only, lines, words):
    """Each usual mistake fails the check, with a sentence of its own."""
    check = only("2.1", step(*(line.strip() for line in lines)))
    assert check.status is Status.FAILED
    assert words in messages(check)


def test_the_first_step_counts_without_zero_grad(only):
    """Without zero_grad a single step is right, so its case keeps its points."""
    check = only("2.1", step(*FORWARD, "loss.backward()", "optimizer.step()"))
    assert [case.name for case in check.cases if case.points] == ["one step"]


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("2.1", step("...")),
        ("2.1", step("output, loss = None, None")),
        ("2.1", step("loss.backward()")),
        ("2.1", step('raise NotImplementedError("Task 2.1")')),
        ("2.2", look("...")),
        ("2.2", {"main.py": "def train(a, b, c, d, e): pass\ndef validate(a, b, c, d): pass\n"}),
    ],
)
def test_an_empty_step_is_not_started(only, number, change):
    """A step that never runs the model is 'not started', not 'wrong'."""
    check = only(number, change)
    assert {case.reason for case in check.cases} == {"not-started"}


@pytest.mark.parametrize("number", ["2.1", "2.2"])
def test_a_solver_serves_in_place_of_main(only, number):
    """Where solver.py replaces main.py, its step is graded, without its constructor."""
    check = only(number, {"main.py": None, "solver.py": SOLVER})
    assert check.status is Status.PASSED, messages(check)


def test_an_empty_solver_is_not_started(only):
    """A Solver that returns (None, None) has not been started."""
    check = only("2.1", {"main.py": None, "solver.py": SOLVER_TEMPLATE})
    assert check.reason == "not-started"
    assert "_compute_loss_update_params" in messages(check)


def test_the_script_that_is_filled_in_counts(only):
    """With both scripts, an empty train in main.py gives way to the solver."""
    both = {"main.py": "def train(*_): pass", "solver.py": SOLVER}
    assert only("2.1", both).status is Status.PASSED
    both = {"main.py": "import nothing_like_this", "solver.py": SOLVER}
    assert only("2.1", both).status is Status.PASSED
    both = {"main.py": "def train(*_): pass", "solver.py": SOLVER_TEMPLATE}
    assert only("2.1", both).reason == "not-started"


def test_a_solver_that_returns_nothing_is_wrong(only):
    """The given loop needs the pair (output, loss)."""
    silent = SOLVER.replace("return output, loss", "")
    check = only("2.1", {"main.py": None, "solver.py": silent})
    assert "return the pair (output, loss)" in messages(check)
    assert check.reason == "no-pair"


def test_neither_script_is_a_missing_file(only):
    """Without main.py and solver.py the message names main.py."""
    check = only("2.1", {"main.py": None})
    assert check.reason == "missing-file"
    assert "part2-pytorch/main.py" in messages(check)


def test_other_broken_files_do_not_keep_main_from_being_graded(only):
    """main.py imports the models; one that does not parse costs nothing here."""
    broken = {
        "models/my_model.py": "class MyModel(:\n",
        "losses/focal_loss.py": "import no_such_module",
    }
    assert only("2.1", broken).status is Status.PASSED


def test_main_itself_must_be_importable(only):
    """An error in main.py is the student's, with its line."""
    check = only("2.1", {"main.py": "import no_such_module\nno_such_module.go()\n"})
    assert check.reason == "exception"
    assert "`main.py:2`" in messages(check)


def test_what_only_main_sets_is_explained(only):
    """A step that uses the global `args` of main() is started, and told why it cannot run."""
    check = only("2.1", step("if args.reg: pass", *FORWARD))
    assert {case.reason for case in check.cases} == {"exception"}
    assert "`main()` does not run" in messages(check)


def test_main_may_import_what_is_not_here(only):
    """Missing libraries and older data packages are stood in for."""
    more = "import wandb, cv2\nimport seaborn as sns\nfrom data import Imbalanced_CIFAR10\n"
    check = only("2.1", {"main.py": ("import models\n", f"import models\n{more}")})
    assert check.status is Status.PASSED, messages(check)


@pytest.mark.parametrize(
    ("lines", "case", "words"),
    [
        (FORWARD, "no gradients, no graph", "Put the call of the model itself inside"),
        (("torch.no_grad()", *FORWARD), "no gradients, no graph", "the bare statement"),
        ((FORWARD[0], "with torch.no_grad():", "    " + FORWARD[1]), "no gradients, no graph",
         "forward runs with gradients enabled"),
        ((*FORWARD, "loss.backward()"), "no gradients, no graph", "no `backward()` there"),
        (("with torch.no_grad():", f"    {FORWARD[0]}", f"    {FORWARD[1]}",
          "    [p.add_(1) for p in model.parameters()]"), "parameters stay as they are",
         "changes the parameters"),
        (("with torch.no_grad():", f"    {FORWARD[0]}", f"    {FORWARD[0]}",
          f"    {FORWARD[1]}"), "every image once", "every batch should go through it once"),
    ],
)  # fmt: skip
def test_a_wrong_validation_step_is_named(only, lines, case, words):
    """Each usual mistake fails its own case."""
    check = only("2.2", look(*lines))
    failed = {entry.name: entry.message for entry in check.cases if entry.status is Status.FAILED}
    assert set(failed) == {case}
    assert words in failed[case]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("    model.eval()\n", ""), "validated in training mode"),
        (("    model.train(was_training)\n", ""), "leaves the model in evaluation mode"),
        (("    return accuracy, counts /", "    return accuracy / 2, counts /"),
         "not the share of right predictions"),
        (("counts / counts.sum(dim=1, keepdim=True).clamp(min=1)", "counts.sum()"),
         "confusion matrix is no array"),
        (("    return accuracy, counts /", "    return counts /"), "not the pair"),
    ],
)  # fmt: skip
def test_what_costs_nothing_is_a_remark(only, change, words):
    """The model's mode and the given accuracy code cost no points, and are remarked on."""
    check = only("2.2", {"main.py": change})
    assert check.status is Status.PASSED, messages(check)
    assert any(words in remark for remark in check.remarks)
