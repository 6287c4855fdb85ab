"""A container for one grading: its limits, what goes in and comes out, and its end."""

import json

import pytest
from docker import errors
from urllib3.exceptions import ProtocolError

from grader.authoring.gradescope import container
from grader.authoring.gradescope.container import SIZES, NoRecord, Setting, Size
from grader.authoring.gradescope.engine import EngineError
from grader.authoring.wheel import ROOT
from grader.errors import UnusableSubmission

TAG = "convnet-grader"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """Waiting takes no time."""
    monkeypatch.setattr(container.time, "sleep", lambda _: None)


@pytest.fixture
def upload(tmp_path):
    """Something that was uploaded: it need not be a zip."""
    path = tmp_path / "anything.zip"
    path.write_bytes(b"uploaded")
    return path


@pytest.fixture
def grade(client, upload):
    """Grade it, or another path; what comes out. The container is gone in any case."""

    def go(path=upload, metadata=None, setting=None, waiting=lambda: None):
        try:
            return container.grade(client, TAG, path, metadata, setting or Setting(), waiting)
        finally:
            assert all(made.removed for made in client.made)

    return go


def test_the_platforms_sizes():
    """Four, by their processors, with the memory of each; the smallest one is the default."""
    memory = {name: size.memory_mb for name, size in SIZES.items()}
    assert memory == {"0.5": 768, "1": 1536, "2": 3072, "4": 6144}
    assert all(float(name) == size.cpus for name, size in SIZES.items())
    assert Setting() == Setting(Size(0.5, 768), "none", 600)


@pytest.mark.parametrize(("name", "quota"), [("0.5", 50_000), ("1", 100_000), ("4", 400_000)])
def test_sizes_are_real_limits(grade, client, name, quota):
    """A share of the processors, and memory without swap beside it."""
    grade(setting=Setting(SIZES[name]))
    options = client.made[0].options
    limit = f"{SIZES[name].memory_mb}m"
    assert (options["cpu_period"], options["cpu_quota"]) == (100_000, quota)
    assert (options["mem_limit"], options["memswap_limit"]) == (limit, limit)


@pytest.mark.parametrize(
    ("setting", "mode"), [(Setting(), "none"), (Setting(network="open"), "bridge")]
)
def test_no_network_unless_asked_for(grade, client, setting, mode):
    """The platform's is open, so it can be asked for."""
    grade(setting=setting)
    assert client.made[0].options["network_mode"] == mode


def test_the_time_out_is_in_the_environment(grade, client):
    """As on the platform, beside a secret that no submission may read."""
    grade(setting=Setting(seconds=77))
    environment = client.made[0].options["environment"]
    assert environment["TIMEOUT_SECONDS"] == "77"
    assert "SUBMISSION_TOKEN" in environment


def test_the_harness_runs_in_the_platforms_folder(grade, client):
    """By the system's Python, with the script that was sent."""
    grade()
    made = client.made[0]
    assert (made.image, made.command) == (TAG, ["/usr/bin/python3", "/gradescope/harness.py"])
    assert made.options["working_dir"] == "/autograder"
    assert made.inbox["/gradescope/harness.py"] == (ROOT / "docker/harness.py").read_bytes()
    assert not {"volumes", "mounts", "privileged", "cap_add"} & made.options.keys()


def test_an_upload_goes_in_packed(grade, client):
    """It may be hostile: it is unpacked in the container. Without metadata there is no file."""
    grade()
    assert client.made[0].inbox.keys() == {"/gradescope/harness.py", "/gradescope/in/upload.zip"}
    assert client.made[0].inbox["/gradescope/in/upload.zip"] == b"uploaded"


def test_a_folder_goes_in_file_by_file(grade, client, tmp_path):
    """With its names; what a link names is left out."""
    folder = tmp_path / "submission"
    (folder / "part1").mkdir(parents=True)
    (folder / "part1" / "ä b.py").write_text("x = 1")
    (folder / "link").symlink_to("/etc/passwd")
    (folder / "linked").symlink_to(tmp_path)
    grade(folder)
    names = client.made[0].inbox.keys() - {"/gradescope/harness.py"}
    assert names == {"/gradescope/in/submission/part1/ä b.py"}


