"""Known variants of the focal loss, for the tape: what a submission may compute instead.

Instructor-only, as all of this folder: it holds solutions in many spellings. `record`
gives the arrays that the check 3.2 looks up under `variant_*`. Mistakes are not here but in
`grader.authoring.bugs`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from grader.checks.check_losses import FOCALS, Batch, Focal, batch_of

Array: TypeAlias = "np.ndarray[Any, Any]"
STEP = 1e-30


def record(seed: int) -> dict[str, Array]:
    """What the variants give with one seed, by the full names on the tape."""
    arrays: dict[str, Array] = {}
    for case in FOCALS:
        name, batch = batch_of(seed, case)
        for key, loss in LOSSES.items():
            arrays[f"{seed}/{name}/variant_{key}"] = evaluate(loss, batch, case)
    return arrays


@dataclass(frozen=True)
class Terms:
    """What the versions are put together from; `entropy` and `weight` are (N,).

    Everything is analytic in the logits, so that they may be complex.
    """

    logits: Array
    target: Array
    entropy: Array
    weight: Array
    gamma: float

    def focal(self, entropy: Array) -> Array:
        """(1 - p)^gamma entropy, with p = exp(-entropy)."""
        return np.asarray((1 - np.exp(-entropy)) ** self.gamma * entropy)

    @property
    def right(self) -> Array:
        """The right loss of each sample."""
        return self.weight * self.focal(self.entropy)

    @property
    def weighted_pt(self) -> Array:
        """The loss of each sample with p_t = exp(-weighted cross entropy)."""
        return self.focal(self.weight * self.entropy)

    @property
    def sigmoid(self) -> Array:
        """One class against all others: (N, C)."""
        sign = np.where(np.arange(self.logits.shape[1]) == self.target[:, None], -1.0, 1.0)
        return self.weight[:, None] * self.focal(np.log(1 + np.exp(sign * self.logits)))


Loss: TypeAlias = Callable[[Terms], Any]

LOSSES: dict[str, Loss] = {
    "weighted_pt": lambda t: t.weighted_pt.mean(),
    "weighted_mean": lambda t: t.right.sum() / t.weight.sum(),
    "weighted_pt+weighted_mean": lambda t: t.weighted_pt.sum() / t.weight.sum(),
    "sigmoid": lambda t: t.sigmoid.sum() / len(t.target),
}


def evaluate(loss: Loss, batch: Batch, case: Focal) -> Array:
    """The loss () of one version, or its gradient (N, C) where the case is about that.

    The gradient is by complex steps, which round nothing away: Im f(x + ih) / h.
    """
    x = batch.logits.astype(np.complex128)
    if not case.gradient:
        return np.asarray(np.real(loss(terms(x, batch, case))))
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        stepped = x.copy()
        stepped[place] += 1j * STEP
        gradient[place] = np.imag(loss(terms(stepped, batch, case))) / STEP
    return gradient


def terms(logits: Array, batch: Batch, case: Focal) -> Terms:
    """Cross entropy and weight of each sample; the logits are small enough for exp."""
    rows = np.arange(len(logits))
    entropy = np.log(np.exp(logits).sum(axis=1)) - logits[rows, batch.target]
    return Terms(logits, batch.target, entropy, batch.weight[batch.target], case.gamma)
