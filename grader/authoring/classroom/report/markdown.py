"""Markdown as HTML, for the texts that students read: no HTML of theirs, no links, no images."""

from __future__ import annotations

import functools

from markdown_it import MarkdownIt
from markupsafe import Markup

from grader.text import clean

_KEPT = 2048
_OFF = ("html_block", "html_inline", "image", "link", "autolink", "reference")


@functools.lru_cache(maxsize=_KEPT)
def block(text: str) -> Markup:
    """The text as paragraphs, lists and code blocks; the same for many, as most checks pass."""
    return Markup(_renderer().render(clean(text)))  # noqa: S704  the renderer escapes


def line(text: str) -> Markup:
    """The text as one line: emphasis and code only."""
    return Markup(_renderer().renderInline(" ".join(clean(text).split())))  # noqa: S704  likewise


@functools.lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    # `html` off escapes HTML; the rules that could load or link to anything are off besides.
    return MarkdownIt("commonmark", {"html": False}).disable(list(_OFF))
