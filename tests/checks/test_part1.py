"""What the checks of Part 1 accept, refuse, and say."""

from fractions import Fraction

import pytest

from grader.checks.sentences import layers as layer_sentences
from grader.outcomes import Status

ALL = [f"1.{i}" for i in range(1, 9)]
CONV, POOL = "modules/convolution.py", "modules/max_pool.py"
RELU, LINEAR = "modules/relu.py", "modules/linear.py"
NET, SGD = "modules/conv_classifier.py", "optimizer/sgd.py"


def lost(checks):
    """The checks that did not pass."""
    return {number for number, check in checks.items() if check.status is not Status.PASSED}


def failing(check):
    """The names of the cases that did not pass."""
    return {case.name for case in check.cases if case.status is not Status.PASSED}


def test_the_reference_gets_all_seven_points(submit, grade):
    """A correct Part 1 passes every case."""
    checks = grade(submit())
    assert sorted(checks) == ALL
    assert lost(checks) == set()
    assert sum(check.points for check in checks.values()) == 7


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        (CONV, "out + self.bias[:, None, None]", "out", {"1.1"}),
        (CONV, '"ncijuv,fcuv->nfij", windows, self.weight',
         '"ncijuv,fcuv->nfij", windows, self.weight[:, :, ::-1, ::-1]', {"1.1"}),
        (CONV, "self.db = dout.sum(axis=(0, 2, 3))", "self.db = dout.mean(axis=(0, 2, 3))",
         {"1.2"}),
        (CONV, "+= share", "= share", {"1.2"}),
        (CONV, "self.dx = dpadded[:, :, p : p + h, p : p + w]",
         "self.dx = dpadded[:, :, p:-p, p:-p]", {"1.2"}),
        (POOL, "np.add.at(self.dx, (n, c, i * s + u, j * s + v), dout)",
         "self.dx[n, c, i * s + u, j * s + v] = dout", {"1.4"}),
        (RELU, "np.where(positive, dout, 0)", "np.where(positive, abs(dout), 0)", {"1.5"}),
        (LINEAR, "+ self.bias", "- self.bias", {"1.6"}),
        (NET, "reversed(self.modules)", "self.modules", {"1.7"}),
        (SGD, 'self.momentum * v["dw"]', 'v["dw"]', {"1.8"}),
    ],
)  # fmt: skip
def test_a_mistake_costs_points_where_it_is(submit, grade, path, old, new, expected):
    """One mistake fails its own check and no other."""
    assert lost(grade(submit({path: (old, new)}))) == expected


def test_a_wrong_forward_does_not_cost_a_backward_that_fits_it(submit, grade):
    """A forward without bias costs its own points, and the matching backward keeps its own."""
    checks = grade(submit({CONV: ("out + self.bias[:, None, None]", "2 * out")}))
    assert checks["1.1"].points < checks["1.1"].max_points
    doubled = {
        CONV: (
            "self.db = dout.sum(axis=(0, 2, 3))",
            "dout = 2 * dout\n        self.db = dout.sum(axis=(0, 2, 3)) / 2",
        )
    }
    folder = submit(doubled)
    text = folder.joinpath("part1-convnet", CONV).read_text()
    text = text.replace("return 2 * out", "return 2 * out + self.bias[:, None, None]")
    checks = grade(submit({CONV: text}))
    core = [case for case in checks["1.2"].cases if case.domain == "core"]
    assert all(case.status is Status.PASSED for case in core)
    assert checks["1.1"].status is Status.FAILED


def test_zeros_for_zeros_earn_nothing(submit, grade):
    """A forward of zeros with a backward of zeros gets no points for either."""
    zeros = """
import numpy as np

class ReLU:
    def forward(self, x):
        self.shape = x.shape
        return np.zeros_like(x)

    def backward(self, dout):
        self.dx = np.zeros(self.shape)
"""
    check = grade(submit({RELU: zeros}), lambda number: number == "1.5")["1.5"]
    assert {case.name for case in check.cases if case.status is Status.PASSED} <= {
        "arguments left untouched",
        "arguments left untouched by backward",
    }
    assert check.points <= Fraction(1, 20)


