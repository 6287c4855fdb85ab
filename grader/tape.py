"""Expected values, recorded ahead from the reference: data, never code.

A tape is an .npz: for each seed, check and case the arrays that the reference gives on
the inputs drawn for them, and a JSON header. The checks run unchanged to record it
(`Recording` takes every array that a check expects) and to grade with it (`Expected`
compares). So what ships holds no solution, and a new check needs no code for its tape.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from grader import npz
from grader.diagnosis.library import Library
from grader.errors import TapeError
from grader.numerics.compare import TOLERANCE, Difference, difference
from grader.numerics.inputs import stream
from grader.replacing import READABLE, replacing

FORMAT = 1
PUBLIC = Path(__file__).parent / "data" / "public_tape.npz"
REMAKE = "make it again with `grader tape`"

# What reading raises where a file is damaged, or is something else than a tape.
DAMAGED = (
    OSError, EOFError, ValueError, TypeError, LookupError, RuntimeError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip

_FINGERPRINTS = "/fingerprints/"

Observe: TypeAlias = Callable[[str, Any, "np.ndarray[Any, Any]", bool], None]


@dataclass(frozen=True)
class Header:
    """What a tape says of itself; `key` picks a submission's seed."""

    seeds: tuple[int, ...]
    key: str
    source: str


class Tape:
    """A tape opened for reading.

    Arrays are read on demand with `allow_pickle=False`. Raises TapeError when the file
    is missing, damaged or of another format.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.digest = hashlib.sha256(path.read_bytes()).hexdigest()
            self._arrays = np.load(path, allow_pickle=False)
            header = dict(json.loads(bytes(self._arrays["header"].tobytes())))
            if header.get("format") == FORMAT:
                self.header = Header(tuple(header["seeds"]), header["key"], header["source"])
        except DAMAGED as error:
            message = f"cannot read the tape {path} ({error}): {REMAKE}"
            raise TapeError(message) from error
        if header.get("format") != FORMAT:
            message = f"{path} has tape format {header.get('format')}, not {FORMAT}: {REMAKE}"
            raise TapeError(message)

    def seed_for(self, submission: str) -> int:
        """The seed of a submission: a keyed hash, so that a regrade is identical."""
        digest = hashlib.blake2b(submission.encode(), key=self.header.key.encode()).digest()
        return self.header.seeds[int.from_bytes(digest[:8], "big") % len(self.header.seeds)]

    def array(self, seed: int, name: str) -> np.ndarray[Any, Any]:
        """One expected array.

        Raises TapeError when the tape does not have it: the checks are newer than it.
        """
        key = f"{seed}/{name}"
        if key not in self._arrays:
            message = f"the tape {self.path.name} has no {name}: {REMAKE}"
            raise TapeError(message)
        return np.asarray(self._arrays[key])

    def library(self, seed: int, check: str) -> Library | None:
        """The fingerprints of a check's known mistakes; None if the tape has none."""
        arrays = {
            part: np.asarray(self._arrays[name])
            for part in Library.PARTS
            if (name := fingerprint_name(seed, check, part)) in self._arrays
        }
        return Library.from_arrays(arrays) if len(arrays) == len(Library.PARTS) else None

    def names(self) -> list[str]:
        """Every member of the file: 'seed/check[case]/array', and 'header'."""
        return list(self._arrays.files)

    def raw(self, member: str) -> np.ndarray[Any, Any]:
        """One member by its full name."""
        return np.asarray(self._arrays[member])


def _overlook(slot: str, got: Any, expected: np.ndarray[Any, Any], wrong: bool) -> None:
    """The observer of those who need none."""


def fingerprint_name(seed: int, check: str, part: str) -> str:
    """Where a tape keeps one array of the fingerprints of a check's known mistakes."""
    return f"{seed}{_FINGERPRINTS}{check}/{part}"


def is_fingerprint(name: str) -> bool:
    """Whether an array of a tape belongs to the fingerprints."""
    return _FINGERPRINTS in name


class Expected:
    """What one case of one check expects; the `tape` fixture.

    `observe` hears of every array that is compared: its slot ('check[case]/array'), what
    came, what was expected, and whether that is wrong.

    `seed` and `rng` are for drawing the case's inputs: the same ones when the tape is
    made and when a submission is graded.
    """

    recording = False

    def __init__(
        self, seed: int, name: str, tape: Tape | None, observe: Observe = _overlook
    ) -> None:
        self.seed = seed
        self.name = name
        self.rng = stream(seed, name)
        self._tape = tape
        self._observe = observe

    def differences(
        self,
        *,
        tolerance: float = TOLERANCE,
        loose_shape: tuple[str, ...] = (),
        aside: bool = False,
        **arrays: Any,
    ) -> dict[str, Difference]:
        """By name, each of `arrays` that differs from the tape, and how.

        What is looked at `aside` is not what the case is about: the observer is not told.
        """
        found = {}
        for name, got in arrays.items():
            expected = self.value(name)
            item = difference(got, expected, tolerance=tolerance, loose_shape=name in loose_shape)
            if not aside:
                self._observe(f"{self.name}/{name}", got, expected, item is not None)
            if item is not None:
                found[name] = item
        return found

    def value(self, name: str) -> np.ndarray[Any, Any]:
        """The expected array itself, for checks that compare in a way of their own."""
        if self._tape is None:
            message = f"no tape is loaded, so {self.name} could not be compared: {REMAKE}"
            raise TapeError(message)
        return self._tape.array(self.seed, f"{self.name}/{name}")


class Recording(Expected):
    """Records what the reference gives instead of comparing; never finds a difference."""

    recording = True

    def __init__(self, seed: int, name: str, into: dict[str, np.ndarray[Any, Any]]) -> None:
        super().__init__(seed, name, None)
        self._into = into

    def differences(
        self,
        *,
        tolerance: float = TOLERANCE,  # noqa: ARG002  the signature of Expected
        loose_shape: tuple[str, ...] = (),  # noqa: ARG002
        aside: bool = False,  # noqa: ARG002
        **arrays: Any,
    ) -> dict[str, Difference]:
        """Record `arrays`; raises TapeError for anything but finite arrays."""
        for name, got in arrays.items():
            if not isinstance(got, (np.ndarray, float, int)) or not np.isfinite(got).all():
                message = f"the reference gave no finite array for {self.name}/{name}: {got!r}"
                raise TapeError(message)
            self._into[f"{self.seed}/{self.name}/{name}"] = np.asarray(got)
        return {}

    def value(self, name: str) -> np.ndarray[Any, Any]:
        """What was recorded under `name` in this case; raises TapeError before that."""
        key = f"{self.seed}/{self.name}/{name}"
        if key not in self._into:
            message = f"{self.name} asked for {name} before the reference had given it"
            raise TapeError(message)
        return self._into[key]


def write(
    path: Path, header: Header, arrays: dict[str, np.ndarray[Any, Any]], mode: int = READABLE
) -> None:
    """Write a tape in one step, with reproducible bytes.

    `mode` are the file's permissions. Raises TapeError when it cannot be written.
    """
    document = {
        "format": FORMAT,
        "seeds": list(header.seeds),
        "key": header.key,
        "source": header.source,
    }
    text = json.dumps(document, sort_keys=True).encode()
    members = {"header": np.frombuffer(text, np.uint8), **arrays}
    try:
        with replacing(path, mode) as file:
            npz.write(file, members)
    except OSError as error:
        message = f"the tape {path} cannot be written ({error.strerror or error})"
        raise TapeError(message) from error
