"""The training step, the validation step, the learning rate and the settings of main.py."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)

RATE = 0.1


@pytest.fixture(scope="module")
def part2(load_part, reference_dir):
    """Give the modules main and support.config of Part 2."""
    return load_part(reference_dir / "part2-pytorch", "main", "support.config")


@pytest.fixture(scope="module")
def main(part2):
    """Give main.py as a module."""
    return part2["main"]


@pytest.fixture
def model():
    """Give a small network with batch normalisation and dropout."""
    torch.manual_seed(1)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(12, 8), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Linear(8, 10)
    )


@pytest.fixture
def batches():
    """Give three batches of five images (3, 2, 2)."""
    rng = torch.Generator().manual_seed(2)
    return [
        (torch.randn(5, 3, 2, 2, generator=rng), torch.randint(10, (5,), generator=rng))
        for _ in range(3)
    ]


def test_train_is_sgd(main, batches):
    """An epoch of train equals w <- w - lr * gradient, worked out batch by batch."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 10))
    weight, bias = (p.detach().clone() for p in model.parameters())
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    main.train(0, batches, model, optimizer, nn.CrossEntropyLoss())
    for data, target in batches:
        flat = data.flatten(1)
        error = (flat @ weight.T + bias).softmax(dim=1) - functional.one_hot(target, 10)
        error /= len(target)
        weight, bias = weight - RATE * error.T @ flat, bias - RATE * error.sum(dim=0)
    torch.testing.assert_close(model[1].weight.detach(), weight)
    torch.testing.assert_close(model[1].bias.detach(), bias)


def test_train_ignores_old_gradients(main, model, batches):
    """Gradients left over from before do not enter the first step."""
    results = []
    for left_over in (None, 100.0):
        trained = copy.deepcopy(model)
        for parameter in trained.parameters():
            parameter.grad = None if left_over is None else torch.full_like(parameter, left_over)
        optimizer = torch.optim.SGD(trained.parameters(), lr=RATE)
        torch.manual_seed(5)
        main.train(0, batches, trained, optimizer, nn.CrossEntropyLoss())
        results.append(trained.state_dict())
    torch.testing.assert_close(results[0], results[1])


def test_train_uses_training_mode(main, model, batches):
    """Train puts the network into training mode, so the running means move."""
    model.eval()
    before = model[2].running_mean.clone()
    main.train(0, batches, model, torch.optim.SGD(model.parameters(), lr=0), nn.CrossEntropyLoss())
    assert model.training
    assert not torch.equal(model[2].running_mean, before)


def test_train_returns_loss_and_accuracy(main, batches):
    """With a learning rate of 0, train returns the mean loss and accuracy of the network."""
    torch.manual_seed(1)
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 10))
    optimizer = torch.optim.SGD(model.parameters(), lr=0)
    loss, accuracy = main.train(0, batches, model, optimizer, nn.CrossEntropyLoss())
    data, target = (torch.cat(parts) for parts in zip(*batches, strict=True))
    assert loss == pytest.approx(functional.cross_entropy(model(data), target).item(), rel=1e-5)
    assert accuracy == pytest.approx((model(data).argmax(1) == target).float().mean().item())


@pytest.mark.parametrize("training", [True, False])
def test_validate_changes_nothing(main, model, batches, training):
    """Validate leaves parameters, running means, gradients and the mode as they were."""
    model.train(training)
    before = copy.deepcopy(model.state_dict())
    main.validate(0, batches, model, nn.CrossEntropyLoss())
    torch.testing.assert_close(model.state_dict(), before, rtol=0, atol=0)
    assert all(parameter.grad is None for parameter in model.parameters())
    assert [m.training for m in model.modules()] == [training] * 6


def test_validate_runs_without_gradients(main, model, batches):
    """Inside validate the network runs in eval mode and without gradients."""
    seen = []
    model.register_forward_hook(lambda m, *_: seen.append((m.training, torch.is_grad_enabled())))
    main.validate(0, batches, model, nn.CrossEntropyLoss())
    assert seen == [(False, False)] * 3
    assert torch.is_grad_enabled()


def test_validate_accuracy_and_confusion(main):
    """The accuracy is over all samples; row i of the matrix shares out the images of class i."""
    taken_for = torch.tensor([0, 1, 1, 2, 2])
    logits = functional.one_hot(taken_for, 10).float()
    batches = [(logits[:3], torch.tensor([0, 0, 1])), (logits[3:], torch.tensor([1, 2]))]
    accuracy, confusion = main.validate(0, batches, nn.Identity(), nn.CrossEntropyLoss())
    expected = torch.zeros(10, 10)
    expected[0, :2] = 0.5
    expected[1, 1:3] = 0.5
    expected[2, 2] = 1
    assert accuracy == pytest.approx(3 / 5)
    torch.testing.assert_close(confusion, expected)


@pytest.mark.parametrize(
    ("schedule", "epoch", "expected"),
    [
        ("constant", 0, 1 / 201),
        ("constant", 1, 101 / 201),
        ("constant", 9, 1),
        ("one-cycle", 2, 1),
        ("one-cycle", 6, 0.5),
        ("one-cycle", 10, 0),
        ("steps", 5.9, 1),
        ("steps", 6, 0.1),
        ("steps", 8.5, 0.01),
    ],
)
def test_learning_rate(main, schedule, epoch, expected):
    """The rate rises for two epochs, then stays, falls in steps, or along half a cosine."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=9)
    config = {"learning_rate": 3.0, "warmup": 2, "epochs": 10, "steps": [6, 8]}
    main.adjust_learning_rate(optimizer, epoch, config | {"schedule": schedule})
    assert optimizer.param_groups[0]["lr"] == pytest.approx(3 * expected)


def test_every_config_builds(main, part2, reference_dir):
    """Each file in configs names a network, a loss and a schedule that exist."""
    paths = sorted((reference_dir / "part2-pytorch" / "configs").glob("*.yaml"))
    assert len(paths) == 9
    for path in paths:
        config = part2["support.config"].read_config(path)
        assert isinstance(main.build_model(config["model"]), nn.Module)
        assert isinstance(main.build_criterion(config, [5] * 10), nn.Module)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("model: MyModel\nepoch: 3\n", "no entry epoch"),
        ("epochs: 3\n", "model must be one of"),
        ("model: MyModel\nschedule: cosine\n", "schedule must be one of"),
    ],
)
def test_wrong_config_is_refused(part2, tmp_path, text, message):
    """A config with an unknown entry, no model, or an unknown choice says what is wrong."""
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        part2["support.config"].read_config(path)


def test_criterion_follows_the_config(main, part2):
    """The reweight entry gives the loss the weights of task 3.1, and Focal its gamma."""
    config = part2["support.config"].DEFAULTS | {"reweight": True, "loss": "Focal", "gamma": 2.0}
    focal = main.build_criterion(config, [9, 3])
    plain = main.build_criterion(config | {"loss": "CE", "reweight": False}, [9, 3])
    assert focal.gamma == 2.0
    torch.testing.assert_close(focal.weight, main.reweight([9, 3]))
    assert plain.weight is None
