"""What the checks of the given networks and of the own model accept, refuse, and say."""

import pytest

from grader.outcomes import Status

TWO, CNN, MINE = "models/twolayer.py", "models/cnn.py", "models/my_model.py"
HEAD = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"


def messages(check):
    """All that a check said about its cases."""
    return " ".join(case.message for case in check.cases)


def two(layers, forward):
    """A TwoLayerNet with other insides."""
    return {
        TWO: f"{HEAD}\n\nclass TwoLayerNet(nn.Module):\n"
        f"    def __init__(self, d, h, c):\n        super().__init__()\n        {layers}\n"
        f"    def forward(self, x):\n        {forward}\n"
    }


def cnn(layers, forward):
    """A VanillaCNN with other insides."""
    return {
        CNN: f"{HEAD}\n\nclass VanillaCNN(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {layers}\n"
        f"    def forward(self, x):\n        {forward}\n"
    }


def mine(layers, forward):
    """A MyModel with other insides."""
    return {
        MINE: f"{HEAD}\n\nclass MyModel(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {layers}\n"
        f"    def forward(self, x):\n        {forward}\n"
    }


LINEAR = "self.a = nn.Linear(d, h); self.b = nn.Linear(h, c)"
CONV = "self.a = nn.Conv2d(3, 32, 7); self.b = nn.Linear(5408, 10)"
POOLED = "self.b(F.max_pool2d(F.relu(self.a(x)), 2).flatten(1))"


@pytest.mark.parametrize("number", ["2.3", "2.4", "2.7"])
def test_the_reference_passes(only, number):
    """Correct networks pass every case, without a remark."""
    check = only(number)
    assert check.status is Status.PASSED, messages(check)
    assert check.remarks == []


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("2.3", two("self.n = nn.Sequential(nn.Flatten(), nn.Linear(d, h), nn.Sigmoid(),"
                    "nn.Linear(h, c)); self.unused = nn.Linear(h, c)", "return self.n(x)")),
        ("2.3", two("self.a = nn.LazyLinear(h); self.b = nn.LazyLinear(c)",
                    "return self.b(torch.sigmoid(self.a(x.view(x.size(0), -1))))")),
        ("2.3", two("self.w = nn.Parameter(torch.randn(d, h)); self.u = nn.Parameter(torch.zeros("
                    "h)); self.b = nn.Linear(h, c)",
                    "return self.b(torch.sigmoid(x.flatten(1) @ self.w + self.u))")),
        ("2.3", two("self.w = nn.Parameter(torch.randn(d, h)); self.u = nn.Parameter(torch.zeros("
                    "1, h)); self.b = nn.Linear(h, c)",
                    "return self.b(torch.sigmoid(x.flatten(1) @ self.w + self.u))")),
        ("2.3", two(LINEAR, "n, k, i, j = x.shape; return self.b(self.a("
                    "x.reshape(n, k * i * j)).sigmoid())")),
        ("2.4", cnn("self.b = nn.LazyLinear(10); self.a = nn.Conv2d(3, 32, 7); "
                    "self.fc = nn.Linear(5408, 10)", f"return {POOLED}")),
    ],
)  # fmt: skip
def test_the_same_function_may_be_written_otherwise(only, number, change):
    """Names, order, lazy layers, unused layers and transposed weights do not matter."""
    check = only(number, change)
    assert check.status is Status.PASSED, messages(check)


@pytest.mark.parametrize(
    ("forward", "words"),
    [
        ("return self.b(torch.relu(self.a(x.flatten(1))))", "it looks like ReLU"),
        ("return self.b(self.a(x.flatten(1)))", "it looks like nothing at all"),
        ("return self.b(torch.tanh(self.a(x.flatten(1))))", "it looks like tanh"),
        ("return self.b(torch.sigmoid(self.a(x.flatten(1)))).softmax(1)", "as behind a softmax"),
        ("return F.log_softmax(self.b(torch.sigmoid(self.a(x.flatten(1)))), 1)", "a log-softmax"),
        ("return torch.sigmoid(self.b(torch.sigmoid(self.a(x.flatten(1)))))", "a second sigmoid"),
        ("return torch.relu(self.b(torch.sigmoid(self.a(x.flatten(1)))))", "No output is negative"),
        ("return self.b(torch.sigmoid(2 * self.a(x.flatten(1))))", "The activation is right"),
        ("return self.b(F.softplus(self.a(x.flatten(1))) ** 2)", "what lies between the layers"),
        ("return self.b(torch.sigmoid(self.a(x.flatten(1)))).T", "has shape"),
        ("return self.b(torch.sigmoid(self.a(x.flatten(1)))) / 0", "NaN or infinite"),
        ("return (self.b(torch.sigmoid(self.a(x.flatten(1)))),)", "return one tensor"),
    ],
)
def test_a_wrong_two_layer_net_is_named(only, forward, words):
    """What lies between or behind the layers is read off the outputs."""
    check = only("2.3", two(LINEAR, forward))
    assert check.status is Status.FAILED
    assert words in messages(check)


