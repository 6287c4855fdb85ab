"""A layer whose attributes are all there and new each time, and can be called for ever."""

import numpy as np


class Hydra:
    """Whatever is asked for, there are more of them."""

    def __getattr__(self, name):
        return Hydra()

    def __call__(self, *args, **kwargs):
        return [Hydra() for _ in range(5000)]

    def __len__(self):
        return 2**62

    def __getitem__(self, index):
        return Hydra()

    def __iter__(self):
        while True:
            yield Hydra()

    def __array__(self, *args, **kwargs):
        return np.full((5000, 5000), Hydra(), dtype=object)


ReLU = Hydra()
