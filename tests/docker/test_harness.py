"""The simulator of the platform's harness, run as an ordinary process under a temporary root."""

import ast
import importlib.util
import json
import os
import signal
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

HARNESS = Path(__file__).parents[2] / "docker/harness.py"
RESULTS = {"score": 1.5, "output": "fine", "tests": [{"name": "a", "score": 1.5, "output": "o"}]}
DEADLINE = 60.0


@pytest.fixture(scope="module")
def harness():
    """The script as a module, for its parts."""
    spec = importlib.util.spec_from_file_location("harness", HARNESS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Container:
    """A container's folders, and the harness as its main command."""

    def __init__(self, folder):
        self.root = folder / "autograder"
        self.incoming = folder / "in"
        self.outgoing = folder / "out"
        self.cgroup = folder / "cgroup"
        (self.incoming / "submission").mkdir(parents=True)
        (self.incoming / "submission_metadata.json").write_text('{"id": 7}')
        for made in (self.root, self.cgroup):
            made.mkdir()

    def autograder(self, lines, mode=0o755):
        """Install a run_autograder of these lines of bash."""
        path = self.root / "run_autograder"
        path.write_text(f"#!/usr/bin/env bash\n{lines}\n")
        path.chmod(mode)

    def prints(self, text):
        """Install a run_autograder that leaves this text as results.json."""
        (self.root / "prepared").write_text(text)
        self.autograder("cat prepared > results/results.json")

    def run(self, **variables):
        """Run to the end; the record."""
        finished = self.start(**variables)
        assert finished.returncode == 0, finished.stderr
        return json.loads((self.outgoing / "record.json").read_text())

    def start(self, **variables):
        """Run to the end; the finished process."""
        environment = {
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(self.root),
            "HARNESS_IN": str(self.incoming),
            "HARNESS_OUT": str(self.outgoing),
            "HARNESS_CGROUP": str(self.cgroup),
            **variables,
        }
        return subprocess.run(
            [sys.executable, HARNESS],
            env=environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )

    def end_what_is_left(self):
        """End the processes whose ids the run wrote down in `pids`."""
        written = self.root / "pids"
        for line in written.read_text().split() if written.exists() else ():
            try:
                os.kill(int(line), signal.SIGKILL)
            except ProcessLookupError:
                continue


@pytest.fixture
def container(tmp_path):
    """Folders with metadata, an empty submission, and a run_autograder that grades."""
    made = Container(tmp_path)
    made.prints(json.dumps(RESULTS))
    yield made
    made.end_what_is_left()


def test_python_38_can_read_it():
    """The script is in the language of the oldest base image's Python."""
    tree = ast.parse(HARNESS.read_text(), feature_version=(3, 8))
    assert ast.get_docstring(tree)


def test_it_is_a_program():
    """The script may be run, and its first line names the system's python3."""
    assert HARNESS.stat().st_mode & 0o111
    assert HARNESS.read_text().startswith("#!/usr/bin/env python3\n")


def test_a_graded_run(container):
    """Valid results are kept as they are, with the exit status and the time."""
    record = container.run()
    assert record["outcome"] == "graded"
    assert record["results"] == RESULTS
    assert (record["exit_status"], record["reason"], record["leftover"]) == (0, "", [])
    assert record["seconds"] > 0
    assert json.loads((container.outgoing / "results.raw").read_text()) == RESULTS


def test_folders_are_wiped(container):
    """What lay in submission/ and results/ is gone at the start; results/ is 0755."""
    for name in ("submission", "results"):
        (container.root / name / "deep").mkdir(parents=True)
        (container.root / name / "deep/old").write_text("old")
    (container.root / "results/results.json").write_text(json.dumps(RESULTS))
    container.autograder("find submission results; stat -c %a results")
    record = container.run()
    assert record["stdout"].split() == ["submission", "results", "results/stdout", "755"]
    assert record["outcome"] == "lost"


@pytest.mark.parametrize("link", [True, False])
def test_what_is_no_folder_is_replaced(container, link):
    """A link or file in the place of results/ is removed, and no link is followed."""
    outside = container.root.parent / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    if link:
        (container.root / "results").symlink_to(outside)
    else:
        (container.root / "results").write_text("a file")
    assert container.run()["outcome"] == "graded"
    assert [path.name for path in outside.iterdir()] == ["kept"]
    assert not (container.root / "results").is_symlink()


def test_metadata_is_readable_by_all(container):
    """The metadata are copied, whatever their mode was, and everyone may read them."""
    (container.incoming / "submission_metadata.json").chmod(0o600)
    container.run()
    written = container.root / "submission_metadata.json"
    assert written.read_text() == '{"id": 7}'
    assert stat.S_IMODE(written.stat().st_mode) == 0o644


def test_no_metadata(container):
    """Without metadata none are there, not even those of the run before."""
    (container.root / "submission_metadata.json").write_text("old")
    (container.incoming / "submission_metadata.json").unlink()
    assert container.run()["outcome"] == "graded"
    assert not (container.root / "submission_metadata.json").exists()


def test_metadata_before_the_files(container):
    """When the files cannot be fetched, the metadata are there already, and the run is lost."""
    (container.incoming / "submission").rmdir()
    (container.incoming / "submission").write_text("no folder")
    record = container.run()
    assert (container.root / "submission_metadata.json").exists()
    assert record["outcome"] == "lost"
    assert "could not be fetched" in record["reason"]
    assert record["exit_status"] is None


def test_files_lose_their_exec_bits(container):
    """Files are copied at any depth without exec bits or setuid; folders can be entered."""
    source = container.incoming / "submission"
    (source / "a/b").mkdir(parents=True)
    for name in ("run.sh", "a/b/tool"):
        (source / name).write_text(name)
        (source / name).chmod(0o4755)
    container.run()
    for name in ("run.sh", "a/b/tool"):
        copy = container.root / "submission" / name
        assert copy.read_text() == name
        assert stat.S_IMODE(copy.stat().st_mode) == 0o644
    assert os.access(container.root / "submission/a/b", os.X_OK)


def test_links_and_pipes(container):
    """A link is copied as a link, and a pipe, which would hang the copying, is left out."""
    source = container.incoming / "submission"
    (source / "link").symlink_to("/nowhere")
    os.mkfifo(source / "pipe")
    container.run()
    assert (container.root / "submission/link").readlink() == Path("/nowhere")
    assert not (container.root / "submission/pipe").exists()


def test_nothing_was_handed_in(container):
    """Without any file the submission is an empty folder."""
    (container.incoming / "submission").rmdir()
    assert container.run()["outcome"] == "graded"
    assert list((container.root / "submission").iterdir()) == []


def test_uploaded_archive(container):
    """A zip is unpacked below submission/, without exec bits and without following its paths."""
    with zipfile.ZipFile(container.incoming / "upload.zip", "w") as archive:
        for name in ("a/run.sh", "../../outside", "/absolute"):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, name)
    container.run()
    submission = container.root / "submission"
    files = sorted(path for path in submission.rglob("*") if path.is_file())
    assert [path.relative_to(submission).as_posix() for path in files] == [
        "a/run.sh",
        "absolute",
        "outside",
    ]
    assert [path.stat().st_mode & 0o111 for path in files] == [0, 0, 0]


