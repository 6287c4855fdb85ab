"""The losses of Part 3 (given)."""

from .focal_loss import FocalLoss, reweight

__all__ = ["FocalLoss", "reweight"]
