"""Markdown in a page of ours."""

import pytest

from grader.authoring.classroom.report import markdown
from grader.text import code, escape, fence


def test_what_is_set():
    """Emphasis, code, lists and code blocks are set."""
    html = markdown.block("**bold** `x`\n\n- one\n- two\n\n```\na < b\n```")
    for piece in ("<strong>bold</strong>", "<code>x</code>", "<li>one</li>", "a &lt; b"):
        assert piece in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=y>",
        "[a](javascript:alert(1))",
        "[a](https://example.org)",
        "![a](https://example.org/a.png)",
        "<https://example.org>",
        "[a]\n\n[a]: https://example.org",
        "`</code><script>`",
        "```\n</pre><script>\n```",
        '``` "><script>\nx\n```',
    ],
)
@pytest.mark.parametrize("render", [markdown.block, markdown.line])
def test_nothing_harmful(render, text):
    """No tag, link or image of a text's own comes into the page."""
    html = render(text)
    for word in ("<script", "<img", "<a ", "<iframe"):
        assert word not in html


def test_hostile_text(hostile_text):
    """Neither does what the exporters make of a hostile text."""
    for made in (hostile_text, escape(hostile_text), code(hostile_text), fence(hostile_text)):
        html = markdown.block(made)
        assert "<script" not in html
        assert "<img" not in html
        assert not {"\x00", "\x1b", "\u202e"} & set(html)


def test_line():
    """A line stays one: no paragraph around it."""
    assert markdown.line("a\n\n- `b`") == "a - <code>b</code>"
