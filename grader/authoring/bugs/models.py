"""Wrong variants of the networks (Tasks 2.3, 2.4 and 2.7)."""

from __future__ import annotations

from grader.authoring.bugs import models_mine
from grader.authoring.bugs.bug import Bug, Edit, edited, reference

Variants = dict[str, dict[str, list[Edit]]]

SUPER = "        super().__init__()\n"

TWO_LAYERS = "part2-pytorch/models/twolayer.py"
HIDDEN, CLASSIFIER = "nn.Linear(input_dim, hidden_size)", "nn.Linear(hidden_size, num_classes)"
FLAT, UNITS = "x.flatten(start_dim=1)", "self.hidden(flat)"
ACTIVE = f"torch.sigmoid({UNITS})"
TWO_LAYERS_SCORES = f"self.classifier({ACTIVE})"
ARGUMENTS = "self, input_dim: int, hidden_size: int, num_classes: int"
DEEPER = f"nn.Sequential({HIDDEN}, nn.Sigmoid(), nn.Linear(hidden_size, hidden_size))"

CNN = "part2-pytorch/models/cnn.py"
CONV = "nn.Conv2d(3, 32, kernel_size=7, stride=1, padding=0)"
POOL, LINEAR = "nn.MaxPool2d(kernel_size=2, stride=2)", "nn.Linear(32 * 13 * 13, 10)"
MAPS, FEATURES = "torch.relu(self.conv(x))", "features.flatten(start_dim=1)"
POOLED, CNN_SCORES = f"self.pool({MAPS})", f"self.classifier({FEATURES})"

ACTIVATIONS = {
    "sigmoid": "torch.sigmoid",
    "relu": "torch.relu",
    "tanh": "torch.tanh",
    "leaky-relu": "nn.functional.leaky_relu",
    "softmax": "nn.Softmax(dim=1)",
    "no-activation": "",
}


def activations(right: str, inner: str) -> Variants:
    """Each activation but `right` over the expression `inner`."""
    wrong = [name for name in ACTIVATIONS if name != right]
    old = f"{ACTIVATIONS[right]}({inner})"
    return {"models-activation": {name: [(old, f"{ACTIVATIONS[name]}({inner})")] for name in wrong}}


def around(scores: str) -> Variants:
    """What goes wrong around any network; `scores` is the expression that it returns."""
    return {
        "models-softmax-at-end": {
            "softmax-at-end": [(scores, f"{scores}.softmax(dim=1)")],
            "log-softmax-at-end": [(scores, f"{scores}.log_softmax(dim=1)")],
        },
        "models-activation-at-end": {
            "sigmoid-at-end": [(scores, f"{scores}.sigmoid()")],
            "relu-at-end": [(scores, f"{scores}.relu()")],
        },
        "models-squeezed": {"squeezed": [(scores, f"{scores}.squeeze()")]},
        "models-no-tensor": {
            "returns-pair": [(scores, f"{scores}, x")],
            "returns-array": [(scores, f"{scores}.detach().numpy()")],
        },
        "models-nothing-returned": {"returns-nothing": [(f"return {scores}", f"x = {scores}")]},
        "models-no-super": {"no-super": [(SUPER, "")]},
    }


TWO_LAYERS_VARIANTS: Variants = {
    "models-activation": {
        "sigmoid-on-input": [(ACTIVE, "self.hidden(torch.sigmoid(flat))")],
        "sigmoid-behind-both": [(TWO_LAYERS_SCORES, f"torch.sigmoid(self.classifier({UNITS}))")],
    },
    "models-fixed-sizes": {
        "fixed-inputs": [(HIDDEN, "nn.Linear(3072, hidden_size)")],
        "fixed-hidden": [
            (HIDDEN, "nn.Linear(input_dim, 256)"),
            (CLASSIFIER, "nn.Linear(256, num_classes)"),
        ],
        "fixed-classes": [(CLASSIFIER, "nn.Linear(hidden_size, 10)")],
        "fixed-view": [(FLAT, "x.view(-1, 3072)")],
    },
    "models-other-layers": {
        "no-hidden-bias": [(HIDDEN, "nn.Linear(input_dim, hidden_size, bias=False)")],
        "no-last-bias": [(CLASSIFIER, "nn.Linear(hidden_size, num_classes, bias=False)")],
        "in-a-list": [
            ("self.hidden = ", "self.layers = ["),
            ("self.classifier = ", "self.layers += ["),
            (HIDDEN, f"{HIDDEN}]"),
            (CLASSIFIER, f"{CLASSIFIER}]"),
            (TWO_LAYERS_SCORES, "self.layers[1](torch.sigmoid(self.layers[0](flat)))"),
        ],
        "made-in-forward": [
            (TWO_LAYERS_SCORES, "nn.Linear(256, 10)(torch.sigmoid(nn.Linear(3072, 256)(flat)))"),
            (f"self.hidden = {HIDDEN}", "pass"),
            (f"self.classifier = {CLASSIFIER}", "pass"),
        ],
    },
    "models-one-layer-too-many": {"three-layers": [(HIDDEN, DEEPER)]},
    "models-sizes-do-not-fit": {"not-flattened": [(FLAT, "x")]},
    "models-batch-flattened": {"batch-flattened": [(FLAT, "x.flatten()")]},
    "models-batch-mixed": {"batch-mixed": [(FLAT, "x.reshape(self.hidden.in_features, -1).T")]},
    "models-flattened-in-another-order": {
        "channels-last": [(FLAT, "x.permute(0, 2, 3, 1).flatten(start_dim=1)")],
        "columns-first": [(FLAT, "x.transpose(2, 3).flatten(start_dim=1)")],
    },
    "models-input-changed": {
        "input-divided": [(FLAT, "(x / 255).flatten(start_dim=1)")],
        "input-normalised-again": [(FLAT, "((x - 0.5) / 0.5).flatten(start_dim=1)")],
    },
    "models-dropout-always-on": {
        "dropout-always-on": [(ACTIVE, f"nn.functional.dropout({ACTIVE})")],
    },
    "models-constructor": {"no-arguments": [(ARGUMENTS, "self")]},
    "models-no-gradient": {"detached": [(UNITS, "self.hidden(flat).detach()")]},
}

