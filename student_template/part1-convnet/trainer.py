"""[given] The training loop of Part 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from tqdm import trange

if TYPE_CHECKING:
    from modules.conv_classifier import ConvNet
    from optimizer._base_optimizer import _BaseOptimizer


class ClassifierTrainer:
    """Train a classifier in mini-batches and write down how it goes."""

    def train(
        self,
        x: np.ndarray,
        y: np.ndarray,
        model: ConvNet,
        optimizer: _BaseOptimizer,
        *,
        num_epochs: int = 10,
        batch_size: int = 10,
        seed: int = 0,
    ) -> dict[str, list[float]]:
        """Train on x (N, C, H, W) and y (N,); return each epoch's mean "loss" and "accuracy".

        Both are measured on the way, before the step that each batch leads to.
        """
        rng = np.random.default_rng(seed)
        history: dict[str, list[float]] = {"loss": [], "accuracy": []}
        with trange(num_epochs, desc="training", unit="epoch") as progress:
            for _ in progress:
                loss_sum, hits = 0.0, 0
                order = rng.permutation(len(x))
                for start in range(0, len(x), batch_size):
                    batch = order[start : start + batch_size]
                    probs, loss = model.forward(x[batch], y[batch])
                    model.backward()
                    optimizer.update(model)
                    # The last batch may be smaller: weigh each loss by its samples.
                    loss_sum += loss * len(batch)
                    hits += int((probs.argmax(axis=1) == y[batch]).sum())
                history["loss"].append(float(loss_sum / len(x)))
                history["accuracy"].append(hits / len(x))
                progress.set_postfix(loss=history["loss"][-1], accuracy=history["accuracy"][-1])
        return history
