"""What the names of a submission's files tell: clutter, traversal, unusable names."""

from __future__ import annotations

import re

MAX_PATH_BYTES = 1000
MAX_STEP_BYTES = 255

_CLUTTER_FOLDERS = frozenset({
    "__MACOSX", "__pycache__", ".ipynb_checkpoints", ".idea", ".vscode", ".git", ".svn",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".tox", ".eggs", "node_modules",
    "venv", ".venv", "env", ".env", "virtualenv", "site-packages",
})  # fmt: skip
_CLUTTER_FILES = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|tar\.(gz|bz2|xz)|7z|rar)$", re.IGNORECASE)


class EscapingName(ValueError):
    """A name that points outside the folder that it is unpacked into."""


def is_clutter_folder(name: str) -> bool:
    """Whether a folder of this name holds nothing that a student wrote."""
    return name in _CLUTTER_FOLDERS


def is_clutter(path: str) -> bool:
    """Whether the path of a file lies in clutter or is clutter itself."""
    *folders, name = path.split("/")
    if name in _CLUTTER_FILES or name.startswith("._"):
        return True
    return any(is_clutter_folder(folder) for folder in folders)


def is_archive(path: str) -> bool:
    """Whether the name is that of an archive within the submission."""
    return _ARCHIVE.search(path) is not None


def normalise(name: str) -> str:
    """A zip entry's name as a relative path with '/': '.' and doubled slashes go.

    Backslashes count as separators: some Windows programs write them, and a name that
    climbs with them must not pass. Raises EscapingName for '..', a leading '/' and a
    drive letter.
    """
    path = name.replace("\\", "/")
    steps = [step for step in path.split("/") if step not in ("", ".")]
    if path.startswith("/") or ".." in steps or re.match(r"[A-Za-z]:", path):
        raise EscapingName(name)
    return "/".join(steps)


def is_usable(path: str) -> bool:
    """Whether a file of this path can be staged and named in a report.

    Control characters, and bytes that are no UTF-8, would go into JSON and terminals.
    """
    try:
        encoded = path.encode()
    except UnicodeEncodeError:
        return False
    longest = max(len(step.encode()) for step in path.split("/"))
    short = len(encoded) <= MAX_PATH_BYTES and longest <= MAX_STEP_BYTES
    return short and path.isprintable()


def printable(path: str, limit: int = 120) -> str:
    """The path in a form that can stand in a sentence: one line, bounded, no controls."""
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in path)
    text = text.replace("`", "'")  # sentences set names in backticks
    return text if len(text) <= limit else f"{text[: limit // 2]}…{text[-limit // 2 :]}"
