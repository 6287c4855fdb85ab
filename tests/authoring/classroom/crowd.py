"""A class that looks real: dozens of students with the mistakes that students make."""

from __future__ import annotations

import dataclasses
import hashlib
import math
import random
from fractions import Fraction
from typing import Any

from making import KINDS, SEED, Failure, record

from grader.authoring.classroom.records import Record, Student
from grader.checks.hints import convolution, pooling

FIRST = (
    "Ada",
    "Grace",
    "Alan",
    "Edsger",
    "Barbara",
    "Donald",
    "Frances",
    "Tony",
    "Radia",
    "Leslie",
    "Margaret",
    "Dennis",
    "Shafi",
    "Ken",
    "Adele",
    "Niklaus",
    "Katherine",
    "John",
    "Hedy",
    "Claude",
    "Sophie",
    "Émilie",
    "Søren",
    "Yun-Chih",
    "Oluwaseun",
)
LAST = (
    "Lovelace",
    "Hopper",
    "Turing",
    "Dijkstra",
    "Liskov",
    "Knuth",
    "Allen",
    "Hoare",
    "Perlman",
    "Lamport",
    "Hamilton",
    "Ritchie",
    "Goldwasser",
    "Thompson",
    "Goldberg",
    "Wirth",
    "Johnson",
    "Backus",
    "Lamarr",
    "Shannon",
    "Wilson",
    "Châtelet",
    "Kierkegaard",
    "Featherstonehaugh-Cholmondeley",
)
FULL, PARTIAL = 0.8, 0.5
WIDE_ONLY = ("tall input", "wide input")
TAIL = ("second call of one layer",)
RAISED = "Your code raised `IndexError: index 9 is out of bounds for axis 2 with size 9`."
CLOSE = "The accuracy is 38.90%; this needs more than 40%."
SLOW = "Stopped after 10 s of CPU time. Loops over images, channels and windows are enough."


def mistake(table, key, cases=(), message=Failure.message, output=True):
    """A failure by a known mistake, as the grader would word it."""
    family = table[key]
    see = f" (Handout: {family.see}.)" if family.see else ""
    hint = f"Likely mistake: {family.hint}{see}"
    return Failure(cases, "wrong", message, hint, ((key,),), output=key if output else "")


def a_class(count: int = 60, seed: int = 1) -> list[Record]:
    """A class that looks like one: the same for the same `seed`, with something of everything."""
    rng = random.Random(seed)
    return [_somebody(rng, index) for index in range(count)]


def _somebody(rng: random.Random, index: int) -> Record:
    """One submission: how good somebody is decides how many mistakes there are."""
    skill = min(max(rng.gauss(0.62, 0.24), 0.02), 1.0)
    tape_seed = SEED + rng.randrange(3)
    failing = {
        number: _seeded(rng.choice(known), tape_seed, rng)
        for number, known in MISTAKES.items()
        if rng.random() > skill + 0.05
    }
    if skill < 0.3:
        idle = Failure((), "not-started", "`SGD.update` is not started.", detail={"name": "SGD"})
        failing |= {"1.7": idle, "1.8": idle}
    facts = _network(rng, skill)
    accuracy = facts["accuracy"]
    low = [
        name for name, t in (("partial credit", PARTIAL), ("full credit", FULL)) if accuracy <= t
    ]
    if low:
        text = f"The accuracy is {accuracy:.2%}; this needs more than 80% of the test images."
        failing["2.8"] = Failure(tuple(low), "accuracy", text)
    run = {"tape_seed": tape_seed, "wall_seconds": round(rng.uniform(6, 40), 1)}
    if index % 19 == 7:
        text = "mymodel: only 31% of the predictions stay under noise of 2/255 (accuracy 91.0%)."
        run["flags"] = [{"check": "2.8", "kind": "noise", "text": text}]
    if index % 17 == 5:
        run |= _late(rng)
    times = {n: {"cpu_seconds": round(rng.lognormvariate(-2, 0.8), 3)} for n in KINDS}
    times["1.2"]["printed"] = "shape (2, 3, 9, 9)\n" if index % 5 == 0 else ""
    times["2.8"]["cpu_seconds"] = facts["cpu_seconds"] + 2
    people = [_name(rng) for _ in range(2 if index % 6 == 0 else 1)]
    return record(
        f"submission_{250_000_000 + 137 * index}",
        failing=failing,
        facts={"2.8": facts},
        checks=times,
        run=run,
        students=tuple(people),
        graded=index % 41 != 40,
        failure="" if index % 41 != 40 else "the worker was lost three times",
        seconds=round(rng.uniform(7, 45), 1),
    )


