"""Tapes: recorded once, compared later, never executed."""

import numpy as np
import pytest

from grader.errors import TapeError
from grader.tape import Expected, Header, Recording, Tape, write

HEADER = Header((11, 12), "key", "digest")


@pytest.fixture
def path(tmp_path):
    recorded = {}
    for seed in HEADER.seeds:
        Recording(seed, "conv[core]", recorded).differences(out=np.full((2, 2), seed / 4))
    write(tmp_path / "tape.npz", HEADER, recorded)
    return tmp_path / "tape.npz"


def test_a_recorded_array_is_expected_later(path):
    """What the reference gave passes; anything else differs."""
    expected = Expected(11, "conv[core]", Tape(path))
    assert expected.differences(out=np.full((2, 2), 11 / 4)) == {}
    assert set(expected.differences(out=np.zeros((2, 2)))) == {"out"}


def test_seeds_are_kept_apart(path):
    """Another seed expects another array."""
    assert Expected(12, "conv[core]", Tape(path)).differences(out=np.full((2, 2), 11 / 4))


def test_inputs_are_drawn_alike_when_recording_and_when_comparing(path):
    """The generator of a case is the same in both modes."""
    first = Recording(11, "conv[core]", {}).rng.randint(0, 1000, 5)
    second = Expected(11, "conv[core]", Tape(path)).rng.randint(0, 1000, 5)
    assert np.array_equal(first, second)


def test_bytes_are_reproducible(path, tmp_path):
    """The same recording gives the same file to the byte."""
    arrays = {name: Tape(path).raw(name) for name in Tape(path).names() if name != "header"}
    write(tmp_path / "again.npz", HEADER, arrays)
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()


def test_a_submission_always_gets_the_same_seed(path):
    """The seed is a keyed hash of the submission: a regrade is identical, and seeds spread."""
    tape = Tape(path)
    assert tape.seed_for("abc") == Tape(path).seed_for("abc")
    assert {tape.seed_for(str(i)) for i in range(50)} == {11, 12}


def test_what_the_reference_must_not_give_is_refused():
    """A reference that returns None, an object or NaN cannot be recorded."""
    for bad in (None, "text", np.array([np.nan])):
        with pytest.raises(TapeError, match="no finite array"):
            Recording(1, "x", {}).differences(out=bad)


def test_value_reads_what_was_recorded(path):
    """A check may ask for the array itself, in both modes."""
    assert Expected(11, "conv[core]", Tape(path)).value("out")[0, 0] == 11 / 4
    into = {}
    recording = Recording(1, "x", into)
    recording.differences(out=np.ones(2))
    assert recording.value("out").tolist() == [1, 1]
    with pytest.raises(TapeError, match="before the reference"):
        recording.value("other")


def test_missing_arrays_ask_for_a_new_tape(path):
    """A check that is newer than the tape says how to make it again."""
    with pytest.raises(TapeError, match="grader tape"):
        Expected(11, "conv[new]", Tape(path)).differences(out=np.zeros(1))


def test_comparing_without_a_tape_is_the_graders_fault():
    """Without a tape nothing is guessed."""
    with pytest.raises(TapeError, match="no tape is loaded"):
        Expected(1, "x", None).differences(out=np.zeros(1))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04broken"])
def test_a_damaged_file_is_named(tmp_path, content):
    """A file that is no tape gives its path and the way out."""
    broken = tmp_path / "tape.npz"
    broken.write_bytes(content)
    with pytest.raises(TapeError, match=r"tape\.npz"):
        Tape(broken)


@pytest.mark.parametrize("header", [b"[]", b"{", b'{"format": 1}', b'{"format": 1, "seeds": 7}'])
def test_a_damaged_header_is_named(tmp_path, header):
    """A header that is no object, or lacks what it must say."""
    broken = tmp_path / "tape.npz"
    np.savez(broken, header=np.frombuffer(header, np.uint8))
    with pytest.raises(TapeError, match=r"tape\.npz"):
        Tape(broken)


def test_another_files_format_is_named(tmp_path):
    """A single array is no tape, nor is a file with bytes that were changed."""
    np.save(tmp_path / "one.npy", np.zeros(3))
    write(tmp_path / "tape.npz", HEADER, {})
    content = (tmp_path / "tape.npz").read_bytes()
    (tmp_path / "changed.npz").write_bytes(content[:60] + bytes(30) + content[90:])
    for name in ("one.npy", "changed.npz"):
        with pytest.raises(TapeError, match=name):
            Tape(tmp_path / name)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_what_ends_the_writing_leaves_the_earlier_tape(path, monkeypatch, error):
    """There is no half tape, and nothing beside it."""
    before = path.read_bytes()
    written = []
    write_array = np.lib.format.write_array

    def fail_at_the_second(stream, array, **options):
        written.append(array)
        if len(written) == 2:
            raise error
        write_array(stream, array, **options)

    monkeypatch.setattr(np.lib.format, "write_array", fail_at_the_second)
    with pytest.raises(error):
        write(path, HEADER, {"1/a": np.zeros(1000)})
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_a_tape_that_cannot_be_written(tmp_path):
    """What the system says is in the error."""
    (tmp_path / "file").touch()
    with pytest.raises(TapeError, match=r"cannot be written \("):
        write(tmp_path / "file" / "tape.npz", HEADER, {})


def test_a_missing_file_is_named(tmp_path):
    """So does one that is not there."""
    with pytest.raises(TapeError, match="grader tape"):
        Tape(tmp_path / "none.npz")


def test_pickles_are_not_loaded(tmp_path):
    """An array of objects is refused: it would be unpickled."""
    np.savez(tmp_path / "evil.npz", header=np.array([{"format": 1}], dtype=object))
    with pytest.raises(TapeError, match="cannot read"):
        Tape(tmp_path / "evil.npz")


def test_another_format_is_refused(tmp_path, monkeypatch):
    """A tape of another format is not guessed at."""
    monkeypatch.setattr("grader.tape.FORMAT", 99)
    write(tmp_path / "new.npz", HEADER, {})
    monkeypatch.undo()
    with pytest.raises(TapeError, match="format 99"):
        Tape(tmp_path / "new.npz")


def test_an_array_without_axes_stays_one(tmp_path):
    """A recorded scalar is read back without axes."""
    recorded = {}
    Recording(1, "x", recorded).differences(loss=2.5)
    write(tmp_path / "t.npz", HEADER, recorded)
    assert Tape(tmp_path / "t.npz").array(1, "x/loss").shape == ()
