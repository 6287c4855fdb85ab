"""Let many entries of the directory share one record: make.py PATH."""

import struct
import sys
import zipfile
from pathlib import Path

path = Path(sys.argv[1])
with zipfile.ZipFile(path) as good:
    records = {entry.filename: good.read(entry) for entry in good.infolist()}
top = next(iter(records)).partition("/")[0]
with zipfile.ZipFile(path, "w") as archive:
    for name, content in records.items():
        archive.writestr(name, content)
    archive.writestr(f"{top}/data/999", bytes(1_000_000))
raw = path.read_bytes()
end = raw.rfind(b"PK\x05\x06")
count, size, offset = struct.unpack_from("<HLL", raw, end + 10)
last = raw.rfind(b"PK\x01\x02", offset, end)
shared = raw[last:end]
numbered = [
    shared.replace(b"data/999", f"data/{number}".encode()) for number in range(100, 999)
]
directory = raw[offset:end] + b"".join(numbered)
total = count + len(numbered)
tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, total, total, len(directory), offset, 0)
path.write_bytes(raw[:offset] + directory + tail)
