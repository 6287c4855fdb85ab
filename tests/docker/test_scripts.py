"""The scripts that start an engine and make a base, with stand-ins for the programs they call."""

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ENGINE, BASE = "docker/start_engine.sh", "docker/local_base.sh"
# What the scripts need of an ordinary system; all else is there only as a stand-in.
ORDINARY = ("bash", "mktemp", "rm", "tail", "seq", "sleep", "mkdir", "cp", "tar", "setsid", "cat")


@pytest.fixture
def run(tmp_path):
    """Run a script where only these programs exist: name to a line of bash."""

    def go(script, *arguments, **programs):
        tools = tmp_path / "tools"
        tools.mkdir()
        for name in ORDINARY:
            (tools / name).symlink_to(shutil.which(name))
        for name, line in {"id": "echo 0", **programs}.items():
            path = tools / name.replace("_", "-")
            path.write_text(f"#!/bin/bash\n{line}\n")
            path.chmod(0o755)
        return subprocess.run(
            [ROOT / script, *arguments],
            env={"PATH": str(tools), "TMPDIR": str(tmp_path), "LOG": str(tmp_path / "log")},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return go


@pytest.mark.parametrize("script", [ENGINE, BASE])
def test_the_scripts_can_be_run(script):
    """A #! line, the executable bit, and strict mode."""
    path = ROOT / script
    assert path.read_bytes().startswith(b"#!/usr/bin/env bash\n")
    assert b"\nset -euo pipefail\n" in path.read_bytes()
    assert path.stat().st_mode & stat.S_IXUSR


def test_an_engine_that_answers_is_left_alone(run):
    """Nothing is started, and no process id is printed."""
    done = run(ENGINE, docker="exit 0", dockerd="touch $LOG")
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    ("programs", "words"),
    [
        ({"id": "echo 1000"}, "only root can start one"),
        ({}, "no apt-get"),
        ({"apt_get": "exit 100"}, "could not be installed"),
        ({"docker": "exit 1", "dockerd": "echo no room >&2; exit 1"}, "does not start"),
    ],
)
def test_where_no_engine_can_be_had_it_says_why(run, programs, words):
    """Status 1, so that the caller goes on without containers, and a sentence."""
    done = run(ENGINE, **programs)
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stdout == ""


def test_the_engines_last_words_are_shown(run):
    """What it said when it failed is what helps."""
    assert "no room" in run(ENGINE, docker="exit 1", dockerd="echo no room >&2; exit 1").stderr


def test_an_engine_that_was_started_is_named_by_its_process(run, tmp_path):
    """The id that is printed is that of the engine, which goes on."""
    up = tmp_path / "up"
    done = run(ENGINE, docker=f"[ -e {up} ]", dockerd=f": > {up}; exec sleep 30")
    assert done.returncode == 0, done.stderr
    os.kill(int(done.stdout), 15)


@pytest.mark.parametrize(
    ("programs", "words"),
    [
        ({"id": "echo 1000"}, "must run as root"),
        ({"apt_get": "exit 100"}, "debootstrap is missing"),
        ({"debootstrap": "exit 0", "docker": "exit 1"}, "no Docker engine answers"),
        ({"debootstrap": "echo no mirror; exit 1", "docker": "exit 0"}, "no mirror"),
    ],
)
def test_a_base_that_cannot_be_made_says_why(run, programs, words):
    """One sentence, and debootstrap's own last lines."""
    done = run(BASE, **programs)
    assert done.returncode == 1
    assert words in done.stderr


def test_a_base_has_what_the_platforms_has(run, tmp_path):
    """The folders of /autograder, and pip's settings, under the name that was asked for."""
    done = run(
        BASE,
        "a-base",
        debootstrap='shift 2; for root; do :; done; mkdir -p "$2/etc/ssl/certs"',
        docker=f'[ "$1" != import ] || {{ echo "$*" > $LOG; tar -C {tmp_path} -xf -; }}',
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "a-base"
    assert (tmp_path / "log").read_text().split()[-1] == "a-base"
    for name in ("source", "submission", "results"):
        assert (tmp_path / "autograder" / name).is_dir()
    assert "cert = " in (tmp_path / "etc/pip.conf").read_text()
