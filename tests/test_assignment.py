"""assignment.toml."""

from fractions import Fraction

import pytest

from grader.assignment import DEFAULT, Leaderboard, load
from grader.errors import ConfigurationError


def test_the_packaged_file_has_the_courses_points():
    """Part 1 gives 7 points, Part 2 gives 5 and 2, Part 3 none in this cohort."""
    parts = {part.number: part.points for part in load().parts}
    assert parts == {"1": 7, "2": 7, "3": 0}


def test_thresholds_are_those_of_the_course():
    """The own model is held against 0.5 and 0.8."""
    assignment = load()
    assert assignment.threshold("mymodel_partial") == 0.5
    assert assignment.threshold("mymodel_full") == 0.8


def test_points_are_exact():
    """Decimal points in the file become exact fractions."""
    assert load().core_share == Fraction(4, 5)


def test_a_part_may_live_in_anothers_folder():
    """Part 3's files lie in Part 2's folder."""
    assert load().part_of("3.1").folder == "part2-pytorch"
    assert load().part_of("1.1").folder == "part1-convnet"


def test_a_number_without_a_part_is_a_configuration_error():
    """A check whose number starts with no part's number is refused."""
    with pytest.raises(ConfigurationError, match=r"9\.1"):
        load().part_of("9.1")


@pytest.mark.parametrize("text", ["not toml [", "title = 'x'", "title = 'x'\nparts = 3"])
def test_a_broken_file_is_named(tmp_path, text):
    """A file that cannot be used gives its path and one to compare it with."""
    path = tmp_path / "a.toml"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"a\.toml.*assignment\.toml"):
        load(path)


def test_another_file_replaces_the_packaged_one(tmp_path):
    """A course's own copy with other figures is used as it is."""
    path = tmp_path / "mine.toml"
    path.write_text(DEFAULT.read_text().replace("mymodel_full = 0.8", "mymodel_full = 0.7"))
    assert load(path).threshold("mymodel_full") == 0.7


def test_a_rate_limit_may_be_set(tmp_path):
    """The packaged file has none; a course's own may set one, or leave the table out."""
    assert load().rate_limit.submissions == 0
    text = DEFAULT.read_text(encoding="utf-8")
    path = tmp_path / "assignment.toml"
    path.write_text(text.replace("submissions = 0 ", "submissions = 3 "), encoding="utf-8")
    assert str(load(path).rate_limit) == "3 submissions within 24 hours"
    table = text[text.index("[rate_limit]") : text.index("[limits]")]
    path.write_text(text.replace(table, ""), encoding="utf-8")
    assert load(path).rate_limit.submissions == 0


@pytest.mark.parametrize("table", ["rate_limit = 3", "rate_limit = { submissions = -1 }"])
def test_a_rate_limit_that_cannot_be_meant_is_a_configuration_error(tmp_path, table):
    """It is told when the file is read, not when the first student submits too often."""
    text = DEFAULT.read_text(encoding="utf-8")
    old = text[text.index("[rate_limit]") : text.index("[limits]")]
    path = tmp_path / "assignment.toml"
    path.write_text(f"{table}\n{text.replace(old, '')}", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"\[rate_limit\]"):
        load(path)


def test_what_is_ranked_may_be_set(tmp_path):
    """Without a table, as packaged, the accuracy is ranked; a course may choose otherwise."""
    text = DEFAULT.read_text(encoding="utf-8")
    table = text[text.index("[leaderboard]") : text.index("[focal_loss]")]
    path = tmp_path / "assignment.toml"
    path.write_text(text.replace(table, ""), encoding="utf-8")
    assert load(path).leaderboard == load().leaderboard == Leaderboard(True, False)
    path.write_text(text.replace("parameters = false", "parameters = true"), encoding="utf-8")
    assert load(path).leaderboard == Leaderboard(True, True)


@pytest.mark.parametrize("entry", ["speed = true", "accuracy = 1", 'parameters = "yes"'])
def test_what_cannot_be_ranked_is_a_configuration_error(tmp_path, entry):
    """Another entry, or one that is neither true nor false, is told when the file is read."""
    text = DEFAULT.read_text(encoding="utf-8")
    old = text[text.index("[leaderboard]") : text.index("[focal_loss]")]
    path = tmp_path / "assignment.toml"
    path.write_text(text.replace(old, f"[leaderboard]\n{entry}\n\n"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"\[leaderboard\]"):
        load(path)


def test_the_points_of_all_parts():
    """A submission can get the points of all parts together."""
    assert load().max_points == 14


def test_a_level_of_isolation_may_be_demanded(tmp_path):
    """Without the entry nothing is demanded; the packaged file demands some isolation."""
    assert load().demanded_isolation == "degraded"
    text = DEFAULT.read_text(encoding="utf-8")
    path = tmp_path / "assignment.toml"
    path.write_text(text.replace('demand = "degraded"', ""), encoding="utf-8")
    assert load(path).demanded_isolation == "none"


@pytest.mark.parametrize("entry", ['demand = "fully"', 'level = "full"'])
def test_an_unknown_demand_is_a_configuration_error(tmp_path, entry):
    """A demand that is misspelt must not mean that nothing is demanded."""
    text = DEFAULT.read_text(encoding="utf-8")
    path = tmp_path / "assignment.toml"
    path.write_text(text.replace('demand = "degraded"', entry), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="full"):
        load(path)
