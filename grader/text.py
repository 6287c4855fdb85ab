"""Make text that students control harmless, in Markdown and on a terminal.

Two kinds of text come in. *Plain* text (notes, remarks, titles, prints, names) may hold
anything; backticks around a name mark it as code. *Markdown* is built by
`grader.feedback`, which passes what a student wrote through `escape`, `code` or `fence`.
"""

from __future__ import annotations

import re
import unicodedata

_HAIR_SPACE = "\u200a"

_ANSI = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)?|[@-Z\\-_])")
_CODE_SPAN = re.compile(r"`([^`\n]+)`")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]#+!|~])")
# A code span or fence: a run of backticks up to the next run of the same length.
_MARKDOWN_CODE = re.compile(r"(?<!`)(`+)(?!`)(?:.+?)(?<!`)\1(?!`)", re.DOTALL)
_HTML = re.compile(r"<(?=[A-Za-z/!?])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]#+!|~<>().-])")
_KEPT_CONTROLS = "\n\t"


def clean(text: str) -> str:
    """The text without what could fool a reader or break JSON.

    Drops ANSI sequences, NUL and other control characters, marks that reverse the
    direction of text, and halves of surrogate pairs; line ends become newlines.
    """
    text = _ANSI.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(char for char in text if _is_harmless(char))


def _is_harmless(char: str) -> bool:
    if " " <= char <= "~" or char in _KEPT_CONTROLS:
        return True
    # Cc controls, Cs surrogates, Cf formats (direction, zero width), Co private, Zl, Zp
    return unicodedata.category(char) not in {"Cc", "Cs", "Cf", "Co", "Zl", "Zp"}


def cut(text: str, limit: int, what: str = "text") -> str:
    """At most about `limit` characters: the beginning, the end, and a sentence between."""
    if len(text) <= limit:
        return text
    head, tail = limit * 2 // 3, limit // 3
    left_out = len(text) - head - tail
    return f"{text[:head]}\n… ({left_out} characters of this {what} were cut) …\n{text[-tail:]}"


def escape(text: str) -> str:
    """Plain text as one line of Markdown that shows exactly this text."""
    line = " ".join(clean(text).split())
    line = line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    # Gradescope sets what stands between two dollar signs as a formula.
    line = line.replace("$$", f"${_HAIR_SPACE}$")
    return _MARKDOWN.sub(r"\\\1", line)


def code(text: str) -> str:
    """Plain text as a code span, on one line."""
    line = " ".join(clean(text).split())
    if not line:
        return ""
    ticks = "`" * (_longest_run(line) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{pad}{line}{pad}{ticks}"


def fence(text: str) -> str:
    """Plain text as a code block that its contents cannot end."""
    body = clean(text).strip("\n")
    ticks = "`" * max(3, _longest_run(body) + 1)
    return f"{ticks}\n{body}\n{ticks}"


def inline(text: str) -> str:
    """Plain text as one line of Markdown; what stands in single backticks becomes code."""
    pieces = _CODE_SPAN.split(" ".join(clean(text).split()))
    return "".join(
        code(piece) if position % 2 else _escape_keeping_ends(piece)
        for position, piece in enumerate(pieces)
    )


def _escape_keeping_ends(piece: str) -> str:
    lead = " " if piece[:1].isspace() else ""
    trail = " " if piece.strip() and piece[-1:].isspace() else ""
    return f"{lead}{escape(piece)}{trail}"


def without_html(markdown: str) -> str:
    """Markdown of ours in which no HTML can work: a second lock behind `escape`."""
    pieces = []
    end = 0
    for match in _MARKDOWN_CODE.finditer(markdown):
        pieces += [_HTML.sub("&lt;", markdown[end : match.start()]), match[0]]
        end = match.end()
    return "".join(pieces) + _HTML.sub("&lt;", markdown[end:])


def to_plain(markdown: str) -> str:
    """Markdown as text for a terminal: no fences, emphasis, backticks or escapes."""
    lines = [line for line in clean(markdown).split("\n") if not line.startswith("```")]
    text = re.sub(r"\*\*(.+?)\*\*", r"\1", "\n".join(lines))
    text = re.sub(r"(?<!\\)(`+) ?([^`\n]+?) ?\1", r"\2", text)
    text = _ESCAPED.sub(r"\1", text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
