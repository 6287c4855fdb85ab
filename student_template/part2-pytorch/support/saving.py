"""Checkpoints, and the side file from which an interrupted run goes on (given)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn


def save(value: object, path: Path) -> None:
    """Write a file whole or not at all, so that stopping the program spoils nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    torch.save(value, partial)
    partial.replace(path)


def save_checkpoint(model: nn.Module, path: Path) -> None:
    """Write the state_dict, on the CPU and in the usual layout in memory: what is handed in."""
    save({name: value.cpu().contiguous() for name, value in model.state_dict().items()}, path)


def save_run(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, history: list[dict[str, float]]
) -> None:
    """Write all that a run needs to go on after its last whole epoch."""
    state = {
        "model": model.state_dict(),
        "optimizer": optimizer.state_dict(),
        "history": history,
        "random": torch.get_rng_state(),
    }
    save(state, path)


def restore_run(
    path: Path, model: nn.Module, optimizer: torch.optim.Optimizer
) -> list[dict[str, float]]:
    """Put model, optimizer and random numbers back; return the history, one entry an epoch."""
    state: dict[str, Any] = torch.load(path, weights_only=True, map_location="cpu")
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    torch.set_rng_state(state["random"])
    return state["history"]
