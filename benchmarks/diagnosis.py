"""How often the diagnosis names the right family: single mistakes, and random pairs of them.

    python benchmarks/diagnosis.py [--pairs 60] [--component pooling]

Every single mistake of the library is run as a submission and its hint is looked up in the
public tape. Pairs are merged from two variants of one file, where their edits do not touch.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from grader import sandbox
from grader.assignment import load
from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS, Component
from grader.authoring.bugs import bug as bug_module
from grader.authoring.bugs.bug import REFERENCE, Bug, Edit
from grader.outcomes import Status
from grader.session import start
from grader.tape import PUBLIC, Tape

_bases: dict[str, str] = {}  # what each variant's text was edited from


def remembering(edited: Callable[[str, Iterable[Edit]], str]) -> Callable[..., str]:
    """`edited`, with a note of what each text came from: a merge needs the common base."""

    def wrapper(text: str, edits: Iterable[Edit]) -> str:
        changed = edited(text, edits)
        _bases.setdefault(changed, text)
        return changed

    return wrapper


def base_of(text: str) -> str:
    """The right solution that a variant was made from."""
    while text in _bases and _bases[text] != text:
        text = _bases[text]
    return text


def merged(one: Bug, two: Bug) -> dict[str, str] | None:
    """The files of both mistakes; None where their edits meet."""
    if set(one.files) != set(two.files):
        return {**one.files, **two.files} if not set(one.files) & set(two.files) else None
    files = {}
    for path, text in one.files.items():
        base = base_of(text)
        if base_of(two.files[path]) != base:
            return None
        with tempfile.TemporaryDirectory() as folder:
            places = [Path(folder, name) for name in ("one", "base", "two")]
            texts = [text, base, two.files[path]]
            for place, content in zip(places, texts):
                place.write_text(content, encoding="utf-8")
            done = subprocess.run(
                ["git", "merge-file", "-p", *map(str, places)], capture_output=True, check=False
            )
            if done.returncode != 0:
                return None
            files[path] = done.stdout.decode()
    return files


def named(component: Component, bench: Bench, tape: Tape, files: dict[str, str]) -> set[str] | None:
    """All families that the hints name; None where no check fails."""
    trial = bench.run(files, tape, tape.header.seeds[0], component.checks.__contains__)
    failed = [check for check in trial.checks.values() if check.status is Status.FAILED]
    if not failed:
        return None
    return {family for check in failed for group in check.families for family in group}


def singles(component: Component, bench: Bench, tape: Tape) -> Counter[str]:
    """Each mistake by itself: 'named', 'wrong' or 'nothing'."""
    counts: Counter[str] = Counter()
    for bug in component.bugs():
        if bug.equivalent:
            continue
        found = named(component, bench, tape, bug.files)
        if found is None:
            counts["not caught"] += 1
            continue
        kind = "named" if bug.family in found else "wrong" if found else "nothing"
        counts[kind] += 1
        if kind != "named":
            print(f"  {bug.name} ({bug.family}): {sorted(found)}")
    return counts


def pairs(component: Component, bench: Bench, tape: Tape, count: int) -> Counter[str]:
    """Random pairs of different families: 'both', 'one', 'wrong' or 'nothing'."""
    rng = random.Random(4)
    bugs = [bug for bug in component.bugs() if not bug.equivalent]
    counts: Counter[str] = Counter()
    for _ in range(20 * count):
        if counts.total() == count:
            break
        one, two = rng.sample(bugs, 2)
        files = merged(one, two) if one.family != two.family else None
        found = named(component, bench, tape, files) if files else None
        if found is None:
            continue
        right = found & {one.family, two.family}
        counts[{2: "both", 1: "one"}.get(len(right), "wrong" if found else "nothing")] += 1
    return counts


def main() -> None:
    """Print a line for each component."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--pairs", type=int, default=60)
    parser.add_argument("--component")
    parser.add_argument("--tape", type=Path, default=PUBLIC)
    options = parser.parse_args()
    bug_module.edited = remembering(bug_module.edited)  # before a component imports it
    tape = Tape(options.tape)
    with sandbox.WorkerPool() as pool:
        start(pool)
        bench = Bench(REFERENCE, load(), pool)
        for component in COMPONENTS:
            if options.component not in (None, component.name):
                continue
            began = time.monotonic()
            alone = singles(component, bench, tape)
            together = pairs(component, bench, tape, options.pairs)
            seconds = time.monotonic() - began
            print(f"{component.name}: {dict(alone)}; pairs {dict(together)} ({seconds:.0f} s)")


if __name__ == "__main__":
    main()
