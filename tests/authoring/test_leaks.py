"""Leaks: pieces of solutions are found however they were changed, and nothing else is."""

from __future__ import annotations

import json
import re

import pytest

from grader.authoring.leaks import RUN, find_leaks, tokens_of
from grader.authoring.stripping import Solution

CODE = """\
        k, s = self.kernel_size, self.stride  # a window's size
        for i, j in np.ndindex(rows, columns):
            window = x[:, :, i * s : i * s + k, j * s : j * s + k]
            # The largest entry of each window.
            out[:, :, i, j] = window.max(axis=(2, 3), keepdims=False)
        return out + v["dw"]
"""
SOLUTION = Solution("part/pool.py", 7, CODE)


def leaks(text, *solutions, name="notes.md", given=()):
    """Find leaks of the solution, or of others, in one file."""
    return find_leaks(solutions or [SOLUTION], {name: text.encode()}, given)


CHANGED = {
    "as it is": CODE,
    "commented out": "".join(f"# {line}\n" for line in CODE.splitlines()),
    "in a prompt": "".join(f"#: {line.strip()}\n" for line in CODE.splitlines()),
    "without comments": "".join(f"{line.split('#')[0]}\n" for line in CODE.splitlines()),
    "with other comments": "".join(f"{line}  # mine\n\n" for line in CODE.splitlines()),
    "a word a line": "\n".join(CODE.split()),
    "one line": " ".join(CODE.split()),
    "continued by backslashes": CODE.replace("\n", " \\\n"),
    "doctest": "".join(f">>> {line.strip()}\n" for line in CODE.splitlines()),
    "doctest, continued": "".join(f"    ... {line.strip()}\n" for line in CODE.splitlines()),
    "quoted in Markdown": "".join(f"> > {line}\n" for line in CODE.splitlines()),
    "fenced": f"```python\n{CODE}```\n",
    "other quotes": CODE.replace('"', "'"),
    "with other spaces": re.sub(r"(?<=\W) | (?=\W)", "", CODE),
    "with the line ends of Windows": CODE.replace("\n", "\r\n"),
    "with the line ends of old Macs": f"\n{CODE}".replace("\n", "\r"),
    "in a notebook": json.dumps({"source": CODE.splitlines(keepends=True)}, indent=1),
    "in one string": repr(CODE),
    "reformatted": CODE.replace("rows, columns)", "rows,\n columns,\n)"),
}


@pytest.mark.parametrize("text", CHANGED.values(), ids=CHANGED)
def test_a_copy_is_found(text):
    """The copy is found from its first line, as one piece or few, and its source is named."""
    found = leaks(f"One line before it.\n{text}")
    assert found
    assert found[0].line in (2, 3, 4)
    assert {(leak.file, leak.source) for leak in found} == {("notes.md", SOLUTION)}
    assert sum(leak.tokens for leak in found) > 50


@pytest.mark.parametrize("text", [CHANGED["as it is"], CHANGED["without comments"]])
def test_a_whole_copy_is_one_leak(text):
    """A stretch is told once, as long as it goes."""
    (leak,) = leaks(f"\n{text}\nreturn")
    assert leak.line == 2
    assert str(leak).startswith("notes.md:2: ")
    assert "the solution at part/pool.py:7" in str(leak)
    assert ", too: k , s = self . kernel_size" in str(leak)
    assert len(leak.excerpt) < 80


def test_the_length_of_a_run():
    """Twelve tokens in a row are a leak, eleven are none, wherever in the solution they lie."""
    words = [f"word{number}" for number in range(40)]
    solution = Solution("a.py", 1, " ".join(words))
    for start in (0, 13, 40 - RUN):
        run = words[start : start + RUN]
        (leak,) = leaks("x\n" + " ".join([*run, "y"]), solution)
        assert (leak.line, leak.tokens) == (2, RUN)
        assert leaks("x " + " ".join(run[1:]) + " y", solution) == []
        assert leaks(" ".join([*run[:6], "x", *run[6:]]), solution) == []


def test_short_blocks():
    """A block of few tokens is looked for as a whole; one of very few says nothing."""
    short = Solution("a.py", 1, "return np.maximum(x, 0)\n")
    (leak,) = leaks("The answer:\n    return np.maximum(x, 0)\n", short)
    assert (leak.line, leak.tokens, leak.source) == (2, 9, short)
    assert leaks("y = np.maximum(x, 0)", short) == []
    assert leaks("return x + y", Solution("a.py", 1, "return x + y")) == []


def test_two_leaks():
    """Each place and each source is told, in the order of the file."""
    other = Solution(
        "b.py", 3, "velocity = momentum * velocity - rate * gradient; weight += velocity"
    )
    text = f"{other.text}\nprose\n{CODE}\nprose\n{other.text}"
    found = leaks(text, SOLUTION, other)
    assert [(leak.line, leak.source) for leak in found] == [(1, other), (3, SOLUTION), (11, other)]


def test_files_that_are_given():
    """A given file's code may do what a solution does; what it has commented out may not."""
    assert leaks(CODE, name="part/given.py", given={"part/given.py"}) == []
    assert leaks(CODE, name="part/given.py", given={"given.py"}) != []
    (leak,) = leaks(f"x = 1\n\n{CHANGED['commented out']}", name="a.py", given={"a.py"})
    assert leak.line == 3


def test_files_that_are_no_text():
    """Archives are left alone; text that is not quite UTF-8 is read all the same."""
    assert find_leaks([SOLUTION], {"a.npz": b"PK\0" + CODE.encode()}) == []
    assert len(find_leaks([SOLUTION], {"a.txt": b"\xff\n" + CODE.encode()})) == 1


def test_nothing_to_find():
    """No solutions, no files, and texts that share words only, have no leaks."""
    assert find_leaks([], {"a.py": CODE.encode()}) == []
    assert find_leaks([SOLUTION], {}) == []
    assert leaks("".join(reversed(CODE.split()))) == []


def test_tokens():
    """Words, numbers and single signs, each with its line; what only dresses them up is dropped."""
    tokens = tokens_of("# x_1 += 1.5e-3\n>>> f('ä', )\n... \\ y")
    assert tokens == [
        ("x_1", 1), ("+", 1), ("=", 1), ("1.5e-3", 1),
        ("f", 2), ("(", 2), ("ä", 2), (")", 2), ("y", 3),
    ]  # fmt: skip
