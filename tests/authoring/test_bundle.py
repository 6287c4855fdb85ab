"""The zip for Gradescope: its bytes, what is refused, and the rehearsal with it."""

import dataclasses
import io
import json
import os
import stat
import sys
import time
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from grader.assignment import DEFAULT, load
from grader.authoring import bundle
from grader.authoring.bundle import BundleError
from grader.authoring.wheel import ROOT
from grader.evaluation.images import Images
from grader.evaluation.images import load as load_images
from grader.outcomes import CaseOutcome, CheckOutcome, Run, Status, to_json
from grader.tape import Header, Tape, write

SETUP = b"#!/usr/bin/env bash\necho ready\n"
ENTRY = b"#!/usr/bin/env bash\ngrade\n"


@pytest.fixture
def images():
    """Three test images."""
    pixels = np.arange(3 * 32 * 32 * 3, dtype=np.uint8).reshape(3, 32, 32, 3)
    return Images("my test", pixels, np.array([3, 1, 2]), tuple("abcdefghij"), "digest")


@pytest.fixture
def sources(tmp_path):
    """A checkout with the two programs, a wheel and a tape, as `contents` takes them."""
    root = tmp_path / "checkout"
    root.mkdir()
    (root / "setup.sh").write_bytes(SETUP)
    (root / "run_autograder").write_bytes(ENTRY)
    wheel, tape = tmp_path / "grader.whl", tmp_path / "secret.npz"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("grader/", "")
        archive.writestr("grader/cli.py", "x = 1\n")
        archive.writestr("grader/assignment.toml", DEFAULT.read_bytes())
        archive.writestr("convnet_grader-0.1.0.dist-info/RECORD", "grader/cli.py")
    tape.write_bytes(b"tape")
    return {"wheel": wheel, "tape": tape, "root": root}


@pytest.fixture
def files(sources, images):
    """The files of a small bundle."""
    return bundle.contents(images=images, **sources)


@pytest.fixture
def archive(files):
    """The small bundle."""
    return bundle.zipped(files)


class TestContents:
    """What is in the bundle."""

    def test_programs_package_tape_and_images(self, files):
        """The wheel's description stays out; everything else has its place."""
        assert sorted(files) == [
            "grader/assignment.toml",
            "grader/cli.py",
            "images/my-test.npz",
            "run_autograder",
            "setup.sh",
            "tape.npz",
        ]
        assert files["setup.sh"] == SETUP
        assert files["tape.npz"] == b"tape"

    def test_another_assignment_takes_the_place_of_the_packaged_one(
        self, sources, images, tmp_path
    ):
        """What is graded with there is the file that was named."""
        other = tmp_path / "other.toml"
        other.write_text('title = "HW3"\n')
        files = bundle.contents(images=images, assignment=other, **sources)
        assert files["grader/assignment.toml"] == b'title = "HW3"\n'

    @pytest.mark.parametrize(
        ("name", "file"),
        [
            ("cifar10_test", "cifar10_test"),
            ("../Bilder für HW2", "Bilder-f-r-HW2"),
            ("...", "test"),
        ],
    )
    def test_images_are_named_so_that_any_shell_takes_them(self, sources, images, name, file):
        """Whatever the instructor's file is called."""
        named = dataclasses.replace(images, name=name)
        assert f"images/{file}.npz" in bundle.contents(images=named, **sources)

    def test_private_images_lie_beside_them(self, files, sources, images, tmp_path):
        """In a folder of their own, and only if there are any."""
        private = dataclasses.replace(images, name="new", pixels=255 - images.pixels)
        more = bundle.contents(images=images, private=private, **sources)
        assert set(more) - set(files) == {"private/new.npz"}
        path = tmp_path / "private.npz"
        path.write_bytes(more["private/new.npz"])
        assert np.array_equal(load_images(path).pixels, private.pixels)

    def test_images_and_labels_come_back(self, images, tmp_path):
        """The file holds what was read, and nothing else that lay beside it."""
        path = tmp_path / "again.npz"
        path.write_bytes(bundle.image_file(images))
        again = load_images(path)
        assert np.array_equal(again.pixels, images.pixels)
        assert np.array_equal(again.labels, images.labels)
        assert again.classes == images.classes
        with np.load(path) as arrays:
            assert sorted(arrays.files) == ["classes", "images", "labels"]

    def test_the_same_inputs_give_the_same_bytes(self, sources, images, monkeypatch):
        """Whatever the clock says, in whatever order files come, however arrays lie in memory."""
        first = bundle.zipped(bundle.contents(images=images, **sources))
        monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
        other = dataclasses.replace(
            images,
            pixels=np.asfortranarray(images.pixels),
            labels=images.labels.astype(">i4"),
        )
        again = bundle.contents(images=other, **sources)
        assert bundle.zipped(dict(reversed(again.items()))) == first

    def test_only_the_two_programs_can_be_run(self, archive):
        """The x-bit is what the platform starts them by."""
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            modes = {info.filename: info.external_attr >> 16 for info in opened.infolist()}
        programs = {name for name, mode in modes.items() if mode == 0o100755}
        assert programs == {"setup.sh", "run_autograder"}
        assert {mode for name, mode in modes.items() if name not in programs} == {0o100644}


