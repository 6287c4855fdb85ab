"""Modules are imported one by one: a bad file costs itself and nothing else."""

from __future__ import annotations

import pytest

from grader.errors import MissingFile, StudentCodeRaised, TimeLimitExceeded
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
    """A package whose __init__ fails is replaced; its sound modules still load."""
    worker = open_folder(PACKAGE)
    assert worker.load("modules.relu").ReLU.name == "relu"
    assert worker.load("modules.convolution").Conv2D.name == "conv"
    error = worker.broken_packages["modules"]
    assert isinstance(error, StudentCodeRaised)
    assert error.type_name == "AttributeError"
    assert (error.frames[-1].path, error.frames[-1].line) == ("modules/broken.py", 2)
    with pytest.raises(StudentCodeRaised, match="no_such_thing"):
        worker.load("modules.broken")


def test_the_stand_in_finds_exported_names(open_folder):
    """Other modules can still import from the package: by its exports, or its definitions."""
    worker = open_folder(PACKAGE)
    assert worker.load("modules.net").Net.parts == ["relu", "conv", "hidden", "relu"]
    with pytest.raises(StudentCodeRaised, match="cannot import name 'Nothing'"):
        worker.load("modules.asks")


def test_a_sound_package_is_used_as_it_is(open_folder):
    """A package that can be imported is, and nothing is reported broken."""
    worker = open_folder({"modules/__init__.py": "from .a import A\n", "modules/a.py": "A = 1\n"})
    assert worker.load("modules").A == 1
    assert worker.load("modules.a").A == 1
    assert worker.broken_packages == {}


def test_a_package_that_exits_or_cannot_be_parsed_is_replaced(open_folder):
    """SystemExit and syntax errors in __init__ are no different."""
    for text in ("import sys; sys.exit(3)\n", "def f(:\n", "raise KeyboardInterrupt\n"):
        worker = open_folder({"modules/__init__.py": text, "modules/a.py": "A = 1\n"})
        assert worker.load("modules.a").A == 1
        assert set(worker.broken_packages) == {"modules"}


def test_a_package_that_hangs_can_be_left_out(open_folder):
    """After a time-out in __init__, `bare` loads the module without it."""
    files = {"modules/__init__.py": "while True: pass\n", "modules/a.py": "A = 1\n"}
    with pytest.raises(TimeLimitExceeded) as caught:
        open_folder(files, wall_seconds=0.5).load("modules.a")
    assert caught.value.while_importing
    assert open_folder(files).load("modules.a", bare=True).A == 1


def test_packages_in_packages(open_folder):
    """Every package on the way is tried on its own."""
    files = {"a/__init__.py": "1 / 0\n", "a/b/__init__.py": "1 / 0\n", "a/b/c.py": "C = 1\n"}
    worker = open_folder(files)
    assert worker.load("a.b.c").C == 1
    assert set(worker.broken_packages) == {"a", "a.b"}


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
    worker = open_folder({"code.py": "import reference\n"})
    with pytest.raises(StudentCodeRaised, match="No module named 'reference'"):
        worker.load("code")
