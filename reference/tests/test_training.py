"""Tasks 2.1 and 2.2, the steps in main.py: `pytest -k training`."""

from __future__ import annotations

import numpy as np
import pytest

from tests.quarters import same

CLOSE = 1e-6  # float32


def check_training(torch, part2, count, expected):
    """Train a linear model, from zeros and with learning rate 1/2, on the first of two batches.

    The images of one batch have only their first entry, those of the other only their second, so
    that a step on one leaves the scores of the other at 0, and its probabilities at 1/10. The
    gradient for a class and an entry is the mean of (1/10 - 1) * entry over the images of that
    class, and of 1/10 * entry over the others. `expected` holds the weights for both entries:
    of class 1, of class 6, and of the rest.
    """
    model = torch.nn.Linear(2, 10, bias=False)
    torch.nn.init.zeros_(model.weight)
    batches = [
        (torch.tensor([[1.0, 0.0], [3.0, 0.0]]), torch.tensor([6, 1])),
        (torch.tensor([[0.0, 4.0]]), torch.tensor([6])),
    ]
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    part2("main").train(0, batches[:count], model, optimizer, torch.nn.CrossEntropyLoss())
    weights = np.full((10, 2), expected[2])
    weights[1], weights[6] = expected[:2]
    same("the weights", model.weight.detach().numpy(), weights, CLOSE)


def test_training_step(torch, part2):
    """Task 2.1: train makes a step down the gradient of the loss.

    The first weight for class 1 goes to -1/2 * (1/10 * 1 - 9/10 * 3) / 2 = 0.65.
    """
    check_training(torch, part2, 1, expected=[(0.65, 0), (0.15, 0), (-0.1, 0)])


def test_training_steps(torch, part2):
    """Task 2.1: train starts each step from cleared gradients."""
    check_training(torch, part2, 2, expected=[(0.65, -0.2), (0.15, 1.8), (-0.1, -0.2)])


def validate(torch, part2, model):
    """Validate a model on three images of the classes 0, 0 and 1, then on two more."""
    images = torch.eye(10)[[0, 1, 1, 2, 2]]
    batches = [(images[:3], torch.tensor([0, 0, 1])), (images[3:], torch.tensor([1, 2]))]
    return part2("main").validate(0, batches, model, torch.nn.CrossEntropyLoss())


def test_validation_result(torch, part2):
    """Task 2.2: validate returns the accuracy and the confusion matrix.

    The images are the scores: the first looks like a 0, two like a 1, and two like a 2.
    """
    accuracy, confusion = validate(torch, part2, torch.nn.Identity())
    same("the accuracy", accuracy, 0.6, CLOSE)
    expected = np.array([[0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]])
    same("the upper left of the confusion matrix", confusion[:3, :3].numpy(), expected)


def test_validation_changes_nothing(torch, part2):
    """Task 2.2: validate leaves the parameters as they are, and no gradients."""
    model = torch.nn.Sequential(torch.nn.Linear(10, 10), torch.nn.BatchNorm1d(10))
    before = {name: value.clone() for name, value in model.state_dict().items()}
    validate(torch, part2, model)
    for name, value in model.state_dict().items():
        same(name, value.numpy(), before[name].numpy(), tolerance=0)
    if any(parameter.grad is not None for parameter in model.parameters()):
        pytest.fail("There are gradients afterwards: no backward() here.", pytrace=False)


def test_validation_keeps_no_graph(torch, part2):
    """Task 2.2: validate runs the model without a graph for gradients."""
    modes = []
    model = torch.nn.Linear(10, 10)
    forward = model.forward

    def noting_forward(images):
        modes.extend([torch.is_grad_enabled()] * len(images))
        return forward(images)

    model.forward = noting_forward
    validate(torch, part2, model)
    enabled = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    if len(modes) != 5:
        pytest.fail(f"The model gets {len(modes)} images, not 5.", pytrace=False)
    if any(modes):
        pytest.fail("Put the call of the model into `with torch.no_grad():`.", pytrace=False)
    if not enabled:
        pytest.fail("Gradients are still switched off afterwards.", pytrace=False)
