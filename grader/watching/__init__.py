"""What a save in a student's folder affects: its graded files, their imports, the checks.

Nothing of a student's is run here: modules are parsed, and files are looked at.
"""

from __future__ import annotations

from grader.watching.affected import affected, merge
from grader.watching.imports import Imports
from grader.watching.snapshot import Snapshot, take

__all__ = ["Imports", "Snapshot", "affected", "merge", "take"]
