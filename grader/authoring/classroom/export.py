"""Gradescope's export: `submission_metadata.yml`, and beside it a folder for each submission.

The file is written by a Ruby program. For each folder it says who handed in, and when:

    submission_123:
      :submitters:
      - :name: Ada Lovelace
        :sid: '0042'
        :email: ada@example.edu
      :created_at: 2024-02-19 23:58:01.123456000 Z
      :score: 12.5

Groups have several submitters. Earlier submissions and results may follow; nothing of them is
used. Keys are taken with and without their colon, and every entry may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.authoring.classroom.records import ClassError, Student

METADATA = "submission_metadata.yml"

_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_DATES = ("due_date", "late_due_date")


def read(path: Path) -> dict[str, dict[str, Any]]:
    """The entries of the file by the name of their folder; what is no entry is left out.

    All values are text: a number such as 0042 would lose its zeros, or be taken as octal.
    No tag is looked at, so that nothing in the file can make an object.

    Raises ClassError where the file cannot be read.
    """
    try:
        import yaml
    except ImportError as error:
        message = f"{path.name} needs PyYAML: `pip install pyyaml`"
        raise ClassError(message) from error
    # The one in C is tens of times faster: results of a whole class are megabytes.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        with path.open("rb") as stream:
            document = yaml.load(stream, Loader=loader)  # noqa: S506  makes text, lists and dicts
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as error:
        message = (
            f"{path.name} cannot be read ({_short(error)}): export the submissions again, or "
            "remove that file to grade without names"
        )
        raise ClassError(message) from error
    if not isinstance(document, dict):
        message = f"{path.name} holds no entries: export the submissions again"
        raise ClassError(message)
    return {str(name): entry for name, entry in document.items() if isinstance(entry, dict)}


def students(entry: Mapping[str, Any]) -> tuple[Student, ...]:
    """Who handed an entry's submission in."""
    listed = _get(entry, "submitters")
    people = [one for one in listed if isinstance(one, Mapping)] if isinstance(listed, list) else []
    return tuple(Student(*(_text(one, key) for key in ("name", "email", "sid"))) for one in people)


def submitted_at(entry: Mapping[str, Any]) -> str:
    """When, as it is written; '' where it is not said."""
    return _text(entry, "created_at")


def dates(entry: Mapping[str, Any]) -> dict[str, str]:
    """The dates that counted for this submission, where the entry names some."""
    known = {key: _text(entry, key) for key in _DATES}
    return {key: text for key, text in known.items() if text}


def _get(entry: Mapping[str, Any], key: str) -> Any:
    return entry.get(f":{key}", entry.get(key))


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = _get(entry, key)
    text = value.strip() if isinstance(value, str) else ""
    return "" if text in _NOTHING else text


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
