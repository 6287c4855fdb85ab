"""The bundle under gslocal, a local runner for Gradescope that others wrote."""

import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from grader.authoring import samples
from grader.authoring.gradescope.image import BASE as PLATFORMS

pytestmark = pytest.mark.slow

PROJECT = """
[build]
cmd = "true"
zip = "autograder.zip"
watch = ["autograder.zip"]

[docker]
setup = "setup.sh"
"""


@pytest.fixture(scope="module")
def gslocal(tmp_path_factory):
    """The program, in an environment of its own."""
    folder = tmp_path_factory.mktemp("gslocal")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    install = [folder / "bin/python", "-m", "pip", "install", "--quiet", "gslocal==0.1.1"]
    subprocess.run(install, check=True)
    return folder / "bin/gslocal"


@pytest.fixture
def base_in_its_place(client, base):
    """The base under the name that gslocal takes, if the platform's own is not there."""
    import docker

    try:
        client.images.get(PLATFORMS)
        yield
    except docker.errors.ImageNotFound:
        client.images.get(base).tag(PLATFORMS)
        yield
        client.images.remove(PLATFORMS, noprune=True)


@pytest.fixture
def path_with_network(tmp_path, monkeypatch, network):
    """A `docker` that builds with the network that this machine needs for it."""
    if network:
        program = tmp_path / "bin/docker"
        program.parent.mkdir()
        program.write_text(
            "#!/bin/sh\n"
            f'[ "$1" != build ] || {{ shift; set -- build --network {network} "$@"; }}\n'
            f'exec {shutil.which("docker")} "$@"\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=":")


@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("base_in_its_place", "path_with_network")
def test_the_complete_submission_gets_the_same_score(gslocal, archive, tmp_path):
    """It runs setup.sh alone, then unpacks the zip: all the same, the score is full."""
    project = tmp_path / "project"
    project.mkdir()
    shutil.copyfile(archive, project / "autograder.zip")
    with zipfile.ZipFile(archive) as opened:
        opened.extract("setup.sh", project)
    (project / "gslocal.toml").write_text(PROJECT)
    submission = samples.assemble_zip("complete", tmp_path)
    try:
        command = [gslocal, "run", "--no-build", "-t", "600", submission]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        results = json.loads((project / ".gslocal/temp/results/results.json").read_text())
    finally:
        subprocess.run([gslocal, "clean", "--image"], cwd=project, check=False)
    assert results["score"] == sum(test["max_score"] for test in results["tests"]) > 0
    assert results["extra_data"]["isolation"]["level"] == "full"
