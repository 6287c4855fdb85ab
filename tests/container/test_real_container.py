"""Submissions graded in real containers of the platform's default size: 0.5 CPU, 768 MB."""

import re
import zipfile

import pytest

from grader.authoring import bundle, samples
from grader.authoring.gradescope import site

pytestmark = pytest.mark.slow

SIZE_MB = 768
LARGEST_PEAK_MB = 450


def sound(record):
    """Nothing that the platform would lose, nothing left running; gives the tests by number."""
    assert (record.outcome, record.exit_status) == ("graded", 0), record.stdout
    assert site.complaints(record) == []
    assert record.leftover == ()
    assert not record.results["extra_data"].get("placeholder"), record.stdout
    return {test["number"]: test for test in record.results["tests"]}


@pytest.mark.timeout(900)
def test_the_complete_submission(run):
    """Full marks, fully isolated, in less memory than the container has by far."""
    record = run("complete")
    tests = sound(record)
    assert record.results["score"] == sum(test["max_score"] for test in tests.values())
    extra = record.results["extra_data"]
    assert extra["isolation"]["level"] == "full"
    assert extra["container"]["limit_mb"] == record.memory_limit_mb == SIZE_MB
    assert 0 < extra["container"]["peak_mb"] <= record.peak_mb
    assert 0 < extra["seconds"]["used"] < extra["seconds"]["allowed"] == 600
    assert record.peak_anon_mb <= LARGEST_PEAK_MB
    assert record.oom_kills == 0
    assert extra["late"]["status"] == "on-time"


@pytest.mark.timeout(900)
def test_private_images_travel_with_the_bundle(run):
    """Staff are told of the gap between the two sets; students see nothing of it."""
    record = run("complete")
    sound(record)
    assert "private ones. Honest networks differ by less" in record.stdout
    assert "private" not in str(site.student(record))


@pytest.mark.timeout(900)
def test_the_template_earns_nothing(run):
    """Every check says that it is not started, and none is the grader's fault."""
    record = run("template")
    tests = sound(record)
    assert record.results["score"] == 0
    graded = [test for test in tests.values() if test["max_score"]]
    assert {test["extra_data"]["reason"] for test in graded} <= {"not-started", "missing-file"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "name", ["writes-results", "reads-the-environment", "reads-the-labels", "leaves-a-daemon"]
)
def test_attacks_get_what_they_must(run, name):
    """Each check that the attack is about has the outcome that it has on any machine."""
    expected = samples.expected(f"attacks/{name}")
    record = run(f"attacks/{name}")
    tests = sound(record)
    for number in expected.only:
        verdict, test = expected.checks.get(number, expected.default), tests[number]
        assert test["extra_data"]["outcome"] in verdict.statuses, test["output"]
        assert not verdict.reasons or test["extra_data"]["reason"] in verdict.reasons
    assert sum(tests[number]["score"] for number in expected.only) == float(expected.points)
    assert "a-token-that-no-submission-may-read" not in str(record.results)


@pytest.fixture
def everywhere(tmp_path):
    """The complete submission with one text in place of every file of code."""

    def make(text):
        folder = tmp_path / "everywhere"
        with zipfile.ZipFile(samples.assemble_zip("complete", tmp_path)) as archive:
            archive.extractall(folder)
        for path in folder.rglob("*.py"):
            path.write_text(text)
        return folder

    return make


@pytest.mark.timeout(900)
def test_where_everything_hangs_there_is_a_result_in_time(run, everywhere):
    """Every check has an outcome that says that time was the reason, before the time-out."""
    record = run(everywhere("while True:\n    pass\n"), seconds=150)
    tests = sound(record)
    assert record.results["score"] == 0
    assert record.seconds < 150
    reasons = {test["extra_data"]["reason"] for test in tests.values() if test["max_score"]}
    assert reasons <= {"time-limit", "out-of-time", "missing-file"}
    assert "time-limit" in reasons


BOMB = """
class ReLU:
    def forward(self, x):
        kept = []
        while True:
            kept.append(bytearray(1 << 20))

    def backward(self, dout):
        self.forward(dout)
"""


@pytest.mark.timeout(900)
def test_a_memory_bomb_costs_its_check_alone(run, tmp_path):
    """The check says how much memory there was; all the others have their points."""
    folder = tmp_path / "bomb"
    with zipfile.ZipFile(samples.assemble_zip("complete", tmp_path)) as archive:
        archive.extractall(folder)
    (folder / "part1-convnet/modules/relu.py").write_text(BOMB)
    tests = sound(run(folder))
    assert tests["1.5"]["extra_data"]["reason"] == "memory-limit"
    assert re.search(r"\b(600|768) MB\b", tests["1.5"]["output"])
    lost = {number for number, test in tests.items() if test["score"] < test["max_score"]}
    assert lost == {"1.5"}


@pytest.mark.timeout(900)
def test_a_changed_check_is_one_small_layer(build, built, archive, tmp_path):
    """Only the grader's own layer is built again: the environment comes from the cache."""
    with zipfile.ZipFile(archive) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    files["grader/checks/check_archive.py"] += b"# another line\n"
    changed = tmp_path / "changed.zip"
    changed.write_bytes(bundle.zipped(files))
    lines = build(changed)
    steps = [index for index, line in enumerate(lines) if line.startswith("Step ")]
    cached = {
        lines[index].split(" : ", 1)[1]: "Using cache" in "".join(lines[index:following])
        for index, following in zip(steps, [*steps[1:], len(lines)])
    }
    again = [step for step, known in cached.items() if not known]
    again = [step for step in again if not step.startswith(("ARG", "FROM"))]
    assert again == [
        "COPY grader /autograder/source/grader",
        "RUN /autograder/source/setup.sh",
        "WORKDIR /autograder",
    ]
