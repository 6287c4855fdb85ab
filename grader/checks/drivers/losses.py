"""Run a student's losses on tensors. Runs in the worker."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

MODULE = "losses.focal_loss"


def reweight(student: Any, counts: list[int], beta: float) -> Any:
    """What the student's `reweight` returns: a list, an array or a tensor."""
    return student.load(MODULE).reweight(counts, beta)


def focal(
    student: Any,
    weight: np.ndarray[Any, Any],
    gamma: float,
    logits: np.ndarray[Any, Any],
    target: np.ndarray[Any, Any],
    gradient: bool,
) -> dict[str, Any]:
    """The student's focal loss, and its gradient with respect to the logits.

    The weights are a tensor on the CPU. `gradient` is None unless asked for and possible.
    """
    criterion = student.load(MODULE).FocalLoss(
        weight=torch.from_numpy(weight.astype(np.float32)),
        gamma=gamma,
    )
    x = torch.from_numpy(logits.astype(np.float32)).requires_grad_(gradient)
    loss = criterion(x, torch.from_numpy(target))
    answer = {"loss": loss, "gradient": None}
    if gradient and isinstance(loss, torch.Tensor) and loss.requires_grad:
        torch.autograd.backward([loss.sum()])
        answer["gradient"] = x.grad
    return answer
