"""A bundle built and graded with in real containers, where an engine and a base are at hand."""

import dataclasses
import os
from pathlib import Path

import pytest

from grader import cli
from grader.authoring import perturb, samples
from grader.authoring.gradescope import container, engine, image, metadata, site
from grader.evaluation import images

BASE = os.environ.get("GRADER_DOCKER_BASE", "")
TAG = "convnet-grader-tests"


@pytest.fixture(scope="session")
def base():
    """The base image; which one is the environment's to say, as .ci/run does."""
    if not BASE:
        pytest.skip("no container: GRADER_DOCKER_BASE names no base image (docker/local_base.sh)")
    return BASE


@pytest.fixture(scope="session")
def network():
    """The network that steps of a build need on this machine; None for the engine's own."""
    return os.environ.get("GRADER_DOCKER_NETWORK") or None


@pytest.fixture(scope="session")
def client(base):
    """The engine. Where a base is named there must be one."""
    return engine.connect()


@pytest.fixture(scope="session")
def archive(client, tmp_path_factory):
    """A bundle with the practice images and a secret tape without hints, by the real commands.

    Its private images are the same pictures perturbed, with labels that no network can know.
    """
    folder = tmp_path_factory.mktemp("bundle")
    tape, made = folder / "secret.npz", folder / "autograder.zip"
    assert cli.run(["tape", "--secret", "--no-hints", "--seeds", "2", "-o", str(tape)]) == 0
    private, known = folder / "private.npz", images.load(images.PRACTICE)
    perturb.write(dataclasses.replace(known, labels=(known.labels + 1) % 10), private, seed=1)
    options = ["-o", str(made), "--data", "practice", "--secret", str(tape)]
    options += ["--private", str(private)]
    assert cli.run(["bundle", *options]) == 0
    return made


@pytest.fixture(scope="session")
def build(client, archive, base, network):
    """Build the image from a bundle; gives the lines that the engine said."""

    def go(bundle=archive):
        lines = []
        image.build(client, bundle, tag=TAG, base=base, network=network, told=lines.append)
        return lines

    return go


@pytest.fixture(scope="session")
def built(build):
    """The image, and what was said while it was built."""
    return build()


@pytest.fixture(scope="session")
def tag(built):
    """The image's name, once it is there."""
    return TAG


@pytest.fixture
def run(client, built, assignment, tmp_path):
    """Grade a sample by name, or a folder, at the default size; gives the record."""

    def go(submission, seconds=600, size="0.5"):
        if isinstance(submission, str):
            submission = samples.assemble_zip(submission, tmp_path)
        document = metadata.build(assignment, metadata.Scenario())
        setting = container.Setting(container.SIZES[size], "none", seconds)
        return site.parse(*container.grade(client, TAG, Path(submission), document, setting))

    return go
