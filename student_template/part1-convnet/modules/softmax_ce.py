"""[given] The loss: softmax and cross-entropy in one."""

import numpy as np


class SoftmaxCrossEntropy:
    """Turn scores into probabilities, and compare them with the true classes."""

    def __init__(self) -> None:
        self.cache = None
        self.dx = None

    def forward(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
        """Return the probabilities (N, K) and the mean loss for scores x (N, K), classes y (N,).

        probs[n, k] = exp(x[n, k]) / sum over m of exp(x[n, m])
        loss        = mean over n of -log probs[n, y[n]]
        """
        # A shift changes no probability, and keeps exp from overflowing.
        shifted = x - x.max(axis=1, keepdims=True)
        log_probs = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
        probs = np.exp(log_probs)
        self.cache = probs, y
        return probs, -float(log_probs[np.arange(len(y)), y].mean())

    def backward(self) -> None:
        """Set dx = (probs - onehot(y)) / N, the gradient of the mean loss."""
        probs, y = self.cache
        onehot = np.eye(probs.shape[1], dtype=probs.dtype)[y]
        self.dx = (probs - onehot) / len(y)
