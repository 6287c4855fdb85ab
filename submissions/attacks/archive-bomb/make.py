"""Write 64 MB that compress a thousandfold: make.py PATH."""

import sys
from pathlib import Path

with Path(sys.argv[1]).open("wb") as file:
    for _ in range(64):
        file.write(b" " * 1_000_000)
