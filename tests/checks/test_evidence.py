"""What diagnosis goes by where no array was compared."""

import ast
from pathlib import Path

import pytest

import grader.checks

FOLDER = Path(grader.checks.__file__).parent
SHARED = ("layers.py", "habits.py")
DIAGNOSED = sorted(
    path.name
    for path in FOLDER.glob("*.py")
    if path.name in SHARED or "@diagnosed(" in path.read_text("utf-8")
)
NET = "modules/conv_classifier.py"
OTHER = """
class Chain:
    def __init__(self, modules, criterion):
        table = {kind.__name__: kind for kind in (Conv2D, MaxPooling, ReLU, Linear)}
        self.modules = [table[m.pop("type")](**m) for m in modules]
        self.criterion = SoftmaxCrossEntropy()

    def forward(self, x, y):
        for layer in self.modules:
            x = layer.forward(x)
        return [x, self.criterion.forward(x, y)]

    def backward(self):
        self.criterion.backward()
        d = self.criterion.dx
        for layer in self.modules[::-1]:
            layer.backward(d)
            d = layer.dx


ConvNet = Chain
"""


@pytest.mark.parametrize("name", DIAGNOSED)
def test_every_wrong_result_of_a_diagnosed_check_has_evidence(name):
    """No error leaves diagnosis to its wording, which may change from day to day."""
    tree = ast.parse((FOLDER / name).read_text("utf-8"))
    made = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "WrongResult"
    ]
    without = [
        node.lineno for node in made if "evidence" not in {item.arg for item in node.keywords}
    ]
    assert without == []


def test_most_check_files_are_diagnosed():
    """The rule above looks at something."""
    assert len(DIAGNOSED) >= 10
    assert {"check_network.py", "habits.py"} <= set(DIAGNOSED)


def test_the_same_mistake_in_other_code_shows_the_same(submit, grade):
    """Names, and a list for a tuple, are no part of what a wrong pair is known by."""

    def shown(changes):
        grade(submit(changes), lambda number: number == "1.7")
        return {slot: entry.sketch.tolist() for slot, entry in grade.observers["1.7"].seen.items()}

    text = (submit() / "part1-convnet" / NET).read_text()
    plain = "return self.criterion.forward(x, y)"
    assert plain in text
    first = shown({NET: text.replace(plain, "return x, self.criterion.forward(x, y)")})
    imports = "".join(line for line in text.splitlines(keepends=True) if line.startswith("from "))
    assert shown({NET: imports + OTHER}) == first
    assert shown({NET: text}) != first
