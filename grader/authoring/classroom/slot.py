"""A process that grades one submission after the other, with warm zygotes.

    python -m grader.authoring.classroom.slot DESCRIPTOR FOLDER

A grading needs a main thread of its own: pytest's clock is a signal, and the kernel ends zygotes
with the thread that started them. So whoever grades a class holds such processes (`slots`), asks
on a socket with a line of JSON, and gets one. When the socket is closed, because the class is
graded or its process is gone, this one interrupts what it does, cleans up and ends, with the
folder of its temporary files.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import socket
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from grader import sandbox
from grader.authoring.classroom import grading
from grader.session import start

_END = None


def main(descriptor: int, folder: str) -> None:
    """Answer requests until there are no more; `folder` goes in the end, once it is empty."""
    # A handler of ours, not SIG_IGN, which the zygotes would inherit.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, _interrupt)
    requests: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
    with socket.socket(fileno=descriptor) as channel, contextlib.suppress(KeyboardInterrupt):
        # Two streams: one that is read in a thread must not be written in another.
        incoming = channel.makefile("r", encoding="utf-8", newline="\n")
        outgoing = channel.makefile("w", encoding="utf-8", newline="\n")
        threading.Thread(target=_listen, args=(incoming, requests), daemon=True).start()
        with sandbox.WorkerPool() as pool:
            start(pool)
            while (request := requests.get()) is not _END:
                answer = grading.grade_one(grading.Request(**request), pool)
                outgoing.write(json.dumps(answer.as_json()) + "\n")
                outgoing.flush()
    with contextlib.suppress(OSError):  # whoever holds this process may have been quicker
        Path(folder).rmdir()


def _listen(stream: TextIO, requests: queue.SimpleQueue[dict[str, Any] | None]) -> None:
    """Take requests, so that the end of them is noticed while one is being graded."""
    with contextlib.suppress(OSError, ValueError):
        for line in stream:
            requests.put(json.loads(line))
    requests.put(_END)
    os.kill(os.getpid(), signal.SIGTERM)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    """End by unwinding, once: a second signal must not break off the cleaning up."""
    signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
