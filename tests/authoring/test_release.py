"""What students download."""

import io
import stat
import subprocess
import zipfile

import pytest

from grader import cli
from grader.authoring import proofs, release
from grader.authoring.proofs import Proof
from grader.authoring.release import ReleaseError
from grader.authoring.template import Template
from grader.authoring.wheel import WheelError
from grader.commands import release as command
from grader.errors import GraderError

MADE = Template(
    {"README.md": b"the handout\n", "part1/layer.py": b"x = 1\n", "run.sh": b"#!/bin/sh\n"},
    executable=frozenset({"run.sh"}),
)
GRADER = "grader-1.0-py3-none-any.whl"
TITLE = "HW2: convolutional networks"


@pytest.fixture
def wheel(tmp_path):
    """Something in the place of a wheel."""
    path = tmp_path / GRADER
    path.write_bytes(b"wheel")
    return path


@pytest.fixture
def files(wheel):
    """The files of a small release."""
    return release.contents(MADE, wheel, TITLE)


@pytest.fixture
def run(wheel, monkeypatch, capsys):
    """Run `grader release` with these proofs; status and both outputs."""

    def call(out, *arguments, complaints=((),)):
        asked = []

        def guarantees(*_, quick):
            asked.append(quick)
            return [Proof(f"proof {k}", lambda c=c: list(c)) for k, c in enumerate(complaints)]

        monkeypatch.setattr(command.wheel, "build", lambda _: wheel)
        monkeypatch.setattr(command.template, "build", lambda _: MADE)
        monkeypatch.setattr(command.release, "guarantees", guarantees)
        status = cli.run(["release", "-o", str(out), *arguments])
        assert all(quick is ("--quick" in arguments) for quick in asked)
        return status, *capsys.readouterr()

    return call


def test_the_files(files):
    """Template, handout, wheel and sums, by these names."""
    assert list(files) == [
        "hw2-template.zip",
        "handout.md",
        "grader-1.0-py3-none-any.whl",
        "SHA256SUMS",
    ]
    assert files["handout.md"] == MADE.files["README.md"]
    assert files["grader-1.0-py3-none-any.whl"] == b"wheel"


def test_the_sums_can_be_checked(files, tmp_path):
    """`sha256sum --check` understands the list, and the list names all other files."""
    release.publish(tmp_path / "out", files)
    done = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"],
        cwd=tmp_path / "out",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.count(": OK") == len(files) - 1


def test_the_template_is_one_folder_in_a_zip(files):
    """Everything lies in a folder with the homework's name; programs can be run."""
    with zipfile.ZipFile(io.BytesIO(files["hw2-template.zip"])) as archive:
        modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
        assert archive.read("hw2/part1/layer.py") == b"x = 1\n"
    assert modes == {
        "hw2/README.md": 0o100644,
        "hw2/part1/layer.py": 0o100644,
        "hw2/run.sh": 0o100755,
    }


def test_the_same_template_the_same_bytes(files, wheel):
    """The order of files and the time of the day leave no trace."""
    turned = Template(dict(reversed(MADE.files.items())), executable=MADE.executable)
    assert release.contents(turned, wheel, TITLE) == files


@pytest.mark.parametrize(
    ("title", "name"),
    [(TITLE, "hw2"), ("Homework 3", "homework-3"), ("../Übung: x", "bung"), ("???", "homework")],
)
def test_short_names(title, name):
    """A title becomes a name that any file system takes."""
    assert release.short_name(title) == name


def test_without_a_handout(wheel):
    """A reference without README.md cannot be released."""
    with pytest.raises(ReleaseError, match=r"no README\.md"):
        release.contents(Template({"a.py": b""}), wheel, TITLE)


def test_published_for_all_to_read(files, tmp_path):
    """Folder and files can be read by everybody, and nothing is left beside them."""
    release.publish(tmp_path / "deep" / "out", files)
    (out,) = (tmp_path / "deep").iterdir()
    assert {path.name: path.read_bytes() for path in out.iterdir()} == files
    assert stat.S_IMODE(out.stat().st_mode) == 0o755
    assert {stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()} == {0o644}


@pytest.mark.parametrize("before", ["nothing", "empty", "release"])
def test_places_that_are_taken(files, tmp_path, before):
    """A new folder, an empty one, and an earlier release with other files."""
    out = tmp_path / "out"
    if before == "empty":
        out.mkdir()
    elif before == "release":
        release.publish(out, release.contents(MADE, tmp_path / GRADER, "HW1"))
        assert (out / "hw1-template.zip").exists()
    release.publish(out, files)
    assert {path.name for path in out.iterdir()} == set(files)


