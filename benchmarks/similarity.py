"""How well copies are told from independent work, and how long a class of 1 200 takes.

    python benchmarks/similarity.py [--students 1200]

1. Students of whom no two have a solution in common (the right solutions of the panel, drawn
   without replacement) are compared with one another and with disguised copies of themselves:
   other names, layout, order of methods; then with 15 % and 35 % of the statements disturbed.
2. A generated class: each student's files are put together from lines of the right solutions for
   that file, drawn anew, so that nobody copies but all write alike; the checkpoints have random
   weights and usual sizes. Then 15 students copy, ten of them from one: with every seventh line
   replaced, and a little noise on the weights. Printed are the seconds that a submission costs
   where it is graded, those of the section, and what of the copies is found.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import struct
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np

from grader.authoring.classroom import records, similarity
from grader.authoring.classroom.records import Record, Student
from grader.authoring.classroom.similarity import known, owners, pairs, twins
from grader.authoring.classroom.similarity.extraction import Features
from grader.authoring.right import solutions

sys.path.insert(0, str(Path(__file__).parents[1] / "tests/authoring/classroom/similarity"))

from disguising import disguise

PERSONS = 5  # as many right solutions as every file has
COPIES, RING = 15, 10
LINES = 70  # of one file
REPLACED = 1 / 7
NOISE = 1e-4
NETWORKS = {"twolayernet": (786_432, 2_560), "vanillacnn": (4_704, 54_080), "mymodel": (400_000,)}


def main() -> None:
    """Measure both, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--students", type=int, default=1200)
    chosen = parser.parse_args()
    known.of_checkout()
    with tempfile.TemporaryDirectory() as folder:
        separation(Path(folder))
        whole_class(Path(folder), chosen.students)


def by_file() -> dict[str, list[str]]:
    """The right solutions of each file."""
    found = defaultdict(list)
    for solution in solutions():
        for path, text in solution.files.items():
            found[path].append(text)
    return found


def features_of(place: Path, files: dict[str, str]) -> Features:
    """What a submission with these files would have."""
    paths = {}
    for number, (name, text) in enumerate(files.items()):
        paths[name] = place / f"{number}.py"
        paths[name].write_text(text)
    return similarity.features(paths)


def separation(place: Path) -> None:
    """Print the largest share of independent work and the smallest ones of copies."""
    rng = random.Random(1)
    enough = {path: texts for path, texts in by_file().items() if len(texts) >= PERSONS}
    persons = [
        {path: texts[number * len(texts) // PERSONS] for path, texts in enough.items()}
        for number in range(PERSONS)
    ]
    own = [hashes_of(features_of(place, files)) for files in persons]
    shares = [share(one, other) for one, other in combinations(own, 2)]
    print(f"independent: at most {max(shares):.3f} of the smaller submission in common")
    for disturbed in (0.0, 0.15, 0.35):
        copies = [
            hashes_of(
                features_of(place, {p: disguise(t, rng, disturbed) for p, t in files.items()})
            )
            for files in persons
        ]
        least = min(share(one, other) for one, other in zip(own, copies, strict=True))
        print(f"copies, disguised, {disturbed:.0%} of statements disturbed: at least {least:.3f}")


def hashes_of(found: Features) -> set[int]:
    """All fingerprints of a submission."""
    return {value for entry in found.code for value in entry.fingerprints}


def share(one: set[int], other: set[int]) -> float:
    """What both have, as a part of the smaller one."""
    return len(one & other) / min(len(one), len(other))


def whole_class(place: Path, students: int) -> None:
    """Make a class with copies, and print what is found in what time."""
    spent = []
    for number in range(students):
        source = original(number, students)
        files = written(place, number, source)
        began = time.process_time()
        document = similarity.to_json(similarity.features(files))
        spent.append(time.process_time() - began)
        record = Record(f"submission_{number}", (Student(sid=str(number)),))
        records.save(place, record, None)
        similarity.save(place, record.key, document)
    sizes = [path.stat().st_size for path in place.glob("submissions/*/features.json")]
    print(
        f"{students} students: {statistics.median(spent):.3f} s each where they are graded, "
        f"{max(spent):.3f} s at most; {statistics.mean(sizes) / 1e3:.0f} kB each"
    )
    began = time.process_time()
    html = similarity.report(place).html
    print(f"section: {time.process_time() - began:.1f} s, {len(html) / 1e3:.0f} kB")
    accuracy(place, students)


def original(number: int, students: int) -> int:
    """Of whom a student copies; himself, if he does not."""
    copy = number - (students - COPIES)
    if copy < 0:
        return number
    return 0 if copy < RING else copy


def written(place: Path, number: int, source: int) -> dict[str, Path]:
    """The files of one student who has them from `source`."""
    rng = random.Random(source)
    own = random.Random(-1 - number)
    files = {}
    for index, (path, pool) in enumerate(POOLS.items()):
        lines = rng.sample(pool, min(LINES, len(pool)))
        if source != number:
            lines = [own.choice(pool) if own.random() < REPLACED else line for line in lines]
        files[path] = place / f"{index}.py"
        files[path].write_text("\n".join(lines))
    numbers, noise = np.random.default_rng(source), np.random.default_rng(10**6 + number)
    for name, sizes in NETWORKS.items():
        arrays = [0.05 * numbers.standard_normal(size, np.float32) for size in sizes]
        if source != number:
            arrays = [a + np.float32(NOISE) * noise.standard_normal(a.shape, "f4") for a in arrays]
        path = f"part2-pytorch/checkpoints/{name}.safetensors"
        files[path] = place / f"{name}.safetensors"
        files[path].write_bytes(packed(arrays))
    return files


def packed(arrays: list[np.ndarray]) -> bytes:
    """A safetensors file."""
    header, at = {}, 0
    for number, array in enumerate(arrays):
        header[str(number)] = {
            "dtype": "F32",
            "shape": list(array.shape),
            "data_offsets": [at, at + array.nbytes],
        }
        at += array.nbytes
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays)


def accuracy(place: Path, students: int) -> None:
    """Print how much of what was copied is found, and how much besides."""
    graded = list(records.each(place))
    numbers = [int(record.key.removeprefix("submission_")) for record in graded]
    people = [owners.identities(record) for record in graded]
    loaded = [similarity.load(place, record.key) for record in graded]
    features = [found for found in loaded if found is not None]
    root = [original(number, students) for number in numbers]
    wanted = {
        (one, other) for one, other in combinations(range(students), 2) if root[one] == root[other]
    }
    found = {(pair.one, pair.other) for pair in pairs.find(features, people).pairs}
    print(f"code: {len(found & wanted)} of {len(wanted)} pairs, {len(found - wanted)} besides")
    groups = twins.find(features, people)
    alike = {
        pair
        for group in groups
        for pair in combinations(sorted({number for number, _ in group.members}), 2)
    }
    print(f"weights: {len(alike & wanted)} of {len(wanted)} pairs, {len(alike - wanted)} besides")


def pools() -> dict[str, list[str]]:
    """The lines of all right solutions of each file."""
    return {
        path: sorted({line for text in texts for line in text.splitlines() if line.strip()})
        for path, texts in by_file().items()
    }


POOLS = pools()


if __name__ == "__main__":
    main()
