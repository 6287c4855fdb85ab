"""Wrong variants of MyModel (Task 2.7), as edits of a small network that is right."""

from __future__ import annotations

from grader.authoring.bugs.bug import Bug, Edit, edited

PATH = "part2-pytorch/models/my_model.py"
CAUGHT = frozenset({"2.7"})

RIGHT = '''\
import torch
import torch.nn.functional as F
from torch import nn


class MyModel(nn.Module):
    """Convolution, a hidden layer with batch normalisation, and the classes."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 8, kernel_size=3, stride=4, padding=1)
        self.hidden = nn.Linear(8 * 8 * 8, 32)
        self.norm = nn.BatchNorm1d(32)
        self.classifier = nn.Linear(32, 10)

    def forward(self, x):
        maps = torch.relu(self.conv(x))
        flat = maps.flatten(start_dim=1)
        units = self.norm(self.hidden(flat))
        return self.classifier(torch.relu(units))
'''

SUPER = "        super().__init__()\n"
CONV, HIDDEN = "nn.Conv2d(3, 8,", "nn.Linear(8 * 8 * 8, 32)"
CLASSES = "nn.Linear(32, 10)"
MAPS, FLAT = "torch.relu(self.conv(x))", "maps.flatten(start_dim=1)"
UNITS, SCORES = "self.norm(self.hidden(flat))", "self.classifier(torch.relu(units))"
OWN_NORM = """\
self.hidden(flat)
        units = (units - units.mean(dim=0)) / units.std(dim=0)"""
IN_A_LIST: list[Edit] = [
    ("self.conv = ", "self.layers = ["),
    ("padding=1)", "padding=1)]"),
    ("self.hidden = ", "self.layers += ["),
    (HIDDEN, f"{HIDDEN}]"),
    ("        self.norm = nn.BatchNorm1d(32)\n", ""),
    ("self.classifier = ", "self.layers += ["),
    (CLASSES, f"{CLASSES}]"),
    (MAPS, "torch.relu(self.layers[0](x))"),
    (UNITS, "self.layers[1](flat)"),
    (SCORES, "self.layers[2](torch.relu(units))"),
]

# By family, then by name.
VARIANTS: dict[str, dict[str, list[Edit]]] = {
    "models-other-output": {
        "hundred-classes": [(CLASSES, "nn.Linear(32, 100)")],
        "mean-over-batch": [(SCORES, f"{SCORES}.mean(dim=0)")],
        "predicted-classes": [(SCORES, f"{SCORES}.argmax(dim=1)")],
    },
    "models-squeezed": {"squeezed": [(SCORES, f"{SCORES}.squeeze()")]},
    "models-sizes-do-not-fit": {
        "for-28-by-28": [(HIDDEN, "nn.Linear(8 * 7 * 7, 32)")],
        "for-grey-images": [(CONV, "nn.Conv2d(1, 8,")],
        "fixed-batch": [(FLAT, "maps.view(64, -1)")],
    },
    "models-not-registered": {"in-a-list": IN_A_LIST},
    "models-no-gradient": {
        "detached": [(SCORES, f"{SCORES}.detach()")],
        "without-grad": [("    def forward", "    @torch.no_grad()\n    def forward")],
        "through-numpy": [(SCORES, f"torch.from_numpy({SCORES}.detach().numpy())")],
        "frozen": [(CLASSES, f"{CLASSES}\n        self.requires_grad_(False)")],
    },
    "models-statistics-of-the-batch": {
        "batch-norm-in-training-mode": [
            (UNITS, "F.batch_norm(self.hidden(flat), None, None, training=True)"),
        ],
        "own-batch-norm": [(UNITS, OWN_NORM)],
    },
    "models-not-finite": {
        "divided-by-zero": [(SCORES, f"{SCORES} / (x.max() - x.max())")],
        "logarithm-of-negative": [(SCORES, f"{SCORES}.log()")],
    },
    "models-no-tensor": {
        "returns-pair": [(SCORES, f"{SCORES}, units")],
        "returns-list": [(SCORES, f"{SCORES}.tolist()")],
    },
    "models-nothing-returned": {"returns-nothing": [(f"return {SCORES}", f"x = {SCORES}")]},
    "models-no-super": {"no-super": [(SUPER, "")]},
    "models-constructor": {"argument": [("__init__(self)", "__init__(self, num_classes)")]},
    "models-needs-cuda": {"needs-cuda": [(MAPS, "torch.relu(self.conv(x.cuda()))")]},
}

SOFTMAX_ALLOWED = "a network of one's own may end as it likes; it gets a remark"


def bugs() -> list[Bug]:
    """Every variant of Task 2.7, the equivalent one last."""
    found = [
        Bug(f"models-mine-{name}", family, CAUGHT, {PATH: edited(RIGHT, edits)})
        for family, variants in VARIANTS.items()
        for name, edits in variants.items()
    ]
    softmax = {PATH: edited(RIGHT, [(SCORES, f"{SCORES}.softmax(dim=1)")])}
    return [
        *found,
        Bug(
            "models-mine-softmax-at-end",
            "models-softmax-at-end",
            frozenset(),
            softmax,
            equivalent=SOFTMAX_ALLOWED,
        ),
    ]
