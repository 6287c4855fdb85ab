"""What fits a run, and what does not."""

from fractions import Fraction

import pytest
from making import Failure, record

from grader.authoring.classroom import shapes


@pytest.fixture
def run():
    """A run that fits."""
    facts = {"accuracy": 0.5, "parameters": 7, "thresholds": [0.5], "images": 10, "other": {"a": 1}}
    return record("x", failing={"1.1": Failure()}, facts={"2.8": facts}).run


def test_a_run_that_fits(run):
    """Whole numbers may stand for others, and facts of any kind for those that are only shown."""
    run.wall_seconds = 9
    run.late = {"status": "late", "days": 2, "due": None}
    shapes.demand_run(run)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tape_seed", 1.5),
        ("tape_seed", True),
        ("wall_seconds", False),
        ("wall_seconds", float("nan")),
        ("wall_seconds", float("inf")),
        ("peak_mb", 1 << 60),
        ("complete", 1),
        ("error", None),
        ("notes", "one"),
        ("notes", [1]),
        ("container", {"limit_mb": "much"}),
        ("part_titles", {1: "one"}),
        ("penalty", 0.5),
        ("penalty", Fraction(-1, 2)),
        ("penalty", Fraction(3, 2)),
        ("late", {"days": 1.5}),
        ("isolation", {"summary": {1, 2}}),
        ("checks", [7]),
    ],
)
def test_a_field_that_does_not_fit(run, name, value):
    """The field's name is in the sentence."""
    setattr(run, name, value)
    with pytest.raises(ValueError, match=name.rstrip("s")):
        shapes.demand_run(run)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parameters", [7]),
        ("accuracy", "high"),
        ("thresholds", [None]),
        ("thresholds", 0.5),
        ("images_predicted", 1.5),
        ("other", float("nan")),
    ],
)
def test_a_fact_that_cannot_be_computed_with(run, name, value):
    """What the report computes with must be a number; nothing at all may be no number of JSON."""
    run.checks[15].facts[name] = value
    with pytest.raises(ValueError, match="facts"):
        shapes.demand_run(run)


def test_nesting_has_an_end(run):
    """Facts nested more deeply than any of ours are refused, those of ours not."""
    deep = {}
    run.checks[0].facts = deep
    for _ in range(10):
        deep["inner"] = [{}]
        deep = deep["inner"][0]
    with pytest.raises(ValueError, match="nested too deeply"):
        shapes.demand_run(run)
    run.checks[0].facts = {"one": [{"two": [{"three": 3}]}]}
    shapes.demand_run(run)


def test_no_case_has_more_than_it_is_worth(run):
    """Points above a case's own are refused."""
    run.checks[0].cases[0].points = run.checks[0].cases[0].max_points + 1
    with pytest.raises(ValueError, match=r"a case of 1\.1 has more points"):
        shapes.demand_run(run)


@pytest.mark.parametrize(
    ("text", "value"), [("0", 0), ("7/4", Fraction(7, 4)), ("14", 14), ("0/1", 0)]
)
def test_points(text, value):
    """A whole number, or two with a stroke."""
    assert shapes.points(text) == value


@pytest.mark.parametrize(
    "value", ["", "/", "1/", "/2", "1/0", "-1", "0.5", "1e9", " 1", "1/2/3", "9" * 80, 1, None]
)
def test_what_is_no_points(value):
    """Anything else is refused, exponents and endless numbers above all."""
    with pytest.raises(ValueError, match="no points"):
        shapes.points(value)
