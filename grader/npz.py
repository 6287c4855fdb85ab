"""Arrays in one .npz file, of which the same arrays always make the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from typing import Any, BinaryIO

import numpy as np

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a zip can tell


def write(
    stream: BinaryIO, arrays: Mapping[str, np.ndarray[Any, Any]], *, compressed: bool = True
) -> None:
    """Write an .npz: members sorted by name, and one fixed date.

    Pictures are hardly smaller `compressed`, and are read more slowly. Raises OSError.
    """
    with zipfile.ZipFile(stream, "w") as archive:
        for name in sorted(arrays):
            info = zipfile.ZipInfo(f"{name}.npy", date_time=_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
            with archive.open(info, "w") as member:
                np.lib.format.write_array(
                    member, np.asarray(arrays[name], order="C"), allow_pickle=False
                )
