"""What a student wrote, quoted inside a sentence."""

from __future__ import annotations

from grader import text

LARGEST_QUOTE = 600


def code(quoted: str) -> str:
    """Text of the student's as inline code that nothing inside can end; never empty."""
    return text.code(text.clean(quoted)[:LARGEST_QUOTE]) or "` `"
