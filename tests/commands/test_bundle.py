"""`grader bundle`: what it proves before it writes, what it says, and its exit status."""

import hashlib
import stat
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from grader import cli
from grader.assignment import DEFAULT
from grader.authoring import bundle, perturb
from grader.authoring import tape as taping
from grader.authoring.wheel import ROOT, WheelError
from grader.commands import bundle as command
from grader.evaluation.images import PRACTICE
from grader.evaluation.images import load as load_images
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status
from grader.tape import PUBLIC, Header, Tape, write

KEY = "0123456789abcdef"


def run_of(status=Status.PASSED, points=2, message=""):
    """Give a whole run of one check of two points."""
    case = CaseOutcome("case", "core", Fraction(2), status, Fraction(points), message=message)
    check = CheckOutcome("2.5", "2", "a title", Fraction(2), cases=[case])
    return Run("HW", "reference", checks=[check], complete=True)


@pytest.fixture
def secret(tmp_path):
    """A secret tape."""
    path = tmp_path / "secret" / "tape.npz"
    write(path, Header((7, 8), KEY, "digest"), {"7/a[b]/c": np.ones(2)}, 0o600)
    return path


class Command:
    """The command with quick stand-ins; what it must do for real is changed in each test."""

    def __init__(self, folder, secret):
        self.out = folder / "out" / "autograder.zip"
        self.secret = secret
        self.recorded = []
        self.rehearsed = []
        self.outcome = run_of()

    def build(self, into):
        """Give a wheel of two files."""
        path = into / "grader.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("grader/cli.py", "x = 1\n")
            archive.writestr("grader/assignment.toml", DEFAULT.read_bytes())
        return path

    def rehearse(self, folder, submission, told):
        """Take note of what is graded, and with which files."""
        files = {path.name for path in folder.rglob("*") if path.is_file()}
        self.rehearsed.append((submission, files))
        told("a line")
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        return self.outcome

    def record(self, path, reference, identity, *, hints=True):
        """Write a small tape, as recording does."""
        self.recorded.append((path, identity, hints))
        arrays = {f"{seed}/a[b]/c": np.zeros(2) for seed in identity.seeds}
        write(path, Header(identity.seeds, identity.key, "digest"), arrays, 0o600)

    def __call__(self, *options, data="practice"):
        """Run it; the exit status."""
        given = ["--data", str(data)] if data else []
        place = ["-o", str(self.out), "--secret", str(self.secret)]
        return cli.run(["bundle", *place, *given, *map(str, options)])


@pytest.fixture
def run(tmp_path, secret, monkeypatch):
    """Give the command."""
    made = Command(tmp_path, secret)
    monkeypatch.setattr(command.wheel, "build", made.build)
    monkeypatch.setattr(command.wheel_scan, "scan", lambda _: [])
    monkeypatch.setattr(command.bundle, "rehearse", made.rehearse)
    monkeypatch.setattr(command, "record", made.record)
    monkeypatch.setattr(command.tape, "outdated", lambda *_: "")
    return made


def refused(run, capsys, *options, status=2, **given):
    """What is said of a bundle that is not written."""
    assert run(*options, **given) == status
    assert not run.out.exists()
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_what_is_inside_is_listed(run, capsys):
    """Each thing with its size, and the hash of the whole; a second bundle has the same one."""
    assert run() == 0
    said = capsys.readouterr()
    content = run.out.read_bytes()
    lines = said.out.splitlines()
    assert lines[0].startswith(f"{run.out}: ")
    assert lines[0].endswith(f"sha256 {hashlib.sha256(content).hexdigest()[:16]}")
    assert [line.split()[0] for line in lines[1:]] == [
        "setup.sh",
        "run_autograder",
        "grader/",
        "tape.npz",
        "images/practice_test.npz",
    ]
    assert "2 files, no solution among them" in said.out
    assert "2 secret seeds, without hints" in said.out
    assert "1000 test images and labels" in said.out
    assert "grading the reference" in said.err
    assert run() == 0
    assert run.out.read_bytes() == content


def test_private_images(run, capsys, tmp_path):
    """A second set is carried along, and listed; the first one again is refused."""
    assert "show no gap" in refused(run, capsys, "--private", PRACTICE)
    assert "no test images at" in refused(run, capsys, "--private", tmp_path / "none.npz")
    path = tmp_path / "new.npz"
    perturb.write(load_images(PRACTICE), path, 1)
    assert run("--private", path) == 0
    assert "1000 private images and labels" in capsys.readouterr().out
    ((_, files),) = run.rehearsed
    assert "new.npz" in files


def test_the_reference_is_graded_with_what_is_inside(run):
    """The files that are uploaded, unpacked: nothing is made twice."""
    assert run() == 0
    ((submission, files),) = run.rehearsed
    assert submission == taping.REFERENCE
    with zipfile.ZipFile(run.out) as archive:
        assert files == {name.split("/")[-1] for name in archive.namelist()}


