"""Networks that students may have invented, each a file of its own."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

MY_MODEL = Task("my-model", "part2-pytorch/models/my_model.py", frozenset({"2.7"}))

VGG = """\
import torch
import torch.nn as nn


class MyModel(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width in (16, 32, 64):
            layers += [
                nn.Conv2d(channels, width, 3, padding=1),
                nn.BatchNorm2d(width),
                nn.ReLU(inplace=True),
                nn.MaxPool2d(2),
                nn.Dropout2d(0.1),
            ]
            channels = width
        self.features = nn.Sequential(*layers)
        self.classifier = nn.Sequential(
            nn.Linear(64 * 4 * 4, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 10)
        )

    def forward(self, x):
        x = self.features(x)
        return self.classifier(x.view(x.size(0), -1))
"""

LAZY = """\
import torch
from torch import nn


class MyModel(nn.Module):
    def __init__(self, num_classes=10, width=12):
        super().__init__()
        self.net = nn.Sequential(
            nn.LazyConv2d(width, 3, stride=2),
            nn.LazyBatchNorm2d(),
            nn.GELU(),
            nn.LazyConv2d(2 * width, 3, stride=2),
            nn.SiLU(),
            nn.AdaptiveAvgPool2d(2),
            nn.Flatten(),
            nn.Dropout(p=0.3),
            nn.LazyLinear(num_classes),
        )

    def forward(self, x):
        return self.net(x)
"""

GROUP_NORM = '''\
import torch
import torch.nn as nn
import torch.nn.functional as F


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(4, channels)
        self.depthwise = nn.Conv2d(channels, channels, 3, padding=1, groups=channels)
        self.pointwise = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        return x + self.pointwise(F.leaky_relu(self.depthwise(self.norm(x)), 0.1))


class MyModel(nn.Module):
    """`exit` is left from an experiment."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 16, 4, stride=4)
        self.blocks = nn.ModuleList([Block(16) for _ in range(2)])
        self.head = nn.Linear(16, 10)
        self.exit = nn.Linear(16, 10)

    def forward(self, x):
        x = self.patches(x)
        for block in self.blocks:
            x = block(x)
            x = F.dropout(x, 0.1, training=self.training)
        return self.head(F.adaptive_avg_pool2d(x, 1).squeeze(-1).squeeze(-1))
'''

FUNCTIONS = '''\
import math

import torch
import torch.nn.functional as F


class MyModel(torch.nn.Module):
    """Parameters by themselves, batch normalisation as a function, frozen colours."""

    def __init__(self):
        super().__init__()
        self.w = torch.nn.ParameterList(
            [
                torch.nn.Parameter(torch.randn(shape) / math.sqrt(shape[1] * 9))
                for shape in ((8, 3, 3, 3), (16, 8, 3, 3))
            ]
        )
        self.colours = torch.nn.Parameter(torch.eye(3), requires_grad=False)
        self.register_buffer("mean", torch.zeros(8))
        self.register_buffer("var", torch.ones(8))
        self.out = torch.nn.Parameter(torch.randn(16, 10) / 4)

    def forward(self, x):
        x = torch.einsum("ncij,dc->ndij", x, self.colours)
        x = F.conv2d(x, self.w[0], stride=2, padding=1)
        x = F.relu(F.batch_norm(x, self.mean, self.var, training=self.training))
        x = F.relu(F.conv2d(x, self.w[1], stride=2, padding=1))
        return x.mean((2, 3)) @ self.out
'''

ATTENTION = """\
from collections import OrderedDict

import torch
from torch import nn


class MyModel(nn.Module):
    def __init__(self):
        super(MyModel, self).__init__()
        self.embed = nn.Conv2d(3, 16, kernel_size=8, stride=8)
        self.position = nn.Parameter(torch.zeros(1, 16, 16))
        self.norm = nn.LayerNorm(16)
        self.qkv = nn.Linear(16, 48)
        self.head = nn.Sequential(
            OrderedDict(norm=nn.LayerNorm(16), out=nn.Linear(16, 10), identity=nn.Identity())
        )

    def forward(self, x):
        tokens = self.embed(x).flatten(2).transpose(1, 2) + self.position
        q, k, v = self.qkv(self.norm(tokens)).chunk(3, dim=-1)
        weights = torch.softmax(q @ k.transpose(1, 2) / 4, dim=-1)
        tokens = tokens + weights @ v
        return self.head(tokens.mean(dim=1))
"""


def solutions() -> list[Right]:
    """Convolutional ones, lazy ones, one with attention, one of functions only."""
    styles = {
        "vgg": ("convolutions with batch normalisation and dropout", VGG),
        "lazy": ("lazy layers throughout, a constructor with defaults", LAZY),
        "group-norm": ("depthwise convolutions, an unused layer", GROUP_NORM),
        "functions": ("own parameters, F.batch_norm, a frozen parameter", FUNCTIONS),
        "attention": ("patches and attention", ATTENTION),
    }
    return [MY_MODEL.with_text(name, *style) for name, style in styles.items()]