MADE_UP = """
import numpy as np

class Conv2D:
    def __init__(self, in_channels, out_channels, kernel_size=3, stride=1, padding=0):
        self.k, self.s, self.p, self.f = kernel_size, stride, padding, out_channels
        self.weight = np.zeros((out_channels, in_channels, kernel_size, kernel_size))
        self.bias = np.zeros(out_channels)

    def forward(self, x):
        self.x = x
        rows, columns = (1 + (side - self.k + 2 * self.p) // self.s for side in x.shape[2:])
        return FORWARD * np.ones((len(x), self.f, rows, columns))

    def backward(self, dout):
        self.dx = np.full(self.x.shape, GRADIENT)
        self.dw = np.full(self.weight.shape, GRADIENT)
        self.db = np.full(self.bias.shape, GRADIENT)
"""


@pytest.mark.parametrize(
    ("forward", "gradient"),
    [("(x.sum() + self.weight.sum() + self.bias.sum())", "dout.sum()"), ("1", "1e200")],
)
def test_a_made_up_forward_earns_its_backward_nothing(submit, grade, forward, gradient):
    """A backward that fits a forward without any sense gets no more than a twentieth."""
    text = MADE_UP.replace("FORWARD", forward).replace("GRADIENT", gradient)
    check = grade(submit({CONV: text}), lambda number: number == "1.2")["1.2"]
    assert check.points <= check.max_points / 20


ADDED_UP = """
import numpy as np

class Linear:
    def __init__(self, in_dim, out_dim):
        self.weight, self.bias = np.zeros((in_dim, out_dim)), np.zeros(out_dim)

    def forward(self, x):
        self.x = x
        sums = x.reshape(len(x), -1).sum(axis=1)
        return sums[:, None] + self.weight.sum(axis=0) + self.bias

    def backward(self, dout):
        self.dx = np.broadcast_to(
            dout.sum(axis=1).reshape(-1, *[1] * (self.x.ndim - 1)), self.x.shape
        ).copy()
        self.dw = np.broadcast_to(dout.sum(axis=0), self.weight.shape).copy()
        self.db = dout.sum(axis=0)
"""


def test_a_forward_that_only_adds_up_earns_its_backward_nothing(submit, grade):
    """Gradients of a sum need no thought, though each output depends on the right inputs."""
    check = grade(submit({"modules/linear.py": ADDED_UP}), lambda number: number == "1.6")["1.6"]
    passing = {case.name for case in check.cases if case.points}
    assert passing <= {"arguments left untouched", "arguments left untouched by backward"}


FLIPPED = """

Plain = Conv2D

class Conv2D(Plain):
    def forward(self, x):
        self.weight = self.weight[:, :, ::-1, ::-1]
        out = super().forward(x)
        self.weight = self.weight[:, :, ::-1, ::-1]
        return out

    def backward(self, dout):
        self.weight = self.weight[:, :, ::-1, ::-1]
        super().backward(dout)
        self.weight, self.dw = self.weight[:, :, ::-1, ::-1], self.dw[:, :, ::-1, ::-1]
"""


def test_a_flipped_kernel_costs_the_forward_alone(submit, grade):
    """A true convolution with the right backward of one keeps the points of backward."""
    text = submit().joinpath("part1-convnet", CONV).read_text() + FLIPPED
    checks = grade(submit({CONV: text}), lambda number: number in {"1.1", "1.2"})
    assert checks["1.1"].points < checks["1.1"].max_points / 4
    assert failing(checks["1.2"]) == set()


def test_all_steps_of_the_optimizer_must_come(submit, grade):
    """Plain descent that hides the later steps from the driver gets nothing for momentum."""
    source = """
import sys

class SGD:
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        self.rate = learning_rate

    def update(self, model):
        for module in model.modules:
            if hasattr(module, "weight"):
                module.weight -= self.rate * module.dw
                module.bias -= self.rate * module.db
        sys._getframe(1).f_locals["gradients"][1:] = []
"""
    check = grade(submit({SGD: source}), lambda number: number == "1.8")["1.8"]
    assert check.points == 0
    assert {case.reason for case in check.cases} == {"bad-answer"}


@pytest.mark.parametrize("value", ["None", "3", "[1, 2]", "__import__('numpy').ones(3)"])
def test_a_name_that_is_no_class_is_the_students_mistake(submit, grade, value):
    """Whatever stands in a layer's place fails its checks; the grader is not to blame."""
    check = grade(submit({RELU: f"ReLU = {value}"}), lambda number: number == "1.5")["1.5"]
    assert {case.status for case in check.cases} == {Status.FAILED}
    assert {case.reason for case in check.cases} == {"exception"}


