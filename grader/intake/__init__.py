"""From an untrusted archive to a staged submission, and from a folder to an archive."""

from __future__ import annotations

from grader.intake.layout import Layout, Part
from grader.intake.limits import Limits
from grader.intake.pack import Draft, draft
from grader.intake.receive import receive
from grader.intake.submission import StagedFile, Submission

__all__ = ["Draft", "Layout", "Limits", "Part", "StagedFile", "Submission", "draft", "receive"]