def _name(rng: random.Random) -> Student:
    first, last = rng.choice(FIRST), rng.choice(LAST)
    sid = f"{rng.randrange(10**9):09d}"
    return Student(f"{first} {last}", f"{first[0]}{last}{sid[:3]}@example.edu".lower(), sid)


def _seeded(failure: Failure, tape_seed: int, rng: random.Random) -> Failure:
    """The failure with the digest that its output has under a seed; now and then its own one."""
    if not failure.output:
        return failure
    own = str(rng.random()) if rng.random() < 0.1 else ""
    digest = hashlib.sha256(f"{failure.output}{tape_seed}{own}".encode()).hexdigest()[:12]
    return dataclasses.replace(failure, output=digest)


def _network(rng: random.Random, skill: float) -> dict[str, Any]:
    """Facts of an own network: larger ones are a little better, and slower."""
    parameters = int(10 ** rng.uniform(3.8, 6.9))
    flops = parameters * rng.uniform(2, 60)
    accuracy = 0.55 + 0.32 * skill + 0.03 * math.log10(parameters / 1e5) + rng.gauss(0, 0.05)
    accuracy = round(min(max(accuracy, 0.1), 0.94), 4)
    done = 10_000 if flops < 1.5e8 else int(10_000 * 1.5e8 / flops)
    return {
        "accuracy": round(accuracy * done / 10_000, 4),
        "parameters": parameters,
        "flops": int(flops),
        "cpu_seconds": round(2 + flops * done / 1.2e10, 2),
        "images": 10_000,
        "images_predicted": done,
        "thresholds": [PARTIAL, FULL],
        "archive_mb": 100,
        "checkpoint_bytes": 4 * parameters,
    }


def _late(rng: random.Random) -> dict[str, Any]:
    days = rng.randrange(3)
    late = {
        "status": "late" if days else "grace",
        "days": days,
        "created_at": f"2024-02-{20 + days}T13:{rng.randrange(10, 60)}:00-05:00",
        "due": "2024-02-19T23:59:00-05:00",
        "grace_until": "2024-02-21T23:59:00-05:00",
        "notice": "after the due date.",
    }
    return {"late": late, "penalty": Fraction(days, 5)}


MISTAKES = {
    "1.1": (
        mistake(convolution.FAMILIES, "conv-kernel-flipped"),
        mistake(convolution.FAMILIES, "conv-height-width-mixed", WIDE_ONLY),
        mistake(convolution.FAMILIES, "conv-one-filter", output=False),
        Failure(("padding 0",), "exception", RAISED),
    ),
    "1.2": (
        mistake(
            convolution.FAMILIES,
            "conv-mean",
            message="`dw`: every entry is 1/4 of what it should be.",
        ),
        mistake(convolution.FAMILIES, "conv-crop-zero-padding", ("padding 0",)),
        mistake(
            convolution.FAMILIES, "conv-db-axes", message="`db` has shape (4, 9), expected (4,)."
        ),
        mistake(convolution.FAMILIES, "conv-accumulates", TAIL),
        Failure((), "time-limit", SLOW),
    ),
    "1.3": (
        mistake(
            pooling.FAMILIES,
            "pool-average",
            message="`out`: all entries are wrong. What it looks like: the sum of each window.",
        ),
        mistake(pooling.FAMILIES, "pool-initial-zero", TAIL),
    ),
    "1.4": (
        mistake(pooling.FAMILIES, "pool-overwrite", WIDE_ONLY),
        mistake(pooling.FAMILIES, "pool-whole-window"),
        Failure((), "memory-limit", "More than 600 MB of memory."),
    ),
    "1.5": (Failure(("arguments left untouched",), "mutated", "`forward` writes to its input."),),
    "1.8": (Failure(("no momentum",), output="sgd"),),
    "2.1": (Failure(("two epochs",)), Failure()),
    "2.2": (Failure(("no gradients, no graph",), "graph", "The forward pass keeps its graph."),),
    "2.6": (Failure(("accuracy",), "accuracy", CLOSE),),
}
