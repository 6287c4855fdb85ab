"""Runs student code in confined processes; what comes back are plain arrays or errors.

    from grader.sandbox import Limits, WorkerPool

    with WorkerPool() as pool:
        pool.start("numpy")                         # does not wait
        pool.start("torch", drivers=["grader.checks.training"])
        ...                                         # read tapes and other secrets now
        with pool.open("numpy", part1, Limits(cpu_seconds=20, wall_seconds=60)) as worker:
            conv = worker.load("modules.convolution")
            layer = conv.Conv2D(3, 4, kernel_size=3)
            layer.weight = weight
            out = layer.forward(x)                  # numpy array
            layer.backward(dout)
            dx = layer.dx                           # array, scalar, None or RemoteObject
        worker.usage, worker.printed                # after the worker is closed
        with pool.open("torch", part2) as worker:
            main = worker.load("main", stub_missing=["yaml", "torchvision", "data"])
            losses = worker.drive("grader.checks.training:steps", main, images, labels)

A driver is a module of ours that runs beside the student's code, in the worker:

    def steps(student, main, images, labels): ...   # student.load("models.cnn") works too

Tensors come back as arrays; `AsTensor(array)` sends one, `proxies.call_reference` leaves
a result in the worker (for `backward`).

Every request may raise a `grader.errors.SubmissionError`; after a death (time, memory,
crash, exit, broken protocol) every further request raises the same error. Only this side
raises `SandboxError`. Folders handed to `open` must be readable by other users when the
grader is root. Names like `call`, `fetch` and `has` are in `grader.sandbox.proxies`.
"""

from __future__ import annotations

from .handle import Worker
from .limits import Limits, Usage
from .pool import WorkerPool
from .proxies import RemoteObject
from .values import AsTensor

__all__ = ["AsTensor", "Limits", "RemoteObject", "Usage", "Worker", "WorkerPool"]
