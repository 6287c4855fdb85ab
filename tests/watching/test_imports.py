"""What a module imports of its own part, told from its source."""

import pytest

from grader.watching import Imports


@pytest.fixture
def imports(tmp_path):
    """Read files of one part from their texts; `imports.write` changes one and reads it."""
    graph = Imports()

    def write(**texts):
        files = {}
        for name, text in texts.items():
            path = tmp_path / name.replace("__", "/").replace("/init", "/__init__").strip("/")
            path = path.with_suffix(".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            files[f"p/{path.relative_to(tmp_path).as_posix()}"] = path
        graph.read(files)

    graph.write = write
    return graph


PACKAGE = "from .conv import Conv\nfrom .relu import ReLU as Rectifier\n"


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("import numpy as np", set()),
        ("import m.relu", {"p/m/relu.py"}),
        ("from m.relu import ReLU", {"p/m/relu.py"}),
        ("from m import relu", {"p/m/relu.py"}),
        ("from m import Rectifier", {"p/m/relu.py"}),
        ("from m import Conv", {"p/m/conv.py"}),
        ("from m import conv, Rectifier", {"p/m/conv.py", "p/m/relu.py"}),
        ("from m import *", {"p/m/conv.py", "p/m/relu.py", "p/m/extra.py"}),
        ("from m import constant", {"p/m/conv.py", "p/m/relu.py", "p/m/extra.py"}),
        ("import m", {"p/m/conv.py", "p/m/relu.py", "p/m/extra.py"}),
        ("def f():\n    from m import relu", {"p/m/relu.py"}),
        ("from ... import far", set()),
    ],
)
def test_each_way_to_import(imports, statement, found):
    """A name leads through the package's `__init__` to its module; unknown ones to all."""
    imports.write(main=statement, m__init=PACKAGE, m__conv="", m__relu="", m__extra="")
    closure = imports.closure(["p/main.py"])
    assert closure & {"p/m/conv.py", "p/m/relu.py", "p/m/extra.py"} == found


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("from .relu import ReLU", "p/m/relu.py"),
        ("from . import relu", "p/m/relu.py"),
        ("from .. import main", "p/main.py"),
        ("from ..other.x import y", "p/other/x.py"),
    ],
)
def test_relative_imports(imports, statement, found):
    """Dots count from the module's own folder, up to the part's."""
    imports.write(main="", m__relu="", m__conv=statement)
    assert found in imports.closure(["p/m/conv.py"])


def test_a_module_does_not_depend_on_its_siblings(imports):
    """The `__init__` on the way counts itself, and what it imports does not."""
    imports.write(m__init=PACKAGE, m__conv="", m__relu="")
    assert imports.closure(["p/m/conv.py"]) == {"p/m/conv.py", "p/m/__init__.py"}


def test_imports_of_imports_and_circles(imports):
    """The closure goes on until nothing new comes, and ends in a circle."""
    imports.write(a="import b", b="import c", c="import a")
    assert imports.closure(["p/a.py"]) >= {"p/a.py", "p/b.py", "p/c.py"}


def test_packages_that_export_one_another(imports):
    """A name that two packages pass back and forth ends the search."""
    imports.write(m__init="from n import x", n__init="from m import x", a="from m import x")
    assert imports.closure(["p/a.py"]) >= {"p/m/__init__.py", "p/n/__init__.py"}


def test_a_file_that_is_not_there_yet(imports):
    """A helper that is imported before it is written counts, so that writing it is noticed."""
    imports.write(m__conv="from .windows import view")
    assert "p/m/windows.py" in imports.closure(["p/m/conv.py"])


@pytest.mark.parametrize("text", ["import (", "\0", "(" * 10_000])
def test_a_file_that_does_not_parse_keeps_its_imports(imports, text):
    """Half-typed code depends on what it depended on before."""
    imports.write(a="import b", b="")
    imports.write(a=text)
    assert "p/b.py" in imports.closure(["p/a.py"])


def test_a_file_that_is_gone_keeps_its_imports(imports, tmp_path):
    """A file that vanishes, as one does in the midst of a save, changes nothing."""
    imports.write(a="import b", b="")
    imports.read({"p/a.py": tmp_path / "gone.py"})
    assert "p/b.py" in imports.closure(["p/a.py"])


def test_new_statements_replace_the_old_ones(imports):
    """What is no longer imported no longer counts."""
    imports.write(a="import b", b="")
    imports.write(a="import c")
    closure = imports.closure(["p/a.py"])
    assert "p/b.py" not in closure
    assert "p/c.py" in closure


def test_only_python_is_parsed(imports, tmp_path):
    """A checkpoint or a configuration is itself, and imports nothing."""
    (tmp_path / "net.pth").write_bytes(b"import b")
    imports.read({"p/net.pth": tmp_path / "net.pth"})
    assert imports.closure(["p/net.pth"]) == {"p/net.pth"}


def test_parts_do_not_mix(imports):
    """A module of the same name in another part is another module."""
    imports.write(a="import b", b="")
    assert not any(path.startswith("q/") for path in imports.closure(["p/a.py"]))
