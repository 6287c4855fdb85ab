"""`grader/data/template.json`: the functions of the template that students write.

By it the grader tells "not started" from "wrong"; see `grader.not_started`. It has the
functions that a solution was taken out of, as the template has them, without docstring.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path

from grader.authoring.markers import TemplateError
from grader.authoring.template import Template
from grader.sandbox.unchanged import definitions, structure, without_docstring
from grader.sandbox.values import MAX_TEXT

Functions = dict[str, dict[str, str]]


def functions(made: Template) -> Functions:
    """The source of each function with a solution block, by file and qualified name.

    Raises TemplateError for one that is too long to be sent to a worker.
    """
    wanted = {(solution.file, solution.function) for solution in made.solutions}
    found: Functions = {}
    for file in sorted({file for file, function in wanted if function}):
        for name, node in definitions(ast.parse(made.files[file])):
            if (file, name) not in wanted:
                continue
            source = ast.unparse(without_docstring(node))
            if len(source) > MAX_TEXT:
                problem = f"{name} has more than {MAX_TEXT} characters: move what is given out"
                raise TemplateError(file, node.lineno, problem)
            found.setdefault(file, {})[name] = source
    return found


def write(path: Path, made: Template) -> None:
    """Write the list of `made`.

    One that says the same stays as it is: another Python may word the same code otherwise.
    """
    if not holds(path.read_bytes() if path.is_file() else b"", made):
        text = json.dumps(functions(made), indent=1, sort_keys=True, ensure_ascii=False)
        path.write_text(f"{text}\n", "utf-8")


def is_current(path: Path, made: Template) -> list[str]:
    """What speaks against the list at `path`: nothing if it is that of `made`."""
    content = path.read_bytes() if path.is_file() else b""
    return [] if holds(content, made) else [f"{path} is out of date: run `grader template`"]


def holds(content: bytes, made: Template) -> bool:
    """Whether `content` is the list of `made`, in whatever words."""
    try:
        return _structures(json.loads(content)) == _structures(functions(made))
    except (ValueError, TypeError, AttributeError, SyntaxError):
        return False


def _structures(listed: Functions) -> dict[str, dict[str, str]]:
    """The functions' syntax trees in place of their sources."""
    return {
        file: {name: _only(source) for name, source in sources.items()}
        for file, sources in listed.items()
    }


def _only(source: str) -> str:
    """The syntax tree of the one function in `source`; raises ValueError for more."""
    (node,) = ast.parse(source).body
    return structure(node)