def test_metadata_goes_in(grade, client):
    """As JSON, where the platform's own would come from; an empty object, too."""
    for document in ({"id": 7, "users": []}, {}):
        grade(metadata=document)
        sent = client.made[-1].inbox["/gradescope/in/submission_metadata.json"]
        assert json.loads(sent) == document


def test_the_record_and_the_raw_results_come_out(grade, client):
    """However the engine cuts them; results that are not there are empty."""
    client.files = {"record.json": b"r" * 5000, "results.raw": b"raw"}
    assert grade() == (b"r" * 5000, b"raw")
    del client.files["results.raw"]
    assert grade() == (b"r" * 5000, b"")


def test_waiting_is_heard_of(grade, client):
    """Once a look, while it runs."""
    heard = []
    client.periods = 3
    grade(waiting=lambda: heard.append(client.made[0].status))
    assert heard == ["running"] * 3


def test_no_record(grade, client):
    """The status and the last lines are in the sentence, clean."""
    client.files, client.state = {}, {"ExitCode": 3, "OOMKilled": False}
    client.said = b"".join(b"line %d\n" % number for number in range(50)) + b"\x1b[31mlast\xff\n"
    with pytest.raises(NoRecord) as caught:
        grade()
    said = str(caught.value)
    assert "left no record: the container ended with status 3. " in said
    assert said.endswith("line 49\nlast\ufffd")
    assert "line 30\n" not in said


def test_no_record_and_no_word(grade, client):
    """A harness that was killed for the memory says nothing: the engine knows why."""
    client.files, client.state = {}, {"ExitCode": 137, "OOMKilled": True}
    with pytest.raises(NoRecord, match="status 137 because its memory ran out") as caught:
        grade()
    assert str(caught.value).endswith("(none)")


def test_a_harness_that_does_not_end(grade, client, monkeypatch):
    """It is not waited for longer than the time-out and two minutes."""
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr(container.time, "monotonic", lambda: next(clock))
    client.periods = 1_000
    with pytest.raises(NoRecord, match="still running after 170 s"):
        grade(setting=Setting(seconds=50))
    assert client.made[0].looks == 2


@pytest.mark.parametrize("call", ["start", "reload", "get_archive"])
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.APIError("500", explanation="cannot set cpu quota"), "refuses: cannot set cpu"),
        (ProtocolError("Connection broken"), "has stopped answering"),
    ],
)
def test_an_engine_that_fails(grade, client, call, error, words):
    """At whichever point: it is a sentence, and the container is removed."""
    client.failures[call] = error
    with pytest.raises(EngineError, match=words):
        grade()
    assert len(client.made) == 1


def test_an_interrupt_removes_the_container(grade, client):
    """Ctrl-C while it runs ends it."""

    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(waiting=interrupt)
    assert client.made[0].removed


def test_a_container_that_somebody_else_removes(grade, client):
    """What is gone need not be removed: the record counts."""
    client.failures["remove"] = errors.NotFound("no such container")
    assert grade() == (b"{}", b"")


def test_no_image(client, upload):
    """How to build it is said, and nothing is made."""
    with pytest.raises(EngineError, match="no image none: build it with `grader image build`"):
        container.grade(client, "none", upload, None, Setting())
    assert client.made == []


def test_nothing_to_grade(grade, client, tmp_path):
    """The path is named; no container is made for it."""
    with pytest.raises(UnusableSubmission, match=r"nothing at .*none\.zip"):
        grade(tmp_path / "none.zip")
    assert client.made == []


def test_a_submission_that_cannot_be_read(grade, client, upload, monkeypatch):
    """What the system says is in the sentence."""

    def fail(path):
        raise PermissionError(13, "Permission denied", str(path))

    read = type(upload).read_bytes
    monkeypatch.setattr(
        type(upload), "read_bytes", lambda path: (fail if path == upload else read)(path)
    )
    with pytest.raises(UnusableSubmission, match=r"anything\.zip cannot be read \(Permission"):
        grade()
    assert client.made == []
