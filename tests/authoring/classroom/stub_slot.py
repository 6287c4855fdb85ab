"""In place of a slot's process: answers at once, and dies or hangs where a key says so.

A request whose key has 'dies' in it ends the process, the first time only where its path, a file,
is removed by that; one with 'hangs' gets no answer.
"""

import json
import os
import socket
import sys
import time
from pathlib import Path

with socket.socket(fileno=int(sys.argv[1])) as channel:
    for line in channel.makefile("r", encoding="utf-8"):
        request = json.loads(line)
        time.sleep(0.01)
        if "once" in request["key"] and Path(request["path"]).exists():
            Path(request["path"]).unlink()
            os._exit(9)
        if "dies" in request["key"]:
            sys.exit("MemoryError: no room")
        if "hangs" in request["key"]:
            time.sleep(600)
        answer = {"run": None, "results": {"request": request}, "failure": "", "seconds": 0.01}
        channel.sendall(json.dumps(answer | {"files": {}, "features": None}).encode() + b"\n")
