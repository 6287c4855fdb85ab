"""run_autograder and setup.sh, run by bash with a stand-in for Python."""

import json
import os
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from grader.assignment import tomllib
from grader.exporters.gradescope import placeholder
from grader.exporters.lint import validate

ROOT = Path(__file__).parents[1]
GRADED = {
    "score": 1.0,
    "output": "fine",
    "tests": [{"name": "a", "score": 1.0, "max_score": 1.0}],
    "extra_data": {},
}


def executable(path, text):
    """Write a script that may be run."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def autograder(tmp_path):
    """A container's /autograder with a student's file and metadata."""
    root = tmp_path / "autograder"
    for folder in ("source/grader", "submission", "results"):
        (root / folder).mkdir(parents=True)
    (root / "submission/main.py").write_text("x = 1\n")
    (root / "submission_metadata.json").write_text("{}")
    return root


@pytest.fixture
def fake_grader(autograder):
    """Install a Python whose `-m grader` is a line of bash, and which is Python otherwise."""

    def install(line):
        executable(
            autograder / "source/.venv/bin/python",
            "#!/usr/bin/env bash\n"
            f'results="{autograder}/results/results.json"\n'
            'if [ "${2:-}" = -m ]; then\n'
            f'printf "%s\\n" "$@" > "{autograder}/arguments"\n'
            f'{line}\nexit 0\nfi\nexec "{sys.executable}" "$@"\n',
        )

    return install


@pytest.fixture
def run(autograder):
    """Run the entry point; give its exit status, its stdout, and the result as parsed."""

    def go(**variables):
        finished = subprocess.run(
            [ROOT / "run_autograder"],
            env={"PATH": os.environ["PATH"], "AUTOGRADER_ROOT": str(autograder), **variables},
            cwd=autograder,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        document = json.loads((autograder / "results/results.json").read_text())
        return finished.returncode, finished.stdout, document

    return go


def writes(document):
    """A line of bash that writes a document as the grader's result."""
    return f"cat > \"$results\" <<'JSON'\n{json.dumps(document)}\nJSON"


@pytest.mark.parametrize("name", ["run_autograder", "setup.sh"])
def test_scripts_are_what_the_platform_needs(name):
    """A #! line, LF endings, the executable bit, strict mode, and a syntax that bash accepts."""
    path = ROOT / name
    content = path.read_bytes()
    assert content.startswith(b"#!/usr/bin/env bash\n")
    assert b"\r" not in content
    assert b"\nset -euo pipefail\n" in content
    assert path.stat().st_mode & stat.S_IXUSR
    assert subprocess.run(["bash", "-n", path], check=False).returncode == 0


@pytest.mark.parametrize("status", [0, 1, 2, 137])
def test_valid_results_are_kept(fake_grader, run, status):
    """The grader's result stands and the exit status is 0, whatever the grader's was."""
    fake_grader(f"{writes(GRADED)}\nexit {status}")
    code, stdout, document = run()
    assert (code, document) == (0, GRADED)
    assert f"ended with status {status}" in stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("exit 0", "before it had a result"),
        ("exit 3", "status 3"),
        ("exit 137", "memory of the container ran out"),
        ("exit 124", "time for all checks ran out"),
        ("exit 127", "not installed correctly"),
        ("kill -9 $$", "memory of the container ran out"),
        ('echo "{" > "$results"; exit 0', "before it had a result"),
        ('echo "[]" > "$results"; exit 0', "before it had a result"),
        ('printf "\\377" > "$results"; exit 0', "before it had a result"),
        (': > "$results"; exit 1', "before it had a result"),
        ('rm "$results"; exit 1', "before it had a result"),
        (writes({**GRADED, "score": float("nan")}) + "\nexit 0", "before it had a result"),
        (writes({**GRADED, "output": ["x"]}) + "\nexit 0", "before it had a result"),
        (writes({**GRADED, "extra_data": []}) + "\nexit 0", "before it had a result"),
        (writes(placeholder("begun")) + "\nexit 1", "before it had a result"),
    ],
)
def test_without_a_result_there_is_a_cause(fake_grader, run, line, words):
    """A crash, a kill, garbage or nothing: a valid result with a cause, and exit status 0."""
    fake_grader(line)
    code, _, document = run()
    assert code == 0
    assert validate(document) == []
    assert words in document["output"]
    assert document["score"] == 0
    assert "course staff" in document["output"]


