"""The likely mistake behind a failed check, as sure as what is known of it."""

from __future__ import annotations

from collections.abc import Mapping

from grader.diagnosis.family import Family
from grader.diagnosis.report import Diagnosis


def hint(diagnosis: Diagnosis, families: Mapping[str, Family]) -> str:
    """The likely mistakes, with care where others fit or something is left; '' if unknown."""
    sentences = []
    count = len(diagnosis.mistakes)
    for index, alternatives in enumerate(diagnosis.mistakes):
        lead = _lead(index, count, complete=diagnosis.complete)
        words = " Or: ".join(_family(families[key]) for key in alternatives)
        sentences.append(f"{lead}{'either: ' if len(alternatives) > 1 else ''}{words}")
    if diagnosis.only_when:
        sentences.append(f"It is wrong only where {diagnosis.only_when}.")
    return " ".join(sentences)


def _lead(index: int, count: int, *, complete: bool) -> str:
    """How a hint begins: sure of itself only if it explains everything."""
    if count == 1:
        return "Likely mistake: " if complete else "Perhaps, for most of it: "
    if index:
        return "Second: "
    return "Two mistakes. First: " if complete else "Two mistakes, it seems. First: "


def _family(family: Family) -> str:
    see = f" (Handout: {family.see}.)" if family.see else ""
    return f"{family.hint}{see}"
