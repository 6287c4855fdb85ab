"""What of one submission is compared with others: small, and computed where it is graded.

    OUT/submissions/KEY/features.json

holds fingerprints of the code that neither the template nor the reference has, the source
files in which they are (to show shared lines), and sketches of the checkpoints' weights.
Everything is bounded; nothing of the submission is run, parsed or unpickled.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.authoring.classroom.records import ClassError, folder
from grader.authoring.classroom.similarity import known as known_code
from grader.authoring.classroom.similarity.tokens import MOST_BYTES, decoded, tokens, without_prose
from grader.authoring.classroom.similarity.weights import Weights, sketch
from grader.authoring.classroom.similarity.winnowing import grams, winnow
from grader.intake.inspection import CHECKPOINT_SUFFIXES
from grader.outcomes import write_json

if TYPE_CHECKING:
    from grader.intake import Submission

SCHEMA = 1
FEATURES = "features.json"
MOST_CODE_BYTES = 1_000_000
"""Of all Python files together; the smallest are read first."""
MOST_SOURCE = 250_000
"""Characters kept to be shown; longer files are compared all the same."""
MOST_FINGERPRINTS = 20_000
MOST_WEIGHT_BYTES = 200 * 2**20
MOST_CHECKPOINTS = 12


@dataclass(frozen=True)
class Code:
    """One Python file: its `fingerprints`, without those of the template and the reference.

    `source` is '' where there was no room to keep it.
    """

    path: str
    fingerprints: tuple[int, ...]
    source: str = ""


@dataclass(frozen=True)
class Features:
    """All that is compared of one submission."""

    code: tuple[Code, ...] = ()
    checkpoints: tuple[Weights, ...] = field(default=())


def features(files: Mapping[str, Path], known: known_code.Known | None = None) -> Features:
    """The features of the graded `files`, by 'part/path'; others than code and weights are left.

    `known` is what does not count (default: that of the checkout's reference and template).
    A file that cannot be read or understood has no features; nothing is raised for one.
    """
    known = known_code.of_checkout() if known is None else known
    code = [name for name in files if name.endswith(".py")]
    weights = [name for name in files if name.endswith(CHECKPOINT_SUFFIXES)]
    return Features(
        _code({name: files[name] for name in code}, known),
        _checkpoints({name: files[name] for name in weights}),
    )


def of(submission: Submission) -> Features:
    """The features of what a student handed in, as staged; the course's own files left out."""
    files = {}
    for entry in submission.files:
        root = submission.parts.get(entry.part)
        if entry.origin == "student" and root is not None:
            files[f"{entry.part}/{entry.path}"] = root / entry.path
    return features(files)


def to_json(found: Features) -> dict[str, Any]:
    """The form in which features go to another process, and into a file."""
    return asdict(found) | {"schema": SCHEMA}


def unsigned(document: dict[str, Any]) -> dict[str, Any]:
    """What `to_json` gave, without comments and texts, in which people sign."""
    code = [entry | {"source": without_prose(str(entry["source"]))} for entry in document["code"]]
    return document | {"code": code}


def from_json(document: Any) -> Features:
    """What `to_json` made; raises ValueError, KeyError, TypeError or AttributeError."""
    if document["schema"] != SCHEMA:
        raise ValueError("it is of another version")
    return Features(
        tuple(
            Code(str(entry["path"]), tuple(map(int, entry["fingerprints"])), str(entry["source"]))
            for entry in document["code"]
        ),
        tuple(Weights.from_json(entry) for entry in document["checkpoints"]),
    )


def save(out: Path, key: str, document: dict[str, Any]) -> None:
    """Write what `to_json` gave of the submission `key` beside its record; raises OSError."""
    write_json(folder(out, key) / FEATURES, document)


def load(out: Path, key: str) -> Features | None:
    """The features of a submission; None where there are none, as of one not gradable.

    Raises ClassError when they are damaged or of another version.
    """
    path = folder(out, key) / FEATURES
    try:
        return from_json(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} cannot be read ({error}): delete it, and grade that one again"
        raise ClassError(message) from error


def _code(files: Mapping[str, Path], known: known_code.Known) -> tuple[Code, ...]:
    found = []
    bytes_left, shown_left, left = MOST_CODE_BYTES, MOST_SOURCE, MOST_FINGERPRINTS
    for name, path in sorted(files.items(), key=lambda file: (_size(file[1]), file[0])):
        content = _head(path, min(MOST_BYTES, bytes_left))
        bytes_left -= len(content)
        if hashlib.sha256(content).hexdigest() in known.digests:
            continue
        source = decoded(content)
        hashes = grams([token.text for token in tokens(source)])
        chosen = hashes[winnow(hashes, known.hashes)]
        own = tuple(sorted({int(value) for value in chosen}))[: max(0, left)]
        if not own:
            continue
        left -= len(own)
        kept = source if len(source) <= shown_left else ""
        shown_left -= len(kept)
        found.append(Code(name, own, kept))
    return tuple(sorted(found, key=lambda entry: entry.path))


def _checkpoints(files: Mapping[str, Path]) -> tuple[Weights, ...]:
    found = []
    left = MOST_WEIGHT_BYTES
    by_size = sorted(files.items(), key=lambda file: (_size(file[1]), file[0]))
    for name, path in by_size[:MOST_CHECKPOINTS]:
        left -= _size(path)
        if left < 0:
            break
        weights = sketch(name, path, MOST_WEIGHT_BYTES)
        if weights is not None:
            found.append(weights)
    return tuple(sorted(found, key=lambda entry: entry.path))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _head(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(most)
    except OSError:
        return b""
