"""[given] The optimizers of Part 1."""

from optimizer._base_optimizer import _BaseOptimizer
from optimizer.sgd import SGD

__all__ = ["SGD", "_BaseOptimizer"]