CNN_VARIANTS: Variants = {
    "models-other-layers": {
        "kernel-5": [(CONV, CONV.replace("7", "5")), (LINEAR, "nn.Linear(32 * 14 * 14, 10)")],
        "filters-64": [(CONV, CONV.replace("32", "64")), (LINEAR, LINEAR.replace("32", "64"))],
        "padded": [
            (CONV, CONV.replace("padding=0", "padding=3")),
            (LINEAR, "nn.Linear(32 * 16 * 16, 10)"),
        ],
        "not-pooled": [(POOL, "nn.Identity()"), (LINEAR, "nn.Linear(32 * 26 * 26, 10)")],
        "hidden-linear": [(LINEAR, "nn.Sequential(nn.Linear(5408, 128), nn.Linear(128, 10))")],
        "no-bias": [(CONV, CONV.replace("padding=0", "padding=0, bias=False"))],
    },
    "models-one-layer-too-many": {
        "two-convolutions": [
            (CONV, f"nn.Sequential({CONV}, nn.Conv2d(32, 32, kernel_size=3, padding=1))"),
        ],
    },
    "models-pooling": {
        "average-pooling": [(POOL, "nn.AvgPool2d(kernel_size=2, stride=2)")],
        "pooling-3-by-3": [(POOL, "nn.MaxPool2d(kernel_size=3, stride=2, padding=1)")],
        "strided-pixels": [(POOLED, f"{MAPS}[:, :, ::2, ::2]")],
    },
    "models-sizes-do-not-fit": {
        "padded-size-unchanged": [(CONV, CONV.replace("padding=0", "padding=3"))],
        "not-flattened": [(FEATURES, "features")],
        "channels-last-input": [(MAPS, "torch.relu(self.conv(x.permute(0, 3, 1, 2)))")],
    },
    "models-batch-flattened": {"batch-flattened": [(FEATURES, "features.flatten()")]},
    "models-batch-mixed": {"batch-mixed": [(FEATURES, "features.reshape(5408, -1).T")]},
    "models-flattened-in-another-order": {
        "channels-last": [(FEATURES, "features.permute(0, 2, 3, 1).flatten(start_dim=1)")],
    },
    "models-input-changed": {"input-divided": [(MAPS, "torch.relu(self.conv(x / 255))")]},
    "models-dropout-always-on": {
        "dropout-always-on": [(FEATURES, f"nn.functional.dropout({FEATURES})")],
    },
    "models-constructor": {"argument": [("__init__(self)", "__init__(self, num_classes)")]},
}

# By name: family, reason and edits.
EQUIVALENT: dict[str, tuple[str, str, list[Edit]]] = {
    "pooling-before-relu": (
        "models-pooling",
        "the maximum and ReLU can change places",
        [(POOLED, "torch.relu(self.pool(self.conv(x)))")],
    ),
    "pooling-rounded-up": (
        "models-pooling",
        "26 is even, so there is nothing to round",
        [(POOL, "nn.MaxPool2d(kernel_size=2, stride=2, ceil_mode=True)")],
    ),
    "dropout": (
        "models-one-layer-too-many",
        "networks are graded in evaluation mode, where dropout does nothing",
        [(CONV, f"nn.Sequential({CONV}, nn.Dropout(0.3))")],
    ),
    "batch-norm": (
        "models-one-layer-too-many",
        "in evaluation mode a batch normalisation that was never trained changes nothing",
        [(CONV, f"nn.Sequential({CONV}, nn.BatchNorm2d(32))")],
    ),
}


def bugs() -> list[Bug]:
    """Every variant of the three networks."""
    two_layers = [TWO_LAYERS_VARIANTS, activations("sigmoid", UNITS), around(TWO_LAYERS_SCORES)]
    cnn = [CNN_VARIANTS, activations("relu", "self.conv(x)"), around(CNN_SCORES)]
    equivalent = [
        Bug(
            f"models-cnn-{name}",
            family,
            frozenset(),
            {CNN: edited(reference(CNN), edits)},
            equivalent=reason,
        )
        for name, (family, reason, edits) in EQUIVALENT.items()
    ]
    return [
        *_of("two-layers", TWO_LAYERS, "2.3", two_layers),
        *_of("cnn", CNN, "2.4", cnn),
        *equivalent,
        *models_mine.bugs(),
    ]


def _of(network: str, path: str, check: str, groups: list[Variants]) -> list[Bug]:
    """The variants of one of the given networks."""
    return [
        Bug(
            f"models-{network}-{name}",
            family,
            frozenset({check}),
            {path: edited(reference(path), edits)},
        )
        for variants in groups
        for family, named in variants.items()
        for name, edits in named.items()
    ]
