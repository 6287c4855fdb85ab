"""Which functions of a file are still the template's."""

from __future__ import annotations

import types

import pytest

from grader.errors import StudentCodeRaised
from grader.sandbox import WorkerPool
from grader.sandbox.unchanged import definitions, structure, unchanged, without_docstring

FORWARD = '''\
    def forward(self, x: int) -> int:
        """What to do."""
        out = None
        # Write it here.
        return out
'''
TEMPLATE = f"class ReLU:\n{FORWARD}"
FUNCTIONS = {"ReLU.forward": "def forward(self, x: int) -> int:\n    out = None\n    return out"}


@pytest.fixture
def ask(tmp_path):
    """Ask about a file of the given text, or bytes."""

    def run(text, functions=FUNCTIONS):
        content = text if isinstance(text, bytes) else text.encode()
        (tmp_path / "relu.py").write_bytes(content)
        return unchanged(types.SimpleNamespace(root=str(tmp_path)), "relu.py", functions)

    return run


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE,
        TEMPLATE.replace("What to do.", "My notes.\n\n        More of them."),
        TEMPLATE.replace('        """What to do."""\n', ""),
        TEMPLATE.replace("# Write it here.", "# TODO"),
        TEMPLATE.replace("# Write it here.", "\n\n\n"),
        TEMPLATE.replace("return out", "return (\n            out\n        )  # later"),
        TEMPLATE.replace("    ", "\t"),
        TEMPLATE.replace("\n", "\r\n"),
        f"import numpy as np\n\n\n{TEMPLATE}    def mine(self):\n        return 1\n",
        f"\ufeff{TEMPLATE}",
        f"# -*- coding: latin-1 -*-\n# \xe9\n{TEMPLATE}".encode("latin-1"),
        TEMPLATE.replace("What to do.", "\u00e9\u4e2d"),
        f"if True:\n    {TEMPLATE.replace(chr(10), chr(10) + '    ')}",
        f"{TEMPLATE}total = {'+'.join(['1'] * 800)}\n",
    ],
)
def test_layout_comments_and_docstring_do_not_count(ask, text):
    """A function that differs in these alone, wherever it stands, is the template's."""
    assert ask(text) == ["ReLU.forward"]


@pytest.mark.parametrize(
    "text",
    [
        TEMPLATE.replace("out", "result"),
        TEMPLATE.replace("out = None", "out = 0"),
        TEMPLATE.replace("# Write it here.", "pass"),
        TEMPLATE.replace("x: int", "x"),
        TEMPLATE.replace("    def forward", "    @staticmethod\n    def forward"),
        TEMPLATE.replace("    def forward", "    async def forward"),
        "class ReLU:\n    pass\n",
        "",
        TEMPLATE.replace("class ReLU", "class Relu"),
        f"class Other:\n{FORWARD}",
        f"def ReLU():\n    pass\n{FORWARD.replace('    def', 'def').replace('        ', '    ')}",
    ],
)
def test_what_is_changed_renamed_or_gone_is_not_the_templates(ask, text):
    """A change of the code, however small, is a start; so is a function that is not there."""
    assert ask(text) == []


@pytest.mark.parametrize(
    "more",
    [
        "class ReLU:\n    def forward(self, x):\n        return x\n",
        "ReLU.forward = lambda self, x: x\n",
        "ReLU = object\n",
        "from mine import ReLU\n",
        "from mine import Rectifier as ReLU\n",
        "for ReLU.forward in [max]:\n    pass\n",
    ],
)
def test_a_second_definition_is_a_start(ask, more):
    """Where the name gets another value, too, what runs may be the student's."""
    assert ask(f"{TEMPLATE}\n\n{more}") == []
    assert ask(f"{TEMPLATE}\n\n{TEMPLATE}") == ["ReLU.forward"]


def test_functions_of_every_depth(ask):
    """A plain function, one in a function, and one in a class in a class have their names."""
    text = "def f():\n    def g():\n        x\nclass A:\n    class B:\n        def h(self): y\n"
    functions = {"f": "def f():\n    def g():\n        x", "f.g": "def g(): x"}
    functions |= {"A.B.h": "def h(self): y", "A.h": "def h(self): y", "g": "def g(): x"}
    assert ask(text, functions) == ["f", "f.g", "A.B.h"]


def test_each_function_is_told_apart(ask):
    """Of two functions in a file, the one that was written is not in the answer."""
    text = f"{TEMPLATE}    def backward(self):\n        self.dx = 1\n"
    functions = {**FUNCTIONS, "ReLU.backward": "def backward(self):\n    raise NotImplementedError"}
    assert ask(text, functions) == ["ReLU.forward"]


@pytest.mark.parametrize(
    ("content", "error"),
    [(b"class ReLU:\n  def", SyntaxError), (b"x = '\xff'", SyntaxError), (b"x\0", None)],
)
def test_a_file_that_does_not_parse(ask, content, error):
    """There is no claim about it, but the parser's error."""
    with pytest.raises(error or (SyntaxError, ValueError)):
        ask(content)


def test_a_body_of_a_docstring_alone():
    """It becomes `pass`, so that it can be written down."""
    ((_, node),) = definitions(compile('def f():\n    "Words."\n', "f", "exec", 1024))
    (same,) = compile("def f(): pass", "f", "exec", 1024).body
    assert structure(node) == structure(same)
    assert len(without_docstring(node).body) == 1
    assert node.body[0].value.value == "Words."  # the tree that was given stays as it is


def test_in_a_worker(submit):
    """The worker answers by names, and an error of the parser's is one of the student's code."""
    root = submit({"relu.py": TEMPLATE, "broken.py": "def"})
    driver = "grader.sandbox.unchanged:unchanged"
    with WorkerPool() as pool:
        pool.start("numpy", drivers=["grader.sandbox.unchanged"])
        worker = pool.open("numpy", root)
        assert worker.drive(driver, "relu.py", FUNCTIONS) == ["ReLU.forward"]
        with pytest.raises(StudentCodeRaised, match="SyntaxError"):
            worker.drive(driver, "broken.py", FUNCTIONS)
        with pytest.raises(StudentCodeRaised, match="FileNotFoundError"):
            worker.drive(driver, "none.py", FUNCTIONS)
