"""The engine's sentences about a failed check, for any assignment.

Kind, short and specific: what came, the likely cause, and what to do. Never an expected
value, a hidden input, test code or a frame of the grader's. All functions return Markdown;
text that comes from the student is fenced by `code`. What an assignment's own checks say
stands in `grader.checks.sentences`.
"""

from grader.feedback.arrays import wrong_arrays, wrong_result
from grader.feedback.errors import explain
from grader.feedback.hints import hint
from grader.feedback.text import LARGEST_QUOTE, code

__all__ = ["LARGEST_QUOTE", "code", "explain", "hint", "wrong_arrays", "wrong_result"]
