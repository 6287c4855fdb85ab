"""How far the accuracies on two sets of images may lie apart before staff should look.

**The bound.** Let a network be right on a share p' of n test images and q' of m private ones.
If both sets are draws from the same pictures, p' - q' has about the standard deviation

    s = sqrt(r (1 - r) (1/n + 1/m)),   r the share of right answers in both together

(the pooled two-proportion test). `Z` = 4.265 standard deviations are exceeded upwards by chance
once in 100 000 honest networks: with three checkpoints of 3000 students, once in eleven years.
To that comes `ALLOWANCE`, because private images are never quite the same pictures:

    bound = ALLOWANCE + Z s

**The allowance.** On a copy of CIFAR-10's test images made by `perturb` (shift of up to 2
pixels, mirror, brightness), with three seeds, the committed checkpoints lost:

    twolayernet (0.465)   2.7 to 3.0 points
    vanillacnn  (0.654)   2.9 to 3.8 points
    mymodel     (0.890)   0.6 to 1.0 points

and those for the practice images 1.7 to 4.0 points. Images photographed and labelled anew cost
networks that were trained on CIFAR-10 from 4 to 10 points (Recht et al., *Do CIFAR-10 classifiers
generalize to CIFAR-10?*, 2018). So 10 points are allowed: more than twice what a perturbed copy
costs, and all that new photographs may. With 10 000 test and 2000 private images the bound is then
13 to 15 points.

**What it finds.** A network that looks the test images up is right on all of them, and guesses on
others, perturbed or new. The committed checkpoints, trained further on half of the test images,
were right on so many of that half, of the other half, and of a perturbed copy of the first:

    twolayernet  92.5 %   44.4 %   49.4 %
    vanillacnn   97.2 %   60.5 %   63.4 %
    mymodel     100.0 %   86.5 %   95.6 %

With 5000 images in each, the bound is 12 to 14 points: images that nobody has find all three, a
perturbed copy misses the third, which was trained with such perturbations.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Z = 4.265
ALLOWANCE = 0.10


@dataclass(frozen=True)
class Count:
    """`right` of `asked` images were predicted right; `asked` is at least 1."""

    right: int
    asked: int

    @property
    def share(self) -> float:
        """From 0 to 1."""
        return self.right / self.asked


def bound(public: Count, private: Count) -> float:
    """What `public.share - private.share` does not exceed in an honest network."""
    # One right and one wrong answer more keep it from vanishing where all are right.
    pooled = (public.right + private.right + 1) / (public.asked + private.asked + 2)
    variance = pooled * (1 - pooled) * (1 / public.asked + 1 / private.asked)
    return ALLOWANCE + Z * math.sqrt(variance)
