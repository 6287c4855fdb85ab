"""Batches of normalised images (given).

The images stay in memory as bytes, and a whole batch is cut, flipped and normalised at once: on
a CPU that is many times faster than one image after the other.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch
from torch.nn import functional

MEAN = (0.4914, 0.4822, 0.4465)
STD = (0.2023, 0.1994, 0.2010)
MARGIN = 4


class Batches:
    """Iterate over (images (B, 3, 32, 32) float32, labels (B,) int64), on the device."""

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray,
        batch_size: int,
        *,
        train: bool = False,
        augment: bool = False,
        channels_last: bool = False,
        device: str = "cpu",
    ) -> None:
        """Keep the arrays; ``train`` shuffles, and leaves out a last batch that is not full."""
        self.images = torch.from_numpy(images)
        self.labels = torch.from_numpy(labels)
        self.batch_size = min(batch_size, len(labels))
        self.train = train
        self.augment = augment
        self.channels_last = channels_last
        self.device = device

    def __len__(self) -> int:
        """Count the batches of one pass."""
        whole, rest = divmod(len(self.labels), self.batch_size)
        return whole if self.train or not rest else whole + 1

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Go once through the images, in a new order each time when training."""
        count = len(self.labels)
        order = torch.randperm(count) if self.train else torch.arange(count)
        for index in order.split(self.batch_size)[: len(self)]:
            images = self.images[index]
            if self.augment:
                images = crop_and_flip(images)
            data = normalise(images.to(self.device))
            if not self.channels_last:
                data = data.contiguous()
            yield data, self.labels[index].to(self.device)


def normalise(images: torch.Tensor) -> torch.Tensor:
    """Bytes (N, H, W, 3) to floats (N, 3, H, W): (x / 255 - mean) / std for each channel.

    The axes are only renamed, so in memory the channels stay last: ``contiguous`` copies them.
    """
    mean = torch.tensor(MEAN, device=images.device)
    std = torch.tensor(STD, device=images.device)
    return ((images.float() / 255 - mean) / std).permute(0, 3, 1, 2)


def crop_and_flip(images: torch.Tensor) -> torch.Tensor:
    """Surround each image (N, H, W, 3) by black, cut out H x W anywhere, mirror every second."""
    count, height, width, _ = images.shape
    padded = functional.pad(images, (0, 0, MARGIN, MARGIN, MARGIN, MARGIN))
    rows = torch.randint(2 * MARGIN + 1, (count, 1)) + torch.arange(height)  # (N, H)
    columns = torch.randint(2 * MARGIN + 1, (count, 1)) + torch.arange(width)  # (N, W)
    columns = torch.where(torch.rand(count, 1) < 0.5, columns.flip(1), columns)
    sample = torch.arange(count)[:, None, None]
    return padded[sample, rows[:, :, None], columns[:, None, :]]
