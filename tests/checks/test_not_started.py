"""Code that is still the template's is "not started" in every check, whatever it ends in."""

import importlib
import json

import pytest

from grader import not_started
from grader.not_started import TEMPLATE
from grader.outcomes import Status
from grader.session import CHECKS

LISTED = json.loads(TEMPLATE.read_bytes())
RIGHT = "        self.cache = x\n        return np.maximum(x, 0)\n"
WRONG = "        self.cache = x\n        return np.minimum(x, 0)\n"
BACKWARD = "        self.dx = np.where(self.cache > 0, dout, 0)\n"
BROKEN = "        return undefined(x)\n"


@pytest.fixture(scope="module")
def template(reference_dir):
    """The text of a file of the template, with other lines in place of some `raise`s."""

    def text(path, **bodies):
        source = (reference_dir.parent / "student_template" / path).read_text()
        for function, body in bodies.items():
            line = f'        raise NotImplementedError("{function.replace("__", ".", 1)}")\n'
            assert line in source
            source = source.replace(line, body)
        return source

    return text


@pytest.fixture
def part1(submit, grade, template):
    """Grade checks of Part 1 with one file of the template in it, changed by `bodies`."""

    def run(path, *numbers, edit=lambda text: text, **bodies):
        source = edit(template(f"part1-convnet/{path}", **bodies))
        return grade(submit({path: source}), lambda name: name in numbers)

    return run


def reasons(check):
    """The reasons of a check's cases, each once."""
    return {case.reason for case in check.cases}


def names(check):
    """What its cases wait for."""
    return {case.detail.get("name") for case in check.cases}


def test_checks_and_template_name_the_same_functions(assignment):
    """Each function that students write is in the marks of a check, and no other is."""
    marked = set()
    for file in CHECKS.glob("check_*.py"):
        module = importlib.import_module(f"grader.checks.{file.stem}")
        for check in vars(module).values():
            for exercise in getattr(check, "__exercises__", ()):
                folder = assignment.part_of(check.__number__).folder
                marked |= {(f"{folder}/{exercise.path}", name) for name in exercise.functions}
    assert marked == {(file, name) for file, listed in LISTED.items() for name in listed}


def test_only_the_forward_is_written(part1):
    """A right forward passes, and the backward is not started; nothing is wrong."""
    check = part1("modules/relu.py", "1.5", ReLU__forward=RIGHT)["1.5"]
    by_status = {case.name: case.reason for case in check.cases if case.status is Status.FAILED}
    assert set(by_status.values()) == {"not-started"}
    assert all("backward" in name for name in by_status)
    assert names(check) == {None, "ReLU.backward"}


def test_only_a_wrong_forward_is_written(part1):
    """What is wrong is told for the forward, and the backward is not started all the same."""
    check = part1("modules/relu.py", "1.5", ReLU__forward=WRONG)["1.5"]
    for case in check.cases:
        backward = "backward" in case.name
        assert backward == (case.reason == "not-started"), case
        assert backward == (case.detail.get("name") == "ReLU.backward")


def test_only_the_backward_is_written(part1):
    """It needs the forward, which is named."""
    check = part1("modules/relu.py", "1.5", ReLU__backward=BACKWARD)["1.5"]
    assert reasons(check) == {"not-started"}
    assert names(check) == {"ReLU.forward"}


def test_a_forward_that_does_not_run_blocks_no_backward_that_is_not_there(part1):
    """Nothing could be checked of it, and nothing has been written: the latter is said."""
    checks = part1("modules/convolution.py", "1.1", "1.2", Conv2D__forward=BROKEN)
    assert reasons(checks["1.1"]) == {"exception"}
    assert reasons(checks["1.2"]) == {"not-started"}
    assert names(checks["1.2"]) == {"Conv2D.backward"}
    assert checks["1.2"].points == 0


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (lambda text: f"import nothing_like_this\n{text}", "not-started"),
        (lambda text: text.replace('"""Task 1.5', '"""Mine: '), "not-started"),
        (lambda text: f"{text}\n\n    def broken(self:\n", "exception"),
        (lambda text: text.replace("def forward", "def forwards"), "exception"),
        (lambda text: f"{text}\n\nReLU.forward = lambda self, x: 1 / 0\n", "exception"),
        (lambda text: text.replace("class ReLU", "class Relu"), "exception"),
    ],
    ids=["import", "docstring", "syntax", "deleted", "replaced", "renamed"],
)
def test_changes_around_the_function(part1, edit, reason):
    """Only the function's own code counts; without it, or by another, it is what it is."""
    check = part1("modules/relu.py", "1.5", edit=edit)["1.5"]
    forward = [case.reason for case in check.cases if "backward" not in case.name]
    assert set(forward) == {reason}


