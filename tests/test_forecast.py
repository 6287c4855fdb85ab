"""What a run measured here will take on Gradescope."""

from fractions import Fraction

import pytest

from grader.forecast import add_to_facts, forecast, slowdown, wall_seconds_per_cpu_second
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status

ADVICE = "Fewer convolutions help."


def check(number="1.1", cpu=1.0, peak_mb=100.0, **other):
    """A check that used CPU seconds and megabytes; it may use 10 and has advice."""
    values = {"advice": ADVICE, "cpu_limit": 10.0, "cpu_seconds": cpu, "peak_mb": peak_mb, **other}
    return CheckOutcome(number, number[0], f"Task {number}: words", Fraction(1), **values)


@pytest.fixture
def predict(assignment):
    """Forecast a run of checks, on a machine `faster` times as fast as the nominal one."""

    def go(*checks, faster=1.0, **run):
        nominal = assignment.limits.calibration_seconds
        graded = Run("HW", "s", checks=list(checks), **{"peak_mb": 70.0, **run})
        return forecast(graded, assignment, lambda: nominal / faster)

    return go


def test_half_a_cpu_takes_twice_as_long(predict):
    """Each CPU second here is two of wall time there, and starting counts as well."""
    base = predict(check(cpu=0))
    assert predict(check(cpu=5)).seconds - base.seconds == pytest.approx(10)
    assert base.seconds > 5


def test_memory_is_the_largest_worker_and_what_lies_beside_it(predict):
    """Workers follow one another: the largest counts, with the grader and the zygotes."""
    small, large = check("1.1", peak_mb=100), check("1.2", peak_mb=250)
    assert predict(small, large).memory_mb == predict(large).memory_mb
    assert 250 + 70 < predict(large).memory_mb < 250 + 70 + 100
    assert predict(large).largest is large


def test_a_faster_machine_promises_nothing(predict):
    """Seconds of a fast machine are more in the container; those of a slow one are not less."""
    assert predict(check(cpu=5), faster=2).seconds > 1.9 * predict(check(cpu=5)).seconds
    assert predict(check(cpu=5), faster=0.5).seconds == predict(check(cpu=5)).seconds


def test_the_fastest_of_several_measurements_counts(assignment):
    """How much slower the container is goes by what this machine can do, never below 1."""
    nominal = assignment.limits.calibration_seconds
    noisy = iter([nominal, nominal / 4, nominal / 2])
    assert slowdown(assignment, lambda: next(noisy)) == pytest.approx(4)
    assert slowdown(assignment, lambda: 3 * nominal) == 1


def test_more_than_one_cpu_helps_no_single_process(assignment, monkeypatch):
    """Half a CPU doubles the time; four leave it as it is."""
    assert wall_seconds_per_cpu_second(assignment) == 2
    monkeypatch.setitem(assignment.table["container"], "cpus", 4)
    assert wall_seconds_per_cpu_second(assignment) == 1


