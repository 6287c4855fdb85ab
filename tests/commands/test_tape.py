"""`grader tape`: what it records, for whom it can be read, and its exit status."""

import functools
import stat
from dataclasses import dataclass

import numpy as np
import pytest

from grader import cli
from grader.authoring import side_by_side
from grader.authoring import tape as taping
from grader.authoring.bugs.bug import REFERENCE, Bug
from grader.errors import TapeError
from grader.outcomes import CaseOutcome, CheckOutcome, Status
from grader.tape import PUBLIC, Tape, is_fingerprint

RELU = "part1-convnet/modules/relu.py"
POSITIVE = "positive, dout, 0)"


def edited(name, words):
    """A known mistake in the backward pass of ReLU."""
    text = (REFERENCE / RELU).read_text()
    assert POSITIVE in text
    files = {RELU: text.replace(POSITIVE, words)}
    return Bug(name, "relu-mask-from-dout", frozenset({"1.5"}), files)


@dataclass(frozen=True)
class Small:
    """A component with two mistakes."""

    checks: frozenset = frozenset({"1.5"})

    def bugs(self):
        """Both, in one family."""
        return [
            edited("relu-mask-from-dout", "dout > 0, dout, 0)"),
            edited("relu-no-mask", "positive, dout, dout)"),
        ]


@pytest.fixture
def little(monkeypatch):
    """One check and two mistakes in place of all: seconds instead of minutes."""
    recorded = functools.partial(taping.record, keep="1.5".__eq__)
    monkeypatch.setattr(taping, "record", recorded)
    monkeypatch.setattr(taping, "COMPONENTS", [Small()])


@pytest.fixture
def made(tmp_path, monkeypatch):
    """Run `grader tape -o FILE` with so many jobs; the path of the tape."""

    def go(*options, jobs=1):
        monkeypatch.setattr(side_by_side, "cores", lambda: jobs)
        path = tmp_path / f"tape-{len(list(tmp_path.iterdir()))}.npz"
        assert cli.run(["tape", "-o", str(path), *options]) == 0
        return path

    return go


@pytest.mark.slow
@pytest.mark.parametrize("hints", [True, False])
def test_the_same_bytes_with_one_job_and_with_two(little, made, hints):
    """Two seeds: what comes back in another order is on the tape in the same one."""
    options = ["--seeds", "2", *([] if hints else ["--no-hints"])]
    one, two = made(*options), made(*options, jobs=2)
    assert one.read_bytes() == two.read_bytes()
    tape = Tape(one)
    assert tape.header.seeds == (20240219, 20240220)
    assert tape.header.key == "public"
    assert any(is_fingerprint(name) for name in tape.names()) is hints
    if hints:
        for seed in tape.header.seeds:
            names = [name for name, _ in tape.library(seed, "1.5").mistakes]
            assert names == ["relu-mask-from-dout", "relu-no-mask"]


@pytest.fixture
def instant(monkeypatch):
    """Record one small array, and no mistake."""
    monkeypatch.setattr(taping, "record", lambda _, seeds: {f"{seeds[0]}/a[b]/c": np.ones(2)})
    monkeypatch.setattr(taping, "COMPONENTS", [])
    monkeypatch.setattr(taping, "source_digest", lambda _: "digest")


def test_a_secret_tape_is_for_its_owner_only(instant, made, capsys):
    """Nobody else may read it, and no two have the same seeds; the public one is for all."""
    secret, other, public = made("--secret", "--no-hints"), made("--secret"), made()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (secret, other, public)] == [
        0o600,
        0o600,
        0o644,
    ]
    headers = [Tape(path).header for path in (secret, other)]
    assert headers[0].seeds != headers[1].seeds
    assert len({header.key for header in headers} | {"public"}) == 3
    assert capsys.readouterr().out.startswith(f"{secret}: 1 arrays, 1 kB\n")


