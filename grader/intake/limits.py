"""How much of a submission is looked at before it is refused."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1_000_000
MEBIBYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds on what is read; sizes are in bytes unless the name says otherwise.

    `archive_mb` is the course's limit. It is read generously when a submission comes in
    (as mebibytes) and strictly when one is packed (as megabytes), so that an archive
    which we packed is inside the platform's limit whichever unit that counts in.
    `inflated_bytes` bounds what is really read, never what a header says.
    An entry is a bomb when it is above `ratio_from_bytes` and above `ratio`:1.
    `entries` bounds a zip's entries, or a folder's files of a kind that is graded;
    `visited` bounds everything that is looked at in a folder.
    """

    archive_mb: int = 100
    entries: int = 10_000
    inflated_bytes: int = 400 * MEBIBYTE
    ratio: int = 100
    ratio_from_bytes: int = MEBIBYTE
    visited: int = 200_000

    @property
    def accepted_bytes(self) -> int:
        """Largest archive that is accepted."""
        return self.archive_mb * MEBIBYTE

    @property
    def packed_bytes(self) -> int:
        """Largest archive that `pack` makes."""
        return self.archive_mb * MEGABYTE

    @property
    def directory_bytes(self) -> int:
        """Largest zip directory that is parsed: room for names of 350 bytes an entry.

        zipfile builds an object for every record before it lets anyone count them.
        """
        return self.entries * 400