def test_fewer_images_are_scaled_up(predict, assignment):
    """An accuracy on a tenth of the images takes ten times as long there."""
    images = assignment.table["container"]["images"]
    facts = {"images_predicted": images // 10, "seconds_per_image": 0.001}
    measured = check(cpu=1.0, facts=facts, cpu_limit=240.0)
    expected = 2 * images * 9 / 10 * 0.001
    grown = predict(measured).seconds - predict(check(cpu=1.0)).seconds
    assert grown == pytest.approx(expected)
    all_of_them = check(cpu=1.0, facts={**facts, "images_predicted": images})
    assert predict(all_of_them).seconds == predict(check(cpu=1.0)).seconds


def test_no_check_takes_more_than_it_may(predict):
    """A check is stopped at its limit there, too."""
    facts = {"images_predicted": 10, "seconds_per_image": 1.0}
    assert predict(check(facts=facts)).slowest_seconds == pytest.approx(20)


def test_another_assignment_may_have_no_images(predict, assignment, monkeypatch):
    """Without a number of images nothing is scaled."""
    monkeypatch.delitem(assignment.table["container"], "images")
    facts = {"images_predicted": 10, "seconds_per_image": 1.0}
    assert predict(check(facts=facts)).seconds == predict(check()).seconds


def test_what_fits(predict):
    """A small run fits, and says about how much of what it takes, with margin."""
    text = predict(check(cpu=1.5, peak_mb=100)).text()
    assert "about 10 s of 600 s (with margin 15 s)" in text
    assert "230 MB of 768 MB (with margin 264 MB): this fits." in text
    assert "Slowest: 1.1 Task 1.1, about 3.0 s." in text
    assert ADVICE not in text


def test_a_slow_check_gets_its_advice(predict):
    """Advice comes where a check uses much of its own limit, and from the slowest only."""
    slow = check("1.2", cpu=3, advice="Loop less.")
    text = predict(check("1.1", cpu=0.1), slow).text()
    assert "Slowest: 1.2 Task 1.2, about 6.0 s. Loop less." in text
    assert ADVICE not in text
    assert "this fits" in text


def test_too_slow(predict):
    """Where the time with its margin is above the limit, the slowest check says what helps."""
    found = predict(*[check(f"1.{i}", cpu=9.5, cpu_limit=100) for i in range(1, 25)])
    assert (found.late, found.big) == (True, False)
    assert found.seconds < found.limit_seconds
    assert "this may not fit." in found.text()
    assert found.text().count(ADVICE) == 1


def test_too_large(predict):
    """Where the memory is too much, the largest check says what helps."""
    small = check("1.1", cpu=1.0, advice="")
    found = predict(small, check("2.8", cpu=0.1, peak_mb=600))
    assert (found.late, found.big) == (False, True)
    assert "this may not fit." in found.text()
    assert f"Most memory: 2.8 Task 2.8. {ADVICE}" in found.text()


def test_accuracies_without_images_are_not_included(predict):
    """The forecast names the checks that it knows nothing about, and how to include them."""
    no_data = CaseOutcome("accuracy", "core", Fraction(1), Status.UNCHECKED, reason="no-data")
    open_checks = [check(number, cases=[no_data]) for number in ("2.5", "2.6", "2.8")]
    text = predict(check(), *open_checks).text()
    assert "Not included: the accuracies of 2.5, 2.6 and 2.8" in text
    assert "--data practice" in text
    assert "the accuracies of 2.5, for" in predict(open_checks[0]).text()
    assert "Not included" not in predict(check()).text()


def test_a_selection_is_no_whole_run(predict):
    """Where checks were left out, the forecast says that it is of these alone."""
    assert "these checks alone" in predict(check(), left_out=["1.2"]).text()
    assert "alone" not in predict(check()).text()


def test_a_run_without_checks(predict):
    """Nothing ran, so nothing is the slowest."""
    found = predict()
    assert found.slowest is None
    assert "Slowest" not in found.text()


MEASURED = {"images": 1000, "images_predicted": 1000, "seconds_per_image": 0.001}


@pytest.fixture
def container(assignment):
    """What a check of 2.0 CPU seconds and 200 MB is told to take in the container."""

    def go(faster=1.0, cpu_limit=100.0, **facts):
        nominal = assignment.limits.calibration_seconds
        one = check(cpu=2.0, peak_mb=200.0, cpu_limit=cpu_limit, facts={**MEASURED, **facts})
        run = Run("HW", "s", checks=[one, check("1.2")], peak_mb=70.0)
        add_to_facts(run, assignment, lambda: nominal / faster)
        assert "container" not in run.checks[1].facts
        return one.facts.get("container")

    return go


def test_a_check_is_told_what_it_takes_in_the_container(container, assignment):
    """Time for all images there at half a CPU, memory with what lies beside, and both limits."""
    images = assignment.table["container"]["images"]
    found = container()
    assert found["seconds"] == pytest.approx(2 * (2.0 + (images - 1000) * 0.001))
    assert found["memory_mb"] == pytest.approx(200 + 70 + 60)
    assert (found["limit_seconds"], found["limit_mb"]) == (200, 768)
    assert (found["cpus"], found["images"]) == (0.5, images)
    assert container(faster=2)["seconds"] == pytest.approx(2 * found["seconds"])


def test_a_network_that_is_too_slow_is_told_all_that_it_would_take(container):
    """Unlike the whole run's forecast, this one does not end at the check's limit."""
    found = container(images=10_000, images_predicted=100, seconds_per_image=0.1, cpu_limit=10.0)
    assert found["seconds"] == pytest.approx(2 * (2.0 + 9900 * 0.1))
    assert found["limit_seconds"] == 20


def test_private_images_are_not_what_a_network_takes(container):
    """Their time is staff's, and no student's budget."""
    assert container(private_cpu_seconds=1.0)["seconds"] == container()["seconds"] - 2.0


def test_without_a_container_or_images_there_is_nothing_to_tell(container, assignment, monkeypatch):
    """An assignment may describe no container, and a check may have predicted nothing."""
    assert container(images_predicted=0) is None
    monkeypatch.delitem(assignment.table, "container")
    assert container() is None
