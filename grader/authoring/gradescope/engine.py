"""The container engine, through Docker's SDK: found, or a sentence about what to type."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from docker import DockerClient

_LONGEST = 300
_START = (
    "start one: `sudo systemctl start docker` on Linux, Docker Desktop elsewhere. "
    "`docker version` tells whether it answers."
)
_JOIN = (
    "its socket is not open to you: `sudo usermod -aG docker $USER`, then log in again; or run "
    "this command as root."
)


class EngineError(GraderError):
    """The engine is missing, does not answer, or refuses."""

    reason = "engine"


def connect() -> DockerClient:
    """A client of the engine that the environment names (DOCKER_HOST, or the usual socket).

    Raises EngineError with the command that helps.
    """
    try:
        # By name: without the package, Python takes the checkout's folder docker/ for it.
        from docker import errors, from_env
    except ImportError as error:
        message = "Docker's Python package is not installed: `pip install docker`"
        raise EngineError(message) from error
    try:
        client = from_env()
        client.ping()
    except (errors.DockerException, OSError) as error:
        help_ = _JOIN if "permission denied" in str(error).lower() else _START
        raise EngineError(f"no container engine answers ({_short(error)}): {help_}") from error
    return client


@contextlib.contextmanager
def explained(tag: str) -> Iterator[None]:
    """Raise EngineError for whatever the engine refuses or breaks off; `tag` is the image used."""
    from docker import errors
    from urllib3.exceptions import HTTPError

    try:
        yield
    except errors.ImageNotFound as error:
        message = f"there is no image {tag}: build it with `grader image build`"
        raise EngineError(message) from error
    except errors.DockerException as error:
        said = getattr(error, "explanation", None) or error
        raise EngineError(f"the container engine refuses: {_short(said)}") from error
    except (HTTPError, OSError) as error:
        message = f"the container engine has stopped answering ({_short(error)}): {_START}"
        raise EngineError(message) from error


def _short(said: object) -> str:
    """In one line of bounded length."""
    return " ".join(str(said).split())[:_LONGEST]