class TestRefusals:
    """What would fail on the platform."""

    def test_the_programs_of_this_checkout_are_sound(self, files):
        """Nothing is said of them, nor of the packaged assignment."""
        real = {name: (ROOT / name).read_bytes() for name in bundle.PROGRAMS}
        assert list(bundle.refusals({**files, **real}, load())) == []

    @pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"#!/usr/bin/env bash\r\necho\r\n", "has Windows line endings"),
            (b"echo ready\n", "does not begin with a line such as #!"),
            (b"\xef\xbb\xbf#!/usr/bin/env bash\n", "does not begin with a line such as #!"),
            (b"", "does not begin with a line such as #!"),
        ],
        ids=["CRLF", "no #!", "byte order mark", "empty"],
    )
    def test_programs_that_would_not_start(self, files, name, content, words):
        """Each is named, with what is wrong."""
        (sentence,) = bundle.refusals({**files, name: content}, load())
        assert sentence.startswith(f"{name} ")
        assert words in sentence

    def test_more_time_than_there_is(self, files):
        """The platform ends a grading after 40 minutes: that much is fine, and no second more."""
        allowed = load()
        for seconds, count in ((2400, 0), (2401, 1)):
            limits = dataclasses.replace(allowed.limits, total_seconds=seconds)
            table = dataclasses.replace(allowed, limits=limits)
            sentences = list(bundle.refusals(files, table))
            assert len(sentences) == count
        assert "lower [limits] total_seconds" in sentences[0]

    def test_more_than_may_be_uploaded(self):
        """100 MB are taken; one byte more is refused with what helps."""
        assert bundle.oversize(bytes(100_000_000)) == ""
        assert "fewer test images" in bundle.oversize(bytes(100_000_001))

    def test_tapes_that_students_can_make(self, tmp_path):
        """A public seed, or the public key; a secret tape has neither."""

        def tape(seeds, key):
            write(tmp_path / "tape.npz", Header(seeds, key, ""), {})
            return Tape(tmp_path / "tape.npz")

        bundle.require_secret(tape((1, 2), "0123456789abcdef"))
        for seeds, key in (((20240219, 7), "0123456789abcdef"), ((7,), "public")):
            with pytest.raises(BundleError, match="grader tape --secret"):
                bundle.require_secret(tape(seeds, key))


