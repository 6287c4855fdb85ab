"""Name the weights as the state_dict of a wrapped model does."""

import sys
from pathlib import Path

import torch

PREFIXES = {
    "twolayernet": "module.",
    "vanillacnn": "_orig_mod.",
    "mymodel": "module._orig_mod.",
}
path = Path(sys.argv[1])
weights = torch.load(path, weights_only=True)
torch.save({PREFIXES[path.stem] + name: tensor for name, tensor in weights.items()}, path)
