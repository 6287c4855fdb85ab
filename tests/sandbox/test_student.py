"""Modules are imported one by one: a bad file costs itself and nothing else."""

from __future__ import annotations

import pytest

from grader.errors import MissingFile, StudentCodeRaised
from grader.sandbox import Limits

PACKAGE = {
    "modules/__init__.py": """\
        from .relu import ReLU
        from .convolution import Conv2D as Conv
        from .broken import Broken
        """,
    "modules/relu.py": "class ReLU:\n    name = 'relu'\n",
    "modules/convolution.py": "class Conv2D:\n    name = 'conv'\n",
    "modules/broken.py": "import numpy as np\nx = np.no_such_thing\nclass Broken: pass\n",
    "modules/net.py": """\
        from . import Conv, ReLU
        from modules import Hidden
        import modules.relu as r
        class Net:
            parts = [ReLU.name, Conv.name, Hidden.name, r.ReLU.name]
        """,
    "modules/more.py": "class Hidden:\n    name = 'hidden'\n",
    "modules/asks.py": "from modules import Nothing\n",
}


@pytest.fixture
def open_folder(pool, submit):
    """Open a worker on a folder of files."""
    workers = []

    def open_worker(files, **limits):
        workers.append(pool.open("numpy", submit(files), Limits(**limits)))
        return workers[-1]

    yield open_worker
    for worker in workers:
        worker.close()


def test_one_broken_module_leaves_the_others(open_folder):
    """A module that its package imports may be broken; the sound ones still load."""
    worker = open_folder(PACKAGE)
    assert worker.load("modules.relu").ReLU.name == "relu"
    assert worker.load("modules.convolution").Conv2D.name == "conv"
    with pytest.raises(StudentCodeRaised, match="no_such_thing"):
        worker.load("modules.broken")


def test_the_stand_in_finds_exported_names(open_folder):
    """Other modules can still import from the package: by its exports, or its definitions."""
    worker = open_folder(PACKAGE)
    assert worker.load("modules.net").Net.parts == ["relu", "conv", "hidden", "relu"]
    with pytest.raises(StudentCodeRaised, match="cannot import name 'Nothing'"):
        worker.load("modules.asks")


def test_a_package_can_be_loaded_as_it_is(open_folder):
    """A package that is asked for by name runs its own __init__."""
    worker = open_folder({"modules/__init__.py": "from .a import A\n", "modules/a.py": "A = 1\n"})
    assert worker.load("modules").A == 1
    assert worker.load("modules.a").A == 1


@pytest.mark.parametrize(
    "text",
    [
        "import sys; sys.exit(3)",
        "def f(:",
        "raise KeyboardInterrupt",
        "while True: pass",
        "import os; os._exit(0)",
    ],
)
def test_what_a_package_does_on_import_costs_its_modules_nothing(open_folder, text):
    """An __init__ that raises, hangs or kills the process is not run for a sound module."""
    files = {"modules/__init__.py": f"{text}\n", "modules/a.py": "A = 1\n"}
    assert open_folder(files, wall_seconds=5).load("modules.a").A == 1


def test_a_module_that_needs_its_package_gets_it(open_folder):
    """What only the package's __init__ defines is there for a module that imports it."""
    files = {
        "modules/__init__.py": "SIZE = 3\n",
        "modules/a.py": "from modules import SIZE\nA = SIZE\n",
        "modules/b.py": "from modules import LOST\n",
    }
    worker = open_folder(files)
    assert worker.load("modules.a").A == 3
    with pytest.raises(StudentCodeRaised, match="LOST"):
        worker.load("modules.b")
    assert worker.load("modules.a").A == 3


@pytest.mark.parametrize("line", ["from .a import A", "from modules.a import A"])
def test_a_star_import_gets_what_the_package_exports(open_folder, line):
    """`from modules import *` finds the names that the package imports from its modules."""
    files = {
        "modules/__init__.py": f"{line}\n",
        "modules/a.py": "A = 1\n",
        "modules/b.py": "from modules import *\nB = A\n",
    }
    assert open_folder(files).load("modules.b").B == 1


def test_a_star_import_leaves_out_what_is_being_imported(open_folder):
    """A module that the package exports too can import all the others."""
    files = {
        "modules/__init__.py": "from .net import Net\nfrom .a import *\n",
        "modules/a.py": "class A: name = 'a'\ndef helper(): pass\n",
        "modules/net.py": "from . import *\nclass Net:\n    names = [eval('A').name]\n",
    }
    assert open_folder(files).load("modules.net").Net.names == ["a"]


def test_a_modules_siblings_are_attributes_of_the_package(open_folder):
    """`modules.relu.ReLU` is found after `import modules`, as with the package's own __init__."""
    files = {
        **PACKAGE,
        "modules/late.py": "import modules\ndef name(): return modules.relu.ReLU.name",
    }
    assert open_folder(files).load("modules.late").name() == "relu"


def test_packages_in_packages(open_folder):
    """Every package on the way is left out, however deep."""
    files = {"a/__init__.py": "1 / 0\n", "a/b/__init__.py": "1 / 0\n", "a/b/c.py": "C = 1\n"}
    assert open_folder(files).load("a.b.c").C == 1


def test_a_folder_needs_no_init(open_folder):
    """Modules in a plain folder load as they do in Python."""
    assert open_folder({"modules/a.py": "A = 1\n"}).load("modules.a").A == 1


@pytest.mark.parametrize("name", ["modules.conv", "absent", "numpy", "os", "..code", "a/b", ""])
def test_missing_files_are_named(open_folder, name):
    """A module that the submission lacks is missing, even if Python has one by that name."""
    with pytest.raises(MissingFile) as caught:
        open_folder({"code.py": ""}).load(name)
    if name == "modules.conv":
        assert caught.value.path == "modules/conv.py"


@pytest.mark.parametrize("name", ["json", "grader", "random", "code", "tests"])
def test_a_students_module_wins_over_ours(open_folder, name):
    """A file named like a module that is loaded already is the one that is meant."""
    assert open_folder({f"{name}.py": "mine = 1\n"}).load(name).mine == 1


def test_our_own_folder_is_not_on_the_path(open_folder):
    """Student code cannot import the checkout's other folders, such as the reference."""
    worker = open_folder({"code.py": "import reference\nreference.part1()\n"})
    with pytest.raises(StudentCodeRaised, match="No module named 'reference'"):
        worker.load("code")