def test_core_mistakes_weigh_more_than_wide_ones(submit, grade):
    """Breaking only padding 0 keeps at least 80 per cent of the points."""
    crop = (
        "self.dx = dpadded[:, :, p : p + h, p : p + w]",
        "self.dx = dpadded[:, :, p:-p, p:-p]",
    )
    check = grade(submit({CONV: crop}))["1.2"]
    assert failing(check) == {
        "padding 0",
        "kernel 1",
        "stride 2, padding 0, not square",
        "kernel 2, stride 3",
    }
    assert check.points >= Fraction(8, 10) * check.max_points


def test_changed_arguments_are_named(submit, grade):
    """A ReLU that works in place fails the one case that looks at its arguments."""
    in_place = """
import numpy as np

class ReLU:
    def forward(self, x):
        self.mask = x > 0
        x[x < 0] = 0
        return x

    def backward(self, dout):
        self.dx = dout * self.mask
"""
    check = grade(submit({RELU: in_place}))["1.5"]
    assert failing(check) == {"arguments left untouched"}
    message = next(case.message for case in check.cases if case.message)
    assert "`x`" in message


def test_accumulated_gradients_are_found_by_the_second_call(submit, grade):
    """A db that adds to the last call's fails the second call, and nothing else."""
    change = (
        "self.db = dout.sum(axis=(0, 2, 3))",
        "self.db = dout.sum(axis=(0, 2, 3)) + (0 if self.db is None else self.db)",
    )
    assert failing(grade(submit({CONV: change}))["1.2"]) == {"second call of one layer"}


AFTER = {"1.1": layer_sentences.AFTER_FORWARD, "1.2": layer_sentences.AFTER_BACKWARD}


@pytest.mark.parametrize(
    ("old", "new", "number"),
    [
        ("out + self.bias[:, None, None]", "out * 2", "1.1"),
        ("self.db = dout.sum(axis=(0, 2, 3))", "self.db = -dout.sum(axis=(0, 2, 3))", "1.2"),
    ],
)
def test_what_is_wrong_at_once_is_not_blamed_on_the_second_call(submit, grade, old, new, number):
    """A layer that is as wrong when it is new is told what is wrong, and nothing about calls."""
    check = grade(submit({CONV: (old, new)}), lambda name: name == number)[number]
    messages = {case.name: case.message for case in check.cases}
    assert messages["second call of one layer"]
    assert AFTER[number] not in messages["second call of one layer"]


def test_a_layer_that_remembers_is_told_so(submit, grade):
    """Where a new layer gives other arrays, the call before is what is wrong."""
    change = {
        CONV: (
            "self.db = dout.sum(axis=(0, 2, 3))",
            "self.db = dout.sum(axis=(0, 2, 3)) + (0 if self.db is None else self.db)",
        )
    }
    check = grade(submit(change), lambda number: number == "1.2")["1.2"]
    (message,) = [case.message for case in check.cases if case.message]
    assert AFTER["1.2"] in message
    counts = "self.calls = getattr(self, 'calls', 0) + 1\n        k, s, p = self.kernel_size"
    text = submit().joinpath("part1-convnet", CONV).read_text()
    text = text.replace("k, s, p = self.kernel_size", counts, 1)
    bias = "out + self.bias[:, None, None]"
    text = text.replace(bias, bias.replace("out", "out * self.calls"))
    check = grade(submit({CONV: text}), lambda number: number == "1.1")["1.1"]
    (message,) = [case.message for case in check.cases if case.message]
    assert AFTER["1.1"] in message


def test_a_row_of_bias_gradients_is_right_in_value(submit, grade):
    """A db of shape (1, out) is accepted."""
    change = ("self.db = dout.sum(axis=(0, 2, 3))", "self.db = dout.sum(axis=(0, 2, 3))[None]")
    assert lost(grade(submit({CONV: change}))) == set()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("raise NotImplementedError('ReLU.forward')", "not-started"),
        ("pass", "not-started"),
        ("return [1, 2", None),
        ("raise ValueError('no')", "exception"),
        ("return np.full_like(x, np.nan)", "wrong"),
        ("return 'text'", "wrong"),
        ("return object()", "wrong"),
        ("return np.array([object()])", "wrong"),
        ("return x[:, :1]", "wrong"),
        ("return np.zeros((4000, 4000))", "bad-answer"),
        ("import sys; sys.exit(3)", "exit"),
        ("import os; os._exit(0)", "exit"),
        ("raise ValueError('x' * 10_000_000)", "exception"),
        ("return (lambda f: f(f))(lambda f: f(f))", "exception"),
        ("import ctypes; ctypes.string_at(0)", "crash"),
    ],
)
def test_whatever_forward_does_costs_one_check(submit, grade, body, reason):
    """Bad values and bad manners get a clear sentence, and lose nothing else."""
    source = f"import numpy as np\n\nclass ReLU:\n    def forward(self, x):\n        {body}\n"
    source += "\n    def backward(self, dout):\n        self.dx = dout\n"
    checks = grade(submit({RELU: source}), lambda number: number in ("1.5", "1.6"))
    case = next(case for case in checks["1.5"].cases if case.name == "forward")
    assert case.status is Status.FAILED
    assert case.reason == (reason or "exception")
    assert 10 < len(case.message) < 3000
    assert "/grader/" not in case.message
    assert checks["1.6"].status is Status.PASSED


