"""What a submission would write to forge answers; tests put it before their own code.

The answers' descriptor is 4, and code inside the process can read the request's number.
"""

from __future__ import annotations

FORGE = """
import gc, json, os, struct, sys

def send(header, body=b"", raw=None):
    raw = json.dumps(header).encode() if raw is None else raw
    os.write(4, struct.pack("<I", len(raw)) + raw + body)

def request_number():
    frame = sys._getframe()
    while "header" not in frame.f_locals or "id" not in frame.f_locals["header"]:
        frame = frame.f_back
    return frame.f_locals["header"]["id"]

def answer(value, arrays=()):
    send({"id": request_number(), "ok": True, "value": value, "arrays": list(arrays)})
"""