class TestPublishing:
    """Writing the zip."""

    def test_it_is_readable_and_alone(self, archive, tmp_path):
        """Missing folders are made; a second time it replaces the first."""
        out = tmp_path / "deep" / "autograder.zip"
        bundle.publish(out, bundle.zipped({"another": b"bundle"}))
        bundle.publish(out, archive)
        assert out.read_bytes() == archive
        assert stat.S_IMODE(out.stat().st_mode) == 0o644
        assert [path.name for path in out.parent.iterdir()] == ["autograder.zip"]

    def test_what_is_no_zip_stays(self, archive, tmp_path):
        """A file of another kind is not replaced, and the sentence says what to do."""
        out = tmp_path / "thesis.tex"
        out.write_text("mine")
        for place in (out, tmp_path):
            with pytest.raises(BundleError, match="choose another name with -o"):
                bundle.publish(place, archive)
        assert out.read_text() == "mine"

    def test_a_place_that_cannot_be_written(self, archive, tmp_path):
        """What the system says is in the sentence."""
        (tmp_path / "file").touch()
        with pytest.raises(BundleError, match=r"cannot be written \(.*\): choose another place"):
            bundle.publish(tmp_path / "file" / "autograder.zip", archive)

    def test_a_disk_that_is_full_leaves_the_earlier_one(self, archive, tmp_path, monkeypatch):
        """Nothing half is left, and no file beside it."""
        out = tmp_path / "out" / "autograder.zip"
        bundle.publish(out, archive)

        def fail(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(type(out), "replace", fail)
        with pytest.raises(BundleError, match="No space left"):
            bundle.publish(out, b"other")
        assert out.read_bytes() == archive
        assert [path.name for path in out.parent.iterdir()] == ["autograder.zip"]


class TestUnpacking:
    """Unpacking as the platform does."""

    def test_files_and_modes_come_back(self, archive, files, tmp_path):
        """Programs can be run, all else only read."""
        bundle.unpack(archive, tmp_path)
        found = {
            path.relative_to(tmp_path).as_posix(): path
            for path in tmp_path.rglob("*")
            if path.is_file() and "checkout" not in path.parts
        }
        assert {name: found[name].read_bytes() for name in files} == files
        assert stat.S_IMODE(found["setup.sh"].stat().st_mode) == 0o755
        assert stat.S_IMODE(found["tape.npz"].stat().st_mode) == 0o644

    def test_a_zip_that_was_packed_again(self, files, tmp_path):
        """Entries for folders, and files without Unix modes, can still be read."""
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as again:
            again.writestr("images/", "")
            for name, content in files.items():
                info = zipfile.ZipInfo(name)
                info.create_system = 0
                again.writestr(info, content)
                info.external_attr = 0
        bundle.unpack(stream.getvalue(), tmp_path / "new")
        assert (tmp_path / "new" / "setup.sh").read_bytes() == SETUP
        assert os.access(tmp_path / "new" / "images", os.X_OK)

    @pytest.mark.parametrize(
        "name", ["setup.sh", "run_autograder", "tape.npz", "grader/assignment.toml", "images/"]
    )
    def test_a_zip_that_lacks_something(self, files, tmp_path, name):
        """What is missing is named, and nothing is unpacked."""
        less = {file: content for file, content in files.items() if not file.startswith(name)}
        with pytest.raises(BundleError, match=f"no bundle: {name} is not in it"):
            bundle.unpack(bundle.zipped(less), tmp_path / "new")
        assert not (tmp_path / "new").exists()

    @pytest.mark.parametrize("damage", ["no zip", "empty", "changed", "encrypted"])
    def test_what_is_no_zip_or_damaged(self, archive, tmp_path, damage):
        """A sentence says so, whatever the zip module raises."""
        content = {
            "no zip": b"no zip at all",
            "empty": b"",
            "changed": archive[:60] + bytes(20) + archive[80:],
            "encrypted": _encrypted(archive),
        }[damage]
        with pytest.raises(BundleError, match="no zip, or damaged"):
            bundle.unpack(content, tmp_path / "new")


def _encrypted(archive):
    """The archive with the flag for encryption on its first entry, in both places."""
    content = bytearray(archive)
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


GRADER = """
import pathlib, sys
def main():
    print("a table")
    print("[ 0.1 s] 1.1 first: passed", file=sys.stderr)
    arguments = sys.argv[1:]
    assert arguments[0] == "grade" and arguments[1].endswith("submission"), arguments
    given = dict(zip(arguments[2::2], arguments[3::2]))
    assert pathlib.Path(given["--tape"]).read_bytes() == b"tape"
    assert pathlib.Path(given["--data"]).suffix == ".npz"
    outcome = {outcome!r}
    if outcome:
        pathlib.Path(given["--outcomes"]).write_text(outcome)
    print("grader: the last words", file=sys.stderr)
    sys.exit({status})
"""


@pytest.fixture
def rehearse(archive, tmp_path):
    """Rehearse with a bundle whose own grader leaves this outcome and status."""

    def go(outcome=None, status=0, told=lambda _: None):
        folder = tmp_path / "unpacked"
        bundle.unpack(archive, folder)
        (folder / "grader" / "__init__.py").touch()
        text = "" if outcome is None else json.dumps(to_json(outcome))
        program = GRADER.replace("{outcome!r}", repr(text)).replace("{status}", str(status))
        (folder / "grader" / "cli.py").write_text(program)
        return bundle.rehearse(folder, tmp_path / "submission", told)

    return go


def case(status, message="", points=0, reason=""):
    """One configuration of a check of two points."""
    return CaseOutcome(
        "case", "core", Fraction(2), status, Fraction(points), reason=reason, message=message
    )


def finished(*cases, **fields):
    """Give a whole run of one check with these cases."""
    check = CheckOutcome("2.5", "2", "a title", Fraction(2), cases=list(cases))
    return Run("HW", "reference", checks=[check], **{"complete": True, **fields})


class TestRehearsal:
    """Grading with an unpacked bundle."""

    def test_the_bundles_own_grader_is_run(self, rehearse):
        """Not this checkout's: with the bundle's tape and images, and its outcome comes back."""
        heard = []
        run = rehearse(finished(case(Status.PASSED, points=2)), told=heard.append)
        assert run.checks[0].points == 2
        assert heard == ["[ 0.1 s] 1.1 first: passed", "grader: the last words"]

    @pytest.mark.parametrize(
        ("outcome", "status"), [(None, 0), (None, 2), (finished(), 2), (finished(), -9)]
    )
    def test_a_grader_that_fails(self, rehearse, outcome, status):
        """Its last words are in the sentence, whether or not it left an outcome."""
        with pytest.raises(BundleError) as caught:
            rehearse(outcome, status)
        assert "the bundle cannot grade the reference:\n" in str(caught.value)
        assert "grader: the last words" in str(caught.value)

    def test_a_reference_that_cannot_be_graded(self, rehearse):
        """What the student would read is the reason."""
        with pytest.raises(BundleError, match="larger than 1 MB"):
            rehearse(finished(error="It is larger than 1 MB.", complete=True), 2)

    def test_an_interrupt_ends_the_grading_and_waits_for_it(self, tmp_path):
        """By one signal, so that it can clean up; nothing runs on afterwards."""
        script = (
            "import pathlib, signal, sys, time\n"
            "def end(*_):\n"
            "    time.sleep(0.5)\n"
            f"    pathlib.Path({str(tmp_path / 'cleaned')!r}).touch()\n"
            "    sys.exit(1)\n"
            "signal.signal(signal.SIGTERM, end)\n"
            "print('begun', file=sys.stderr, flush=True)\n"
            "time.sleep(60)\n"
        )

        def interrupt(_):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            bundle._watched([sys.executable, "-c", script], interrupt)
        assert (tmp_path / "cleaned").exists()


class TestVerdicts:
    """What the outcome of the rehearsal says of the bundle."""

    def test_full_marks(self):
        """Nothing is said."""
        assert bundle.verdicts(finished(case(Status.PASSED, points=2))) == ([], [])

    @pytest.mark.parametrize("status", [Status.UNCHECKED, Status.NOT_RUN])
    def test_what_could_not_be_checked(self, status):
        """It would be so for everybody, even where another case of the check failed."""
        run = finished(
            case(Status.FAILED, "Wrong."), case(status, "No images\nare there. Bring some.")
        )
        assert bundle.verdicts(run) == (["2.5 could not be checked: No images are there."], [])

    def test_a_check_that_never_ran(self):
        """It has no case at all."""
        unchecked, _ = bundle.verdicts(finished())
        assert unchecked == ["2.5 could not be checked: no reason was given."]

    def test_a_reason_code_where_there_is_no_message(self):
        """Better than nothing."""
        unchecked, _ = bundle.verdicts(finished(case(Status.UNCHECKED, reason="no-data")))
        assert unchecked == ["2.5 could not be checked: no-data"]

    def test_points_that_are_lost(self):
        """One short sentence for the check: the first one that a student reads."""
        told = case(
            Status.FAILED, "The accuracy is 9.00%; this needs 30%. That is **guessing**.", 1
        )
        assert bundle.verdicts(finished(case(Status.PASSED), told)) == (
            [],
            ["2.5 (1 of 2): The accuracy is 9.00%; this needs 30%."],
        )

    def test_a_long_sentence_is_cut(self):
        """It stays on a line or two."""
        _, (sentence,) = bundle.verdicts(finished(case(Status.FAILED, "x" * 1000)))
        assert len(sentence) < 200
        assert sentence.endswith(" ...")

    @pytest.mark.parametrize("fields", [{"complete": False}, {"checks": []}])
    def test_a_grading_that_ended_early(self, fields):
        """A run that is not complete, or has no checks, proves nothing."""
        run = finished(case(Status.PASSED, points=2))
        for name, value in fields.items():
            setattr(run, name, value)
        assert bundle.verdicts(run) == (["the grading did not get to its end"], [])