def test_a_hang_ends_with_its_check(submit, grade):
    """A loop without end costs its check the time limit, once, and the next check runs."""
    hang = ("k, s, p = self.kernel_size", "while True: pass\n        k, s, p = self.kernel_size")
    checks = grade(submit({CONV: hang}), lambda n: n in ("1.1", "1.3"), seconds=20.0)
    assert {case.reason for case in checks["1.1"].cases} == {"time-limit"}
    assert checks["1.3"].status is Status.PASSED


def test_one_broken_file_does_not_stop_the_others(submit, grade):
    """A syntax error in one module, which the package imports, costs only its own checks."""
    checks = grade(submit({CONV: "def broken(:\n"}))
    assert lost(checks) == {"1.1", "1.2"}
    assert "SyntaxError" in checks["1.1"].cases[0].message


def test_a_missing_file_is_named(submit, grade):
    """A check whose file is missing says which."""
    checks = grade(submit({POOL: None}))
    assert lost(checks) == {"1.3", "1.4"}
    assert {check.reason for check in (checks["1.3"], checks["1.4"])} == {"missing-file"}
    assert "max_pool.py" in checks["1.3"].cases[0].message


def test_messages_hold_no_expected_value(submit, grade):
    """What a student reads about wrong arrays has counts and places, never an expected entry."""
    checks = grade(submit({CONV: ("out + self.bias[:, None, None]", "out * 0.3")}))
    message = checks["1.1"].cases[0].message
    assert "entries are wrong" in message
    assert "Every entry" not in message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("return self.criterion.forward(x, y)", "return x, self.criterion.forward(x, y)[1]",
         "probabilities"),
        ("return self.criterion.forward(x, y)",
         "return self.criterion.forward(x, y)[0], self.criterion.forward(x, y)", "loss"),
        ("return self.criterion.forward(x, y)", "return self.criterion.forward(x, y)[1]", "pair"),
        ("return self.criterion.forward(x, y)", "return x, self.criterion.forward(x, y)",
         "is a `tuple`, not the loss"),
        ("x = module.forward(x)", "module.forward(x)", "another array"),
        ("self.criterion.backward()", "pass", "criterion"),
    ],
)  # fmt: skip
def test_a_network_learns_what_it_passed_on_wrongly(submit, grade, old, new, words):
    """Each way to chain layers wrongly has a sentence of its own."""
    checks = grade(submit({NET: (old, new)}), lambda number: number == "1.7")
    text = " ".join(case.message for case in checks["1.7"].cases)
    assert words in text


def test_both_of_a_wrong_pair_are_told(submit, grade):
    """Scores for probabilities and a pair for the loss are two sentences at once."""
    change = ("return self.criterion.forward(x, y)", "return x, self.criterion.forward(x, y)")
    check = grade(submit({NET: change}), lambda number: number == "1.7")["1.7"]
    message = check.cases[0].message
    assert "not the criterion's probabilities" in message
    assert "take it apart" in message


def test_a_network_is_checked_without_the_layers(submit, grade):
    """Layers that cannot even be imported do not cost ConvNet its points."""
    broken = dict.fromkeys([CONV, POOL, RELU, LINEAR], "raise RuntimeError('broken')\n")
    checks = grade(submit(broken))
    assert checks["1.7"].status is Status.PASSED
    assert checks["1.8"].status is Status.PASSED


def test_both_momentum_conventions_are_right(submit, grade):
    """V = m v + g with w -= lr v is as good as v = m v - lr g with w += v."""
    source = """
from optimizer._base_optimizer import _BaseOptimizer

class SGD(_BaseOptimizer):
    def __init__(self, model, learning_rate=1e-4, reg=1e-3, momentum=0.9):
        super().__init__(model, learning_rate, reg)
        self.momentum = momentum

    def update(self, model):
        self.apply_regularization(model)
        for module in model.modules:
            if hasattr(module, "weight"):
                module.v = self.momentum * getattr(module, "v", 0) + module.dw
                module.u = self.momentum * getattr(module, "u", 0) + module.db
                module.weight -= self.learning_rate * module.v
                module.bias -= self.learning_rate * module.u
"""
    assert lost(grade(submit({SGD: source}), lambda number: number == "1.8")) == set()


