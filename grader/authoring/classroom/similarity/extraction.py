"""What of one submission is compared with others: small, and computed where it is graded.

    OUT/submissions/KEY/features.json

holds fingerprints of the code that neither the template nor the reference has, the source
files in which they are (to show shared lines), and sketches of the checkpoints' weights.
Everything is bounded; nothing of the submission is run, parsed or unpickled. What the assignment
expects is read first, so that nothing that lies beside it takes its room, and files that were not
read to their end are named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from grader.authoring.classroom.records import ClassError, folder
from grader.authoring.classroom.similarity import known as known_code
from grader.authoring.classroom.similarity.tokens import (
    MOST_BYTES,
    decoded,
    is_as_it_reads,
    tokens,
    without_prose,
)
from grader.authoring.classroom.similarity.weights import Weights, sketch
from grader.authoring.classroom.similarity.winnowing import Array, grams, winnow
from grader.intake.inspection import CHECKPOINT_SUFFIXES
from grader.outcomes import write_json

if TYPE_CHECKING:
    from grader.intake import Submission

SCHEMA = 1
FEATURES = "features.json"
MOST_CODE_BYTES = 2_000_000
"""Of all Python files together: see `tokens.MOST_BYTES` for what they cost."""
MOST_SOURCE = 250_000
"""Characters kept to be shown; longer files are compared all the same."""
MOST_FINGERPRINTS = 20_000
MOST_WEIGHT_BYTES = 200 * 2**20
MOST_CHECKPOINTS = 12
MOST_CUT = 50
"""Files that are named; that there are any is what matters."""

_Files: TypeAlias = Sequence[tuple[str, Path]]


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
    """All that is compared of one submission.

    `cut` names files of which some, or all, is not compared: there was no room for it, it could
    not be read, or it has other letters than Python takes it for.
    """

    code: tuple[Code, ...] = ()
    checkpoints: tuple[Weights, ...] = ()
    cut: tuple[str, ...] = ()


def features(
    files: Mapping[str, Path],
    known: known_code.Known | None = None,
    expected: Collection[str] = (),
) -> Features:
    """The features of the graded `files`, by 'part/path'; others than code and weights are left.

    `known` is what does not count (default: that of the checkout's reference and template), and
    `expected` are names of files that come before others; a checkpoint may have another ending.
    A file that cannot be read or understood has no features; nothing is raised for one.
    """
    known = known_code.of_checkout() if known is None else known
    first = {_stem(name) for name in expected}
    ordered = sorted(
        files.items(), key=lambda file: (_stem(file[0]) not in first, _size(file[1]), file[0])
    )
    code, cut = _code([file for file in ordered if file[0].endswith(".py")], known)
    checkpoints, also_cut = _checkpoints(
        [file for file in ordered if file[0].endswith(CHECKPOINT_SUFFIXES)]
    )
    return Features(
        tuple(sorted(code, key=lambda entry: entry.path)),
        tuple(sorted(checkpoints, key=lambda entry: entry.path)),
        (*cut, *also_cut)[:MOST_CUT],
    )


def of(submission: Submission) -> Features:
    """The features of what a student handed in, as staged; the course's own files left out."""
    files = {}
    for entry in submission.files:
        root = submission.parts.get(entry.part)
        if entry.origin == "student" and root is not None:
            files[f"{entry.part}/{entry.path}"] = root / entry.path
    parts = submission.layout.parts.values()
    expected = {f"{part.name}/{path}" for part in parts for path in part.landmarks}
    return features(files, expected=expected)


def to_json(found: Features) -> dict[str, Any]:
    """The form in which features go to another process, and into a file."""
    return asdict(found) | {"schema": SCHEMA}


def unsigned(document: dict[str, Any], told: Callable[[str], str]) -> dict[str, Any]:
    """What `to_json` gave, without comments and texts, in which people sign.

    `told` makes what may be told of a text. It gets sources and names of files alone: in the
    letters that a sketch of weights is written with, it would find names that are none.
    """
    code = [
        entry | {"path": told(entry["path"]), "source": told(without_prose(entry["source"]))}
        for entry in document["code"]
    ]
    checkpoints = [entry | {"path": told(entry["path"])} for entry in document["checkpoints"]]
    cut = [told(path) for path in document.get("cut", ())]
    return document | {"code": code, "checkpoints": checkpoints, "cut": cut}


def from_json(document: Any) -> Features:
    """What `to_json` made.

    Raises ValueError, KeyError, TypeError, AttributeError or OverflowError.
    """
    if document["schema"] != SCHEMA:
        raise ValueError("it is of another version")
    return Features(
        tuple(
            Code(str(entry["path"]), _hashes(entry["fingerprints"]), str(entry["source"]))
            for entry in document["code"]
        ),
        tuple(Weights.from_json(entry) for entry in document["checkpoints"]),
        tuple(map(str, document.get("cut", ()))),  # older ones do not have it
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
    except (
        OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError
    ) as error:  # fmt: skip
        message = f"{path} cannot be read ({error}): delete it, and grade that one again"
        raise ClassError(message) from error


def _hashes(values: Sequence[Any]) -> tuple[int, ...]:
    """Fingerprints as they are compared; one that is no int64 raises OverflowError here."""
    return tuple(np.array([int(value) for value in values], np.int64).tolist())


def _code(files: _Files, known: known_code.Known) -> tuple[list[Code], list[str]]:
    """The code of `files`, read in this order, and which of them were cut."""
    found, cut = [], []
    bytes_left, shown_left, left = MOST_CODE_BYTES, MOST_SOURCE, MOST_FINGERPRINTS
    for name, path in files:
        content = _head(path, min(MOST_BYTES, bytes_left))
        bytes_left -= len(content)
        source = decoded(content)
        try:
            every = _fingerprints(content, source, known)
        except Exception:  # noqa: BLE001  bytes that nobody foresaw cost their own file alone
            cut.append(name)
            continue
        own = every[:left]
        is_whole = len(content) == _size(path) and len(own) == len(every)
        if not (is_whole and is_as_it_reads(content)):
            cut.append(name)
        if own:
            left -= len(own)
            kept = source if len(source) <= shown_left else ""
            shown_left -= len(kept)
            found.append(Code(name, own, kept))
    return found, cut


def _fingerprints(content: bytes, source: str, known: known_code.Known) -> tuple[int, ...]:
    """Those of a file, rising; none where the file is known, or all of its k-grams are."""
    if hashlib.sha256(content).hexdigest() in known.digests:
        return ()
    hashes: Array = grams([token.text for token in tokens(source)])
    return tuple(np.unique(hashes[winnow(hashes, known.hashes)]).tolist())


def _checkpoints(files: _Files) -> tuple[list[Weights], list[str]]:
    """The weights of `files`, read in this order, and which of them were cut."""
    found, cut = [], []
    left = MOST_WEIGHT_BYTES
    for number, (name, path) in enumerate(files):
        size = _size(path)
        if number >= MOST_CHECKPOINTS or size > left:
            cut.append(name)
            continue
        left -= size
        try:
            weights = sketch(name, path, MOST_WEIGHT_BYTES)
        except Exception:  # noqa: BLE001  as in `_code`
            cut.append(name)
            continue
        if weights is not None:
            found.append(weights)
    return found, cut


def _stem(name: str) -> str:
    return name.rpartition(".")[0]


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
