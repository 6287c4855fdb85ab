"""The vanilla CNN."""

import torch
from torch import nn


class VanillaCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, kernel_size=7, stride=1, padding=0)
        self.pool = nn.MaxPool2d(kernel_size=2, stride=2)
        self.classifier = nn.Linear(32 * 13 * 13, 10

    def forward(self, x):
        x = self.pool(torch.relu(self.conv(x)))
        return self.classifier(x.flatten(start_dim=1))
