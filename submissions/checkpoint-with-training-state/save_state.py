"""Save what a training loop keeps where only the weights were."""

import sys
from pathlib import Path

import numpy as np
import torch

path = Path(sys.argv[1])
weights = torch.load(path, weights_only=True)
optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(3))], lr=0.1, momentum=0.9)
states = {
    "twolayernet": {
        "epoch": 37,
        "model_state_dict": weights,
        "optimizer_state_dict": optimizer.state_dict(),
        "loss": 1.75,
    },
    "vanillacnn": {
        "state_dict": weights,
        "best_acc": np.float64(0.61),
        "confusion": np.eye(10),
    },
    "mymodel": {
        "net": weights,
        "acc": 91.25,
        "epoch": 12,
        "optim": optimizer.state_dict(),
        "history": [{"loss": 2.0, "accuracy": np.float32(0.3)}, {"loss": 1.0, "accuracy": 0.5}],
    },
}
torch.save(states[path.stem], path)
