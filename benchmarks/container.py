"""What a grading takes in a container of the platform's default size: 0.5 CPU, 768 MB.

    grader bundle --data FILE.npz -o autograder.zip && grader image build
    python benchmarks/container.py [TAG] [ROUNDS]

Grades `complete` ROUNDS times; prints the wall time, the kernel's peak of memory (pages of
files count, which it would give back) and the peak without these. With 10 000 images: at most
100 s and 450 MB.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

from grader.assignment import load
from grader.authoring import samples
from grader.authoring.gradescope import container, engine, metadata, site


def main(tag: str = "convnet-grader", rounds: str = "3") -> None:
    """Grade, round by round, and print the medians."""
    client = engine.connect()
    document = metadata.build(load(), metadata.Scenario())
    records = []
    with tempfile.TemporaryDirectory() as folder:
        submission = samples.assemble_zip("complete", Path(folder))
        for _ in range(int(rounds)):
            setting = container.Setting()
            content, raw = container.grade(client, tag, submission, document, setting)
            record = site.parse(content, raw)
            seen = next(
                test["output"] for test in record.results["tests"] if test["number"] == "2.8"
            )
            images = next(line for line in seen.splitlines() if "images of" in line)
            print(
                f"{record.outcome}: {record.seconds:.1f} s, peak {record.peak_mb:.0f} MB, without "
                f"file cache {record.peak_anon_mb:.0f} MB; {images.strip(' -*')[:80]}"
            )
            records.append(record)
    for name in ("seconds", "peak_mb", "peak_anon_mb"):
        print(f"{name}: median {statistics.median(getattr(one, name) for one in records):.1f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
