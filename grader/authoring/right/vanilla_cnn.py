"""Right solutions of VanillaCNN."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

VANILLA_CNN = Task(
    "vanilla-cnn", "part2-pytorch/models/cnn.py", frozenset({"2.4"}), first="__init__"
)

SEQUENTIAL = """\
    def __init__(self):
        super(VanillaCNN, self).__init__()
        self.model = nn.Sequential(
            nn.Conv2d(3, 32, 7),
            nn.ReLU(inplace=True),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Linear(5408, 10),
        )

    def forward(self, x):
        outs = None
        outs = self.model(x)
        return outs
"""

FUNCTIONAL = """\
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(in_channels=3, out_channels=32, kernel_size=7)
        self.fc1 = nn.Linear(13 * 13 * 32, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2, 2)
        x = x.view(x.size(0), -1)
        return self.fc1(x)
"""

OWN_PARAMETERS = """\
    def __init__(self):
        super().__init__()
        self.filters = nn.Parameter(0.01 * torch.randn(32, 3, 7, 7))
        self.filter_bias = nn.Parameter(torch.zeros(32))
        self.matrix = nn.Parameter(0.01 * torch.randn(5408, 10))
        self.bias = nn.Parameter(torch.zeros(10))

    def forward(self, x):
        x = F.conv2d(x, self.filters, self.filter_bias).clamp(min=0)
        x = F.max_pool2d(x, kernel_size=2)
        return x.flatten(1).mm(self.matrix) + self.bias
"""

LAZY = """\
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.LazyConv2d(32, 7), nn.ReLU(), nn.MaxPool2d((2, 2), (2, 2)))
        self.linear = nn.LazyLinear(10)

    def forward(self, x):
        return self.linear(torch.flatten(self.features(x), 1))
"""

POOL_FIRST = '''\
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(5408, 10)
        self.conv = nn.Conv2d(3, 32, 7, stride=(1, 1), padding="valid")
        self.pool = nn.AdaptiveMaxPool2d(13)

    def forward(self, x):
        """ReLU and the maximum may change places; 26 pooled to 13 are windows of 2 by 2."""
        x = self.pool(self.conv(x))
        x = torch.where(x > 0, x, torch.zeros_like(x))
        return self.fc(x.reshape(len(x), 32 * 13 * 13))
'''

UNFOLD = '''\
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 32, kernel_size=7)
        self.linear = nn.Linear(5408, 10)

    def forward(self, x):
        """The convolution as a product of matrices, the maxima by reshape."""
        columns = F.unfold(x, 7).transpose(1, 2)  # (N, 26 * 26, 147)
        maps = F.linear(columns, self.conv.weight.flatten(1), self.conv.bias)
        maps = torch.relu(maps).transpose(1, 2).reshape(-1, 32, 13, 2, 13, 2)
        return self.linear(maps.amax(dim=(3, 5)).flatten(start_dim=1))
'''

ROWS = """\
    def __init__(self):
        super().__init__()
        self.filters = nn.Parameter(0.01 * torch.randn(32, 147))
        self.offset = nn.Parameter(torch.zeros(1, 32, 1, 1))
        self.linear = nn.Linear(5408, 10)

    def forward(self, x):
        maps = F.conv2d(x, self.filters.view(32, 3, 7, 7)) + self.offset
        return self.linear(F.max_pool2d(F.relu(maps), 2).flatten(1))
"""

FUNCTIONAL_IMPORT = "import torch.nn.functional as F  # noqa: N812"


def solutions() -> list[Right]:
    """With layers, as functions, with parameters of one's own."""
    styles = {
        "sequential": ("nn.Sequential, ReLU in place", SEQUENTIAL),
        "functional": ("F.relu, F.max_pool2d, view", FUNCTIONAL, FUNCTIONAL_IMPORT),
        "own-parameters": (
            "own parameters, the matrix transposed",
            OWN_PARAMETERS,
            FUNCTIONAL_IMPORT,
        ),
        "lazy": ("nn.LazyConv2d and nn.LazyLinear", LAZY),
        "pool-first": ("pools before ReLU, adaptively; layers in another order", POOL_FIRST),
        "rows": ("filters as rows, a bias with four axes", ROWS, FUNCTIONAL_IMPORT),
        "unfold": ("F.unfold and F.linear, the maxima by reshape", UNFOLD, FUNCTIONAL_IMPORT),
    }
    return [VANILLA_CNN.with_methods(name, *style) for name, style in styles.items()]
