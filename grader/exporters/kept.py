"""results.json of a submission that the rate limit refuses: the earlier score stands.

The tests of the earlier result are shown again. They come back from the platform, so they
are taken for what anybody may have written: built anew from the keys that are known, cleaned,
and left out altogether if the document would not be valid with them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from grader.exporters import lint
from grader.exporters.gradescope import VISIBILITIES
from grader.exporters.markdown import LONGEST_OUTPUT
from grader.ratelimit import RECORD, Kept, Verdict, points
from grader.text import clean, cut, inline, without_html

DIVIDER = "\n\n---\n\n"

_KEPT_FROM = "kept_from"
_MOST_TESTS = 500
_MOST_TAGS = 50
_LONGEST_NAME = 300
_LARGEST_INT = 1 << 53  # beyond it, readers of JSON round

Reader = Callable[[object], object]


def export(verdict: Verdict, kept: Kept, maximum: Fraction) -> dict[str, Any]:
    """The document for `verdict`, which keeps `kept`; no score above `maximum` points.

    Notes for staff are added to the verdict's.
    """
    if kept.score > maximum:
        verdict.staff_notes.append(
            f"rate limit: the earlier score is {kept.score:g}, above the {float(maximum):g} points "
            "of the assignment, and was lowered to these"
        )
    document = _score_only(verdict, kept, min(kept.score, float(maximum)))
    if kept.results is None:
        return document
    tests = _tests(kept.results)
    whole = {**document, "tests": tests}
    whole["output"] += _earlier_output(kept.results)
    board = _leaderboard(kept.results.get("leaderboard"))
    if board:
        whole["leaderboard"] = board
    if tests and not lint.validate(whole):
        return whole
    verdict.staff_notes.append(
        "rate limit: the earlier result cannot be shown again; its score is kept"
    )
    document["extra_data"]["staff_notes"] = _notes(verdict)
    return document


def notice(verdict: Verdict, kept: Kept) -> str:
    """What the student reads first, in Markdown."""
    return (
        f"**This submission was not graded.** {inline(reason(verdict))} The score of your "
        f"submission of {verdict.local(kept.submitted_at)} stands.\n\n"
        f"The next submission is graded from **{verdict.local(kept.next_at)}** on: submit again "
        "then. Until then, `grader check` runs the checks on your own machine as often as you like."
    )


def reason(verdict: Verdict) -> str:
    """Why it was not graded, in a plain sentence for the student."""
    return f"At most {verdict.limit} can be graded, and this is one more."


def report(verdict: Verdict, kept: Kept) -> str:
    """What happened in a line, for a terminal and the platform's log."""
    return (
        f"Not graded: more than {verdict.limit}. The {kept.score:g} points of "
        f"{verdict.local(kept.submitted_at)} stand; the next submission is graded from "
        f"{verdict.local(kept.next_at)} on."
    )


def _score_only(verdict: Verdict, kept: Kept, score: float) -> dict[str, Any]:
    return {
        "score": round(score, 2),
        "output": notice(verdict, kept),
        "output_format": "md",
        "test_output_format": "md",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
        "extra_data": {
            RECORD: verdict.record(graded=False),
            _KEPT_FROM: kept.submitted_at.isoformat(),
            "staff_notes": _notes(verdict),
        },
    }


def _notes(verdict: Verdict) -> list[str]:
    return [clean(note) for note in verdict.staff_notes]


def _earlier_output(results: Mapping[str, Any]) -> str:
    """The text above the earlier tests, without the notice of a limit that it may begin with."""
    output = results.get("output")
    if not isinstance(output, str):
        return ""
    if _KEPT_FROM in _extra(results):
        _, _, output = output.partition(DIVIDER)
    output = _markdown(output)
    return f"{DIVIDER}{output}" if output.strip() else ""


def _extra(results: Mapping[str, Any]) -> Mapping[str, Any]:
    extra = results.get("extra_data")
    return extra if isinstance(extra, Mapping) else {}


def _leaderboard(value: object) -> list[dict[str, Any]]:
    entries = value[:_MOST_TESTS] if isinstance(value, list) else []
    rebuilt = [_rebuilt(entry, _BOARD) for entry in entries if isinstance(entry, Mapping)]
    return [entry for entry in rebuilt if "name" in entry and "value" in entry]


def _tests(results: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The earlier tests; an empty list if they are no grading's that counts, or too many."""
    value = results.get("tests")
    extra = _extra(results)
    record = extra.get(RECORD)
    unfinished = isinstance(record, Mapping) and record.get("graded") is not True
    if not isinstance(value, list) or len(value) > _MOST_TESTS:
        return []
    if unfinished and _KEPT_FROM not in extra:
        return []
    return [_rebuilt(test, _TEST) if isinstance(test, Mapping) else {} for test in value]


def _rebuilt(table: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """The known keys with the values that can be read; keys without one are left out."""
    pairs = ((key, read(table.get(key))) for key, read in readers.items())
    return {key: value for key, value in pairs if value is not None}


def _line(value: object) -> str | None:
    text = " ".join(clean(value).split()) if isinstance(value, str) else ""
    return cut(text, _LONGEST_NAME) or None


def _text(value: object) -> str | None:
    return _markdown(value) if isinstance(value, str) else None


def _markdown(text: str) -> str:
    return without_html(clean(cut(text, LONGEST_OUTPUT)))


def _tags(value: object) -> list[str] | None:
    tags = [_line(tag) for tag in value[:_MOST_TAGS]] if isinstance(value, list) else []
    return [tag for tag in tags if tag] or None


def _one_of(*choices: str) -> Reader:
    return lambda value: value if isinstance(value, str) and value in choices else None


def _entry_value(value: object) -> object:
    if isinstance(value, int) and abs(value) > _LARGEST_INT:
        return None
    finite = isinstance(value, (int, float)) and math.isfinite(value)
    return value if finite and not isinstance(value, bool) else _line(value)


_TEST: dict[str, Reader] = {
    "number": _line,
    "name": _line,
    "name_format": _one_of("text"),
    "score": points,
    "max_score": points,
    "status": _one_of("passed", "failed"),
    "output": _text,
    "output_format": _one_of("md"),
    "tags": _tags,
    "visibility": _one_of(*VISIBILITIES),
}
_BOARD: dict[str, Reader] = {
    "name": _line,
    "value": _entry_value,
    "order": _one_of("asc", "desc"),
}