@pytest.mark.parametrize("damage", ["more", "changed", "folder", "link", "no sums", "a file"])
def test_places_that_are_refused(files, tmp_path, damage):
    """What no release left like this is not replaced: it is named, and stays."""
    out = tmp_path / "out"
    release.publish(out, files)
    if damage == "more":
        (out / "notes.txt").write_text("mine")
    elif damage == "changed":
        (out / "handout.md").write_text("with corrections")
    elif damage == "folder":
        (out / "solutions").mkdir()
    elif damage == "link":
        (out / "handout.md").rename(tmp_path / "handout.md")
        (out / "handout.md").symlink_to(tmp_path / "handout.md")
    elif damage == "no sums":
        (out / "SHA256SUMS").unlink()
    else:
        out = out / "handout.md"
    before = out.stat().st_mtime_ns
    with pytest.raises(ReleaseError, match="-o"):
        release.publish(out, files)
    assert out.stat().st_mtime_ns == before


def test_a_place_that_cannot_be_written(files, tmp_path):
    """What the system says is in the error."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ReleaseError, match="cannot be written"):
        release.publish(tmp_path / "file" / "out", files)


def test_a_failure_half_way_leaves_the_earlier_release(files, tmp_path, monkeypatch):
    """When the new folder cannot be put in place, the old one is put back."""
    out = tmp_path / "out"
    release.publish(out, files)
    rename = type(out).rename

    def fail(path, target):
        if path.name == "new":
            raise OSError(28, "No space left on device")
        return rename(path, target)

    monkeypatch.setattr(type(out), "rename", fail)
    with pytest.raises(ReleaseError, match="No space left"):
        release.publish(out, {"a": b""})
    assert {path.name for path in out.iterdir()} == set(files)
    assert sorted(path.name for path in tmp_path.iterdir()) == [GRADER, "out"]


def test_quick_leaves_out_what_grades(wheel, reference_dir, monkeypatch, tmp_path):
    """Both ways prove wheel and template; only the longer one grades."""

    def forbid(*_):
        raise GraderError("graded")

    monkeypatch.setattr(proofs, "grade", forbid)
    monkeypatch.setattr(proofs.tape, "record", forbid)
    monkeypatch.setattr(release.wheel_scan, "scan", lambda *_: [])
    said = {}
    for quick in (True, False):
        every = release.guarantees(MADE, reference_dir, tmp_path / "none", wheel, quick=quick)
        said[quick] = {proof.name: proof.complaints() for proof in every}
    assert set(said[True]) < set(said[False])
    assert not any("graded" in complaint for found in said[True].values() for complaint in found)
    more = [said[False][name] for name in set(said[False]) - set(said[True])]
    assert all("graded" in str(found) for found in more)


def test_the_wheel_is_among_the_guarantees(wheel, reference_dir, monkeypatch, tmp_path):
    """What the scan of the wheel finds speaks against the release."""
    monkeypatch.setattr(release.wheel_scan, "scan", lambda path, _: [f"secret in {path.name}"])
    first = release.guarantees(MADE, reference_dir, tmp_path, wheel, quick=True)[0]
    assert first.complaints() == ["secret in grader-1.0-py3-none-any.whl"]


@pytest.mark.parametrize("arguments", [[], ["--quick"]])
def test_the_command_lists_what_it_wrote(run, files, tmp_path, arguments):
    """Names and sizes are printed, and how students install the grader."""
    status, out, err = run(tmp_path / "out", *arguments)
    assert status == 0
    assert {path.name for path in (tmp_path / "out").iterdir()} == set(files)
    for name in files:
        assert name in out
    assert 'pip install "grader-1.0-py3-none-any.whl[student]"' in out
    assert "proving: proof 0" in err


def test_the_command_refuses_with_all_reasons(run, tmp_path):
    """Every proof is run, every complaint printed, nothing written; the status is 1."""
    status, out, err = run(tmp_path / "out", complaints=(["one"], [], ["two", "three"]))
    assert (status, out) == (1, "")
    assert [word in err for word in ("one", "two", "three")] == [True] * 3
    assert "Nothing was released" in err
    assert not (tmp_path / "out").exists()


def test_the_command_looks_at_the_place_first(run, tmp_path):
    """A folder of somebody else's is refused before the minutes of proving."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.tex").write_text("")
    status, _, err = run(tmp_path / "out", complaints=(["late"],))
    assert status == 2
    assert "thesis.tex" in err
    assert "late" not in err


def test_a_wheel_that_cannot_be_built(run, tmp_path, monkeypatch):
    """Without a package registry the status is 2, with what pip said."""

    def fail(_):
        raise WheelError("no registry")

    monkeypatch.setattr(command.template, "build", lambda _: MADE)
    monkeypatch.setattr(command.wheel, "build", fail)
    assert cli.run(["release", "-o", str(tmp_path / "out")]) == 2
    assert not (tmp_path / "out").exists()
