"""`grader doctor --model`: what a network will take, from its class alone."""

import pytest

from grader import cli
from grader.checks.costs import Cost
from grader.checks.sentences.own_model import SMALLER
from grader.commands import model_costs
from grader.commands.model_costs import Expected, Measured, expect

MINE = "models/my_model.py"
HEAD = "import time\nimport torch\nfrom torch import nn\nimport torch.nn.functional as F\n\n\n"


def network(layers="self.a = nn.Linear(3072, 10)", forward="return self.a(x.flatten(1))"):
    """A file with a class MyModel."""
    return (
        f"{HEAD}class MyModel(nn.Module):\n"
        f"    def __init__(self):\n        super().__init__()\n        {layers}\n"
        f"    def forward(self, x):\n        {forward}\n"
    )


@pytest.fixture
def doctor(submit, capsys, pool):
    """Ask about the reference with another my_model.py: status, and text as one line."""

    def run(text=None, path=None):
        folder = submit({MINE: text} if text else {}, part="part2-pytorch")
        status = model_costs.report(folder / path if path else folder, pool)
        return status, " ".join(capsys.readouterr().out.split())

    return run


@pytest.mark.slow
def test_the_reference_fits(doctor):
    """Parameters, operations, file, time and memory come beside their limits."""
    status, text = doctor()
    assert status == 0
    for words in ("parameters 392,674", "238.6 MFLOP", "119.3 million multiply-adds", "1.6 MB of"):
        assert words in text
    assert "s of 480 s for 10000 images" in text
    assert "MB of 768 MB" in text
    assert text.endswith("This fits.")


@pytest.mark.parametrize(
    ("layers", "forward", "words"),
    [
        ("self.a = nn.Linear(3072, 10)", "raise ValueError('mine')", "`ValueError: mine`"),
        ("self.a = nn.Linear(3072, 10)", "return self.a(x)", "RuntimeError"),
        ("self.a = nn.Linear(3072, 10)", "return None", "return the logits"),
        ("self.a = nn.Linear(3072, 10)", "return x, x", "`tuple`"),
        ("self.a = nn.Linear(3072, 11)", "return self.a(x.flatten(1))", "11"),
        ("self.a = nn.Linear(3072, 10)", "return self.a(x.flatten(1)).sum(0)", "shape"),
        ("pass", "return x.flatten(1)[:, :10]", "no parameters"),
        ("raise NotImplementedError('MyModel')", "pass", "Not started"),
        ("pass", "import os; os._exit(3)", "exit status 3"),
    ],
)
def test_a_network_that_does_not_run_has_its_sentence(doctor, layers, forward, words):
    """What is wrong is said as `grader check` says it, with status 1."""
    status, text = doctor(network(layers, forward))
    assert status == 1
    assert words in text
    assert "This fits" not in text


def test_a_network_for_four_gigabytes(doctor):
    """Where the memory is not enough, that is said, with what to shrink."""
    status, text = doctor(network("self.a = nn.Linear(32768, 32768)", "return self.a(x)"))
    assert status == 1
    assert "too large: it needs more than the 600 MB" in text
    assert SMALLER in text


def test_activations_for_four_gigabytes(doctor):
    """The same where forward takes the memory."""
    forward = "return self.a((x.repeat(1, 10000, 1, 1) * 2)[:, :3].flatten(1))"
    status, text = doctor(network(forward=forward))
    assert status == 1
    assert "too large: it needs more than the 600 MB" in text


@pytest.mark.slow
def test_a_network_that_is_too_slow(doctor, monkeypatch):
    """Where not even a few images are done in the time, that is said."""
    monkeypatch.setattr(model_costs, "MOST_CPU_SECONDS", 2.0)
    status, text = doctor(network(forward="\n        while True: pass"))
    assert status == 1
    assert "too slow: a few images took more than" in text
    assert SMALLER in text


@pytest.mark.slow
def test_a_file_that_never_ends_importing_is_another_matter(doctor, monkeypatch):
    """A loop at import is no slow network."""
    monkeypatch.setattr(model_costs, "MOST_CPU_SECONDS", 2.0)
    status, text = doctor("while True: pass\n")
    assert status == 1
    assert "Importing your file was stopped" in text


