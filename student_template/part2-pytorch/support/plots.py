"""Curves of a training run (given)."""

from __future__ import annotations

from pathlib import Path


def plot_history(history: list[dict[str, float]], path: Path) -> None:
    """Draw the loss, and the accuracies in training and validation, over the epochs."""
    from matplotlib.figure import Figure  # no pyplot: it would look for a screen

    epochs = range(1, len(history) + 1)
    figure = Figure(figsize=(9, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.plot(epochs, [entry["loss"] for entry in history], marker=".")
    left.set(xlabel="epoch", ylabel="training loss")
    for name in ("training", "validation"):
        right.plot(epochs, [entry[name] for entry in history], marker=".", label=name)
    right.set(xlabel="epoch", ylabel="accuracy", ylim=(0, 1))
    right.legend()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100)
