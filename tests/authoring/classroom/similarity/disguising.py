"""Make a copy look like one's own work: other names, layout, order of functions; no comments."""

import ast
import builtins
import random


def disguise(source, rng, disturbed=0.0):
    """The same program in other words.

    With `disturbed`, that share of the statements in functions is moved by one place, and as
    many have a useless one behind them; such a program need not run.
    """
    tree = ast.parse(source)
    _Renaming(_kept(tree)).visit(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            rng.shuffle(node.body)
        elif isinstance(node, ast.FunctionDef):
            _strip_docstring(node)
            if disturbed:
                node.body = _disturbed(node.body, rng, disturbed)
    return ast.unparse(ast.fix_missing_locations(tree))


def _kept(tree):
    kept = {"self"} | set(dir(builtins))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            kept |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            kept.add(node.name)
    return kept


class _Renaming(ast.NodeTransformer):
    def __init__(self, kept):
        self.kept, self.names = kept, {}

    def _other(self, name):
        return name if name in self.kept else self.names.setdefault(name, f"v{len(self.names)}")

    def visit_Name(self, node):
        node.id = self._other(node.id)
        return node


def _strip_docstring(node):
    if len(node.body) > 1 and ast.get_docstring(node) is not None:
        node.body = node.body[1:]


def _disturbed(body, rng: random.Random, share):
    changed = []
    for statement in body:
        changed.append(statement)
        if rng.random() < share:
            changed.append(ast.parse("print('step')").body[0])
        elif len(changed) > 1 and rng.random() < share:
            changed[-2:] = changed[:-3:-1]
    return changed
