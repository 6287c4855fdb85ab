"""Write 1300 empty files whose paths are 3300 letters long: make.py PATH."""

import sys
from pathlib import Path

folder = Path(sys.argv[1]).parent.joinpath(*["d" * 250] * 13)
folder.mkdir(parents=True)
for number in range(1300):
    (folder / f"n{number}.py").touch()
Path(sys.argv[1]).touch()
