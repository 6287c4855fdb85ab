"""Missing libraries are stubbed on request; real ones are preferred."""

from __future__ import annotations

import pytest

from grader.errors import StudentCodeRaised
from grader.sandbox import Limits

SCRIPT = """\
import absent_one
import absent_one.sub.deep as deep
import matplotlib_absent.pyplot as plt
from absent_two import Base, decorate, helper as h
from data import Imbalanced
import json

class Mine(Base):
    def __init__(self):
        super().__init__(1, key=2)
        self.x = 5

@decorate
def one():
    return 1

@deep.option(name="x")
def two():
    return 2

plt.figure().add_subplot(111).plot([1, 2], color="red")
with h.context() as c:
    pass
spec = absent_one.__spec__ is not None and absent_one.__spec__.name
x, real, empty = Mine().x, json.dumps({}), list(h["key"])
name = repr(plt.figure)
"""
NAMES = ["absent_one", "absent_two", "matplotlib_absent", "data", "json"]


def test_stubs_take_the_place_of_missing_modules(pool, submit):
    """Imports, subclasses, decorators, contexts and calls work on stubs."""
    root = submit({"main.py": SCRIPT, "data/readme.txt": "left over"})
    with pool.open("numpy", root) as worker:
        main = worker.load("main", stub_missing=NAMES)
        assert (main.one(), main.two(), main.x, main.real) == (1, 2, 5, "{}")
        assert (main.spec, main.empty) == ("absent_one", [])
        assert main.name == "<stand-in for matplotlib_absent.pyplot.figure>"


@pytest.mark.parametrize(
    "use",
    ["absent_one.f()", "deep.x * 2", "2 - deep.x", "list(g)", "g[0]", "float(g + 1)",
     "class Mine(g): pass", "with g: pass", "if g: pass", "numpy.array(g)", "@g\ndef f(): pass"],
)  # fmt: skip
def test_a_library_that_nobody_foresaw_is_missed_when_it_is_used(pool, submit, use):
    """Without a list an unused import costs nothing, and a use is the student's ImportError."""
    head = "import numpy, absent_one, absent_one.sub.deep as deep\nfrom absent_one import g\n"
    with pool.open("numpy", submit({"main.py": f"{head}ok = 1\n"})) as worker:
        assert worker.load("main").ok == 1
    with pool.open("numpy", submit({"main.py": f"{head}{use}\n"})) as worker:
        with pytest.raises(StudentCodeRaised, match="No module named 'absent_one'") as caught:
            worker.load("main")
        assert caught.value.frames[-1].line == 3


def test_a_module_that_is_tried_first_stays_missing(pool, submit):
    """Code that does without a library, where it is not installed, takes that way."""
    code = "try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\nx = np.pi\n"
    with pool.open("numpy", submit({"main.py": code})) as worker:
        assert worker.load("main").x > 3


def test_a_submodule_of_an_installed_library_is_not_lent(pool, submit):
    """What numpy lacks is an error at import, with numpy's own words."""
    worker = pool.open("numpy", submit({"main.py": "import numpy.no_such_part\n"}))
    with worker, pytest.raises(StudentCodeRaised, match=r"numpy\.no_such_part"):
        worker.load("main")


def test_the_students_own_module_is_preferred(pool, submit):
    """A module of the submission with a listed name is imported, not stubbed."""
    files = {"main.py": "from data import value\n", "data/__init__.py": "value = 7\n"}
    with pool.open("numpy", submit(files)) as worker:
        assert worker.load("main", stub_missing=["data"]).value == 7


def test_a_module_that_cannot_be_imported_is_stubbed(pool, submit):
    """A listed module that is there but fails is replaced, with what it had begun."""
    files = {
        "main.py": "import lib, lib.part\nvalue = repr(lib.anything), repr(lib.part.x)\n",
        "lib/__init__.py": "from . import part\n1 / 0\n",
        "lib/part.py": "x = 1\n",
    }
    with pool.open("numpy", submit(files)) as worker:
        value = worker.load("main", stub_missing=["lib"]).value
        assert value == ("<stand-in for lib.anything>", "<stand-in for lib.part.x>")
    worker = pool.open("numpy", submit(files))
    with worker, pytest.raises(StudentCodeRaised, match="division by zero"):
        worker.load("main")


def test_torchvision_without_its_operators_is_imported(pool, submit):
    """Where only torchvision's compiled operators are missing, they are declared."""
    files = {
        "main.py": "import torchvision\nok = torchvision.ok\n\n",
        # Stand-ins that fail as the real pair does: the operator is looked up at import.
        "torch.py": """\
            declared = []
            class Tensor: pass
            class library:
                class Library:
                    def __init__(self, *names): pass
                    def define(self, schema): declared.append(schema.split("(")[0])
            """,
        "torchvision/__init__.py": """\
            import torch
            if "nms" not in torch.declared:
                raise RuntimeError("operator torchvision::nms does not exist")
            ok = 1
            """,
    }
    with pool.open("numpy", submit(files), Limits()) as worker:
        assert worker.load("main").ok == 1
    files["torchvision/__init__.py"] = "raise RuntimeError('something else')\n"
    worker = pool.open("numpy", submit(files), Limits())
    with worker, pytest.raises(StudentCodeRaised, match="something else"):
        worker.load("main")
