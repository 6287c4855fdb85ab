"""Draw docs/table.svg, the picture of the README: a submission with two mistakes."""

from __future__ import annotations

import io
import re
import sys
import tempfile
from pathlib import Path

from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

from grader.authoring import samples
from grader.exporters import terminal
from grader.session import Options, grade

WIDTH = 96
MISTAKES = {
    "modules/convolution.py": ("[:, :, p : p + h, p : p + w]", "[:, :, p:-p, p:-p]"),
    "modules/max_pool.py": (
        "np.add.at(self.dx, (n, c, i * s + u, j * s + v), dout)",
        "self.dx[n, c, i * s + u, j * s + v] = dout",
    ),
}


def main() -> None:
    """Grade the broken copy and save what the terminal shows."""
    with tempfile.TemporaryDirectory() as folder:
        submission = samples.assemble("complete", Path(folder))
        for path, (right, wrong) in MISTAKES.items():
            file = next(submission.rglob(path))
            text = file.read_text(encoding="utf-8")
            if right not in text:
                sys.exit(f"docs/picture.py: {path} has no {right!r} any more")
            file.write_text(text.replace(right, wrong), encoding="utf-8")
        run = grade(Options(submission, data="practice"))
    console = Console(width=WIDTH, record=True, file=io.StringIO())
    console.print(Text.from_ansi(terminal.render(run, WIDTH, color=True)))
    # Without the web fonts that rich's own format loads: a picture makes no request.
    svg = re.sub(r"@font-face \{\{.*?\}\}", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    console.save_svg(
        str(Path(__file__).with_name("table.svg")),
        title="grader grade submission.zip",
        code_format=svg,
        unique_id="table",
    )


if __name__ == "__main__":
    main()
