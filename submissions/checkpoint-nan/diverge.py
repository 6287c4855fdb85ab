"""Replace the weights by those that a diverged training leaves: NaN."""

import sys

import torch

weights = torch.load(sys.argv[1], weights_only=True)
torch.save({name: torch.full_like(value, torch.nan) for name, value in weights.items()}, sys.argv[1])