@pytest.mark.parametrize(
    "body",
    [
        "        out = x\n        return out\n",
        "        out = missing\n        return out\n",
        "        return x + self.cache\n",
        "        out = None\n        return out\n",
        "        pass\n",
    ],
    ids=["wrong", "open name", "TypeError", "None", "nothing"],
)
def test_templates_that_do_not_raise(part1, monkeypatch, tmp_path, body):
    """Unchanged code is not started whatever comes of it: a value, or another exception."""
    source = "def forward(self, x: np.ndarray) -> np.ndarray:\n" + body.replace("        ", "    ")
    other = tmp_path / "template.json"
    other.write_text(json.dumps({"part1-convnet/modules/relu.py": {"ReLU.forward": source}}))
    monkeypatch.setattr(not_started, "TEMPLATE", other)
    check = part1("modules/relu.py", "1.5", ReLU__forward=body, ReLU__backward=BACKWARD)["1.5"]
    failed = [case for case in check.cases if case.status is Status.FAILED]
    assert {(case.reason, case.detail["name"]) for case in failed} == {
        ("not-started", "ReLU.forward")
    }
    assert {case.domain for case in failed} == {"core", "wide"}


def test_a_lie_earns_nothing(part1):
    """Code that makes its worker claim that all is the template's gets the points it had."""
    lie = "\n\nimport grader.sandbox.unchanged as u\nu.unchanged = lambda *_: {}\n"
    answers = ['["ReLU.backward", "ReLU.forward", "Solved"]', "list(range(9))", "{}", "1 / 0"]
    bodies = {"ReLU__forward": RIGHT, "ReLU__backward": WRONG.replace("(x", "(dout")}
    honest = part1("modules/relu.py", "1.5", **bodies)["1.5"]
    for answer in answers:
        text = lie.replace("{}", answer, 1)
        check = part1("modules/relu.py", "1.5", edit=lambda source, t=text: source + t, **bodies)
        check = check["1.5"]
        assert check.points == honest.points > 0
        assert [case.status for case in check.cases] == [case.status for case in honest.cases]
        believed = answer is answers[0]
        assert reasons(check) == ({"", "not-started"} if believed else reasons(honest))
        assert "Solved" not in names(check)


@pytest.mark.parametrize(
    ("number", "path", "waits"),
    [
        ("2.3", "models/twolayer.py", "TwoLayerNet.forward"),
        ("2.7", "models/my_model.py", "MyModel.forward"),
    ],
)
def test_a_network_without_its_forward(only, template, number, path, waits):
    """Layers that are none of the handout's are no finding while the forward is not there."""
    layers = {waits.replace(".forward", "____init__"): "        self.a = nn.Linear(1, 1)\n"}
    check = only(number, {path: template(f"part2-pytorch/{path}", **layers)})
    assert reasons(check) == {"not-started"}
    assert names(check) == {waits}


@pytest.mark.parametrize(("number", "step"), [("2.1", "train"), ("2.2", "validate")])
def test_a_step_in_a_script_that_does_not_import(only, template, number, step):
    """An import that fails keeps nobody from seeing that the step is not written."""
    check = only(number, {"main.py": "import nothing\n" + template("part2-pytorch/main.py")})
    assert reasons(check) == {"not-started"}
    assert names(check) == {step}


def test_a_solver_beside_the_templates_main(only, template):
    """What is wrong with it is told, though main.py is not started."""
    solver = (
        "class Solver:\n    def _compute_loss_update_params(self, data, target):\n"
        "        self.model(data)\n        return undefined\n"
    )
    changes = {"main.py": template("part2-pytorch/main.py"), "solver.py": solver}
    assert reasons(only("2.1", changes)) == {"exception"}