def test_graders_own_explanation_is_kept(fake_grader, run):
    """Where the grader itself said why it could not grade, its words stay."""
    document = placeholder("Not your fault.", staff="tape missing")
    fake_grader(f"{writes(document)}\nexit 2")
    assert run()[2] == document


def test_grader_that_is_not_there(run):
    """An image without the grader: a valid result says that students are not to blame."""
    code, _, document = run()
    assert code == 0
    assert "not your fault" in document["output"]


def test_placeholder_stands_from_the_first_moment(fake_grader, autograder, run):
    """While the grader starts there is already a valid result."""
    fake_grader(f'cp "$results" "{autograder}/seen.json"\nexit 1')
    run()
    seen = json.loads((autograder / "seen.json").read_text())
    assert validate(seen) == []
    assert "Submit once more" in seen["output"]


def test_results_folder_is_made(fake_grader, autograder, run):
    """A missing results folder is made."""
    (autograder / "results").rmdir()
    fake_grader(f"{writes(GRADED)}\nexit 0")
    assert run()[0] == 0


def test_arguments(fake_grader, autograder, run):
    """The submission, results, metadata, tape, test images and private ones, if there are any."""
    fake_grader("exit 0")
    run()
    expected = [
        *("-I", "-m", "grader", "grade", f"{autograder}/submission"),
        *("--results", f"{autograder}/results/results.json"),
        *("--metadata", f"{autograder}/submission_metadata.json"),
    ]
    assert (autograder / "arguments").read_text().split() == expected
    source = autograder / "source"
    carried = []
    for option, name in (
        ("--tape", "tape.npz"),
        ("--data", "images/cifar10_test.npz"),
        ("--private", "private/new.npz"),
    ):
        (source / name).parent.mkdir(exist_ok=True)
        (source / name).write_text("")
        carried += [option, str(source / name)]
    run()
    assert (autograder / "arguments").read_text().split() == [*expected, *carried]


def test_outcomes_only_where_somebody_asks(fake_grader, autograder, run, tmp_path):
    """The platform asks for no other file, so none is written; a class's harness names one."""
    fake_grader("exit 0")
    for variables, asked in (
        ({}, False),
        ({"GRADER_OUTCOMES": ""}, False),
        ({"GRADER_OUTCOMES": str(tmp_path / "kept here.json")}, True),
    ):
        run(**variables)
        arguments = (autograder / "arguments").read_text().splitlines()
        assert ("--outcomes" in arguments) is asked
        assert (
            not asked
            or arguments[arguments.index("--outcomes") + 1] == variables["GRADER_OUTCOMES"]
        )


def test_time_is_up_before_the_platforms(fake_grader, run, tmp_path):
    """A grader that overstays is ended before the harness would discard everything."""
    fake_grader(writes(GRADED))
    clock = f'#!/usr/bin/env bash\necho "$1 $2" > "{tmp_path}/limit"\nshift 2\n"$@"\nexit 124\n'
    executable(tmp_path / "tools/timeout", clock)
    path = f"{tmp_path / 'tools'}:{os.environ['PATH']}"
    code, stdout, document = run(TIMEOUT_SECONDS="600", PATH=path)
    assert (code, document) == (0, GRADED)
    assert "status 124" in stdout
    assert (tmp_path / "limit").read_text() == "--kill-after=2 590\n"


