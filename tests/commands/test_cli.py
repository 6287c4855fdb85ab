"""The command line, as its users call it."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

import pytest

from grader import cli
from grader.exporters.lint import validate
from grader.outcomes import Status, from_json


def only_first_line(text):
    """The one line that an error leaves on standard error."""
    lines = [line for line in text.splitlines() if line.startswith("grader:")]
    assert len(lines) == 1
    return lines[0]


def test_help_needs_no_heavy_import():
    """`grader --help` imports neither numpy nor torch nor pytest."""
    code = (
        "import sys; from grader import cli\n"
        "try: cli.run(['--help'])\n"
        "except SystemExit: pass\n"
        "sys.exit(bool({'numpy', 'torch', 'pytest', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0
    assert b"grade one submission" in done.stdout


def test_the_grading_process_never_imports_torch(submit):
    """A whole grading leaves torch out of the process that decides."""
    code = (
        "import sys; from grader import cli\n"
        f"cli.run(['check', {str(submit())!r}, '--only', '1.5'])\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_grade_writes_results_and_outcomes(submit, tmp_path, capsys):
    """`grade` prints a table, and writes Gradescope's JSON and the neutral model."""
    results, outcomes = tmp_path / "results.json", tmp_path / "outcomes.json"
    arguments = ["grade", str(submit()), "--results", str(results), "--outcomes", str(outcomes)]
    assert cli.run(arguments) == 0
    document = json.loads(results.read_text())
    assert validate(document) == []
    run = from_json(json.loads(outcomes.read_text()))
    assert run.complete
    assert sum(check.points for check in run.checks if check.part == "1") == 7
    assert document["score"] == float(run.score)
    printed = capsys.readouterr()
    assert "1.1" in printed.out
    assert "1.1" in printed.err


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.zip", None, "nothing.zip"),
        ("empty.zip", b"", "zip"),
        ("text.zip", b"hello", "not a zip"),
        ("notes.txt", b"hello", "not a zip"),
    ],
)
def test_unusable_input_is_one_sentence(tmp_path, capsys, name, content, words):
    """What cannot be graded gives status 2 and says why; results.json says so too."""
    path, results = tmp_path / name, tmp_path / "results.json"
    if content is not None:
        path.write_bytes(content)
    assert cli.run(["grade", str(path), "--results", str(results)]) == 2
    assert words in capsys.readouterr().out
    document = json.loads(results.read_text())
    assert validate(document) == []
    assert document["score"] == 0
    assert words in document["output"]


def test_a_zip_without_the_homework_is_unusable(tmp_path, capsys):
    """An archive with none of the parts names the files that were looked for."""
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("hello.py", "print(1)")
    assert cli.run(["grade", str(tmp_path / "other.zip")]) == 2
    assert "convolution.py" in capsys.readouterr().out


def test_check_says_by_its_status_whether_something_failed(submit, capsys):
    """`check` gives 0 when nothing failed, 1 when something did, 2 when nothing can be checked."""
    assert cli.run(["check", str(submit()), "--part", "1"]) == 0
    assert "Gradescope's default container" in capsys.readouterr().out
    broken = submit({"modules/relu.py": "class ReLU:\n    pass\n"})
    assert cli.run(["check", str(broken), "--part", "1"]) == 1
    assert cli.run(["check", str(broken), "--only", "1.6"]) == 0
    assert cli.run(["check", str(broken / "nowhere")]) == 2


def test_graders_own_problems_are_told_apart(submit, tmp_path, capsys):
    """A broken tape is status 2, and results.json does not blame the student."""
    bad, results = tmp_path / "bad.npz", tmp_path / "results.json"
    bad.write_bytes(b"broken")
    arguments = ["grade", str(submit()), "--tape", str(bad), "--results", str(results)]
    assert cli.run(arguments) == 2
    assert "grader tape" in only_first_line(capsys.readouterr().err)
    document = json.loads(results.read_text())
    assert validate(document) == []
    assert "not your fault" in document["output"]
    assert str(bad) not in document["output"]
    assert any("bad.npz" in note for note in document["extra_data"]["staff_notes"])


def test_metadata_decides_lateness(submit, tmp_path):
    """A late submission is marked, from the platform's dates; garbage metadata costs nothing."""
    metadata, results = tmp_path / "metadata.json", tmp_path / "results.json"
    dates = {"due_date": "2024-02-19T23:59:00.000000-05:00"}
    metadata.write_text(
        json.dumps(
            {
                "created_at": "2024-02-25T12:00:00.000000-05:00",
                "users": [{"assignment": dates}],
                "assignment": dates,
            }
        )
    )
    arguments = ["grade", str(submit()), "--metadata", str(metadata), "--results", str(results)]
    assert cli.run([*arguments, "--seconds", "60"]) == 0
    document = json.loads(results.read_text())
    assert "late" in document["output"].lower()
    assert document["extra_data"]["late"]["status"] == "late"
    metadata.write_text("{")
    assert cli.run([*arguments, "--seconds", "60"]) == 0
    assert validate(json.loads(results.read_text())) == []


def test_doctor_reports_versions_data_and_isolation(capsys):
    """`doctor` lists packages, the tape, the data and what locks up a worker."""
    assert cli.run(["doctor"]) == 0
    text = capsys.readouterr().out
    for word in ("numpy", "torch", "tape", "practice", "isolation"):
        assert word in text


