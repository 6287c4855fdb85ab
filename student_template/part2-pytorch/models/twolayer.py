"""Task 2.3: a network of two linear layers."""

from __future__ import annotations

import torch
from torch import nn


class TwoLayerNet(nn.Module):
    """Flatten, linear, sigmoid, linear.

    h = sigmoid(x W1 + b1) and the logits are h W2 + b2. The softmax is not part of the network:
    the cross-entropy loss includes it.
    """

    def __init__(self, input_dim: int, hidden_size: int, num_classes: int) -> None:
        """Task 2.3: define the layers; input_dim is 3 * 32 * 32 = 3072 for CIFAR-10."""
        super().__init__()
        raise NotImplementedError("TwoLayerNet.__init__")

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Task 2.3: images (N, C, H, W) to logits (N, num_classes)."""
        raise NotImplementedError("TwoLayerNet.forward")