@pytest.mark.parametrize("seconds", ["", "soon", "600.5", "5"])
def test_odd_time_limits(fake_grader, run, seconds):
    """A limit that is no whole number, or that leaves no time, is not enforced here."""
    fake_grader(f"{writes(GRADED)}\nexit 0")
    assert run(TIMEOUT_SECONDS=seconds)[2] == GRADED


@pytest.mark.skipif(os.geteuid() != 0, reason="only root closes files to others")
def test_files_are_closed_to_student_code(fake_grader, autograder, run):
    """During grading only the interpreter is open to others; afterwards the result is too."""
    packages = autograder / "source/.venv/lib/python3.10/site-packages"
    (packages / "numpy").mkdir(parents=True)
    (autograder / "source/tape.npz").write_text("secret")
    watched = [
        *("source", "source/grader", "source/tape.npz", "source/.venv", "submission", "results"),
        "submission_metadata.json",
    ]
    paths = " ".join(f'"{autograder / name}"' for name in watched)
    fake_grader(f'stat -c %a {paths} > "{autograder}/modes"\nexit 0')
    run()
    modes = dict(zip(watched, (autograder / "modes").read_text().split(), strict=True))
    assert modes.pop("source") == "711"
    assert modes.pop("source/.venv") == "755"
    assert all(mode.endswith("00") for mode in modes.values()), modes
    assert oct((packages / "numpy").stat().st_mode).endswith("755")
    assert oct((autograder / "results").stat().st_mode).endswith("755")


