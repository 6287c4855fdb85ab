"""Solution markers: four comments that say what students must not get.

    # BEGIN SOLUTION
    # BEGIN PROMPT        what students get in the solution's place; may be left out
    # Words stay a comment.
    #: code = "becomes code"
    # END PROMPT
    out = x @ weight      the solution
    # END SOLUTION

A comment that only looks like a marker (lower case, misspelt, behind code) is refused:
overlooking one would hand the solution out.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from grader.errors import GraderError

BEGIN_SOLUTION = "# BEGIN SOLUTION"
END_SOLUTION = "# END SOLUTION"
BEGIN_PROMPT = "# BEGIN PROMPT"
END_PROMPT = "# END PROMPT"
MARKERS = (BEGIN_SOLUTION, END_SOLUTION, BEGIN_PROMPT, END_PROMPT)

_VERBS = ("BEGIN", "END", "START", "STOP")
_NOUNS = ("SOLUTION", "PROMPT")
_ALIKE = 0.75  # BEGN, BEING, SOLUTON and PROMT are above it; AND and OPTION are below


class TemplateError(GraderError):
    """The reference cannot be turned into a template; the message names file and line."""

    reason = "template"

    def __init__(self, filename: str, line: int, problem: str) -> None:
        super().__init__(f"{filename}:{line}: {problem}" if line else f"{filename}: {problem}")
        self.filename = filename
        self.line = line


@dataclass(frozen=True)
class Comment:
    """A comment: its 1-based line, the text of the line before it, and itself."""

    line: int
    before: str
    text: str


@dataclass(frozen=True)
class Block:
    """Lines `begin` to `end`, counted from 1, are markers; `prompt` likewise, if there is one.

    `function` names the function around it ('Conv2D.forward'), '' where there is none.
    """

    begin: int
    end: int
    indent: str
    prompt: tuple[int, int] | None = None
    function: str = ""

    @property
    def solution(self) -> range:
        """The lines of the solution itself."""
        return range((self.prompt[1] if self.prompt else self.begin) + 1, self.end)


def split_lines(source: str) -> list[str]:
    """Lines as Python counts them, each with its own ending."""
    return io.StringIO(source, newline="").readlines()


def find_blocks(comments: Iterable[Comment], filename: str) -> list[Block]:
    """Pair the markers among `comments`.

    Raises TemplateError for near misses and for markers that are nested, unbalanced, out
    of order, or not indented alike.
    """
    blocks: list[Block] = []
    opened: list[Comment] = []  # the markers of the block that is not yet closed
    for comment in comments:
        if not _is_marker(comment, filename):
            continue
        _check_order(opened, comment, filename)
        opened.append(comment)
        if comment.text == END_SOLUTION:
            prompt = (opened[1].line, opened[2].line) if len(opened) > 2 else None  # noqa: PLR2004
            blocks.append(Block(opened[0].line, comment.line, comment.before, prompt))
            opened = []
    if opened:
        problem = f"'{opened[-1].text}' has no end"
        raise TemplateError(filename, opened[-1].line, problem)
    return blocks


def _is_marker(comment: Comment, filename: str) -> bool:
    if comment.text in MARKERS and not comment.before.strip():
        return True
    if comment.text in MARKERS:
        problem = f"'{comment.text}' must stand alone on its line"
        raise TemplateError(filename, comment.line, problem)
    if resembles_marker(comment.text):
        problem = f"{comment.text!r} looks like a marker: write {' or '.join(MARKERS)}, or reword"
        raise TemplateError(filename, comment.line, problem)
    return False


def _check_order(opened: list[Comment], comment: Comment, filename: str) -> None:
    """Whether `comment` may follow the markers of its block: at most B-S, B-P, E-P, E-S."""
    allowed = {
        (): (BEGIN_SOLUTION,),
        (BEGIN_SOLUTION,): (BEGIN_PROMPT, END_SOLUTION),
        (BEGIN_SOLUTION, BEGIN_PROMPT): (END_PROMPT,),
        (BEGIN_SOLUTION, BEGIN_PROMPT, END_PROMPT): (END_SOLUTION,),
    }[tuple(marker.text for marker in opened)]
    if comment.text not in allowed:
        after = f"after '{opened[-1].text}' in line {opened[-1].line}" if opened else "here"
        problem = f"'{comment.text}' {after}: expected '{allowed[-1]}'"
        raise TemplateError(filename, comment.line, problem)
    if opened and comment.before != opened[0].before:
        problem = (
            f"'{comment.text}' is not indented like '{opened[0].text}' in line {opened[0].line}"
        )
        raise TemplateError(filename, comment.line, problem)


def check_indentation(block: Block, starts: Iterable[tuple[int, str]], filename: str) -> None:
    """Whether the solution begins at its markers' indentation and never goes left of it.

    `starts` holds line and indentation of each statement or entry of the file. Raises
    TemplateError.
    """
    inside = [(line, indent) for line, indent in starts if line in block.solution]
    if not inside:
        raise TemplateError(filename, block.begin, "there is no code in this solution block")
    first, indent = inside[0]
    if indent != block.indent:
        problem = f"the markers are not indented like the solution, which begins in line {first}"
        raise TemplateError(filename, block.begin, problem)
    for line, indent in inside:
        if not indent.startswith(block.indent):
            problem = f"the block that begins in line {block.begin} has no end before this"
            raise TemplateError(filename, line, problem)


def resembles_marker(text: str) -> bool:
    """Whether a comment is nearly a marker: 'begin solution', '#END-SOLUTON', '# My SOLUTION'."""
    if any(_is_like(word, _NOUNS) for word in re.findall(r"[A-Z]+(?![a-z])", text)):
        return True
    words = re.findall(r"[A-Z]+", text.upper())
    if len(words) == 1:
        glued = tuple(verb + noun for verb in _VERBS for noun in _NOUNS)
        return _is_like(words[0], (*_NOUNS, *glued))
    pairs = itertools.pairwise(words)
    return any(
        (_is_like(one, _VERBS) and _is_like(two, _NOUNS))
        or (_is_like(one, _NOUNS) and _is_like(two, _VERBS))
        for one, two in pairs
    )


def _is_like(word: str, wanted: tuple[str, ...]) -> bool:
    return any(SequenceMatcher(None, word, other).ratio() >= _ALIKE for other in wanted)
