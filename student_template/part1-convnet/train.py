"""[given] Overfit a few images: if the layers are right, the loss falls to almost nothing.

Any of these:

    python train.py --images 50 --data practice
    python train.py --images 50 --data cifar10
    python train.py --images 50 --data FILE.npz
"""

import argparse
from pathlib import Path

import numpy as np

from data import load_images
from modules import ConvNet
from optimizer import SGD
from trainer import ClassifierTrainer

LAYERS = [
    {"type": "Conv2D", "in_channels": 3, "out_channels": 16, "kernel_size": 5, "padding": 2},
    {"type": "ReLU"},
    {"type": "MaxPooling", "kernel_size": 2, "stride": 2},
    {"type": "Linear", "in_dim": 16 * 16 * 16, "out_dim": 10},
]


def plot(history: dict[str, list[float]], path: Path) -> None:
    """Draw the loss and the accuracy over the epochs into an image file."""
    # Here, so that training needs no matplotlib; a bare Figure needs no display either.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3), layout="constrained")
    axes = figure.subplots(1, 2)
    for ax, (name, values) in zip(axes, history.items(), strict=True):
        ax.plot(range(1, len(values) + 1), values)
        ax.set(xlabel="epoch", title=name, ylim=(0, None))
        ax.grid(alpha=0.3)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)


def main() -> None:
    """Train on a few images, draw the curves, and print how it ended."""
    parser = argparse.ArgumentParser(description="Overfit a few images with the numpy network.")
    parser.add_argument("--images", type=int, default=50, help="how many (default: %(default)s)")
    parser.add_argument("--data", default="practice", help="practice, cifar10, or an .npz file")
    parser.add_argument("--epochs", type=int, default=40, help="default: %(default)s")
    parser.add_argument("--plot", type=Path, default=Path("runs/overfit.png"), metavar="FILE")
    options = parser.parse_args()

    x, y = load_images(options.data, "train")
    # The files may be sorted by class, so draw the images rather than take the first.
    few = np.random.default_rng(0).permutation(len(x))[: options.images]
    model = ConvNet(LAYERS, criterion={"type": "SoftmaxCrossEntropy"})
    optimizer = SGD(model, learning_rate=1e-3, reg=1e-3, momentum=0.9)
    history = ClassifierTrainer().train(x[few], y[few], model, optimizer, num_epochs=options.epochs)
    plot(history, options.plot)

    print(f"final loss {history['loss'][-1]:.4f}, accuracy {history['accuracy'][-1]:.2f}")
    print(f"curves in {options.plot}")


if __name__ == "__main__":
    main()
