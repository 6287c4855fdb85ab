"""Draw the pictures of the documentation from what the grader really prints.

python docs/picture.py            writes docs/table.svg and docs/check.svg
python docs/picture.py --check    says whether they are current (times may differ)
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import html
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Callable
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

from grader.authoring import samples, template
from grader.exporters import terminal
from grader.session import Options, grade

WIDTH = 96
HERE = Path(__file__).resolve().parent
REFERENCE = HERE.parent / "reference"
CONVOLUTION, POOLING = "modules/convolution.py", "modules/max_pool.py"
MISTAKES = {
    CONVOLUTION: ("[:, :, p : p + h, p : p + w]", "[:, :, p:-p, p:-p]"),
    POOLING: (
        "np.add.at(self.dx, (n, c, i * s + u, j * s + v), dout)",
        "self.dx[n, c, i * s + u, j * s + v] = dout",
    ),
}
CHECK = "grader check --only 1.1,1.2,1.3,1.4"
# What differs from run to run, or with the machine.
MEASURED = re.compile(r"\d+(\.\d+)?( (s|ms|MB)\b|%)")
# A checkpoint's table. Another processor rounds otherwise, and an image between two classes then
# changes sides: of all that the table shows, only what its rows are about is the same everywhere.
NETWORK = re.compile(r"accuracy [\d.]+% of .*?(?: (?:to spare|too much)\b.*?){2}")
ROWS = ("accuracy", "each class", "weakest", "size", "parameters", "time", "memory")


def plant(submission: Path, path: str) -> None:
    """Put the mistake into a file of the submission."""
    right, wrong = MISTAKES[path]
    file = next(submission.rglob(path))
    text = file.read_text(encoding="utf-8")
    if right not in text:
        sys.exit(f"docs/picture.py: {path} has no {right!r} any more")
    file.write_text(text.replace(right, wrong), encoding="utf-8")


def table(folder: Path) -> str:
    """A whole submission with two mistakes, as `grader grade` shows it."""
    submission = samples.assemble("complete", folder)
    for path in MISTAKES:
        plant(submission, path)
    return terminal.render(grade(Options(submission, data="practice")), WIDTH, color=True)


def check(folder: Path) -> str:
    """A student at work: the convolution has a mistake, pooling is not started."""
    home = folder / "hw2"
    template.generate(REFERENCE, home)
    shutil.copy(REFERENCE / "part1-convnet" / CONVOLUTION, home / "part1-convnet" / CONVOLUTION)
    plant(home, CONVOLUTION)
    return in_terminal([sys.executable, "-m", "grader", *CHECK.split()[1:]], home)


def in_terminal(command: list[str], home: Path) -> str:
    """What a program leaves on a terminal of WIDTH columns, colours included."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, WIDTH, 0, 0))
    with subprocess.Popen(command, cwd=home, stdin=theirs, stdout=theirs, stderr=theirs):
        os.close(theirs)
        written = b""
        with contextlib.suppress(OSError):  # Linux reports the other side's end as an error
            while chunk := os.read(ours, 1 << 16):
                written += chunk
    os.close(ours)
    lines = written.decode().replace("\r\n", "\n").split("\n")
    return "\n".join(line.rpartition("\r\x1b[K")[2] for line in lines)  # the progress line is gone


PICTURES: dict[str, tuple[str, Callable[[Path], str]]] = {
    "table": ("grader grade submission.zip", table),
    "check": (CHECK, check),
}


def drawn(name: str) -> str:
    """The picture `name` as SVG."""
    title, show = PICTURES[name]
    with tempfile.TemporaryDirectory() as folder:
        text = show(Path(folder))
    console = Console(width=WIDTH, record=True, file=io.StringIO())
    console.print(Text.from_ansi(text))
    # Without the web fonts that rich's own format loads: a picture makes no request.
    form = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return console.export_svg(title=title, code_format=form, unique_id=name)


def said(picture: str) -> str:
    """The words of a picture, without what was measured and without the layout."""
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    words = " ".join(html.unescape(" ".join(texts)).split())
    return MEASURED.sub("", NETWORK.sub(_rows, words))


def _rows(network: re.Match[str]) -> str:
    return ", ".join(row for row in ROWS if row in network[0])


def main() -> None:
    """Write the pictures, or compare them with those that are there."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    stale = []
    for name in PICTURES:
        file, fresh = HERE / f"{name}.svg", drawn(name)
        if not options.check:
            file.write_text(fresh, encoding="utf-8")
        elif said(fresh) != said(file.read_text(encoding="utf-8")):
            stale.append(file.name)
    if stale:
        sys.exit(f"{', '.join(stale)} show what the grader no longer prints: run docs/picture.py")


if __name__ == "__main__":
    main()
