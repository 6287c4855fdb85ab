"""Text from students comes out as text."""

import time

import pytest
from markdown_it import MarkdownIt

from grader.text import clean, code, cut, escape, fence, inline, to_plain, without_html

COMMONMARK = MarkdownIt("commonmark", {"html": True})


def tokens(markdown):
    """All token types that a Markdown parser finds."""
    found = []
    for token in COMMONMARK.parse(markdown):
        found.append(token.type)
        found += [child.type for child in token.children or []]
    return found


def shown(markdown):
    """The visible text of one paragraph."""
    (inner,) = [token for token in COMMONMARK.parse(markdown) if token.type == "inline"]
    return "".join(child.content for child in inner.children)


def test_clean_keeps_text_and_drops_tricks():
    """Letters of any script stay; controls, ANSI, reversals and surrogates go."""
    assert clean("naïve 北京 ✓\ttab\r\nline\rline") == "naïve 北京 ✓\ttab\nline\nline"
    assert clean("a\x00b\x1b[31mc\x1b]0;title\x07d\u202ee\ud800f\u200bg\x85") == "abcdefg"


@pytest.mark.parametrize(
    "text",
    [
        "# heading",
        "* item",
        "- item\n- item",
        "**bold** _em_ ~~gone~~",
        "[link](http://example.org)",
        "![image](http://example.org)",
        "<b>bold</b> <script>x</script> &lt;",
        "`code`",
        "a | b\n---|---",
        "> quote",
        "back\\slash \\* end\\",
        "x" * 50 + " __init__.py",
    ],
)
def test_escaped_text_is_only_text(text):
    """No Markdown and no HTML of the text's own is found by a parser, and the text is intact."""
    markdown = f"Said: {escape(text)}"
    assert set(tokens(markdown)) <= {"paragraph_open", "inline", "paragraph_close", "text",
                                     "text_special"}  # fmt: skip
    assert shown(markdown) == f"Said: {' '.join(text.split())}"


def test_formulas_are_broken():
    """Two dollar signs would start a formula on Gradescope."""
    assert "$$" not in escape("$$\\text{Score: 100}$$")


@pytest.mark.parametrize("text", ["a`b", "``", "`x`", "a``b`", "```\n# x\n```"])
def test_code_cannot_be_left(text):
    """A code span holds whatever backticks the text has."""
    assert tokens(f"x {code(text)} y").count("code_inline") == 1


def test_code_of_nothing():
    """An empty text gives no pair of backticks, which would be a literal pair."""
    assert code(" \n ") == ""


@pytest.mark.parametrize("text", ["x", "```\n# out\n```", "`````` deep", "~~~\n\n# a", ""])
def test_fence_cannot_be_left(text):
    """A fence is longer than any run of backticks within."""
    found = COMMONMARK.parse(f"{fence(text)}\n\nafter")
    assert [token.type for token in found][:2] == ["fence", "paragraph_open"]
    assert found[0].content.strip("\n") == text


def test_inline_knows_names_in_backticks():
    """Our own sentences mark names with backticks; the rest is escaped."""
    assert inline("see `a_b.py` and <b> *x*") == "see `a_b.py` and &lt;b&gt; \\*x\\*"
    assert tokens(inline("odd ` one `two` <i>")).count("html_inline") == 0


def test_hostile_text_gives_nothing_but_text_and_code(hostile_text):
    """However backticks are balanced, no HTML, link or heading comes of it."""
    allowed = {"paragraph_open", "inline", "paragraph_close", "text", "text_special", "code_inline"}
    assert set(tokens(inline(hostile_text))) <= allowed


def test_html_in_our_markdown_is_disarmed_outside_code():
    """The second lock: tags are disarmed, comparisons and code are left alone."""
    assert without_html("a < b <b>x</b> `List<int>`") == "a < b &lt;b>x&lt;/b> `List<int>`"
    assert without_html("```\n<b>\n```\n<i>") == "```\n<b>\n```\n&lt;i>"
    assert without_html("<!-- x") == "&lt;!-- x"


@pytest.mark.parametrize("text", ["`" * 9000, "` `` " * 4000, "**" * 8000, "\x1b]" * 5000])
def test_no_text_takes_long(text):
    """Adversarial texts do not send a regular expression into the woods."""
    began = time.monotonic()
    for function in (clean, escape, inline, without_html, to_plain, fence):
        function(text)
    assert time.monotonic() - began < 5


def test_cut_says_so():
    """A cut names how much is gone and keeps beginning and end."""
    text = cut("a" * 1000 + "z" * 1000, 300, "output")
    assert text.startswith("a" * 200)
    assert text.endswith("z" * 100)
    assert "1700 characters of this output were cut" in text
    assert cut("short", 300) == "short"


def test_plain_text_for_terminals():
    """Emphasis, code marks, fences and escapes disappear; what they hold stays."""
    assert to_plain("**Wrong**: `dx` at\n```\nraw\n```\n1 &lt; 2 \\* 3") == (
        "Wrong: dx at\nraw\n1 < 2 * 3"
    )
