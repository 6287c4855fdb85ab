"""ResNet-32 for CIFAR-10 (given).

He, Zhang, Ren, Sun, Deep Residual Learning for Image Recognition, CVPR 2016, section 4.2:
6n + 2 = 32 layers with n = 5, 16, 32 and 64 filters. Shortcuts are of their option A: where the
shape changes they take every second pixel and add channels of zeros, so they have no weights.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class BasicBlock(nn.Module):
    """Two 3x3 convolutions with batch normalisation, and a shortcut without weights."""

    def __init__(self, in_channels: int, out_channels: int, stride: int) -> None:
        """Define the two convolutions; the first has the stride."""
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(out_channels)
        self.conv2 = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(out_channels)
        self.stride = stride
        self.new_channels = out_channels - in_channels

    def shortcut(self, x: torch.Tensor) -> torch.Tensor:
        """Option A: (N, C, H, W) to (N, C + new, H / stride, W / stride), zeros on both sides."""
        before = self.new_channels // 2
        after = self.new_channels - before
        smaller = x[:, :, :: self.stride, :: self.stride]
        return functional.pad(smaller, (0, 0, 0, 0, before, after))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """(N, in_channels, H, W) to (N, out_channels, H / stride, W / stride)."""
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.bn2(self.conv2(out))
        return torch.relu(out + self.shortcut(x))


class ResNet(nn.Module):
    """A 3x3 convolution, three stages of blocks, an average over the pixels, a linear layer."""

    def __init__(self, blocks: int, num_classes: int = 10) -> None:
        """Define three stages of ``blocks`` blocks each."""
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = _stage(16, 16, blocks, stride=1)
        self.layer2 = _stage(16, 32, blocks, stride=2)
        self.layer3 = _stage(32, 64, blocks, stride=2)
        self.linear = nn.Linear(64, num_classes)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.Linear):
                nn.init.kaiming_normal_(module.weight)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Images (N, 3, 32, 32) to logits (N, num_classes)."""
        out = torch.relu(self.bn1(self.conv1(x)))
        out = self.layer3(self.layer2(self.layer1(out)))  # (N, 64, 8, 8)
        return self.linear(out.mean(dim=(2, 3)))


def _stage(in_channels: int, out_channels: int, blocks: int, stride: int) -> nn.Sequential:
    """Chain blocks; only the first one changes the shape."""
    chain = [BasicBlock(in_channels, out_channels, stride)]
    chain += [BasicBlock(out_channels, out_channels, stride=1) for _ in range(1, blocks)]
    return nn.Sequential(*chain)


def resnet32(num_classes: int = 10) -> ResNet:
    """Build the ResNet of 32 layers: 0.46 million parameters."""
    return ResNet(blocks=5, num_classes=num_classes)
