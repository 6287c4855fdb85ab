"""Hostile submissions gain nothing, harm nobody and leave nothing behind.

Each is graded as root, whose workers are other users, and as an ordinary user, whose
workers are the same one and are held by Landlock and seccomp alone.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from grader.authoring import samples
from grader.authoring.descriptions import ATTACKS
from grader.authoring.samples import ROOT
from grader.exporters import lint
from grader.outcomes import from_json
from tests.hostile.workplace import Workplace, changes

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the layers are Linux's")

QUICK = frozenset(
    f"{ATTACKS}/{name}"
    for name in (
        "breaks-the-frames",
        "forges-answers",
        "locks-the-grader-out",
        "patches-numpy",
        "reads-the-reference",
        "writes-results",
    )
)
OPEN = ("system calls", "files", "user")
SUCCEED_WITHOUT_LAYERS = (
    "imports-the-grader",
    "reads-its-neighbours",
    "reads-proc",
    "reads-the-labels",
    "reads-the-metadata",
    "reads-the-reference",
    "reads-the-tape",
    "reads-the-tests",
)
ORDINARY_USERS = range(30_000, 40_000)  # no two test runs at once are likely to be the same one


def users() -> list[str]:
    """Who can grade here: root can be anybody, anybody else only themselves."""
    return ["root", "ordinary user"] if os.geteuid() == 0 else ["ordinary user"]


@pytest.fixture(scope="module")
def workplace_of():
    """Give a function that gives the workplace of a user; its grader serves all tests."""
    opened = {}

    def give(user):
        if user not in opened:
            opened[user] = Workplace(uid_of(user)).__enter__()
        return opened[user]

    yield give
    for place in opened.values():
        place.__exit__()


def uid_of(user: str) -> int:
    """The number of the user who grades."""
    if user == "ordinary user" and os.geteuid() == 0:
        return ORDINARY_USERS[os.getpid() % len(ORDINARY_USERS)]
    return os.geteuid()


@pytest.mark.parametrize("user", users())
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name in QUICK else pytest.mark.slow, id=name.split("/")[1])
        for name in samples.attacks()
    ],
)
def test_attack(name, user, workplace_of):
    """The honest part keeps its points, the attacked one gets none, and nothing is left."""
    place = workplace_of(user)
    expected = samples.expected(name).graded_by(place.uid)
    archive = place.assemble(name)
    before = place.traces()
    answer = place.grade(archive, expected.only, samples.describe(name).pace.seconds)
    run = from_json(answer["run"])
    assert [str(difference) for difference in expected.mismatches(run)] == []
    assert run.complete
    assert {check.number for check in run.checks} >= set(expected.only)
    assert lint.validate(answer["results"]) == []
    assert json.loads(place.results.read_text(encoding="utf-8")) == answer["results"]
    assert answer["left"] == []
    assert answer["standing"][0] == answer["standing"][1]
    assert changes(before, place.traces()) == []


@pytest.fixture(scope="module")
def open_workplace():
    """A workplace of an ordinary user's whose workers are hardly held at all."""
    with Workplace(uid_of("ordinary user"), without=OPEN) as place:
        yield place


@pytest.mark.slow
@pytest.mark.parametrize("name", SUCCEED_WITHOUT_LAYERS)
def test_theft_succeeds_where_nothing_prevents_it(name, open_workplace):
    """The attacks that want to read are real ones: without the layers they gain points."""
    expected = samples.expected(f"{ATTACKS}/{name}")
    archive = open_workplace.assemble(f"{ATTACKS}/{name}")
    run = from_json(open_workplace.grade(archive, expected.only, None)["run"])
    assert run.points > expected.points


@pytest.mark.parametrize("user", users())
def test_honest_code_in_the_same_place(user, workplace_of):
    """What hostile submissions fail in costs honest code nothing."""
    place = workplace_of(user)
    only = ("1.5", "1.6", "2.3", "2.9")
    archive = place.assemble("complete")
    before = place.traces()
    run = from_json(place.grade(archive, only, None)["run"])
    assert [check.number for check in run.checks if check.points != check.max_points] == []
    assert {check.number for check in run.checks} == set(only)
    assert changes(before, place.traces()) == []


def test_nothing_is_copied_from_the_reference():
    """An attack holds only files that differ from the reference's."""
    for name in samples.attacks():
        folder = Path(ROOT, "submissions", name)
        for path in folder.rglob("*"):
            original = ROOT / "reference" / path.relative_to(folder)
            if path.is_file() and original.is_file():
                assert path.read_bytes() != original.read_bytes(), f"{path} is a copy"
