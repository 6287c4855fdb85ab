"""Wrong variants of the steps in solver.py, as edits of a Solver that is right."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited

PATH = "part2-pytorch/solver.py"
MAIN = "from solver import Solver\n\nif __name__ == '__main__':\n    Solver().train()\n"
RIGHT = '''\
import torch


class Solver:
    """Holds the model, the optimizer and the criterion."""

    def __init__(self, **kwargs):
        raise RuntimeError("this would load the data")

    def _compute_loss_update_params(self, data, target):
        if self.model.training:
            output = self.model(data)
            loss = self.criterion(output, target)
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
        else:
            with torch.no_grad():
                output = self.model(data)
                loss = self.criterion(output, target)
        return output, loss
'''

WHEN, WITHOUT = "if self.model.training:", "with torch.no_grad():"
CLEAR, RETURN = "self.optimizer.zero_grad()", "return output, loss"
STEP, LOOK = frozenset({"2.1"}), frozenset({"2.2"})

# By name: family, checks that catch it, edits.
VARIANTS: dict[str, tuple[str, frozenset[str], list[Edit]]] = {
    "never-cleared": ("training-not-cleared", STEP, [(CLEAR, "pass")]),
    "always-trains": ("validation-trains", LOOK, [(WHEN, "if True:")]),
    "never-trains": ("training-nothing-moves", STEP, [(WHEN, "if False:")]),
    "graph-kept": ("validation-graph", LOOK, [(WITHOUT, "if True:")]),
    "without-grad-everywhere": (
        "training-cut-off",
        STEP,
        [("    def _compute", "    @torch.no_grad()\n    def _compute")],
    ),
    "returns-nothing": ("training-solver-returns", STEP, [(RETURN, "self.output = output")]),
    "returns-loss-alone": ("training-solver-returns", STEP, [(RETURN, "return loss")]),
    "returns-swapped": ("training-solver-returns", STEP, [(RETURN, "return loss, output")]),
}


def bugs() -> list[Bug]:
    """Every variant of a Solver; main.py only calls it."""
    return [
        Bug(
            f"training-solver-{name}",
            family,
            caught_by,
            {"part2-pytorch/main.py": MAIN, PATH: edited(RIGHT, edits)},
        )
        for name, (family, caught_by, edits) in VARIANTS.items()
    ]
