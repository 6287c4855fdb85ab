"""Task 1.5: the rectified linear unit."""

import numpy as np


class ReLU:
    """Let positive values through and replace the others by zero."""

    def __init__(self) -> None:
        self.cache = None
        self.dx = None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Task 1.5: return max(x, 0), entry by entry; x may have any shape."""
        raise NotImplementedError("ReLU.forward")

    def backward(self, dout: np.ndarray) -> None:
        """Task 1.5: set dx = dout where x > 0, and 0 elsewhere."""
        raise NotImplementedError("ReLU.backward")