@pytest.fixture
def build(tmp_path):
    """Run setup.sh with stand-ins for python3 and apt-get; modules are the self-test's world."""
    source = tmp_path / "source"
    (source / "grader").mkdir(parents=True)
    (source / "setup.sh").write_bytes((ROOT / "setup.sh").read_bytes())
    modules = tmp_path / "modules"
    tools = tmp_path / "tools"
    log = tmp_path / "log"
    log.write_text("")
    names = "numpy pytest pytest_timeout gradescope_utils rich yaml safetensors tqdm matplotlib"
    for name in [*names.split(), "torch", "torchvision"]:
        (modules / name).mkdir(parents=True)
        (modules / name / "__init__.py").write_text("")
    (modules / "grader").mkdir()
    (modules / "grader/cli.py").write_text("")

    def go(
        *,
        pip="exit 0",
        apt="exit 0",
        ensurepip="exit 0",
        version="exit 0",
        starts="exit 0",
        compiles="exit 0",
    ):
        inner = tmp_path / "inner"
        executable(
            inner,
            "#!/usr/bin/env bash\n"
            f'echo "venv $*" >> "{log}"\n'
            f'case "$*" in "-m pip"*) {pip} ;; "-I -m grader"*) {starts} ;; '
            f'"-m compileall"*) {compiles} ;; "-c"*) exit 0 ;; esac\n'
            # -S and a path of its own: the modules here are all that it can import
            f'exec "{sys.executable}" -S -c "import sys; sys.path[:0] = [\'{modules}\']; '
            'exec(sys.stdin.read())" "${@:3}"\n',
        )
        executable(
            tools / "python3",
            "#!/usr/bin/env bash\n"
            f'echo "python3 $*" >> "{log}"\n'
            f'case "$*" in *ensurepip*) {ensurepip} ;; *version_info*) {version} ;; esac\n'
            f'[ "$2" = venv ] && mkdir -p "$3/bin" && cp "{inner}" "$3/bin/python"\n',
        )
        executable(tools / "apt-get", f'#!/usr/bin/env bash\necho "apt-get $*" >> "{log}"\n{apt}\n')
        finished = subprocess.run(
            ["bash", source / "setup.sh"],
            env={"PATH": f"{tools}:{os.environ['PATH']}", "PYTHON": str(tools / "python3")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return finished.returncode, finished.stdout + finished.stderr, log.read_text()

    go.modules, go.source = modules, source
    return go


def test_setup_builds(build):
    """An environment of its own, torch from its own index, the rest, then the self-test."""
    code, output, log = build()
    assert code == 0, output
    assert "setup.sh: ready" in output
    installs = [line for line in log.splitlines() if "pip install" in line]
    assert re.search(r"--no-deps --extra-index-url \S+ torch==\S+ torchvision==\S+$", installs[0])
    assert "--extra-index-url" not in installs[1]
    assert "apt-get" not in log
    assert "python3 -m pip" not in log
    assert log.splitlines()[-1] == "venv -I -m grader doctor"


def test_setup_names_the_same_versions_as_the_project():
    """It needs no file beside it, so it repeats what two files say: without a difference."""
    text = (ROOT / "setup.sh").read_text()
    variable = re.compile(
        r"^(torch_index|torch|packages)=(\(.*?\n?\)|\S+)$", re.MULTILINE | re.DOTALL
    )
    named = dict(variable.findall(text))
    pinned = (ROOT / "requirements-torch.txt").read_text().splitlines()
    pinned = [line for line in pinned if line and not line.startswith("#")]
    assert [
        f"--extra-index-url {named['torch_index']}",
        *shlex.split(named["torch"][1:-1]),
    ] == pinned
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["student"]]
    wanted = [name.replace("; sys_platform == 'linux'", "") for name in wanted]
    assert sorted(shlex.split(named["packages"][1:-1])) == sorted(wanted)


def test_setup_needs_nothing_beside_it(build):
    """Run before the rest is unpacked, it makes the environment; run again, only what is left."""
    (build.source / "grader").rmdir()
    code, output, log = build()
    assert code == 0, output
    assert "still to be unpacked" in output
    assert "doctor" not in log
    (build.source / "grader").mkdir()
    for name in ("tape.npz", "images/test.npz"):
        (build.source / name).parent.mkdir(exist_ok=True)
        (build.source / name).write_text("")
    code, output, log = build()
    assert code == 0, output
    assert log.count("pip install") == 2
    assert log.splitlines()[-1].endswith(
        f"doctor --data {build.source}/images/test.npz --tape {build.source}/tape.npz"
    )


@pytest.mark.parametrize(
    ("faults", "words"),
    [
        ({"pip": "exit 1"}, "torch could not be installed"),
        ({"pip": 'case "$*" in *numpy*) exit 1 ;; *) exit 0 ;; esac'}, "depends on could not"),
        ({"compiles": "exit 1"}, "files are damaged"),
        ({"ensurepip": "exit 1", "apt": "exit 100"}, "python3-venv could not be installed"),
        ({"version": "exit 1"}, "Python 3.10 or newer"),
        ({"starts": "exit 2"}, "the grader cannot work in this image"),
    ],
)
def test_setup_fails_with_a_sentence(build, faults, words):
    """Each step that fails ends the build with what failed."""
    code, output, _ = build(**faults)
    assert code == 1
    assert words in output


def test_setup_installs_venv_where_it_is_missing(build):
    """Ubuntu's Python comes without ensurepip."""
    code, _, log = build(ensurepip="exit 1")
    assert code == 0
    assert "apt-get install -y --no-install-recommends python3-venv" in log


NMS = "operator torchvision::nms does not exist"


@pytest.mark.parametrize(
    ("module", "fault", "code"),
    [
        ("torchvision", f"raise RuntimeError('{NMS}')", 0),
        ("torchvision", "raise RuntimeError('operator torchvision::roi does not exist')", 1),
        ("torchvision", "raise ImportError('no libcudart.so')", 1),
        ("torch", f"raise RuntimeError('{NMS}')", 1),
        ("numpy", "1 / 0", 1),
    ],
)
def test_self_test_tolerates_one_fault_only(build, module, fault, code):
    """A torchvision without its compiled operators is harmless; everything else is not."""
    (build.modules / module / "__init__.py").write_text(fault)
    found, output, _ = build()
    assert found == code
    assert f"self-test: {module}" in output
