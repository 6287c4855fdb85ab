"""Predictions in a worker are those of plain torch, image by image, in batches of any size.

Only rounding can make a difference, and only to an image whose two largest logits nearly tie.
None is excepted: the classes must be the same. Measured on the 33 000 pairs of an image and a
network, the two largest logits are never closer than 5e-5, and those of the two paths never
further apart than 9e-6.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pytest

from grader import sandbox
from grader.evaluation import images
from grader.evaluation.images import PRACTICE

pytest.importorskip("torch")

ROOT = Path(__file__).parents[1]
PART2 = ROOT / "reference" / "part2-pytorch"
CIFAR10 = Path(os.environ.get("GRADER_CIFAR10", ""))
DRIVER = "grader.checks.drivers.weights"
CHUNK = 1000
LARGEST = 1e-5  # of the largest logit: what the order of summation may change
NETWORKS = {
    "twolayernet": ["models.twolayer", "TwoLayerNet", [3072, 256, 10]],
    "vanillacnn": ["models.cnn", "VanillaCNN", []],
    "mymodel": ["models.my_model", "MyModel", []],
}
SETS = {
    "practice": (ROOT / "submissions" / "complete" / "part2-pytorch" / "checkpoints", PRACTICE),
    "cifar10": (PART2 / "checkpoints", CIFAR10),
}
# What anybody would write, without a line of ours; it runs in a process of its own.
PLAIN = """
import importlib, sys
import numpy as np
import torch

module, name, arguments, checkpoint, pixels, out = sys.argv[1:]
torch.set_num_threads(1)
sys.path.insert(0, ".")
model = getattr(importlib.import_module(module), name)(*map(int, arguments.split()))
model.load_state_dict(torch.load(checkpoint, weights_only=True, map_location="cpu"))
model.eval()
x = torch.from_numpy(np.load(pixels)).permute(0, 3, 1, 2).contiguous() / 255
mean = torch.tensor([0.4914, 0.4822, 0.4465])[:, None, None]
deviation = torch.tensor([0.2023, 0.1994, 0.2010])[:, None, None]
with torch.no_grad():
    logits = torch.cat([model((part - mean) / deviation) for part in x.split(100)])
np.save(out, logits.numpy())
"""


@pytest.fixture(scope="module", params=list(SETS))
def chosen(request):
    """Checkpoints, and the images that they were made for (N, 32, 32, 3)."""
    checkpoints, path = SETS[request.param]
    if not path.is_file():
        pytest.skip("GRADER_CIFAR10 names no .npz with CIFAR-10's test images")
    return checkpoints, images.load(path).pixels


@pytest.fixture(scope="module")
def readable():
    """A folder that workers, who are other users, can read: not below pytest's own."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module", params=list(NETWORKS))
def pair(request, chosen, pool, tmp_path_factory, readable):
    """Logits of plain torch, and a function that gives a worker's for some images in batches."""
    checkpoints, pixels = chosen
    module, name, arguments = NETWORKS[request.param]
    folder = tmp_path_factory.mktemp("plain")
    np.save(folder / "pixels.npy", pixels)
    command = [sys.executable, "-c", PLAIN, module, name, " ".join(map(str, arguments))]
    command += [str(checkpoints / f"{request.param}.pth")]
    command += [str(folder / "pixels.npy"), str(folder / "logits.npy")]
    subprocess.run(command, cwd=PART2, check=True)
    part = staged(readable, checkpoints)
    # Batches of 1000 take more memory than a check has; nothing else differs from a grading.
    limits = sandbox.Limits(cpu_seconds=3000, wall_seconds=3000, memory_mb=6000)
    with pool.open("torch", part, limits) as worker:
        path = f"checkpoints/{request.param}.pth"
        loaded = worker.drive(f"{DRIVER}:load", NETWORKS[request.param], path, "torch")
        assert loaded["problem"] == ""

        def ours(first, last, batch):
            return worker.drive(f"{DRIVER}:predict", pixels[first:last], batch, 5)["logits"]

        yield np.load(folder / "logits.npy"), ours


def staged(folder, checkpoints):
    """The reference's models with these checkpoints, laid into a folder of their own."""
    part = folder / checkpoints.parents[1].name
    if not part.is_dir():
        shutil.copytree(PART2 / "models", part / "models")
        shutil.copytree(checkpoints, part / "checkpoints")
        for path in [part, *part.rglob("*")]:
            path.chmod(0o755)
    return part


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("batch", [1, 7, 32, 100, 1000])
def test_every_image_gets_the_class_that_plain_torch_gives(pair, batch):
    """In evaluation mode, for each committed checkpoint; no near-tie is left out."""
    plain, ours = pair
    step = max(batch, CHUNK // batch * batch)
    firsts = range(0, len(plain), step)
    agree(plain, np.concatenate([ours(first, first + step, batch) for first in firsts]))


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_batch_size_gives_the_same_class(request, pair):
    """One batch of each size from 1 to 1000; of the convolutional networks, of every 37th.

    For those torch keeps what it prepares for each size, gigabytes in the end.
    """
    plain, ours = pair
    name = request.node.callspec.params["pair"]
    for size in range(1, CHUNK + 1, 1 if name == "twolayernet" else 37):
        first = 7 * size % (len(plain) - size + 1)  # all images have their turn
        agree(plain[first : first + size], ours(first, first + size, size))


def agree(plain, logits):
    """Fail unless both name the same class for every image, by logits that differ by rounding."""
    assert logits.shape == plain.shape
    differ = np.flatnonzero(logits.argmax(axis=1) != plain.argmax(axis=1))
    second, first = np.sort(plain[differ], axis=1)[:, -2:].T
    assert not len(differ), f"images {differ}, whose largest logits lie {first - second} apart"
    assert np.abs(logits - plain).max() < LARGEST * np.abs(plain).max()