@pytest.mark.slow
def test_a_network_three_times_too_slow(doctor, assignment):
    """Predicted time above the limit says how many images would be done."""
    seconds = 3 * 480 / 10_000 * float(assignment.table["container"]["cpus"])
    forward = (
        f"end = time.process_time() + {seconds} * len(x)\n"
        "        while time.process_time() < end: pass\n"
        "        return self.a(x.flatten(1))"
    )
    status, text = doctor(network(forward=forward))
    assert status == 1
    assert "Too slow: only about" in text
    assert "of 10000 images would be predicted in time" in text
    assert SMALLER in text


def test_a_single_file_is_taken_with_its_neighbours(doctor, submit):
    """Another file than my_model.py may be asked about; what it imports lies beside it."""
    folder = submit(
        {
            "models/other.py": "from models.blocks import wide\n" + network("self.a = wide()"),
            "models/blocks.py": f"{HEAD}def wide():\n    return nn.Linear(3072, 10)\n",
        },
        part="part2-pytorch",
    )
    status, text = doctor(path="part2-pytorch/models/other.py")
    assert status == 0
    assert "parameters 30,730" in text
    assert text.endswith("This fits.")
    assert "def wide" not in (folder / "part2-pytorch" / MINE).read_text()


def test_the_command_asks_about_the_folder_that_one_is_in(submit, monkeypatch, capsys):
    """`--model` alone takes the folder, as `check` does."""
    monkeypatch.chdir(submit({MINE: network()}, part="part2-pytorch"))
    assert cli.run(["doctor", "--model"]) == 0
    assert "30,730" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["absent.py", "absent", "absent.zip"])
def test_what_is_not_there_is_unusable(tmp_path, capsys, name):
    """A path that leads nowhere is status 2 and a sentence with its name."""
    assert cli.run(["doctor", "--model", str(tmp_path / name)]) == 2
    assert f"nothing at `{name}`" in capsys.readouterr().err


def test_a_folder_without_the_part(submit, capsys):
    """Part 1 alone has no MyModel."""
    assert cli.run(["doctor", "--model", str(submit())]) == 1
    assert "part2-pytorch/" in capsys.readouterr().out


def measured(**changes):
    """A small network's costs."""
    values = {"cost": Cost(10, 100, 1000), "seconds_per_image": 0.001, "peak_mb": 200.0}
    return Measured(**(values | changes))


def test_what_is_expected_grows_with_what_was_measured(assignment, monkeypatch):
    """All images at half a CPU take twice their CPU seconds; memory counts all that runs."""
    monkeypatch.setattr(model_costs, "slowdown", lambda _: 1.0)
    small = expect(measured(), assignment)
    assert small.seconds == pytest.approx(20)
    assert small.limit_seconds == pytest.approx(480)
    assert small.complaints == []
    large = expect(measured(peak_mb=300.0), assignment)
    assert large.memory_mb - small.memory_mb == pytest.approx(100)
    monkeypatch.setattr(model_costs, "slowdown", lambda _: 1.5)
    assert expect(measured(), assignment).seconds == pytest.approx(30)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seconds": 0.67 * 480}, "The time may not be enough"),
        ({"seconds": 960}, "only about 5000 of 10000"),
        ({"memory_mb": 700}, "The memory may not be enough"),
        ({"memory_mb": 900}, "more than the container's 768 MB"),
        ({"bytes": 150_000_000}, "checkpoint of 150.0 MB does not fit into an archive of 100 MB"),
    ],
)
def test_every_limit_has_its_complaint(changes, words):
    """Each limit is said once, with what to shrink, and a margin before it."""
    fits = {
        "images": 10_000, "bytes": 100, "limit_bytes": 1e8, "seconds": 300.0,
        "limit_seconds": 480.0, "memory_mb": 400.0, "limit_mb": 768.0,
    }  # fmt: skip
    assert Expected(**fits).complaints == []
    [(text, advice)] = Expected(**(fits | changes)).complaints
    assert words in text
    assert advice.endswith(".")
