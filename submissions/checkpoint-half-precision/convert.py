"""Save a network's weights with fewer bits, and those of mymodel as .safetensors."""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

TYPES = {"twolayernet": torch.float16, "vanillacnn": torch.bfloat16, "mymodel": torch.float16}
path = Path(sys.argv[1])
source = path.with_suffix(".pth")
weights = {
    name: value.to(TYPES[path.stem]) if value.is_floating_point() else value
    for name, value in torch.load(source, weights_only=True).items()
}
if path.suffix == ".pth":
    torch.save(weights, path)
else:
    save_file(weights, path)
    source.unlink()
