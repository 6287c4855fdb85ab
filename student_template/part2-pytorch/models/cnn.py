"""Task 2.4: a plain convolutional network."""

from __future__ import annotations

import torch
from torch import nn


class VanillaCNN(nn.Module):
    """Convolution, ReLU, max pooling, linear.

    An output side is 1 + (H - k + 2p) / s, rounded down:

    * convolution, 32 filters, k = 7, s = 1, p = 0: (3, 32, 32) to (32, 26, 26)
    * max pooling, k = 2, s = 2: (32, 26, 26) to (32, 13, 13)
    * linear: 32 * 13 * 13 = 5408 to 10
    """

    def __init__(self) -> None:
        """Task 2.4: define the layers."""
        super().__init__()
        raise NotImplementedError("VanillaCNN.__init__")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Task 2.4: images (N, 3, 32, 32) to logits (N, 10)."""
        raise NotImplementedError("VanillaCNN.forward")
