"""A student's own run."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from grader import cli
from grader.authoring import template
from grader.commands.check import selection
from grader.outcomes import from_json
from grader.selection import Selection

BROKEN = "class ReLU:\n    pass\n"


@pytest.mark.parametrize(
    ("part", "only", "wanted"),
    [
        (None, None, set()),
        ("1", None, {"1"}),
        (None, ["1.2"], {"1.2"}),
        (None, ["1.2,1.4", "2.1"], {"1.2", "1.4", "2.1"}),
        (None, ["1.2, 1.4,"], {"1.2", "1.4"}),
    ],
)
def test_options_to_selection(part, only, wanted):
    """`--only` may be repeated and may list; without either everything runs."""
    assert selection(part, only) == Selection(frozenset(wanted))


def test_part_and_only_exclude_each_other(submit, capsys):
    """Both at once would be unclear, so the command line refuses."""
    with pytest.raises(SystemExit):
        cli.run(["check", str(submit()), "--part", "1", "--only", "1.2"])
    assert "not allowed with" in capsys.readouterr().err


def test_several_checks(submit, tmp_path, capsys):
    """The selected checks run, the outcome names the others, and the total is not theirs."""
    out = tmp_path / "outcomes.json"
    arguments = ["check", str(submit()), "--only", "1.5", "--only", "1.6,1.8"]
    assert cli.run([*arguments, "--outcomes", str(out)]) == 0
    run = from_json(json.loads(out.read_text()))
    assert [check.number for check in run.checks] == ["1.5", "1.6", "1.8"]
    assert len(run.left_out) == 16
    text = capsys.readouterr().out
    assert "in 3 of 8 checks" in text
    assert "in all" not in text
    assert "these checks alone" in text
    assert "To run all of them" in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--only", "1.5", "--only", "1.12"], "no check 1.12: Part 1 has 1.1, 1.2,"),
        (["--only", "9.9"], "no check 9.9: the parts are 1, 2, 3"),
        (["--part", "9"], "no part 9: the parts are 1, 2, 3"),
    ],
)
def test_a_check_that_does_not_exist_is_no_success(submit, capsys, arguments, words):
    """Nothing runs, and the message names what there is."""
    assert cli.run(["check", str(submit()), *arguments]) == 2
    printed = capsys.readouterr()
    assert words in printed.err
    assert "1.5" not in printed.out


def test_the_end_of_the_output(submit, capsys):
    """After the table come the forecast and what to do next."""
    folder = submit({"modules/relu.py": BROKEN})
    assert cli.run(["check", str(folder), "--only", "1.5,1.6"]) == 1
    lines = capsys.readouterr().out.rstrip().split("\n")
    assert any(line.startswith("On Gradescope's default container") for line in lines)
    assert any(line.startswith("Slowest: ") for line in lines)
    assert lines[-2:] == [
        "Next: 1.5 ReLU fails. To check it alone:",
        f"  grader check {folder} --only 1.5",
    ]


def test_an_unusable_folder_has_neither(tmp_path, capsys):
    """Where nothing can be graded there is nothing to predict."""
    assert cli.run(["check", str(tmp_path)]) == 2
    text = capsys.readouterr().out
    assert "Nothing could be graded" in text
    assert "Gradescope's default" not in text
    assert "Next" not in text


@pytest.mark.slow
def test_the_template_is_one_list_of_what_to_write(tmp_path, reference_dir, capsys):
    """In the fresh template each task is one line, without a traceback or a progress bar."""
    folder = tmp_path / "homework"
    template.generate(reference_dir, folder)
    assert cli.run(["check", str(folder)]) == 1
    text = capsys.readouterr().out
    section = text[text.index("○ Not started") :].split("\n\n")[0].split("\n")
    tasks = [line.split()[0] for line in section[1:]]
    assert tasks[:8] == [f"1.{i}" for i in range(1, 9)]
    assert {"2.1", "2.2", "2.3", "2.4", "2.7", "3.1", "3.2"} <= set(tasks)
    assert "Conv2D.forward" in section[1]
    assert "after 1.1" in section[2]
    for noise in ("Traceback", "Printed", "it/s", "NotImplementedError"):
        assert noise not in text


@pytest.fixture
def anyones():
    """A folder that every user may read and write, outside of root's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o777)
        yield Path(name)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="others run as an ordinary user anyway")
def test_an_ordinary_user_gets_the_same(submit, anyones):
    """Without root, the whole check works and passes what root's passes."""
    folder = anyones / "homework"
    shutil.copytree(submit(), folder)
    command = [sys.executable, "-m", "grader", "check", str(folder), "--part", "1"]
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command],
        cwd=Path(__file__).parents[2],
        env={"PATH": os.environ["PATH"], "HOME": str(anyones)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "7 of 7 points" in done.stdout
