"""The settings of a run, read from a YAML file (given)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DEFAULTS: dict[str, Any] = {
    "data": "cifar10",  # or practice, or the path of a .npz file
    "imbalance": None,  # 0.01: the last class keeps a hundredth of its images
    "augment": False,  # crop at random, mirror every second image
    "batch_size": 128,
    "epochs": 10,
    "learning_rate": 0.1,
    "momentum": 0.9,
    "weight_decay": 0.0,
    "schedule": "constant",  # or steps, or one-cycle
    "warmup": 0.0,  # epochs over which the learning rate rises
    "steps": [],  # epochs at which the schedule "steps" divides the learning rate by ten
    "loss": "CE",  # or Focal
    "reweight": False,  # weights for the classes, by the effective number of samples
    "beta": 0.9999,  # of the effective number
    "gamma": 0.0,  # of the focal loss
    "label_smoothing": 0.0,  # of the cross-entropy
    "bfloat16": False,  # numbers of half the size in the forward pass: twice as fast on some CPUs
    "channels_last": False,  # the layout in memory that bfloat16 convolutions prefer
    "seed": 1,
}
CHOICES = {
    "model": ("TwoLayerNet", "VanillaCNN", "MyModel", "ResNet-32"),
    "schedule": ("constant", "steps", "one-cycle"),
    "loss": ("CE", "Focal"),
}


def read_config(path: Path) -> dict[str, Any]:
    """Read a YAML file; what it does not name keeps its value in ``DEFAULTS``."""
    given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    unknown = sorted(set(given) - set(DEFAULTS) - {"model"})
    if unknown:
        known = ", ".join(["model", *DEFAULTS])
        message = f"{path.name}: there is no entry {unknown[0]}. The entries are {known}."
        raise ValueError(message)
    config = {**DEFAULTS, **given}
    for entry, values in CHOICES.items():
        if config.get(entry) not in values:
            message = f"{path.name}: {entry} must be one of {', '.join(values)}."
            raise ValueError(message)
    return config
