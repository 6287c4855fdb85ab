"""Train one of the networks: ``python main.py --config configs/config_twolayer.yaml``.

Task 2.1 is the training step, task 2.2 the validation step; the rest is given. Importing this
file needs neither the data nor torchvision nor matplotlib.
"""

from __future__ import annotations

import argparse
import itertools
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import torch
from torch import nn
from tqdm import tqdm

import models
from losses import FocalLoss, reweight
from support.config import read_config
from support.precision import run_in_bfloat16
from support.saving import restore_run, save_checkpoint, save_run

HERE = Path(__file__).resolve().parent
CLASSES = 10


class Mean:
    """A running mean of a number over samples."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.total, self.count = 0.0, 0

    def add(self, value: float, count: int) -> None:
        """Take in ``count`` samples whose mean is ``value``."""
        self.total += value * count
        self.count += count

    @property
    def value(self) -> float:
        """The mean up to now."""
        return self.total / max(self.count, 1)


def train(
    epoch: int,
    data_loader: Iterable[tuple[torch.Tensor, torch.Tensor]],
    model: nn.Module,
    optimizer: torch.optim.Optimizer,
    criterion: nn.Module,
) -> tuple[float, float]:
    """Task 2.1: go once through the data and make one step for each batch.

    One step: the logits, the loss, its gradients, w <- w - lr * dL/dw by the optimizer.
    Gradients add up from one ``backward`` to the next, so the old ones are cleared first.

    Return the mean loss and the mean accuracy, both of the network as it was while it learned.
    """
    model.train()
    losses, accuracies = Mean(), Mean()
    progress = tqdm(data_loader, desc=f"epoch {epoch}", leave=False, mininterval=2)
    for data, target in progress:
        # Set `output`, the logits (N, 10), and `loss`, a scalar, and make the step.
        raise NotImplementedError("train")
        losses.add(loss.item(), len(target))
        accuracies.add((output.argmax(dim=1) == target).float().mean().item(), len(target))
        progress.set_postfix(loss=f"{losses.value:.3f}", refresh=False)
    tqdm.write(f"epoch {epoch} training:   loss {losses.value:.3f} accuracy {accuracies.value:.4f}")
    return losses.value, accuracies.value


def validate(
    epoch: int,
    val_loader: Iterable[tuple[torch.Tensor, torch.Tensor]],
    model: nn.Module,
    criterion: nn.Module,
) -> tuple[float, torch.Tensor]:
    """Task 2.2: measure the network; change nothing in it, and keep no gradients.

    In evaluation mode dropout is off and batch normalisation uses what it learned in training.

    Return the accuracy and the confusion matrix (10, 10): in row i, column j the share of the
    images of class i that were taken for class j.
    """
    was_training = model.training
    model.eval()
    losses, counts = Mean(), torch.zeros(CLASSES, CLASSES)
    for data, target in val_loader:
        # Set `output`, the logits (N, 10), and `loss`, a scalar.
        raise NotImplementedError("validate")
        losses.add(loss.item(), len(target))
        pairs = CLASSES * target.cpu() + output.argmax(dim=1).cpu()
        counts += torch.bincount(pairs, minlength=CLASSES**2).view(CLASSES, CLASSES)
    model.train(was_training)
    accuracy = (counts.trace() / counts.sum().clamp(min=1)).item()
    tqdm.write(f"epoch {epoch} validation: loss {losses.value:.3f} accuracy {accuracy:.4f}")
    return accuracy, counts / counts.sum(dim=1, keepdim=True).clamp(min=1)


def adjust_learning_rate(
    optimizer: torch.optim.Optimizer, epoch: float, config: dict[str, Any]
) -> None:
    """Set the learning rate for an epoch, which need not be whole.

    During the first ``warmup`` epochs it rises in a straight line. After them

    * ``constant``: it stays as it is,
    * ``steps``: it is divided by ten at each of the epochs ``steps``,
    * ``one-cycle``: it falls along half a cosine, and is 0 at the end.
    """
    rate, warmup = config["learning_rate"], config["warmup"]
    if epoch < warmup:
        rate *= (epoch + 0.01) / (warmup + 0.01)
    elif config["schedule"] == "one-cycle":
        done = (epoch - warmup) / max(config["epochs"] - warmup, 1)
        rate *= 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
    elif config["schedule"] == "steps":
        rate *= 0.1 ** sum(epoch >= step for step in config["steps"])
    for group in optimizer.param_groups:
        group["lr"] = rate


def build_model(name: str) -> nn.Module:
    """Make the network that a config names."""
    makers: dict[str, Callable[[], nn.Module]] = {
        "TwoLayerNet": lambda: models.TwoLayerNet(3 * 32 * 32, 256, CLASSES),
        "VanillaCNN": models.VanillaCNN,
        "MyModel": models.MyModel,
        "ResNet-32": models.resnet32,
    }
    return makers[name]()


def build_criterion(config: dict[str, Any], cls_num_list: list[int]) -> nn.Module:
    """Make the loss that a config names; ``cls_num_list`` gives the weights of the classes."""
    weight = reweight(cls_num_list, config["beta"]) if config["reweight"] else None
    if config["loss"] == "Focal":
        return FocalLoss(weight, config["gamma"])
    return nn.CrossEntropyLoss(weight, label_smoothing=config["label_smoothing"])


def build_loaders(config: dict[str, Any], device: str) -> tuple[Any, Any, list[int]]:
    """Load the data that a config names: batches to train and to validate, ``cls_num_list``."""
    import data

    arrays = data.load(config["data"])
    images, labels = arrays.train_images, arrays.train_labels
    cls_num_list = torch.from_numpy(labels).bincount(minlength=CLASSES).tolist()
    if config["imbalance"]:
        images, labels, cls_num_list = data.make_imbalanced(images, labels, config["imbalance"])
    options = {"channels_last": config["channels_last"], "device": device}
    train_loader = data.Batches(
        images, labels, config["batch_size"], train=True, augment=config["augment"], **options
    )
    val_loader = data.Batches(arrays.test_images, arrays.test_labels, 500, **options)
    return train_loader, val_loader, cls_num_list


def run(config: dict[str, Any], checkpoint: Path, side_file: Path, *, resume: bool) -> float:
    """Train as the config says; return the best accuracy, whose weights the checkpoint holds."""
    from support.plots import plot_history

    torch.manual_seed(config["seed"])
    device = "cuda" if torch.cuda.is_available() else "cpu"
    train_loader, val_loader, cls_num_list = build_loaders(config, device)
    model = build_model(config["model"]).to(device)
    if config["channels_last"]:
        model = model.to(memory_format=torch.channels_last)
    if config["bfloat16"]:
        run_in_bfloat16(model, device)
    criterion = build_criterion(config, cls_num_list).to(device)
    optimizer = torch.optim.SGD(
        model.parameters(),
        lr=config["learning_rate"],
        momentum=config["momentum"],
        weight_decay=config["weight_decay"],
        nesterov=config["momentum"] > 0,
    )
    history: list[dict[str, float]] = []
    if resume and side_file.exists():
        history = restore_run(side_file, model, optimizer)

    # The learning rate follows the schedule from step to step, not from epoch to epoch.
    steps, epoch_length = itertools.count(len(history) * len(train_loader)), len(train_loader)
    optimizer.register_step_pre_hook(
        lambda *_: adjust_learning_rate(optimizer, next(steps) / epoch_length, config)
    )
    best = max((entry["validation"] for entry in history), default=0.0)
    for epoch in range(len(history), config["epochs"]):
        loss, train_accuracy = train(epoch, train_loader, model, optimizer, criterion)
        accuracy, confusion = validate(epoch, val_loader, model, criterion)
        history.append({"loss": loss, "training": train_accuracy, "validation": accuracy})
        if accuracy > best:
            best = accuracy
            save_checkpoint(model, checkpoint)
        save_run(side_file, model, optimizer, history)
        plot_history(history, side_file.with_suffix(".png"))
        if epoch == config["epochs"] - 1:
            shares = " ".join(f"{share:.2f}" for share in confusion.diagonal().tolist())
            tqdm.write(f"accuracy of each class: {shares}")
    tqdm.write(f"best accuracy {best:.4f}: {checkpoint.name}")
    return best


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Train a network of Part 2.")
    parser.add_argument("--config", type=Path, required=True, help="a file in configs/")
    parser.add_argument("--data", help="cifar10, practice or a .npz file, over the config's")
    parser.add_argument("--checkpoints", type=Path, default=HERE / "checkpoints")
    parser.add_argument("--runs", type=Path, default=HERE / "runs", help="curves, side files")
    parser.add_argument("--resume", action="store_true", help="go on where the last run stopped")
    options = parser.parse_args()
    config = read_config(options.config)
    if options.data:
        config["data"] = options.data
    checkpoint = options.checkpoints / f"{config['model'].lower()}.pth"
    side_file = options.runs / f"{options.config.stem}.pt"
    run(config, checkpoint, side_file, resume=options.resume)


if __name__ == "__main__":
    main()