def test_the_same_submission_gets_the_same_result_twice(submit, grade):
    """Two gradings of one submission agree in every case."""
    folder = submit({CONV: ("+= share", "= share")})
    first, second = grade(folder), grade(folder)
    for number in ALL:
        pairs = zip(first[number].cases, second[number].cases, strict=True)
        assert all((a.status, a.points, a.message) == (b.status, b.points, b.message)
                   for a, b in pairs)  # fmt: skip


@pytest.mark.parametrize(
    "chosen",
    [
        'type(module).__name__ in ("Conv2D", "Linear")',
        "isinstance(module, (Conv2D, Linear))",
        "not isinstance(module, (ReLU, MaxPooling))",
    ],
)
def test_an_optimizer_may_ask_for_the_layers_classes(submit, grade, chosen):
    """Layers with parameters may be told by their class instead of by their attributes."""
    text = (submit() / "part1-convnet" / SGD).read_text()
    text = text.replace('not hasattr(module, "weight")', f"not ({chosen})")
    text = text.replace("class SGD", "from modules import *\n\n\nclass SGD")
    assert chosen in text
    assert lost(grade(submit({SGD: text}), lambda number: number == "1.8")) == set()


def test_a_lost_weight_decay_is_named(submit, grade):
    """An edition without the given line loses the case of weight decay alone, by its name."""
    check = grade(
        submit({SGD: ("self.apply_regularization(model)", "pass")}), lambda number: number == "1.8"
    )["1.8"]
    assert failing(check) == {"weight decay"}
    assert "apply_regularization" in check.cases[-1].message


def test_a_network_may_find_its_layers_by_star(submit, grade):
    """`from modules import *` gives ConvNet the layers, whatever the package's order."""
    lines = (submit() / "part1-convnet" / NET).read_text().splitlines()
    kept = [line for line in lines if not line.startswith("from modules.")]
    text = "\n".join(kept).replace("import numpy", "from modules import *\nimport numpy")
    assert lost(grade(submit({NET: text}), lambda number: number == "1.7")) == set()


def test_a_network_may_need_what_only_its_package_defines(submit, grade):
    """A table of layers in the package's __init__ still gives ConvNet the stand-ins."""
    init = """
from modules.convolution import Conv2D
from modules.linear import Linear
from modules.max_pool import MaxPooling
from modules.relu import ReLU
from modules.softmax_ce import SoftmaxCrossEntropy
LAYERS = {c.__name__: c for c in (Conv2D, Linear, MaxPooling, ReLU, SoftmaxCrossEntropy)}
from modules.conv_classifier import ConvNet
"""
    text = (submit() / "part1-convnet" / NET).read_text()
    text = text.replace("import numpy", "from modules import LAYERS\nimport numpy")
    changed = {
        "modules/__init__.py": init,
        NET: text.replace('classes[spec["type"]]', 'LAYERS[spec["type"]]'),
    }
    assert lost(grade(submit(changed), lambda number: number == "1.7")) == set()


def test_an_empty_network_is_not_started(submit, grade):
    """A forward that gives (None, None), as the course's template does, is 'not started'."""
    text = """
class ConvNet:
    def __init__(self, modules, criterion): pass
    def forward(self, x, y): return None, None
    def backward(self): pass
"""
    check = grade(submit({NET: text}), lambda number: number == "1.7")["1.7"]
    assert {case.reason for case in check.cases} == {"not-started"}


def test_gradients_that_are_returned_and_not_stored_are_named(submit, grade):
    """A backward that returns its result is told where to store it."""
    change = ("self.dx = np.where(", "return np.where(")
    check = grade(submit({RELU: change}), lambda number: number == "1.5")["1.5"]
    messages = [case.message for case in check.cases if case.status is not Status.PASSED]
    assert messages
    assert all("`self.dx`" in message for message in messages)


def test_libraries_that_draw_cost_nothing(submit, grade):
    """Unused imports at the top of a layer's file, installed or not, are no mistake."""
    head = "import matplotlib.pyplot as plt\nfrom scipy import signal\nfrom turtle import forward\n"
    text = (submit() / "part1-convnet" / RELU).read_text()
    assert lost(grade(submit({RELU: head + text}), lambda number: number == "1.5")) == set()
