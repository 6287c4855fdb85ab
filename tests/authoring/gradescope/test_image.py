"""Building the image: what is sent to the engine, what is passed on, and what fails."""

import stat
from pathlib import Path

import pytest
from docker import errors
from urllib3.exceptions import ProtocolError

from grader.assignment import DEFAULT
from grader.authoring import bundle
from grader.authoring.bundle import BundleError
from grader.authoring.gradescope import image
from grader.authoring.gradescope.engine import EngineError
from grader.authoring.wheel import ROOT

BASE = "example/base:1"
FILES = {
    "setup.sh": b"#!/bin/sh\n",
    "run_autograder": b"#!/bin/sh\n",
    "tape.npz": b"tape",
    "images/test.npz": b"images",
    bundle.ASSIGNMENT: DEFAULT.read_bytes(),
}
BEGUN = [
    {"stream": "Step 1/9 : ARG BASE"},
    {"stream": "\n"},
    {"stream": "Step 2/9 : FROM ${BASE}"},
    {"stream": "\n"},
]


@pytest.fixture
def archive(tmp_path):
    """A small bundle."""
    path = tmp_path / "autograder.zip"
    path.write_bytes(bundle.zipped(FILES))
    return path


@pytest.fixture
def build(client, archive):
    """Build it: the image's id, and the lines that were passed on."""

    def go(parts=(), **options):
        client.parts = list(parts)
        client.tags["tag"] = {"Size": 1}
        lines = []
        made = image.build(client, archive, tag="tag", base=BASE, told=lines.append, **options)
        return made, lines

    return go


def test_an_unpacked_bundle_is_sent(build, client):
    """With the Dockerfile of this checkout, the tag, the base and the network of the steps."""
    made, _ = build(network="host")
    assert made == "sha256:tag"
    assert client.context == {**FILES, "Dockerfile": (ROOT / "docker/Dockerfile").read_bytes()}
    assert client.asked == {
        "tag": "tag",
        "buildargs": {"BASE": BASE},
        "network_mode": "host",
        "rm": True,
        "forcerm": True,
        "decode": True,
    }


def test_programs_can_be_run(client, archive, tmp_path, monkeypatch):
    """The modes of the bundle reach the engine."""
    modes = {}

    def look(path, **_):
        modes.update(
            {file.name: stat.S_IMODE(file.stat().st_mode) for file in Path(path).iterdir()}
        )
        return iter(())

    monkeypatch.setattr(client, "build", look)
    image.build(client, archive, tag="convnet-grader", base=BASE)
    assert (modes["setup.sh"], modes["run_autograder"]) == (0o755, 0o755)


def test_lines_are_passed_on_as_they_come(client, archive):
    """Before the engine has said the next one; colours and empty lines are left out."""
    lines = []

    def parts():
        yield {"stream": "Step 1/9 : ARG BASE"}
        assert lines == ["Step 1/9 : ARG BASE"]
        yield {"stream": "\n"}
        yield {"stream": "\x1b[91mone\r\ntwo\x1b[0m\n\n ---> Using cache\n"}
        assert lines[1:] == ["one", "two", " ---> Using cache"]
        yield {"aux": {"ID": "sha256:1"}}

    client.parts = parts()
    image.build(client, archive, tag="convnet-grader", base=BASE, told=lines.append)
    assert len(lines) == 4


def test_a_base_that_is_pulled_is_heard_of(build):
    """What begins and ends is a line; how far a layer is, is none."""
    _, lines = build(
        [
            *BEGUN,
            {"status": "Pulling from example/base", "id": "1"},
            {"status": "Downloading", "progressDetail": {"current": 1, "total": 9}, "id": "a1"},
            {"status": "Pull complete", "progressDetail": {}, "id": "a1"},
            {"status": "Status: Downloaded newer image"},
        ]
    )
    assert lines[2:] == [
        "1: Pulling from example/base",
        "a1: Pull complete",
        "Status: Downloaded newer image",
    ]


@pytest.mark.parametrize(
    "error",
    [
        "pull access denied for example/base, repository does not exist",
        'Get "https://registry-1.docker.io/v2/": dial tcp: lookup: no such host',
        "manifest for example/base:1 not found: manifest unknown",
        "toomanyrequests: You have reached your pull rate limit",
        "context deadline exceeded",
    ],
)
def test_a_base_that_cannot_be_pulled(build, error):
    """Whatever the reason, how to make an equivalent one is said."""
    with pytest.raises(EngineError) as caught:
        build([*BEGUN, {"errorDetail": {"message": error}, "error": error}])
    said = str(caught.value)
    assert f"the base image {BASE} cannot be had ({error})" in said
    assert "docker/local_base.sh TAG" in said
    assert said.endswith("--base TAG")


@pytest.mark.parametrize(
    "error",
    [
        "The command '/bin/sh -c setup.sh' returned a non-zero code: 1",
        "COPY failed: file not found in build context: stat images: file does not exist",
        f"something about {BASE}",
    ],
)
def test_a_step_that_fails(build, error):
    """Its last lines are there, the first ones not; the base is not blamed."""
    said = [{"stream": f"line {number}\n"} for number in range(100)]
    parts = [*BEGUN, {"stream": " ---> 318641efafa6\n"}, {"stream": "Step 3/9 : RUN setup.sh\n"}]
    with pytest.raises(EngineError) as caught:
        build([*parts, *said, {"error": error}])
    message = str(caught.value)
    assert message.startswith(f"the image could not be built: {error}")
    assert "\n  line 99" in message
    assert "line 80\n" not in message
    assert "local_base" not in message


def test_an_error_before_any_step(build):
    """Nothing was said before it: it stands alone."""
    with pytest.raises(EngineError, match="could not be built: dockerfile parse error"):
        build([{"error": "dockerfile parse error"}])


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (errors.APIError("400", explanation="invalid reference format"), "invalid reference"),
        (ProtocolError("Connection broken"), "has stopped answering"),
    ],
)
def test_an_engine_that_refuses_or_breaks_off(build, client, error, words):
    """At once, or in the middle of the lines."""
    with pytest.raises(EngineError, match=words):
        build([*BEGUN, error])
    client.failures["build"] = error
    with pytest.raises(EngineError, match=words):
        build()


def test_an_interrupt_passes(build):
    """Ctrl-C is no error of the engine."""
    with pytest.raises(KeyboardInterrupt):
        build([*BEGUN, KeyboardInterrupt()])


@pytest.mark.parametrize("content", [None, b"", b"no zip", "an empty zip"])
def test_what_is_no_bundle(client, tmp_path, content):
    """The file is named, with the command that makes one; the engine is not asked."""
    path = tmp_path / "autograder.zip"
    if content is not None:
        path.write_bytes(bundle.zipped({}) if isinstance(content, str) else content)
    with pytest.raises(BundleError) as caught:
        image.build(client, path, tag="tag", base=BASE)
    assert str(caught.value).startswith(f"{path} cannot be used (")
    assert str(caught.value).endswith(f"make it with `grader bundle -o {path}`")
    assert client.asked == {}


def test_details_of_an_image(client):
    """What the engine says of it; how to build it where it is not there."""
    assert image.details(client, "convnet-grader") == {"Size": 1_510_000_000}
    with pytest.raises(EngineError, match="no image none: build it with `grader image build`"):
        image.details(client, "none")
