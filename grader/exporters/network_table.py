"""The table of one network that predicted images: a few rows of words and figures.

Rows are plain text, made of the check's facts alone; what a fact is missing for is left out.
Shares are rounded to whole per cent for the classes: no row tells the label of an image.
"""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from grader.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.outcomes import CheckOutcome

Row = tuple[str, str]
WIDTH = 96
_LONGEST_NAME = 20
_NARROWEST = 20
_TOGETHER = "\xa0"  # a blank at which no line is broken
_KILO, _MEGA, _GIGA = 1e3, 1e6, 1e9


def table(check: CheckOutcome, width: int = WIDTH) -> str:
    """The rows as aligned lines of at most `width` columns; '' for a check without accuracy."""
    found = rows(check)
    if not found:
        return ""
    indent = 2 + max(len(name) for name, _ in found)
    lines = []
    for name, words in found:
        first, *more = textwrap.wrap(words, max(width - indent, _NARROWEST), break_on_hyphens=False)
        lines.append(f"{name:<{indent}}{first}")
        lines += [" " * indent + line for line in more]
    return "\n".join(lines).replace(_TOGETHER, " ")


def rows(check: CheckOutcome) -> list[Row]:
    """Pairs of a name and what is to be said of it; none for a check without accuracy."""
    facts = check.facts
    if "accuracy" not in facts or "images" not in facts:
        return []
    found = [("accuracy", _accuracy(facts))]
    if "estimate" in facts:
        share, low, high = facts["estimate"]
        words = f"{share:.1%} of all images (95% interval: {low:.1%} to {high:.1%})"
        found.append(("estimate", words))
    if "per_class" in facts:
        found.append(("each class", _each_class(facts)))
    weakest = [_weak(weak) for weak in facts.get("weakest", [])]
    found += zip(["weakest", *[""] * len(weakest)], weakest)
    found.append(("size", _size(facts)))
    found += _there(check)
    return [(name, words) for name, words in found if words]


def _accuracy(facts: Mapping[str, Any]) -> str:
    """The share that counts, of how many images, and how far it is from each threshold."""
    share, total = float(facts["accuracy"]), int(facts["images"])
    done = int(facts.get("images_predicted", total))
    words = f"{share:.2%} of {total} images"
    if done < total:
        words = f"{share:.2%} guaranteed: {done} of {total} images predicted, the others are wrong"
    if "data" in facts:
        words = words.replace(" images", f" images of {_name(facts['data'])}", 1)
    margins = [_points(share, float(threshold)) for threshold in facts.get("thresholds", [])]
    return f"{words}; {', '.join(margins)}" if margins else words


def _points(share: float, threshold: float) -> str:
    """How far an accuracy is above a threshold; exactly on it is not above."""
    side = "above" if share > threshold else "short of"
    words = f"{abs(100 * (share - threshold)):.2f} points {side} {threshold:.0%}"
    return words.replace(" ", _TOGETHER)


def _each_class(facts: Mapping[str, Any]) -> str:
    pairs = zip(facts.get("classes", []), facts["per_class"])
    told = ", ".join(f"{_name(name)}{_TOGETHER}{value:.0%}" for name, value in pairs)
    partly = int(facts.get("images_predicted", 0)) < int(facts["images"])
    return f"{told} of the predicted" if partly else told


def _weak(weak: Mapping[str, Any]) -> str:
    """One of the weakest classes, and what it is taken for."""
    others = ", ".join(f"{_name(name)} ({share:.0%})" for name, share in weak["taken_for"])
    told = f"{_name(weak['name'])} {weak['accuracy']:.0%}"
    return f"{told}, taken for {others}" if others else told


def _size(facts: Mapping[str, Any]) -> str:
    """Parameters, operations of one image, the file beside what an archive may be."""
    told = []
    if "parameters" in facts:
        told.append(f"{int(facts['parameters']):,} parameters")
    if "flops" in facts:
        told.append(f"{_flops(float(facts['flops']))} an image")
    if "checkpoint_bytes" in facts:
        limit = f" of {facts['archive_mb']:g}" if "archive_mb" in facts else ""
        told.append(f"file {float(facts['checkpoint_bytes']) / _MEGA:.2f}{limit} MB")
    return ", ".join(told)


def _flops(count: float) -> str:
    """Multiplications and additions, in a unit that fits."""
    for unit, name in ((_GIGA, "GFLOP"), (_MEGA, "MFLOP"), (_KILO, "kFLOP")):
        if count >= unit:
            return f"{count / unit:.3g} {name}"
    return f"{count:.0f} FLOP"


def _there(check: CheckOutcome) -> list[Row]:
    """Time and memory here, and in the container with what is left to the limits."""
    facts = check.facts
    there = facts.get("container") or {}
    time = memory = ""
    if "cpu_seconds" in facts:
        each = 1e3 * float(facts.get("seconds_per_image", 0.0))
        time = f"{facts['cpu_seconds']:.1f} s of CPU here, {each:.2f} ms an image"
    if check.peak_mb > 0:
        memory = f"{check.peak_mb:.0f} MB here"
    if there:
        left = _left(there["seconds"], there["limit_seconds"], "s")
        where = f"at {there['cpus']:g} CPU about {there['seconds']:.0f} s"
        time += f"; {where} for {there['images']} images, {left}"
        left = _left(there["memory_mb"], there["limit_mb"], "MB")
        where = f"of {there['limit_mb']:.0f} MB there about {there['memory_mb']:.0f} MB"
        memory += f"; {where} with the grader, {left}"
    return [("time", time.removeprefix("; ")), ("memory", memory.removeprefix("; "))]


def _left(used: float, limit: float, unit: str) -> str:
    """What is left of a limit, or what is too much."""
    difference = f"{abs(limit - used):.0f} {unit} {'to spare' if used <= limit else 'too much'}"
    return difference.replace(" ", _TOGETHER)


def _name(name: Any) -> str:
    return " ".join(clean(str(name)).split())[:_LONGEST_NAME]