def test_upload_that_is_no_archive(container):
    """An upload that is no zip stays one file, for the grader to say so."""
    (container.incoming / "upload.zip").write_text("no zip")
    assert container.run()["outcome"] == "graded"
    assert (container.root / "submission/upload.zip").read_text() == "no zip"


def test_damaged_archive(container):
    """A zip with damaged contents loses the run."""
    upload = container.incoming / "upload.zip"
    with zipfile.ZipFile(upload, "w") as archive:
        archive.writestr("a.py", "x = 1")
    upload.write_bytes(upload.read_bytes().replace(b"x = 1", b"x = 2"))
    record = container.run()
    assert record["outcome"] == "lost"
    assert "could not be fetched" in record["reason"]


def test_archive_that_would_fill_the_disk(harness, tmp_path, monkeypatch):
    """A zip that unpacks to more than the simulator's bound is not unpacked."""
    monkeypatch.setattr(harness, "_LARGEST_UPLOAD", 1 << 20)
    with zipfile.ZipFile(tmp_path / "upload.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes((1 << 20) + 1))
    (tmp_path / "target").mkdir()
    with pytest.raises(harness.Lost, match="would fill 1 MB"):
        harness._unpack(tmp_path / "upload.zip", tmp_path / "target")
    assert list((tmp_path / "target").iterdir()) == []


def test_folder_and_variables(container):
    """run_autograder runs in the root, with the limit and every other variable."""
    container.autograder('pwd; echo "$TIMEOUT_SECONDS $TOKEN"')
    record = container.run(TIMEOUT_SECONDS="77", TOKEN="secret")
    assert record["stdout"].split() == [str(container.root), "77", "secret"]


def test_the_graders_own_account(container):
    """What run_autograder leaves where the harness says is in the record, as it is."""
    lines = (container.root / "run_autograder").read_text()
    container.autograder(lines + """printf '{"a": "ä"}' > "$GRADER_OUTCOMES"; ls results""")
    record = container.run()
    assert record["outcomes"] == '{"a": "ä"}'
    assert record["results"] == RESULTS
    assert record["stdout"].split() == ["results.json", "stdout"]


def test_the_account_is_closed_to_others(container):
    """The folder that it lies in is the harness's alone."""
    container.autograder('stat -c %a "$(dirname "$GRADER_OUTCOMES")"')
    assert container.run()["stdout"] == "700\n"


@pytest.mark.parametrize(
    "line",
    [
        "true",
        'mkdir "$GRADER_OUTCOMES"',
        'mkfifo "$GRADER_OUTCOMES"',
        'ln -s nowhere "$GRADER_OUTCOMES"',
        'truncate -s 33M "$GRADER_OUTCOMES"',
    ],
)
def test_no_account(container, line):
    """An older image leaves none; what is no ordinary file, or too large, counts as none."""
    container.outgoing.mkdir()
    (container.outgoing / "outcomes.json").write_text("of another run")
    container.autograder(line)
    assert container.run()["outcomes"] == ""


def test_an_account_that_is_no_text(container):
    """Bytes that are no UTF-8 are replaced: whoever reads it decides."""
    container.autograder(r"""printf 'a\xff' > "$GRADER_OUTCOMES" """)
    assert container.run()["outcomes"] == "a\ufffd"


def test_usual_limit(container):
    """Without a limit in the environment it is 600 s, and run_autograder is told."""
    container.autograder('echo "$TIMEOUT_SECONDS"')
    assert container.run()["stdout"] == "600\n"


@pytest.mark.parametrize("limit", ["soon", "0", "-1", "nan", "inf", ""])
def test_limit_that_is_none(container, limit):
    """A time limit that is no positive number is refused, and nothing is recorded."""
    finished = container.start(TIMEOUT_SECONDS=limit)
    assert finished.returncode == 1
    assert "TIMEOUT_SECONDS" in finished.stderr
    assert not (container.outgoing / "record.json").exists()


def test_no_input(container):
    """run_autograder reads the end of its input at once."""
    container.autograder("cat; echo end")
    assert container.run()["stdout"] == "end\n"


def test_merged_output(container):
    """Both streams go to results/stdout in the order they were written, and to the record."""
    container.autograder("echo one; echo two >&2; echo three")
    record = container.run()
    assert record["stdout"] == "one\ntwo\nthree\n"
    assert (container.root / "results/stdout").read_text() == record["stdout"]


def test_output_that_is_no_text(container):
    """Bytes that are no UTF-8 are replaced in the record."""
    container.autograder(r"printf 'a\xff\x00b'")
    assert container.run()["stdout"] == "a\ufffd\x00b"


def test_time_out(container):
    """On time-out the run has score 0 without tests, in the record and in results.json."""
    container.autograder("echo $$ > pids; exec sleep 600")
    record = container.run(TIMEOUT_SECONDS="0.3")
    assert (record["outcome"], record["exit_status"]) == ("timed-out", None)
    assert "0.3 s" in record["reason"]
    assert "timed out" in record["results"].pop("output")
    assert record["results"] == {"score": 0}
    assert json.loads((container.root / "results/results.json").read_text())["score"] == 0


@pytest.mark.slow  # all lines of the script have to run before the time is up
def test_time_out_kills_the_direct_child_only(container):
    """What the direct child has started lives on and is named; its finished results are lost."""
    container.autograder(
        "cat prepared > results/results.json; echo begun\n"
        "sleep 600 & echo $! > pids; echo $$ > direct; wait"
    )
    record = container.run(TIMEOUT_SECONDS="5")
    assert record["leftover"] == ["sleep"]
    os.kill(int((container.root / "pids").read_text()), 0)  # still there
    with pytest.raises(ProcessLookupError):
        os.kill(int((container.root / "direct").read_text()), 0)
    assert record["results"]["score"] == 0
    assert json.loads((container.outgoing / "results.raw").read_text()) == RESULTS
    assert record["stdout"] == "begun\n"


def test_not_executable(container):
    """A run_autograder without the exec bit loses the run."""
    container.autograder("true", mode=0o644)
    record = container.run()
    assert record["outcome"] == "lost"
    assert "not executable" in record["reason"]
    assert record["results"]["score"] == 0
    assert record["results"]["output"].startswith("The autograder failed to execute correctly")


@pytest.mark.parametrize(
    ("first", "cause"),
    [("#!/bin/bash\r", "CRLF"), ("#!/no/such/shell", "interpreter"), ("echo", "no first line")],
)
def test_bad_first_line(container, first, cause):
    """CRLF, a missing interpreter or no #! line loses the run, with the likely cause."""
    path = container.root / "run_autograder"
    path.write_bytes(f"{first}\nexit 0\n".encode())
    record = container.run()
    assert record["outcome"] == "lost"
    assert cause in record["reason"]


def test_env_with_crlf(container):
    """Where env finds no such interpreter, there are no results, and stdout tells why."""
    (container.root / "run_autograder").write_bytes(b"#!/usr/bin/env bash\r\nexit 0\r\n")
    record = container.run()
    assert (record["outcome"], record["exit_status"]) == ("lost", 127)
    assert "bash" in record["stdout"]


def test_no_program(container):
    """An image without run_autograder loses the run."""
    (container.root / "run_autograder").unlink()
    assert "not there" in container.run()["reason"]


def test_no_results(container):
    """A run that writes no results.json is lost, and no raw file of an older run is left."""
    container.run()
    container.autograder("true")
    record = container.run()
    assert record["outcome"] == "lost"
    assert "there is no" in record["reason"]
    assert not (container.outgoing / "results.raw").exists()


@pytest.mark.parametrize("make", ["mkdir", "mkfifo", "ln -s nowhere"])
def test_results_that_are_no_file(container, make):
    """A folder, a pipe or a dangling link in results.json's place counts as no results."""
    container.autograder(f"{make} results/results.json")
    assert "there is no" in container.run()["reason"]


def test_exit_status_with_valid_results(container):
    """A non-zero exit with valid results is submitted, with the status."""
    container.autograder("cat prepared > results/results.json; exit 3")
    record = container.run()
    assert (record["outcome"], record["exit_status"]) == ("graded", 3)
    assert record["results"] == RESULTS


def test_killed_by_a_signal(container):
    """A run_autograder that was killed has the signal's number, negative, as status."""
    container.autograder("kill -9 $$")
    assert container.run()["exit_status"] == -signal.SIGKILL


def test_background_writer_comes_too_late(container):
    """Results are read right after the child's end; what is written later counts nothing."""
    container.autograder(
        "(while [ ! -e go ]; do sleep 0.05; done; cat prepared > results/results.json) &\n"
        "echo $! > pids"
    )
    record = container.run()
    assert record["outcome"] == "lost"
    assert record["leftover"]
    (container.root / "go").touch()


def test_background_writer_in_the_middle(container):
    """What a background process has half written is read as it is, and the run is lost."""
    container.autograder(
        "(printf '{\"score\": 1' > results/results.json; touch half; exec sleep 600) &\n"
        "echo $! > pids; while [ ! -e half ]; do sleep 0.05; done"
    )
    record = container.run()
    assert record["outcome"] == "lost"
    assert (container.outgoing / "results.raw").read_text() == '{"score": 1'


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "empty"),
        (" \n", "empty"),
        ('{"score": 1, "tests": [', "cannot be read"),
        ('{"score": NaN}', "NaN"),
        ('{"score": 1, "tests": [{"score": Infinity}]}', "Infinity"),
        ('{"score": 1, "extra_data": {"a": [-Infinity]}}', "-Infinity"),
        ('{"score": 1e999}', "too large"),
        ("[]", "list"),
        ('"text"', "str"),
        ('{"output": ["a"]}', "output"),
        ('{"output": null}', "output"),
        ('{"tests": [{}, {"output": 1}]}', "tests[1]"),
        ('{"tests": {}}', "tests"),
        ('{"tests": [1]}', "tests"),
        ("\ufeff{}", "BOM"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_results_that_lose_the_run(harness, text, cause):
    """Each fault that costs the whole run is named."""
    with pytest.raises(harness.Lost) as lost:
        harness.kept(text.encode())
    assert cause in str(lost.value)


def test_bytes_that_are_no_text(harness):
    """A results.json in another encoding loses the run."""
    with pytest.raises(harness.Lost):
        harness.kept('{"output": "ä"}'.encode("latin-1"))


@pytest.mark.parametrize("document", [{}, {"score": 14, "tests": [{"max_score": 1}]}])
def test_little_is_demanded(harness, document):
    """Fields that are not there or out of range lose nothing: lint's matter, not the harness's."""
    assert harness.kept(json.dumps(document).encode()) == document


def test_nul_is_passed_through(container):
    """A NUL in a text is neither removed nor a reason to lose the run."""
    container.prints(json.dumps({"score": 0, "output": "a\x00b"}))
    assert container.run()["results"]["output"] == "a\x00b"


def test_long_texts_lose_their_middle(container):
    """stdout, the output and each test's output are cut to 100 000 characters."""
    text = "a" * 60_000 + "ä" * 60_000
    test = {"name": text, "output": text}
    container.prints(json.dumps({"score": 0, "output": text, "tests": [test]}, ensure_ascii=False))
    lines = (container.root / "run_autograder").read_text()
    container.autograder(lines + "cat prepared")
    record = container.run()
    expected = "a" * 50_000 + "ä" * 50_000
    assert record["results"]["output"] == expected
    assert record["results"]["tests"] == [{"name": text, "output": expected}]
    assert len(record["stdout"]) == 100_000
    assert record["stdout"].startswith('{"score": 0')
    assert record["stdout"].endswith('"}]}')


@pytest.mark.parametrize("size", [99_999, 100_000, 100_001, 500_000, 3_000_000])
def test_log_of_any_size(harness, tmp_path, size):
    """A log keeps its first and last characters, however long it is."""
    path = tmp_path / "stdout"
    path.write_text("<" + "€" * (size - 2) + ">")
    text = harness._head_and_tail(path)
    assert len(text) == min(size, 100_000)
    assert (text[0], text[-1]) == ("<", ">")


def test_a_former_record_is_removed(container):
    """A harness that cannot start a run leaves no record of another behind."""
    container.run()
    finished = container.start(AUTOGRADER_ROOT="/dev/null/autograder")
    record = json.loads((container.outgoing / "record.json").read_text())
    assert finished.returncode == 0
    assert record["outcome"] == "lost"
    assert record["stdout"] == ""


def test_memory_of_version_1(container):
    """Peak and limit come from the files of cgroup v1; kills count from the start."""
    folder = container.cgroup / "memory"
    folder.mkdir()
    (folder / "memory.max_usage_in_bytes").write_text(f"{300 << 20}\n")
    (folder / "memory.limit_in_bytes").write_text(f"{768 << 20}\n")
    (folder / "memory.oom_control").write_text("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n")
    (folder / "memory.stat").write_text("rss 7\ntotal_rss 104857600\ntotal_shmem 1048576\n")
    container.autograder(f"printf 'under_oom 0\\noom_kill 5\\n' > {folder}/memory.oom_control")
    record = container.run()
    assert record["peak_mb"] == 300
    assert record["peak_anon_mb"] == 101
    assert record["memory_limit_mb"] == 768
    assert record["oom_kills"] == 2


def test_memory_of_version_2(container):
    """Peak, limit and kills come from the files of cgroup v2."""
    folder = container.cgroup
    (folder / "memory.peak").write_text(f"{300 << 20}\n")
    (folder / "memory.max").write_text(f"{768 << 20}\n")
    (folder / "memory.events").write_text("low 0\nmax 12\noom 1\noom_kill 1\n")
    (folder / "memory.stat").write_text("anon 104857600\nfile 99\nshmem 1048576\n")
    record = container.run()
    assert (record["peak_mb"], record["peak_anon_mb"]) == (300, 101)
    assert (record["memory_limit_mb"], record["oom_kills"]) == (768, 0)


@pytest.mark.parametrize(
    ("name", "limit"),
    [("memory/memory.limit_in_bytes", "9223372036854771712"), ("memory.max", "max")],
)
def test_no_limit(container, name, limit):
    """Where memory is not limited, the limit is null, in either version's spelling."""
    (container.cgroup / "memory").mkdir()
    (container.cgroup / name).write_text(limit)
    assert container.run()["memory_limit_mb"] is None


def test_memory_is_unknown(container):
    """Without a cgroup every figure is null."""
    record = container.run()
    figures = ("peak_mb", "peak_anon_mb", "memory_limit_mb", "oom_kills")
    assert [record[name] for name in figures] == [None] * 4


def test_the_largest_sample_is_kept(harness, tmp_path, monkeypatch):
    """The peak of what cannot be dropped stays when memory is given back."""
    monkeypatch.setattr(harness, "_SAMPLE_SECONDS", 0.01)
    table = tmp_path / "memory.stat"
    table.write_text(f"anon {80 << 20}\nshmem 0\n")
    memory = harness.Memory(tmp_path)
    with memory:
        deadline = time.monotonic() + DEADLINE
        while memory.figures()["peak_anon_mb"] is None and time.monotonic() < deadline:
            time.sleep(0.01)
        table.write_text(f"anon {20 << 20}\nshmem 0\n")
        time.sleep(0.2)
    assert memory.figures()["peak_anon_mb"] == 80


def test_stopped_from_outside(container):
    """A container's stop signal ends the harness at once, as process 1 would not by itself."""
    container.autograder("echo $$ > pids; touch begun; exec sleep 600")
    process = subprocess.Popen(
        [HARNESS],
        env={
            "PATH": os.environ["PATH"],
            "AUTOGRADER_ROOT": str(container.root),
            "HARNESS_IN": str(container.incoming),
            "HARNESS_OUT": str(container.outgoing),
        },
    )
    deadline = time.monotonic() + DEADLINE
    while not (container.root / "begun").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.terminate()
    assert process.wait(timeout=DEADLINE) == 128 + signal.SIGTERM
    assert not (container.outgoing / "record.json").exists()
