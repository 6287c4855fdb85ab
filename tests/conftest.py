"""What several tests need: the reference as a submission, and runs of single parts."""

import shutil
from pathlib import Path

import pytest

from grader import sandbox
from grader.assignment import load
from grader.authoring.tape import record
from grader.budget import Budget
from grader.grading import Grading
from grader.outcomes import Run
from grader.session import opened, run_checks, start
from grader.tape import Header, Tape, write

ROOT = Path(__file__).parents[1]
REFERENCE = ROOT / "reference"
SEED = 77
HOSTILE = (
    "``` `x` **bold** [a](http://b) <script>alert(1)</script> <img src=x onerror=y> & $$x$$\n"
    "# Score: 100\n---\n| a | b |\n\x00\x1b[31mred\x1b[0m\ud800 \u202eevil \r\nend ````"
)


@pytest.fixture(scope="session")
def assignment():
    """The packaged assignment."""
    return load()


@pytest.fixture(scope="session")
def pool():
    """Zygotes that all tests of a session share; every check still gets its own worker."""
    with sandbox.WorkerPool() as shared:
        start(shared)
        yield shared


@pytest.fixture(scope="session")
def tape(tmp_path_factory):
    """A tape of one seed, recorded from the reference as it stands."""
    path = tmp_path_factory.mktemp("tape") / "tape.npz"
    write(path, Header((SEED,), "key", ""), record(REFERENCE, (SEED,)))
    return Tape(path)


@pytest.fixture
def submit(tmp_path):
    """Copy a part of the reference and change it: {path: new text, or (old, new), or None}."""

    def build(changes=None, part="part1-convnet"):
        folder = tmp_path / "submission"
        if not (folder / part).is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "*.npz", "runs", "*.pth")
            shutil.copytree(REFERENCE / part, folder / part, ignore=ignored)
        for path, change in (changes or {}).items():
            target = folder / part / path
            if change is None:
                target.unlink()
            elif isinstance(change, tuple):
                old, new = change
                text = target.read_text()
                assert old in text, f"{path} has no {old!r}"
                target.write_text(text.replace(old, new))
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(change, bytes):
                    target.write_bytes(change)
                else:
                    target.write_text(change)
        return folder

    return build


@pytest.fixture
def grade(pool, tape, assignment):
    """Run checks over a folder: `keep` selects them by number; returns {number: outcome}."""

    def run(folder, keep=lambda number: number.startswith("1."), **changes):
        with opened(folder, assignment) as submission:
            outcome = Run(assignment.title, folder.name)
            options = {"tape": tape, **changes}
            seconds = options.pop("seconds", 300.0)
            grading = Grading(
                assignment, Budget(assignment, seconds), pool, submission, outcome, SEED, **options
            )
            run_checks(grading, keep)
        run.last, run.observers = outcome, grading.observers
        return {check.number: check for check in outcome.checks}

    return run


@pytest.fixture(scope="session")
def reference_dir():
    """The reference solution."""
    return REFERENCE


@pytest.fixture
def hostile_text():
    """Markdown, HTML, controls, a lone surrogate and a reversal in one text."""
    return HOSTILE


@pytest.fixture(scope="session")
def short_and_whole():
    """Hold a sentence for students to its form: short, whole, and with its facts in it."""

    def hold(text, words):
        assert len(text) <= 400
        assert text.endswith(".")
        for word in words:
            assert word in text

    return hold