def test_another_assignment(run, tmp_path):
    """It is the one that the bundle grades with."""
    other = tmp_path / "other.toml"
    other.write_text(DEFAULT.read_text().replace("HW2", "HW3"))
    assert run("--assignment", other) == 0
    with zipfile.ZipFile(run.out) as archive:
        assert archive.read(bundle.ASSIGNMENT) == other.read_bytes()


def test_points_that_the_reference_loses_are_a_note(run, capsys):
    """One short sentence for each check; the bundle is written."""
    message = "The accuracy is 9.00%; this needs more than 30%. That is what guessing gives."
    run.outcome = run_of(Status.FAILED, 0, message)
    assert run() == 0
    note = capsys.readouterr().out.splitlines()[-1]
    assert note == (
        "note: the reference loses points with it: 2.5 (0 of 2): "
        "The accuracy is 9.00%; this needs more than 30%."
    )


class TestRefused:
    """Nothing is written, and a sentence says why."""

    def test_all_reasons_are_said(self, run, capsys, monkeypatch, tmp_path):
        """Each in a line, with status 1, and the minute of grading is spared."""
        monkeypatch.setattr(command.wheel_scan, "scan", lambda _: ["grader/a.py: a solution"])
        monkeypatch.setattr(command.bundle, "oversize", lambda _: "it is too large")
        slow = tmp_path / "slow.toml"
        slow.write_text(DEFAULT.read_text().replace("total_seconds = 600", "total_seconds = 3000"))
        said = refused(run, capsys, "--assignment", slow, status=1)
        for reason in ("grader/a.py: a solution", "it is too large", "assignment.toml allows"):
            assert f"\n  {reason}" in said.split("No bundle was written:")[1]
        assert run.rehearsed == []

    def test_what_could_not_be_checked(self, run, capsys):
        """It would be so for every student: status 1."""
        run.outcome = run_of(Status.UNCHECKED, 0, "There are no images.")
        said = refused(run, capsys, status=1)
        assert "No bundle was written:\n  2.5 could not be checked: There are no images." in said

    def test_a_grader_that_fails(self, run, capsys):
        """Its last words are there, with status 2."""
        run.outcome = bundle.BundleError("the bundle cannot grade the reference:\n  no points")
        said = refused(run, capsys)
        assert "grader: the bundle cannot grade the reference:\n  no points" in said

    def test_an_interrupt(self, run, capsys):
        """Ctrl-C while the reference is graded: status 130, and nothing is left."""
        run.outcome = KeyboardInterrupt()
        assert "interrupted" in refused(run, capsys, status=130)
        assert [path.name for path in run.out.parent.iterdir()] == []

    def test_without_images(self, run, capsys, monkeypatch):
        """No accuracy could be measured: how to give some is said."""
        monkeypatch.setattr(command.images, "CIFAR10", ROOT / "none.npz")
        assert "`--data FILE.npz`" in refused(run, capsys, data=None)

    @pytest.mark.parametrize("damage", ["missing", "garbage", "cut", "changed", "labels"])
    def test_images_that_cannot_be_read(self, run, capsys, tmp_path, damage):
        """The file is named."""
        path = tmp_path / "images.npz"
        content = PRACTICE.read_bytes()
        if damage == "garbage":
            path.write_bytes(b"garbage")
        elif damage == "cut":
            path.write_bytes(content[: len(content) // 2])
        elif damage == "changed":
            middle = len(content) // 2
            path.write_bytes(content[:middle] + bytes(64) + content[middle + 64 :])
        elif damage == "labels":
            np.savez(path, images=np.zeros((2, 32, 32, 3), np.uint8), labels=np.array([1, 99]))
        assert str(path) in refused(run, capsys, data=path)

    @pytest.mark.parametrize("text", ["title = ", "[points]\n", ""])
    def test_a_broken_assignment(self, run, capsys, tmp_path, text):
        """Its file is read before anything is made."""
        broken = tmp_path / "broken.toml"
        broken.write_text(text)
        assert "grader: " in refused(run, capsys, "--assignment", broken)
        assert run.recorded == []

    def test_a_wheel_that_cannot_be_built(self, run, capsys, monkeypatch):
        """What pip said is there."""

        def fail(_):
            raise WheelError("no registry")

        monkeypatch.setattr(command.wheel, "build", fail)
        assert "no registry" in refused(run, capsys)

    def test_a_place_that_is_taken(self, run, capsys):
        """What is no zip is not replaced, and that is said before the minutes of work."""
        run.out.parent.mkdir()
        run.out.write_text("thesis")
        assert run() == 2
        said = capsys.readouterr().err
        assert "is no zip archive, so it is not replaced" in said
        assert "building" not in said
        assert run.out.read_text() == "thesis"


class TestSecretTape:
    """The tape that goes in."""

    def test_its_place(self, run, monkeypatch, tmp_path):
        """secret/tape.npz in the checkout, which git ignores."""
        assert command.SECRET == ROOT / "secret" / "tape.npz"
        assert "/secret/" in (ROOT / ".gitignore").read_text().splitlines()
        monkeypatch.setattr(command, "SECRET", tmp_path / "made" / "tape.npz")
        assert cli.run(["bundle", "-o", str(run.out), "--data", "practice"]) == 0
        assert (tmp_path / "made" / "tape.npz").is_file()

    def test_it_is_made_at_the_first_bundle_and_kept(self, run, capsys):
        """Two seeds that nobody can guess, for its owner only; the second bundle has the same."""
        run.secret.unlink()
        assert run() == 0
        assert "keep it out of git" in capsys.readouterr().err
        ((path, identity, hints),) = run.recorded
        assert (path, len(set(identity.seeds)), hints) == (run.secret, 2, True)
        assert stat.S_IMODE(run.secret.stat().st_mode) == 0o600
        first = run.out.read_bytes()
        assert run() == 0
        assert len(run.recorded) == 1
        assert run.out.read_bytes() == first

    def test_how_many_seeds_can_be_said(self, run):
        """For a tape that is made now."""
        run.secret.unlink()
        assert run("--seeds", 3) == 0
        assert len(Tape(run.secret).header.seeds) == 3

    @pytest.mark.parametrize("hinted", [True, False])
    def test_one_that_is_out_of_date_keeps_its_seeds(self, run, monkeypatch, capsys, hinted):
        """Its key and its kind, too, so that a regrade is the same and takes no longer."""
        if hinted:
            arrays = {"7/fingerprints/1.5/names": np.ones(2)}
            write(run.secret, Header((7, 8), KEY, "digest"), arrays, 0o600)
        monkeypatch.setattr(command.tape, "outdated", lambda *_: "made from other checks")
        assert run() == 0
        assert run.recorded == [(run.secret, taping.Identity((7, 8), KEY), hinted)]
        assert "again with its seeds: made from other checks" in capsys.readouterr().err
        with zipfile.ZipFile(run.out) as archive:
            assert archive.read("tape.npz") == run.secret.read_bytes()

    @pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04half"])
    def test_one_that_is_damaged(self, run, capsys, content):
        """Its seeds are lost: nothing is made in its place without being asked."""
        run.secret.write_bytes(content)
        said = refused(run, capsys)
        assert str(run.secret) in said
        assert "bring back a copy" in said
        assert run.recorded == []
        assert run.secret.read_bytes() == content

    def test_a_public_one(self, run, capsys):
        """Students have its seeds; it is refused, and not recorded anew, though out of date."""
        run.secret = PUBLIC
        before = PUBLIC.stat().st_mtime_ns
        assert "students can make" in refused(run, capsys)
        assert (run.recorded, PUBLIC.stat().st_mtime_ns) == ([], before)

    def test_one_that_cannot_be_made(self, run, capsys, monkeypatch):
        """An interrupt in its minutes leaves neither a tape nor a bundle."""
        run.secret.unlink()

        def interrupt(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr(command, "record", interrupt)
        refused(run, capsys, status=130)
        assert [path.name for path in run.secret.parent.iterdir()] == []


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_real_bundle(tmp_path, capsys, monkeypatch):
    """From the real commands: proven, without a solution, for all the same bytes."""
    secret, out = tmp_path / "secret.npz", tmp_path / "autograder.zip"
    assert cli.run(["tape", "--secret", "--no-hints", "--seeds", "2", "-o", str(secret)]) == 0
    capsys.readouterr()
    perturb.write(load_images(PRACTICE), tmp_path / "private.npz", 1)
    options = ["-o", str(out), "--data", "practice", "--secret", str(secret)]
    options += ["--private", str(tmp_path / "private.npz")]
    assert cli.run(["bundle", *options]) == 0
    said = capsys.readouterr()
    assert "2 secret seeds, without hints" in said.out
    assert all("loses points" in line for line in said.out.splitlines()[7:])
    with zipfile.ZipFile(out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        dates = {info.date_time for info in archive.infolist()}
    assert dates == {(1980, 1, 1, 0, 0, 0)}
    assert files["setup.sh"] == (ROOT / "setup.sh").read_bytes()
    assert files["tape.npz"] == secret.read_bytes()
    outside = {name for name in files if not name.startswith("grader/")}
    pictures = {"images/practice_test.npz", "private/private.npz"}
    assert outside == {"setup.sh", "run_autograder", "tape.npz", *pictures}
    for private in ("authoring", "bugs", "reference", "submissions", "tests", "secret"):
        assert not any(private in name.split("/") for name in files)
    assert "grader/given/part1-convnet/modules/softmax_ce.py" in files
    assert not any(name.endswith(("modules/relu.py", "modules/convolution.py")) for name in files)
    monkeypatch.setattr(command.bundle, "rehearse", lambda *_: run_of())
    again = tmp_path / "again.zip"
    assert cli.run(["bundle", *options[2:], "-o", str(again)]) == 0
    assert again.read_bytes() == out.read_bytes()
