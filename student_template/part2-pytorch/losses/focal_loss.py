"""Part 3: two answers to classes with few images."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn
from torch.nn import functional


def reweight(cls_num_list: Sequence[int], beta: float = 0.9999) -> torch.Tensor:
    """Task 3.1: weights by the effective number of samples.

    A class of n images has the effective number E_n = (1 - beta^n) / (1 - beta): the more images
    there are, the less a further one adds. The weight of the class is proportional to

        1 / E_n = (1 - beta) / (1 - beta^n)

    and the weights are scaled so that their sum is the number of classes C. ``cls_num_list`` holds
    the number of images of each class, (C,); the weights are (C,) float32. With beta = 0 they are
    all 1, and towards beta = 1 they become proportional to 1 / n.

    Cui, Jia, Lin, Song, Belongie, Class-Balanced Loss Based on Effective Number of Samples,
    CVPR 2019: proposition 1 for E_n, section 4 for the weights and their scale.
    """
    raise NotImplementedError("reweight")


class FocalLoss(nn.Module):
    """Cross-entropy that counts samples less which the network already gets right.

    With p_t the probability that the softmax gives to the right class y, and a_y its weight:

        FL = - a_y (1 - p_t)^gamma log(p_t)

    The loss is the mean over the samples. For gamma = 0 and no weights it is the cross-entropy.

    Lin, Goyal, Girshick, He, Dollar, Focal Loss for Dense Object Detection, ICCV 2017:
    equation 5, there for two classes and a sigmoid.
    """

    def __init__(
        self,
        weight: torch.Tensor | np.ndarray | Sequence[float] | None = None,
        gamma: float = 0.0,
    ) -> None:
        """Keep the weights of the classes, (C,) or None, and the exponent gamma >= 0."""
        super().__init__()
        if gamma < 0:
            message = f"gamma is {gamma}: it must not be negative."
            raise ValueError(message)
        if weight is not None:
            weight = torch.as_tensor(weight, dtype=torch.float32)
        # A buffer moves with the module to another device, and is no parameter to be trained.
        self.register_buffer("weight", weight, persistent=False)
        self.gamma = gamma

    def forward(self, logits: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Task 3.2: logits (N, C) and classes (N,) to the loss, a scalar."""
        raise NotImplementedError("FocalLoss.forward")
