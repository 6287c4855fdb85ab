"""Computing in bfloat16 (given)."""

from __future__ import annotations

import torch
from torch import nn


def run_in_bfloat16(model: nn.Module, device: str) -> None:
    """Let the forward pass compute in bfloat16; the weights and the logits stay float32.

    Wrapping the method leaves the names in the state_dict as they are.
    """
    forward = model.forward

    def half_forward(x: torch.Tensor) -> torch.Tensor:
        with torch.autocast(device, torch.bfloat16):
            logits = forward(x)
        return logits.float()

    model.forward = half_forward
