"""Computes nothing; the files beside it are to do the rest."""


class ReLU:
    """Nothing works."""

    dx = None

    def forward(self, x):
        raise LookupError("nothing was replaced")

    backward = forward
