"""Finding a container engine, and what is said where there is none."""

import sys
import types

import docker
import pytest
import requests
from docker import errors
from urllib3.exceptions import ProtocolError

from grader.authoring.gradescope.engine import EngineError, connect, explained


@pytest.fixture
def answers(monkeypatch):
    """Let the engine answer a ping, or raise; at once, or when the client is made."""

    def let(at_once=None, at_ping=None):
        def ping():
            if at_ping is not None:
                raise at_ping
            return True

        def from_env():
            if at_once is not None:
                raise at_once
            return types.SimpleNamespace(ping=ping)

        monkeypatch.setattr(docker, "from_env", from_env)

    return let


def test_an_engine_that_answers(answers):
    """Its client is given."""
    answers()
    assert connect().ping()


def test_no_engine(monkeypatch, tmp_path):
    """The real package without a socket: how to start one is said, in one line."""
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(EngineError, match="sudo systemctl start docker") as caught:
        connect()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "failures",
    [
        {"at_once": errors.DockerException("Connection aborted. No such file")},
        {"at_ping": errors.APIError("500 Server Error")},
        {"at_ping": requests.exceptions.ConnectionError("reset")},
    ],
)
def test_an_engine_that_does_not_answer(answers, failures):
    """Whenever that shows, and whichever package's error it is."""
    answers(**failures)
    with pytest.raises(EngineError, match=r"no container engine answers .*`docker version`"):
        connect()


def test_a_socket_that_is_closed_to_this_user(answers):
    """Nothing has to be started: the user has to join a group."""
    answers(errors.DockerException("('aborted', PermissionError(13, 'Permission denied'))"))
    with pytest.raises(EngineError, match="usermod -aG docker") as caught:
        connect()
    assert "systemctl" not in str(caught.value)


@pytest.mark.parametrize("module", [None, types.ModuleType("docker")], ids=["none", "a folder"])
def test_without_dockers_package(monkeypatch, module):
    """What to install is said, also where the folder docker/ is taken for the package."""
    monkeypatch.setitem(sys.modules, "docker", module)
    with pytest.raises(EngineError, match="pip install docker"):
        connect()


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.ImageNotFound("404"), "there is no image tag: build it with `grader image build`"),
        (errors.APIError("409 Client Error", explanation="name\n in use"), "refuses: name in use"),
        (errors.DockerException("x" * 1000), "refuses: x"),
        (requests.exceptions.ReadTimeout("60 s"), "has stopped answering (60 s)"),
        (ProtocolError("Connection broken"), "has stopped answering (Connection broken)"),
        (BrokenPipeError(32, "Broken pipe"), "has stopped answering"),
    ],
)
def test_what_an_engine_raises_becomes_a_sentence(error, words):
    """One line of bounded length, with what to do where something can be done."""
    with pytest.raises(EngineError) as caught, explained("tag"):
        raise error
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("error", [KeyboardInterrupt(), EngineError("ours"), ZeroDivisionError()])
def test_other_errors_pass(error):
    """An interrupt, sentences of ours, and mistakes in the grader stay what they are."""
    with pytest.raises(type(error)) as caught, explained("tag"):
        raise error
    assert caught.value is error