def test_doctor_names_what_is_missing(capsys, monkeypatch):
    """A missing package is named with the command that installs it."""
    monkeypatch.setattr("grader.commands.doctor.NEEDED", ("numpy", "no-such-package"))
    assert cli.run(["doctor"]) == 2
    assert "pip install no-such-package" in capsys.readouterr().out


def test_samples_are_listed_and_assembled(tmp_path, capsys):
    """`sample` lists the sample submissions, and assembles one as a zip or a folder."""
    assert cli.run(["sample"]) == 0
    assert "complete" in capsys.readouterr().out.split()
    assert cli.run(["sample", "missing-part", "-o", str(tmp_path / "a.zip")]) == 0
    assert zipfile.is_zipfile(tmp_path / "a.zip")
    assert cli.run(["sample", "missing-part", "-o", str(tmp_path / "folder")]) == 0
    assert list((tmp_path / "folder").rglob("relu.py"))


def test_the_committed_tape_is_current(capsys):
    """The public tape is what the reference and the checks give now."""
    assert cli.run(["tape", "--check"]) == 0, capsys.readouterr().out


def test_a_stale_tape_is_found(tmp_path, reference_dir, capsys):
    """A reference that computes something else makes the tape out of date."""
    changed = tmp_path / "reference"
    shutil.copytree(reference_dir, changed, ignore=shutil.ignore_patterns("*.npz", "__pycache__"))
    relu = changed / "part1-convnet" / "modules" / "relu.py"
    relu.write_text(relu.read_text().replace("np.maximum(x, 0)", "np.maximum(x, 1)"))
    assert cli.run(["tape", "--check", "--reference", str(changed)]) == 1
    assert "another reference" in capsys.readouterr().out


def test_a_reference_that_fails_makes_no_tape(tmp_path, reference_dir, capsys):
    """A reference that does not pass its own checks is refused."""
    changed = tmp_path / "reference"
    shutil.copytree(reference_dir, changed, ignore=shutil.ignore_patterns("*.npz", "__pycache__"))
    (changed / "part1-convnet" / "modules" / "relu.py").write_text("raise ValueError('broken')")
    out = tmp_path / "tape.npz"
    assert cli.run(["tape", "--reference", str(changed), "-o", str(out)]) == 2
    assert "does not pass 1.5" in only_first_line(capsys.readouterr().err)
    assert not out.exists()


def test_a_secret_tape_has_seeds_of_its_own(tmp_path, submit):
    """Two secret tapes differ, and grade the same submission alike."""
    seeds = set()
    for name in ("a.npz", "b.npz"):
        assert cli.run(["tape", "--secret", "--no-hints", "-o", str(tmp_path / name)]) == 0
        out = tmp_path / "outcomes.json"
        arguments = ["check", str(submit()), "--part", "1", "--tape", str(tmp_path / name)]
        assert cli.run([*arguments, "--outcomes", str(out)]) == 0
        run = from_json(json.loads(out.read_text()))
        assert {check.status for check in run.checks} == {Status.PASSED}
        seeds.add(run.tape_seed)
    assert len(seeds) == 2


DAEMON = """
import os, signal, time
try:
    if os.fork() == 0:
        os.setsid()
except OSError:
    pass  # refused, where workers may start no process
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
time.sleep(1000)
"""


@pytest.fixture
def open_folder():
    """An empty folder that workers, who are other users, may pass through."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def working_in(folder):
    """The processes whose working directory lies in `folder`, removed ones included."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str((entry / "cwd").readlink()).startswith(str(folder)):
                found.append(entry.name)
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_consistent_files(submit, tmp_path, open_folder, monkeypatch, number):
    """Ctrl-C, SIGTERM and SIGHUP end with status 130, valid files, no process, nothing staged."""
    folder = submit({"modules/max_pool.py": DAEMON})
    results = tmp_path / "results.json"
    monkeypatch.setenv("TMPDIR", str(open_folder))
    command = [sys.executable, "-m", "grader", "grade", str(folder), "--results", str(results)]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        for line in running.stderr:
            if b" 1.2 " in line:
                break
        time.sleep(0.5)  # the code that the next check imports never returns
        running.send_signal(number)
        _, errors = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130, errors
    assert b"interrupted" in errors
    document = json.loads(results.read_text())
    assert validate(document) == []
    scores = {test["number"]: test["score"] for test in document["tests"]}
    assert scores["1.1"] == 1.25
    assert scores["1.8"] == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
    assert list(open_folder.iterdir()) == []
    assert working_in(open_folder) == []


def test_images_that_cannot_be_read_stop_a_check(submit, capsys):
    """A mistyped --data is said at once, with the path."""
    assert cli.run(["check", str(submit()), "--data", "nowhere.npz"]) == 2
    assert "nowhere.npz" in only_first_line(capsys.readouterr().err)


def test_a_crash_of_the_grader_reaches_staff(submit, tmp_path, monkeypatch):
    """What nobody expected leaves a valid result that names it for staff, and is raised."""
    results = tmp_path / "results.json"

    def crash(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("grader.commands.grade.grade", crash)
    with pytest.raises(OSError, match="No space"):
        cli.run(["grade", str(submit()), "--results", str(results)])
    document = json.loads(results.read_text())
    assert validate(document) == []
    assert "not your fault" in document["output"]
    assert any("No space" in note for note in document["extra_data"]["staff_notes"])
