"""An independent reader of results.json: every rule of the platform, field by field.

It shares no code with the exporter that it checks. `inspect` reads the file's bytes,
`validate` a document that was parsed.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator
from typing import Any

LONGEST_TEXT = 100_000
FORMATS = ("text", "html", "simple_format", "md", "ansi")
VISIBILITIES = ("hidden", "after_due_date", "after_published", "visible")
STATUSES = ("passed", "failed")

_ROUNDING = 1e-6
_LITERALS = ("true", "false", "null", "NaN", "Infinity", "-Infinity")

Rule = Callable[[Any], bool]


def _number(value: object) -> bool:
    return type(value) in (int, float)


def _text(value: object) -> bool:
    return isinstance(value, str)


def _one_of(*choices: str) -> Rule:
    return lambda value: isinstance(value, str) and value in choices


def _table(value: object) -> bool:
    return isinstance(value, dict)


def _list_of(rule: Rule) -> Rule:
    return lambda value: isinstance(value, list) and all(rule(item) for item in value)


_TOP: dict[str, Rule] = {
    "score": _number,
    "execution_time": _number,
    "output": _text,
    "output_format": _one_of(*FORMATS),
    "test_output_format": _one_of(*FORMATS),
    "test_name_format": _one_of(*FORMATS),
    "visibility": _one_of(*VISIBILITIES),
    "stdout_visibility": _one_of(*VISIBILITIES),
    "extra_data": _table,
    "tests": _list_of(_table),
    "leaderboard": _list_of(_table),
}
_TEST: dict[str, Rule] = {
    "score": _number,
    "max_score": _number,
    "status": _one_of(*STATUSES),
    "name": _text,
    "name_format": _one_of(*FORMATS),
    "number": _text,
    "output": _text,
    "output_format": _one_of(*FORMATS),
    "tags": _list_of(_text),
    "visibility": _one_of(*VISIBILITIES),
    "extra_data": _table,
}
_BOARD: dict[str, Rule] = {
    "name": _text,
    "value": lambda value: _number(value) or _text(value),
    "order": _one_of("asc", "desc"),
}


def inspect(raw: bytes) -> list[str]:
    """What is wrong with the bytes of a results.json; an empty list if nothing is.

    Beyond `validate`: encoding, syntax, a file that ends too early, keys given twice.
    """
    if not raw.strip():
        return ["the file is empty"]
    twice: list[str] = []
    try:
        text = raw.decode("utf-8")
        document = json.loads(text, object_pairs_hook=lambda pairs: _object(pairs, twice))
        problems = validate(document)
    except RecursionError:
        return ["the file is nested too deeply"]
    except ValueError as error:
        return [_unreadable(raw, error)]
    return problems + [f"the key {key[:60]!r} is given twice in one object" for key in twice]


def _object(pairs: list[tuple[str, Any]], twice: list[str]) -> dict[str, Any]:
    """The pairs as JSON's readers take them, the last of a key; keys seen before are noted."""
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            twice.append(key)
        found[key] = value
    return found


def _unreadable(raw: bytes, error: ValueError) -> str:
    """Why the file cannot be read, and where; or that it is right up to where it was cut."""
    if isinstance(error, UnicodeDecodeError):
        return f"the file is not UTF-8: byte {error.start} is {raw[error.start]:#04x}"
    if not isinstance(error, json.JSONDecodeError):  # an integer of thousands of digits
        return f"the file is no JSON that can be read: {error}"
    if error.doc.startswith("\ufeff"):
        return "the file begins with a byte order mark, which JSON does not allow"
    rest = error.doc[error.pos :].rstrip()
    if error.msg.startswith("Unterminated") or any(word.startswith(rest) for word in _LITERALS):
        return f"the file ends too early, after {len(raw)} bytes: it was half written"
    return f"the file is no JSON: {error.msg} at line {error.lineno}, column {error.colno}"


def validate(document: object) -> list[str]:
    """What is wrong with a results.json that was parsed; an empty list if nothing is."""
    if not isinstance(document, dict):
        return [f"the top level is {type(document).__name__}, not an object"]
    problems = [*_values(document, "top"), *_fields(document, _TOP, "top")]
    if "score" not in document and not document.get("tests"):
        problems.append("top: neither a score nor tests")
    for index, test in enumerate(_tables(document, "tests")):
        problems += _test(test, f"tests[{index}]")
    for index, entry in enumerate(_tables(document, "leaderboard")):
        problems += _fields(entry, _BOARD, f"leaderboard[{index}]")
        problems += [
            f"leaderboard[{index}]: no {key}" for key in ("name", "value") if key not in entry
        ]
    return problems + _sums(document)


def _fields(table: dict[str, Any], rules: dict[str, Rule], where: str) -> Iterator[str]:
    for key, value in table.items():
        if key not in rules:
            yield f"{where}: unknown key {key!r}"
        elif not rules[key](value):
            yield f"{where}: {key} may not be {str(value)[:60]!r}"


def _test(test: dict[str, Any], where: str) -> Iterator[str]:
    yield from _fields(test, _TEST, where)
    for key in ("name", "score", "max_score"):
        if key not in test:
            yield f"{where}: no {key}"
    score: Any = test.get("score")
    maximum: Any = test.get("max_score")
    if not (_number(score) and _number(maximum)):
        return
    if score > maximum:
        yield f"{where}: score {score} is above max_score {maximum}"
    if score < 0 or maximum < 0:
        yield f"{where}: negative points"
    if test.get("status") == "passed" and score < maximum:
        yield f"{where}: passed, yet without all its points"


def _sums(document: dict[str, Any]) -> list[str]:
    """A late penalty may lower the total below the sum of the tests; nothing may raise it."""
    total: Any = document.get("score")
    scores = [test.get("score", 0) for test in _tables(document, "tests")]
    if not (_number(total) and all(_number(score) for score in scores) and scores):
        return []
    if total > sum(scores) + _ROUNDING:
        return [f"top: score {total} is above the sum of the tests, {sum(scores)}"]
    return []


def _tables(document: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = document.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _values(value: object, where: str) -> Iterator[str]:
    """Problems of single values anywhere in the document."""
    if value is None:
        yield f"{where}: null; leave the key out"
    elif isinstance(value, float) and not math.isfinite(value):
        yield f"{where}: {value} is no JSON number"
    elif isinstance(value, str):
        yield from _characters(value, where)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from (
                _values(key, f"{where}, a key")
                if _text(key)
                else [f"{where}: key {key!r} is no text"]
            )
            yield from _values(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _values(item, f"{where}[{index}]")
    elif type(value) not in (bool, int, float):
        yield f"{where}: {type(value).__name__} has no place in JSON"


def _characters(text: str, where: str) -> Iterator[str]:
    if len(text) > LONGEST_TEXT:
        yield f"{where}: {len(text)} characters; the platform cuts at {LONGEST_TEXT}"
    if "\x00" in text:
        yield f"{where}: holds a NUL"
    if any("\ud800" <= char <= "\udfff" for char in text):
        yield f"{where}: holds half of a surrogate pair"