@pytest.mark.parametrize(
    ("layers", "forward", "words"),
    [
        (CONV, POOLED.replace("F.relu(self.a(x))", "self.a(x)"), "it looks like nothing at all"),
        (CONV, POOLED.replace("max_pool2d", "avg_pool2d"), "The activation is right"),
        (CONV, POOLED.replace("F.relu", "torch.sigmoid"), "it looks like sigmoid"),
        ("self.a = nn.Conv2d(3, 32, 7, padding=3); self.b = nn.Linear(8192, 10)", POOLED,
         "the weight of a linear layer 5408 -> 10"),
        ("self.a = nn.Conv2d(3, 32, 7, bias=False); self.b = nn.Linear(5408, 10)", POOLED,
         "the bias of the convolution"),
    ],
)  # fmt: skip
def test_a_wrong_cnn_is_named(only, layers, forward, words):
    """Missing activations and layers of other sizes are told apart."""
    check = only("2.4", cnn(layers, f"return {forward}"))
    assert check.status is Status.FAILED
    assert words in messages(check)


def test_shared_layers_do_not_fit(only):
    """With as many classes as hidden units, one bias cannot serve both layers."""
    change = two("self.a = nn.Linear(d, h); self.b = nn.Parameter(torch.zeros(c, h))",
                 "return self.a(x.flatten(1)) @ self.b.T")  # fmt: skip
    assert "the bias of the linear layer 256 -> 10" in messages(only("2.3", change))


@pytest.mark.parametrize(
    ("number", "change"),
    [
        ("2.3", two("pass", "return None")),
        ("2.3", two('raise NotImplementedError("Task 2.3")', "return x")),
        ("2.3", two(LINEAR, "out = None; return out")),
        ("2.4", cnn("pass", "pass")),
        ("2.7", mine("pass", "pass")),
    ],
)
def test_an_empty_network_is_not_started(only, number, change):
    """A forward that returns None has not been started."""
    assert {case.reason for case in only(number, change).cases} == {"not-started"}


@pytest.mark.parametrize(
    ("number", "change", "reason", "words"),
    [
        ("2.3", {TWO: None}, "missing-file", "part2-pytorch/models/twolayer.py"),
        ("2.4", {CNN: "class Vanilla: pass"}, "exception", "VanillaCNN"),
        ("2.4", {CNN: "class VanillaCNN: pass"}, "exception", "not a torch.nn.Module"),
        ("2.7", mine("self.a = nn.Linear(5, 5)", "return self.a(x)"), "exception", "my_model.py:"),
    ],
)
def test_what_cannot_be_built_is_told(only, number, change, reason, words):
    """A missing file or class, and a forward that raises, are the student's."""
    check = only(number, change)
    assert check.reason == reason
    assert words in messages(check)


@pytest.mark.parametrize(
    ("layers", "forward", "words"),
    [
        ("self.a = nn.Linear(3072, 100)", "return self.a(x.flatten(1))", "an output of shape"),
        ("self.a = nn.Linear(3072, 10)", "return [self.a(x.flatten(1))]", "return one tensor"),
        ("self.a = nn.Linear(3072, 10)", "return self.a(x.flatten(1)) / 0", "not finite"),
        ("self.a = [nn.Linear(3072, 10)]", "return self.a[0](x.flatten(1))", "no parameters"),
        ("self.a = nn.Linear(3072, 10)", "return self.a(x.flatten(1)).detach()", "No parameter"),
        (
            "self.a = nn.Linear(3072, 10)",
            "return self.a(x.flatten(1)).squeeze()",
            "For 1 image (",
        ),
    ],
)
def test_a_wrong_own_model_is_named(only, layers, forward, words):
    """Shape, type, values and gradients of the own model are looked at."""
    check = only("2.7", mine(layers, forward))
    assert check.status is Status.FAILED
    assert words in messages(check)


def test_unused_layers_are_a_remark(only):
    """Parameters without a gradient cost nothing and are named."""
    layers = "self.a = nn.Linear(3072, 10); self.spare = nn.Linear(3, 3)"
    check = only("2.7", mine(layers, "return self.a(x.flatten(1))"))
    assert check.status is Status.PASSED
    assert "`spare.weight`" in check.remarks[0]


def test_gradients_that_are_not_finite_are_a_remark(only):
    """A gradient of NaN at random images is worth a word."""
    layers = "self.a = nn.Linear(3072, 10)"
    forward = "y = self.a(x.flatten(1)); return y + torch.sqrt(y - y)"
    assert "not finite" in only("2.7", mine(layers, forward)).remarks[0]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("x = x.cuda()", "There is no GPU here"),
        ("open('log.txt', 'w')", "write no files"),
        ("torch.hub.load_state_dict_from_url('https://example.org/a.pth')", "`weights=None`"),
        ("list(torch.utils.data.DataLoader([1, 2], num_workers=2))", "`DataLoader(num_workers"),
    ],
)
def test_what_a_worker_cannot_do_is_explained(only, line, words):
    """A GPU, files and processes are not there for submitted code, and it is told so."""
    layers = "self.a = nn.Linear(3072, 10)"
    assert words in messages(only("2.7", mine(layers, f"{line}; return self.a(x.flatten(1))")))


def test_libraries_that_only_describe_networks_may_be_missing(only):
    """`import torchsummary` at the top of a file costs nothing."""
    change = mine("self.a = nn.Linear(3072, 10)", "return self.a(x.flatten(1))")
    assert only("2.7", {MINE: "import torchsummary, thop\n" + change[MINE]}).points
