"""Right solutions of TwoLayerNet."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

TWO_LAYERS = Task(
    "twolayer", "part2-pytorch/models/twolayer.py", frozenset({"2.3"}), first="__init__"
)

SEQUENTIAL = """\
    def __init__(self, input_dim, hidden_size, num_classes):
        super(TwoLayerNet, self).__init__()
        self.net = nn.Sequential(
            nn.Flatten(),
            nn.Linear(input_dim, hidden_size),
            nn.Sigmoid(),
            nn.Linear(hidden_size, num_classes),
        )

    def forward(self, x):
        out = None
        out = self.net(x)
        return out
"""

FUNCTIONAL = """\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.input_dim = input_dim
        self.fc1 = nn.Linear(in_features=input_dim, out_features=hidden_size, bias=True)
        self.fc2 = nn.Linear(in_features=hidden_size, out_features=num_classes, bias=True)

    def forward(self, x):
        x = x.view(-1, self.input_dim)
        x = F.sigmoid(self.fc1(x))
        return self.fc2(x)
"""

EXPONENTIAL = '''\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.second = nn.Linear(hidden_size, num_classes)
        self.first = nn.Linear(input_dim, hidden_size)

    def forward(self, x):
        """The layers are made in the other order, and the sigmoid is written out."""
        N, C, H, W = x.shape
        hidden = 1 / (1 + torch.exp(-self.first(x.reshape(N, C * H * W))))
        return self.second(hidden)
'''

OWN_PARAMETERS = '''\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.w1 = nn.Parameter(0.01 * torch.randn(input_dim, hidden_size))
        self.b1 = nn.Parameter(torch.zeros(1, hidden_size))
        self.w2 = nn.Parameter(0.01 * torch.randn(hidden_size, num_classes))
        self.b2 = nn.Parameter(torch.zeros(num_classes))

    def forward(self, x):
        """Weights as in Part 1, (in, out), and a bias that is a row."""
        print("TwoLayerNet", tuple(x.shape))
        hidden = torch.sigmoid(torch.flatten(x, 1) @ self.w1 + self.b1)
        return torch.matmul(hidden, self.w2).add(self.b2)
'''

MODULE_LIST = """\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        sizes = [input_dim, hidden_size, num_classes]
        self.layers = nn.ModuleList(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:]))
        self.activation = nn.Sigmoid()
        for layer in self.layers:
            nn.init.xavier_uniform_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
        x = x.reshape(x.size(0), -1)
        for layer in self.layers[:-1]:
            x = self.activation(layer(x))
        return self.layers[-1](x)
"""

TANH = '''\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.hidden = nn.Linear(input_dim, hidden_size)
        self.unused = nn.Dropout(0.5)
        self.classifier = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        """sigmoid(z) = (1 + tanh(z / 2)) / 2; the second layer is F.linear."""
        flat = torch.stack([image.ravel() for image in x])
        hidden = 0.5 * (1 + torch.tanh(self.hidden(flat) / 2))
        return F.linear(hidden, self.classifier.weight, self.classifier.bias)
'''

LAZY = """\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.body = nn.ModuleDict(
            {
                "flatten": nn.Flatten(start_dim=1, end_dim=-1),
                "hidden": nn.LazyLinear(hidden_size),
                "out": nn.LazyLinear(num_classes),
            }
        )

    def forward(self, x):
        x = self.body["hidden"](self.body["flatten"](x)).sigmoid()
        return self.body["out"](x)
"""

CONVOLUTION = """\
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.hidden = nn.Conv2d(input_dim, hidden_size, kernel_size=1)
        self.weight = nn.Parameter(0.01 * torch.randn(num_classes, hidden_size))
        self.bias = nn.Parameter(torch.zeros(num_classes, 1))

    def forward(self, x):
        hidden = torch.sigmoid(self.hidden(x.reshape(len(x), -1, 1, 1)))
        return (self.weight @ hidden.flatten(1).T + self.bias).T
"""

FUNCTIONAL_IMPORT = "import torch.nn.functional as F  # noqa: N812"


def solutions() -> list[Right]:
    """With layers, as functions, with parameters of one's own."""
    styles = {
        "sequential": ("nn.Sequential with nn.Flatten", SEQUENTIAL),
        "functional": ("view(-1, input_dim), F.sigmoid", FUNCTIONAL, FUNCTIONAL_IMPORT),
        "exponential": ("1 / (1 + exp); the second layer is made first", EXPONENTIAL),
        "own-parameters": ("own parameters, transposed; a bias as a row; prints", OWN_PARAMETERS),
        "module-list": ("nn.ModuleList with an initialisation of its own", MODULE_LIST),
        "tanh": ("the sigmoid by tanh, F.linear, an unused Dropout", TANH, FUNCTIONAL_IMPORT),
        "lazy": ("nn.LazyLinear in an nn.ModuleDict", LAZY),
        "convolution": ("a 1 by 1 convolution; a bias as a column", CONVOLUTION),
    }
    return [TWO_LAYERS.with_methods(name, *style) for name, style in styles.items()]
