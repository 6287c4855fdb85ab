"""Pack the good checkpoint again, compressed, with a large record more: make.py PATH."""

import sys
import zipfile
from pathlib import Path

path = Path(sys.argv[1])
with zipfile.ZipFile(path) as good:
    records = {entry.filename: good.read(entry) for entry in good.infolist()}
top = next(iter(records)).partition("/")[0]
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bomb:
    for name, content in records.items():
        bomb.writestr(name, content)
    with bomb.open(f"{top}/data/999", "w", force_zip64=True) as record:
        for _ in range(300):
            record.write(bytes(1_000_000))