def test_a_secret_tape_stays_for_its_owner_only_when_it_is_made_again(instant, made):
    """Also where somebody has opened it to others."""
    path = made("--secret")
    path.chmod(0o644)
    header = Tape(path).header
    taping.make(path, REFERENCE, taping.Identity(header.seeds, header.key), hints=False)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Tape(path).header == header


@pytest.mark.parametrize("before", [True, False])
def test_an_interrupt_leaves_no_half_tape(instant, made, tmp_path, monkeypatch, before):
    """Ctrl-C while it is written: the earlier tape stays, or none is there; the status is 130."""
    path = made() if before else tmp_path / "tape.npz"
    content = path.read_bytes() if before else None

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(np.lib.format, "write_array", interrupt)
    assert cli.run(["tape", "-o", str(path)]) == 130
    assert [path.name for path in tmp_path.iterdir()] == ([path.name] if before else [])
    assert not before or path.read_bytes() == content


def test_a_place_that_cannot_be_written_is_said_first(tmp_path, monkeypatch, capsys):
    """Before the minutes of recording, with what to do."""

    def forbid(*_):
        raise AssertionError("recorded")

    monkeypatch.setattr(taping, "record", forbid)
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "tape.npz"):
        assert cli.run(["tape", "-o", str(place)]) == 2
        assert "cannot be written (" in (said := capsys.readouterr().err)
        assert "choose another place with -o" in said


def test_a_reference_that_fails_leaves_nothing(tmp_path, monkeypatch, capsys):
    """The check and its message are named, with status 2."""
    wrong = CaseOutcome("forward", "core", 1, Status.FAILED, message="It is wrong.")
    check = CheckOutcome("1.5", "1", "ReLU", 1, cases=[wrong])

    def fail(grading, _):
        grading.run.checks.append(check)

    monkeypatch.setattr(taping, "run_checks", fail)
    monkeypatch.setattr(taping.variants, "record", lambda _: {})
    monkeypatch.setattr(taping, "start", lambda _: None)
    assert cli.run(["tape", "-o", str(tmp_path / "tape.npz")]) == 2
    assert "does not pass 1.5 [forward]: It is wrong." in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == []


@pytest.mark.parametrize("count", ["0", "-1", "two", "1.5", "²"])
def test_seeds_are_counted_from_one(count, capsys):
    """A tape without seeds could grade nobody."""
    with pytest.raises(SystemExit) as caught:
        cli.run(["tape", "--seeds", count])
    assert caught.value.code == 2
    assert "is no whole number from 1 on" in capsys.readouterr().err


@pytest.mark.parametrize(("stale", "status"), [("", 0), ("relu differs", 1)])
def test_asking_whether_it_is_current(tmp_path, monkeypatch, capsys, stale, status):
    """`--check` says so, or why not, of the public tape where no other is named."""
    asked = []
    monkeypatch.setattr(taping, "outdated", lambda *paths: asked.append(paths) or stale)
    assert cli.run(["tape", "--check"]) == status
    assert asked == [(PUBLIC, REFERENCE)]
    assert capsys.readouterr().out == f"{PUBLIC}: {stale or 'current'}\n"


def test_asking_of_a_tape_that_is_not_there(tmp_path, capsys):
    """It cannot be current: status 2."""
    assert cli.run(["tape", "--check", "-o", str(tmp_path / "none.npz")]) == 2
    assert "cannot read the tape" in capsys.readouterr().err


def test_errors_of_the_helpers_are_the_tapes(instant, tmp_path, monkeypatch, capsys):
    """What is raised while mistakes are recorded ends with status 2, and no tape."""

    def fail(*_):
        raise TapeError("the reference does not pass 1.5")

    monkeypatch.setattr(taping.side_by_side, "run", fail)
    assert cli.run(["tape", "-o", str(tmp_path / "tape.npz")]) == 2
    assert "does not pass 1.5" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == []
