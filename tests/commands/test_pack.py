"""`grader pack`, as students call it."""

import re
import zipfile

import pytest

from grader import cli
from grader.authoring import samples
from grader.commands import pack
from grader.intake import Limits
from grader.rehearsal import Rehearsal


@pytest.fixture
def say(capsys):
    """Run `grader pack` with arguments: status, and both outputs with their blanks made single."""

    def run(*arguments):
        status = cli.run(["pack", *map(str, arguments)])
        out, err = capsys.readouterr()
        return status, " ".join(out.split()), " ".join(err.split())

    return run


@pytest.fixture
def complete(tmp_path):
    """A folder with all that is graded."""
    return samples.assemble("complete", tmp_path)


@pytest.fixture
def untried(monkeypatch):
    """Leave out what is tried on the archive, which takes seconds; the seen may be set."""
    seen = Rehearsal()
    monkeypatch.setattr(pack, "rehearse", lambda *_: seen)
    return seen


def test_a_whole_submission(complete, tmp_path, say):
    """The report has files, sizes, what was loaded, the content's hash and the next step."""
    (complete / "notes.txt").write_text("private")
    out = tmp_path / "new" / "hw2.zip"
    status, text, _ = say(complete, "-o", out)
    assert status == 0
    with zipfile.ZipFile(out) as archive:
        names = archive.namelist()
    assert "part1-convnet/modules/relu.py" in names
    assert "notes.txt" not in names
    assert re.search(r"hw2\.zip: \d\.\d MB, \d+ files", text)
    assert "part2-pytorch:" in text
    assert re.search(r"checkpoints/mymodel\.pth 1\.\d MB", text)
    assert re.search(r"modules/relu\.py 1 kB", text)
    assert re.search(r"Left out, because it is not graded: .*`notes\.txt`", text)
    loaded = "checkpoints/twolayernet.pth, checkpoints/vanillacnn.pth, checkpoints/mymodel.pth"
    assert f"Loaded as it will be for grading: {loaded}" in text
    assert re.search(r"SHA-256 [^:]*: [0-9a-f]{64} Next: upload", text)
    assert "Warning" not in text


def test_reasons_leave_an_older_archive_alone(complete, tmp_path, say):
    """Two reasons are numbered; what lies at the output stays; the status is 1."""
    out = tmp_path / "hw2.zip"
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("old", "older hand-in")
    before = out.read_bytes()
    (complete / "part2-pytorch/checkpoints/twolayernet.pth").unlink()
    checkpoint = complete / "part2-pytorch/checkpoints/vanillacnn.pth"
    checkpoint.write_bytes(checkpoint.read_bytes()[:1000])
    status, text, reasons = say(complete, "-o", out)
    assert (status, text) == (1, "")
    assert "1. Part 2: PyTorch lacks `checkpoints/twolayernet.pth`" in reasons
    assert "2. `vanillacnn.pth` is cut off or damaged" in reasons
    assert "add --force" in reasons
    assert "older archive" in reasons
    assert out.read_bytes() == before


def test_weights_of_another_network(complete, tmp_path, say):
    """A checkpoint that belongs to other code is refused with the first difference."""
    model = complete / "part2-pytorch/models/cnn.py"
    text = model.read_text()
    assert "kernel_size=7" in text
    model.write_text(text.replace("kernel_size=7", "kernel_size=6"))
    status, _, reasons = say(complete, "-o", tmp_path / "hw2.zip")
    assert status == 1
    assert "`vanillacnn.pth` belongs to another architecture than your VanillaCNN" in reasons
    assert not (tmp_path / "hw2.zip").exists()


def test_unfinished_work_is_packed_with_warnings(submit, tmp_path, say):
    """Part 1 alone needs --force, and says then what is missing."""
    folder, out = submit(), tmp_path / "hw2.zip"
    status, _, reasons = say(folder, "-o", out)
    assert status == 1
    assert "1. Part 2: PyTorch is not in the submission" in reasons
    assert " 2. " not in reasons
    assert not out.exists()
    status, text, _ = say(folder, "-o", out, "--force")
    assert status == 0
    assert zipfile.is_zipfile(out)
    assert "Warning: Part 2: PyTorch is not in the submission" in text


def test_a_pointer_is_said_once(complete, tmp_path, say):
    """What packing and loading both find is one reason."""
    pointer = "version https://git-lfs.github.com/spec/v1\n"
    (complete / "part2-pytorch/checkpoints/mymodel.pth").write_text(pointer)
    status, _, reasons = say(complete, "-o", tmp_path / "hw2.zip")
    assert status == 1
    assert reasons.count("Git LFS pointer") == 1
    assert " 2. " not in reasons


def test_above_the_limit_even_force_does_not_help(complete, tmp_path, say, monkeypatch, untried):
    """The largest files are named, nothing is tried or written, and --force is not offered."""
    monkeypatch.setattr(pack, "Limits", lambda archive_mb: Limits(archive_mb=1))
    for arguments in ([], ["--force"]):
        status, text, reasons = say(complete, "-o", tmp_path / "hw2.zip", *arguments)
        assert (status, text) == (1, "")
        assert "the limit is 1.0 MB; `part2-pytorch/checkpoints/twolayernet.pth` has" in reasons
        assert "trying" not in reasons
        assert "--force" not in reasons
    assert not (tmp_path / "hw2.zip").exists()


def test_what_could_not_be_verified_is_said_and_packed(complete, tmp_path, say, untried):
    """Without torch, say, the archive is written all the same."""
    untried.unverified["torch is missing"] = ["a.pth", "b.pth"]
    status, text, _ = say(complete, "-o", tmp_path / "hw2.zip")
    assert status == 0
    assert "Not verified here: a.pth, b.pth: torch is missing" in text
    assert "Loaded" not in text


def test_odd_files_are_noted(complete, tmp_path, say, untried):
    """A file in another encoding is noted, and no reason not to pack."""
    (complete / "part1-convnet/helpers.py").write_bytes("x = 'ä'".encode("latin-1"))
    status, text, _ = say(complete, "-o", tmp_path / "hw2.zip")
    assert status == 0
    assert "Note: `part1-convnet/helpers.py` is not UTF-8" in text


def test_nothing_but_notebooks(tmp_path, say):
    """A folder of notebooks is unusable, with the files that are graded."""
    (tmp_path / "hw2.ipynb").write_text("{}")
    status, _, reason = say(tmp_path)
    assert status == 2
    assert "`hw2.ipynb` is a notebook" in reason


def test_what_is_no_archive_is_not_overwritten(complete, say):
    """An output that would overwrite the input, or a file of another kind, is status 2."""
    for out in (complete, complete / "part2-pytorch/main.py"):
        status, _, reason = say(complete, "-o", out)
        assert status == 2
        assert "choose another name with -o" in reason
