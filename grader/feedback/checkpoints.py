"""Files that are no checkpoint: what such a file is, and how to save one that can be read.

`name` is the file's, as the student wrote it.
"""

from __future__ import annotations

from collections.abc import Sequence

from grader.feedback.lists import listed
from grader.feedback.text import code

SAVE_AGAIN = "Save the weights with `torch.save(model.state_dict(), path)`"
MOST_NAMES = 3


def similar_name(wanted: str, found: Sequence[str]) -> str:
    """The file `wanted` is missing, and others have names like it."""
    return (
        f"{code(wanted)} is not in your submission, which has {listed(found, MOST_NAMES)} instead. "
        "Only the exact name counts: rename the file that you want graded, and pack again."
    )


def too_large(name: str, size: int, most: float) -> str:
    """The file has `size` bytes, and `most` are allowed."""
    return (
        f"{code(name)} has {size / 1e6:.0f} MB; {most / 1e6:.0f} are allowed. {SAVE_AGAIN}, and "
        "leave optimizer states and copies out."
    )


def empty(name: str) -> str:
    """The file has no bytes."""
    return f"{code(name)} is empty (0 bytes). {SAVE_AGAIN}, and pack again."


def lfs_pointer(name: str, size: int) -> str:
    """A pointer of `size` bytes was packed in place of the file."""
    return (
        f"{code(name)} is a Git LFS pointer of {size} bytes, not the file itself. Run "
        "`git lfs pull`, and pack the archive from that folder."
    )


def old_format(name: str) -> str:
    """The file is in a format of early versions of torch."""
    return (
        f"{code(name)} has a format that torch has not written by default since version 1.6. "
        f"{SAVE_AGAIN}, with nothing else in the call."
    )


def pickled(name: str) -> str:
    """The file is a bare pickle."""
    return f"{code(name)} was written by `pickle`, not by torch. {SAVE_AGAIN}."


def another_format(name: str, kind: str) -> str:
    """The file is something else; `kind` says what, in words, or is ''."""
    what = kind or "no format that is known here"
    return f"{code(name)} is not a checkpoint: by its first bytes it is {what}. {SAVE_AGAIN}."


def truncated(name: str) -> str:
    """The end of the file is missing."""
    return (
        f"{code(name)} is cut off or damaged: its end is missing. Was it still being written, or "
        "the disk full? Save it again, load it once yourself, and pack again."
    )


def too_many_records(name: str, most: int) -> str:
    """The zip has more than `most` entries."""
    return f"{code(name)} has more than {most} records. {SAVE_AGAIN}."


def torchscript(name: str) -> str:
    """The file holds a compiled program."""
    return f"{code(name)} is a TorchScript program (`torch.jit.save`). {SAVE_AGAIN}."


def another_zip(name: str, records: Sequence[str]) -> str:
    """A zip that torch did not write, with the names of its `records`."""
    return (
        f"{code(name)} is a zip archive, but not one that `torch.save` wrote: it holds "
        f"{listed(records, MOST_NAMES) or 'nothing'}. {SAVE_AGAIN}."
    )


def compressed(name: str) -> str:
    """The zip has records that are compressed or encrypted."""
    return (
        f"{code(name)} has compressed or encrypted records, which `torch.save` never writes: "
        f"it was packed again by another program. {SAVE_AGAIN}, and leave the file as it is."
    )


def impossible_sizes(name: str) -> str:
    """The zip's directory gives sizes that do not fit the file."""
    return f"The sizes that the directory of {code(name)} gives cannot be right. {SAVE_AGAIN}."


def much_beside(name: str, size: int) -> str:
    """There are `size` bytes beside the tensors."""
    return (
        f"{code(name)} holds {size / 1e6:.0f} MB beside the tensors. {SAVE_AGAIN}, and "
        "keep histories and data out of it."
    )


def damaged_safetensors(name: str) -> str:
    """The header of a safetensors file cannot be read."""
    return f"{code(name)} is a damaged safetensors file. Save and pack it again."
