"""One mistake costs once: what each known mistake costs, in its own check and in others."""

import statistics
from collections import defaultdict
from pathlib import Path

import pytest

from grader.authoring.bench import Bench
from grader.authoring.bugs import COMPONENTS
from grader.authoring.tape import PUBLIC_SEED, REFERENCE, record
from grader.outcomes import Status
from grader.tape import Header, Tape, write

TABLE = Path(__file__).with_name("costs.txt")
HEAD = "component    caught by    check  how     mistakes  least  median  most"
SAMPLED = 100

LEFT_OPEN = {"1.1": "1.2", "1.3": "1.4"}
"""A backward cannot be checked where its forward does not run."""

BUGS = {c.name: [bug for bug in c.bugs() if not bug.equivalent] for c in COMPONENTS}
SAMPLES = [(name, bug) for name, bugs in BUGS.items() for bug in bugs[::SAMPLED]]


@pytest.fixture(scope="session")
def public_tape(tmp_path_factory):
    """What the reference gives with the public seed."""
    path = tmp_path_factory.mktemp("costs") / "tape.npz"
    write(path, Header((PUBLIC_SEED,), "key", ""), record(REFERENCE, (PUBLIC_SEED,)))
    return Tape(path)


@pytest.fixture(scope="session")
def losses(pool, assignment, public_tape):
    """What a mistake costs: {check: (how, points)}, over all checks of the part that has it.

    `how` is 'failed', or 'open' for what could not be checked and earns nothing.
    """
    bench = Bench(REFERENCE, assignment, pool)
    right = {}

    def tried(files, part):
        trial = bench.run(files, public_tape, PUBLIC_SEED, lambda check: check[0] == part)
        return trial.checks

    def lost(bug):
        part = min(bug.caught_by)[0]
        if part not in right:
            right[part] = tried({}, part)
        return {
            check: (
                "failed" if got.status is Status.FAILED else "open",
                right[part][check].points - got.points,
            )
            for check, got in tried(bug.files, part).items()
            if got.status is not right[part][check].status  # some give no points at all
        }

    return lost


def misplaced(bug, cost):
    """The checks in which a mistake costs points, and should not."""
    allowed = {(check, "failed") for check in bug.caught_by}
    allowed |= {(LEFT_OPEN[check], "open") for check in bug.caught_by if check in LEFT_OPEN}
    return {check for check, (how, _) in cost.items() if (check, how) not in allowed}


def rows(component, bugs, losses):
    """The component's lines of the table, and the mistakes that cost points elsewhere."""
    points, strays = defaultdict(list), {}
    for bug in bugs:
        cost = losses(bug)
        if stray := misplaced(bug, cost):
            strays[bug.name] = stray
        for check, (how, lost) in cost.items():
            points[" ".join(sorted(bug.caught_by)), check, how].append(float(lost))
    lines = [
        f"{component:12s} {caught_by:12s} {check:6s} {how:6s} {len(lost):9d} "
        f"{min(lost):6.3f} {statistics.median(lost):7.3f} {max(lost):5.3f}"
        for (caught_by, check, how), lost in sorted(points.items())
    ]
    return lines, strays


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("component", BUGS)
def test_every_mistake_costs_what_the_table_says_and_nothing_elsewhere(component, losses, tmp_path):
    """No mistake costs points outside of its checks, and a change of costs shows in review."""
    measured, strays = rows(component, BUGS[component], losses)
    assert strays == {}
    fresh = tmp_path / "costs.txt"
    fresh.write_text("\n".join(measured) + "\n")
    written = [line for line in TABLE.read_text().splitlines() if line.startswith(component)]
    assert written == measured, f"if the new costs are meant, take the lines of {fresh}"


@pytest.mark.parametrize(("component", "bug"), SAMPLES, ids=[bug.name for _, bug in SAMPLES])
def test_a_mistake_costs_within_the_limits_of_the_table(component, bug, losses):
    """A sample of the mistakes costs points in their own checks, between least and most."""
    cost = losses(bug)
    assert misplaced(bug, cost) == set()
    assert {check for check, (how, _) in cost.items() if how == "failed"} == bug.caught_by
    limits = limits_of(component, bug.caught_by)
    for check, (how, lost) in cost.items():
        least, most = limits[check, how]
        assert least - 0.001 <= lost <= most + 0.001


def limits_of(component, caught_by):
    """Least and most points by (check, how), for mistakes of a component with these checks."""
    found = {}
    for line in TABLE.read_text().splitlines()[1:]:
        words = line.split()
        checks, (check, how, _, least, _, most) = words[1:-6], words[-6:]
        if words[0] == component and set(checks) == caught_by:
            found[check, how] = float(least), float(most)
    return found


def test_the_table_is_of_all_components():
    """Every component with mistakes has lines, under the head."""
    head, *lines = TABLE.read_text().splitlines()
    assert head == HEAD
    assert {line.split()[0] for line in lines} == set(BUGS)
