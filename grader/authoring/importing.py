"""Run as a script: import modules one by one, each as if it were the first.

    python importing.py REPORT.json modules.relu train ...

The working directory is the first place to look in. REPORT.json gets, for each module, a
place and a reason; both are '' where all is well. A module that is not in it was not
reached, or ended the process. Nothing of the grader is imported here: its modules
would be found in place of a student's of the same name.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path


def main(report: Path, names: list[str]) -> None:
    """Import `names`, and write how it went to `report`."""
    here = Path.cwd()
    sys.path[0] = str(here)  # in place of this script's own folder
    done: dict[str, tuple[str, str]] = {}
    for name in names:
        done[name] = "", ""
        try:
            importlib.import_module(name)
        except (Exception, SystemExit) as error:  # noqa: BLE001  a module may raise anything
            done[name] = place(error, here), f"{type(error).__name__}: {error}"
        forget(here)
        report.write_text(json.dumps(done), encoding="utf-8")


def place(error: BaseException, here: Path) -> str:
    """File and line of the innermost frame below `here`: 'modules/relu.py:3'."""
    places = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    if isinstance(error, SyntaxError):
        places.append((error.filename or "", error.lineno))
    own = [
        f"{Path(file).relative_to(here).as_posix()}:{line}"
        for file, line in places
        if file.startswith(f"{here}{os.sep}")
    ]
    return own[-1] if own else ""


def forget(here: Path) -> None:
    """Drop the modules below `here`, so that the next import finds none of them done."""
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(f"{here}{os.sep}"):
            del sys.modules[name]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
