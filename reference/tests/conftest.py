"""How the tests find your code, and what they say where there is none yet."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
os.environ["TQDM_DISABLE"] = "1"  # no progress bars among the messages


@pytest.fixture(scope="module")
def part1():
    """What imports from Part 1, as in `part1("modules").Conv2D`."""
    yield from imports_from(ROOT / "part1-convnet")


@pytest.fixture(scope="module")
def part2():
    """What imports from Part 2, as in `part2("models").VanillaCNN`."""
    yield from imports_from(ROOT / "part2-pytorch", "torch")


@pytest.fixture(scope="module")
def torch(part2):
    """PyTorch, for tests of Part 2."""
    return load("torch")


def load(name):
    """Import a module by its name."""
    __tracebackhide__ = True
    __import__(name)  # not importlib, which would fill the traceback of a syntax error
    return sys.modules[name]


def imports_from(folder, *libraries):
    """Let a part be imported from, and forget its modules afterwards.

    Both parts have a package `data`, and each must find its own.
    """
    if not folder.is_dir():
        pytest.skip(f"there is no folder {folder.name}")
    for library in libraries:
        pytest.importorskip(library)
    sys.path.insert(0, str(folder))
    yield load
    sys.path.remove(str(folder))
    for name, module in list(sys.modules.items()):
        if folder in Path(getattr(module, "__file__", None) or "").parents:
            del sys.modules[name]


def pytest_itemcollected(item):
    """Let `pytest -k 1.2` select the tests whose docstring says "Task 1.2"."""
    item.extra_keyword_matches.update(re.findall(r"Task (\d\.\d)", item.obj.__doc__ or ""))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Put the docstring over a failure, and tell code that is not started from wrong code."""
    report = yield
    title = (item.obj.__doc__ or item.name).splitlines()[0].rstrip(".")
    case = item.name.partition("[")[2].rstrip("]")
    report.location = (*report.location[:2], f"{title}: {case}" if case else title)
    if report.skipped and call.when == "setup":  # torch or a part is missing: once for each file
        report.longrepr = (str(item.path), None, report.longrepr[2])
    if call.excinfo is not None and call.excinfo.errisinstance(NotImplementedError):
        last = call.excinfo.traceback[-1]
        if ROOT in Path(last.path).parents:  # not from within torch: that would be a mistake
            report.outcome = "skipped"
            what = str(call.excinfo.value) or last.name
            report.longrepr = (str(last.path), last.lineno + 1, f"not started: {what}")
    return report
