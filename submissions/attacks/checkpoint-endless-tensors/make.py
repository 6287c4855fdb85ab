"""Give every weight a shape that its single stored number is repeated for: make.py PATH."""

import sys

import torch

good = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
endless = {name: torch.zeros(1).expand(100_000, 10_000) for name in good}
torch.save(endless, sys.argv[1])
