"""The floor of a grading: import torch once, load three checkpoints, predict all images.

Run by whole_run.py as a process of its own: floor.py REFERENCE_PART2 CHECKPOINTS FILE.npz
"""

from __future__ import annotations

import sys

import numpy as np
import torch

BATCH = 100


def main(part: str, checkpoints: str, images: str) -> None:
    """Print the accuracy of each network."""
    torch.set_num_threads(1)
    sys.path.insert(0, part)
    from models import MyModel, TwoLayerNet, VanillaCNN

    with np.load(images) as arrays:
        suffix = "x_test" in arrays.files
        pixels = arrays["x_test" if suffix else "images"]
        labels = arrays["y_test" if suffix else "labels"]
    mean = torch.tensor([0.4914, 0.4822, 0.4465])[:, None, None]
    deviation = torch.tensor([0.2023, 0.1994, 0.2010])[:, None, None]
    for name, model in (
        ("twolayernet", TwoLayerNet(3072, 256, 10)),
        ("vanillacnn", VanillaCNN()),
        ("mymodel", MyModel()),
    ):
        state = torch.load(f"{checkpoints}/{name}.pth", weights_only=True, map_location="cpu")
        model.load_state_dict(state)
        model.eval()
        right = 0
        with torch.no_grad():
            for start in range(0, len(pixels), BATCH):
                x = torch.from_numpy(pixels[start : start + BATCH]).permute(0, 3, 1, 2)
                logits = model((x.contiguous() / 255 - mean) / deviation)
                right += int((logits.argmax(1).numpy() == labels[start : start + BATCH]).sum())
        print(name, right / len(pixels))


if __name__ == "__main__":
    main(*sys.argv[1:])
