"""A client of no engine, which behaves as Docker's does where the tests look."""

import io
import tarfile
from pathlib import Path

import pytest
from docker import errors


def tar(name, content):
    """What the engine sends for a file: pieces of an archive with it alone."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(content)
        archive.addfile(info, io.BytesIO(content))
    whole = stream.getvalue()
    return iter([whole[:100], whole[100:]])


class Container:
    """A container that runs for `periods` looks at it, and then has left `files`."""

    def __init__(self, engine, image, command, options):
        self.engine, self.image, self.command, self.options = engine, image, command, options
        self.status, self.attrs = "created", {"State": dict(engine.state)}
        self.inbox, self.removed, self.looks = {}, None, 0

    def put_archive(self, place, content):
        """Unpack what is sent."""
        assert (place, self.status) == ("/", "created")
        with tarfile.open(fileobj=io.BytesIO(content)) as archive:
            for member in archive:
                assert member.isfile()
                self.inbox[f"/{member.name}"] = archive.extractfile(member).read()
        return True

    def start(self):
        """Run, if the engine lets it."""
        self.engine.refuse("start")
        self.status = "running"

    def reload(self):
        """Look at it."""
        self.engine.refuse("reload")
        self.looks += 1
        if self.looks > self.engine.periods:
            self.status = "exited"

    def get_archive(self, path):
        """Send a file that was left."""
        self.engine.refuse("get_archive")
        folder, name = path.rsplit("/", 1)
        if folder != "/gradescope/out" or name not in self.engine.files:
            raise errors.NotFound(f"no such file: {path}")
        return tar(name, self.engine.files[name]), {"name": name}

    def logs(self, tail):
        """Give its last lines."""
        return b"".join(self.engine.said.splitlines(keepends=True)[-tail:])

    def remove(self, *, force, v):
        """Remove it with its volumes, running or not."""
        assert (force, v) == (True, True)
        self.removed = True
        self.engine.refuse("remove")


class Engine:
    """The client: what it is told to answer, and what it was asked.

    `failures` are raised by the calls with these names. `parts` is what a build says.
    """

    def __init__(self):
        self.images = self.api = self.containers = self
        self.tags = {"convnet-grader": {"Size": 1_510_000_000}}
        self.failures, self.parts, self.files = {}, [], {"record.json": b"{}"}
        self.state, self.said, self.periods = {"ExitCode": 0, "OOMKilled": False}, b"", 1
        self.made, self.asked, self.context = [], {}, {}

    def refuse(self, name):
        """Raise what this call is to raise."""
        if name in self.failures:
            raise self.failures[name]

    def get(self, tag):
        """Look an image up."""
        self.refuse("get")
        if tag not in self.tags:
            raise errors.ImageNotFound(f"no such image: {tag}")
        return type("Image", (), {"id": f"sha256:{tag}", "attrs": self.tags[tag]})

    def create(self, image, command, **options):
        """Make a container."""
        self.get(image)
        self.refuse("create")
        self.made.append(Container(self, image, command, options))
        return self.made[-1]

    def build(self, path, **options):
        """Build: what lies in the folder is looked at before a word is said."""
        self.asked = options
        for file in Path(path).rglob("*"):
            if file.is_file():
                self.context[file.relative_to(path).as_posix()] = file.read_bytes()
        self.refuse("build")
        for part in self.parts:
            if isinstance(part, BaseException):
                raise part
            yield part


@pytest.fixture
def client():
    """Give the client."""
    return Engine()
