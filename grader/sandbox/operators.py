"""A torchvision that was built for CUDA, beside a torch for the CPU: importing it after all.

It registers code for operators that only its own missing library declares, and fails with
`LACKING` in the message. Once they are declared, a second import works.
"""

from __future__ import annotations

import sys

LACKING = "torchvision::nms"
_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
_KEEP: list[object] = []
"""A library's declarations last as long as the object does."""


def declare() -> None:
    """Declare the operators, for torch must have been imported already.

    They are not defined: data sets, transforms and models work, detection models do not.
    """
    torch = sys.modules["torch"]
    library = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS:
        library.define(schema)
    _KEEP.append(library)


def forget_submodules(name: str) -> None:
    """Drop what a failed import of a package left behind."""
    for loaded in [key for key in sys.modules if key.startswith(name + ".")]:
        del sys.modules[loaded]
