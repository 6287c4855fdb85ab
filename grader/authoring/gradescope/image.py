"""Build the image that mirrors Gradescope's, from a bundle and `docker/Dockerfile`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.authoring import bundle
from grader.authoring.gradescope.engine import EngineError, explained
from grader.authoring.wheel import ROOT
from grader.text import clean

if TYPE_CHECKING:
    from docker import DockerClient

BASE = "gradescope/autograder-base:ubuntu-22.04"
DOCKERFILE = "Dockerfile"

_STEP, _TAKES_BASE = "Step ", " : FROM "  # how the engine begins a step, and the one of the base
_LINES_QUOTED = 15
_LONGEST = 200

Told = Callable[[str], None]


def build(
    client: DockerClient,
    archive: Path,
    *,
    tag: str,
    base: str = BASE,
    network: str | None = None,
    told: Told = lambda _: None,
) -> str:
    """Build the bundle `archive` into the image `tag`; returns its id.

    `network` is that of the build's steps, such as 'host'. `told` hears every line that the
    engine says, as it comes.

    Raises EngineError when a step fails, with its last lines; BundleError if `archive` is no
    bundle.
    """
    with tempfile.TemporaryDirectory(prefix="image-") as folder:
        _unpack(archive, Path(folder))
        Path(folder, bundle.PRIVATE_IMAGES).mkdir(
            exist_ok=True
        )  # COPY cannot ask whether it is there
        shutil.copyfile(ROOT / "docker" / DOCKERFILE, Path(folder, DOCKERFILE))
        with explained(tag):
            parts = client.api.build(
                path=folder,
                tag=tag,
                buildargs={"BASE": base},
                network_mode=network,
                rm=True,
                forcerm=True,  # a failed step's container, too
                decode=True,
            )
            _follow(parts, base, told)
            return str(client.images.get(tag).id)


def _unpack(archive: Path, into: Path) -> None:
    try:
        bundle.unpack(archive.read_bytes(), into)
    except (OSError, bundle.BundleError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        message = f"{archive} cannot be used ({why}): make it with `grader bundle -o {archive}`"
        raise bundle.BundleError(message) from error


def _follow(parts: Iterator[Mapping[str, Any]], base: str, told: Told) -> None:
    """Pass on the lines of a build; raises EngineError when it fails."""
    lines: list[str] = []
    for part in parts:
        if "error" in part:
            raise _failed(clean(str(part["error"])).strip(), lines, base)
        for line in _lines(part):
            lines.append(line)
            told(line)


def _lines(part: Mapping[str, Any]) -> list[str]:
    """What a part of the engine's answer says, but for how much of a layer has been loaded."""
    if part.get("progressDetail"):
        return []
    status = str(part.get("status", ""))
    text = f"{part['id']}: {status}" if status and "id" in part else status
    said = clean(str(part.get("stream", text)))
    return [line.rstrip() for line in said.splitlines() if line.strip()]


def _failed(error: str, lines: list[str], base: str) -> EngineError:
    steps = [line for line in lines if line.startswith(_STEP)]
    if steps and _TAKES_BASE in steps[-1]:
        return EngineError(
            f"the base image {base} cannot be had ({error[:_LONGEST]}). Where no image can be "
            "pulled, `docker/local_base.sh TAG` makes an equivalent one: then add --base TAG"
        )
    said = "\n".join(f"  {line}" for line in lines[-_LINES_QUOTED:])
    return EngineError(f"the image could not be built: {error}. Its last lines were:\n{said}")


def details(client: DockerClient, tag: str) -> dict[str, Any]:
    """What the engine says of an image.

    Raises EngineError when there is none of this name.
    """
    with explained(tag):
        return dict(client.images.get(tag).attrs)
