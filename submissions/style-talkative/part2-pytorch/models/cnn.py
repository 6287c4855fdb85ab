import logging
import sys
import warnings

import torch
import torch.nn as nn

logging.basicConfig(level=logging.DEBUG)
log = logging.getLogger(__name__)


class VanillaCNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, 7)
        self.pool = nn.MaxPool2d(2, 2)
        self.classifier = nn.Linear(5408, 10)
        print(self)

    def forward(self, x):
        log.debug("input %s", tuple(x.shape))
        x = self.pool(torch.relu(self.conv(x)))
        print("\033[32mafter pooling\033[0m", x.shape, file=sys.stderr)
        x = torch.flatten(x, 1)
        if x.shape[1] == 5408:
            warnings.warn("5408 features 👍")
        return self.classifier(x)
