"""Task 2.7: a network of your own."""

from __future__ import annotations

import torch
from torch import nn

# BEGIN SOLUTION
# BEGIN PROMPT
# Layers that your network uses more than once go here.
# END PROMPT
SURE = 0.85  # the probability of its first choice from which on the network is sure


class ResidualBlock(nn.Module):
    """y = relu(x' + F(x)): F is two 3x3 convolutions, and x' is x in the shape of F(x).

    The gradient reaches x through the sum unchanged, whatever F does to it.
    """

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        """Define F, and the shortcut: a 1x1 convolution where the shape changes, else nothing."""
        super().__init__()
        # No biases: the batch normalisation behind each convolution takes the mean away again.
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.Conv2d(inputs, outputs, 1, stride, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """(N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        out = torch.relu(self.bn1(self.conv1(images)))
        out = self.bn2(self.conv2(out))
        return torch.relu(out + self.shortcut(images))


# END SOLUTION


class MyModel(nn.Module):
    """Your own network for 32x32 colour images and 10 classes.

    The course counts the test accuracy of its checkpoint. A file of 2 MB is enough for more
    than 0.8; the whole archive may hold 100 MB.
    """

    def __init__(self) -> None:
        """Task 2.7: define the layers."""
        super().__init__()
        # BEGIN SOLUTION
        self.stem = nn.Sequential(
            nn.Conv2d(3, 24, kernel_size=3, padding=1, bias=False),
            nn.BatchNorm2d(24),
            nn.ReLU(),
        )
        self.stages = nn.Sequential(
            ResidualBlock(24, 24, stride=1),  # (24, 32, 32)
            ResidualBlock(24, 24, stride=1),
            ResidualBlock(24, 48, stride=2),  # (48, 16, 16)
            ResidualBlock(48, 48, stride=1),
            ResidualBlock(48, 96, stride=2),  # (96, 8, 8)
            ResidualBlock(96, 96, stride=1),
        )
        self.classifier = nn.Linear(96, 10)
        # END SOLUTION

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Task 2.7: images (N, 3, 32, 32) to logits (N, 10)."""
        # BEGIN SOLUTION
        # With the channels last in memory, convolutions are faster on most processors.
        x = x.contiguous(memory_format=torch.channels_last)

        def look(images: torch.Tensor) -> torch.Tensor:
            features = self.stages(self.stem(images))  # (N, 96, 8, 8)
            return self.classifier(features.mean(dim=(2, 3)))

        if self.training:
            return look(x)
        # A mirrored image shows the same thing. Where the network is not sure, it looks at that,
        # too: the mean of both opinions is more often right than either.
        probabilities = look(x).softmax(dim=1)
        unsure = probabilities.amax(dim=1) < SURE
        second = look(x[unsure].flip(3)).softmax(dim=1)
        both = (probabilities[unsure] + second) / 2
        return probabilities.index_put((unsure,), both).clamp(min=1e-30).log()
        # END SOLUTION
