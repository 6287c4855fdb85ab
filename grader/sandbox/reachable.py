"""What of the file system a worker may read, and how the rest is closed to it.

The list is short: Python's standard library, system libraries, a few files that numpy and
torch look at, and packages. Workers of the numpy kind get numpy and no other package, so
that layers from scratch are not written with torch, scipy or an autograd. Nothing may be
written. Landlock rules cannot make exceptions below a folder, so a folder with something
to leave out is listed entry by entry.
"""

from __future__ import annotations

import contextlib
import os
import site
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

BESIDE_NUMPY = ("numpy", "numpy.libs")
_HIDDEN = ("grader",)  # installed as a wheel, we lie among the packages, too
_SYSTEM = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib")
_FILES = (
    "/dev/null",
    "/dev/urandom",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/proc/cpuinfo",
    "/sys/devices/system/cpu",
)


@dataclass(frozen=True)
class Reachable:
    """What stays open: `files` and all below them; of `folders` and those below, the names."""

    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


def libraries(*, torch: bool) -> Reachable:
    """What a worker may read beside the submission; all of it exists."""
    packages = package_folders()
    files: dict[str, None] = {}
    folders: dict[str, None] = {}
    for folder in map(_real, (*_SYSTEM, *_standard_library())):
        _add(folder, packages, files, folders)
    for folder in packages:
        for entry in _entries(folder):
            name = Path(entry).name
            if name not in _HIDDEN if torch else name in BESIDE_NUMPY:
                files[entry] = None
    if torch:
        folders |= dict.fromkeys(packages)
    files |= dict.fromkeys(name for name in _FILES if Path(name).exists())
    return Reachable(tuple(files), tuple(folders))


def torch_files() -> list[str]:
    """One file of each installed torch: what a worker of the numpy kind must not reach."""
    files = [Path(folder, "torch", "__init__.py") for folder in package_folders()]
    return [str(file) for file in files if file.exists()]


def close_others(open_still: Reachable) -> str:
    """Restrict this process to reading what is listed, and nothing else; for good.

    Gives the version of Landlock. Raises ImportError without landlockpy, and OSError where
    the kernel has no Landlock or refuses.
    """
    import landlockpy

    if not landlockpy.supported():
        message = "this kernel or container has no Landlock"
        raise OSError(message)
    access = landlockpy.AccessFS
    file = access.READ_FILE | access.EXECUTE
    scopes = landlockpy.Scope.SIGNAL | landlockpy.Scope.ABSTRACT_UNIX_SOCKET
    with landlockpy.Ruleset(scoped=scopes) as rules:
        for path in open_still.files:
            with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                rules.allow_path(path, file | access.READ_DIR if Path(path).is_dir() else file)
        for path in open_still.folders:
            rules.allow_path(path, access.READ_DIR)
        rules.restrict()
        return f"ABI {rules.abi_version}"


def _standard_library() -> set[str]:
    paths = sysconfig.get_paths()
    return {paths["stdlib"], paths["platstdlib"], str(Path(os.__file__).parent)}


def package_folders() -> set[str]:
    """The folders that packages are installed in, wherever Python looks for them."""
    places = {*site.getsitepackages(), *sys.path}
    if site.ENABLE_USER_SITE:
        places.add(site.getusersitepackages())
    ends = ("site-packages", "dist-packages")
    return {_real(place) for place in places if Path(place).name in ends and Path(place).is_dir()}


def _add(folder: str, holes: set[str], files: dict[str, None], folders: dict[str, None]) -> None:
    """Note `folder`, or around something to leave out its name and what else lies in it."""
    if folder in holes or not Path(folder).exists():
        return
    if not any(hole.startswith(folder + os.sep) for hole in holes):
        files[folder] = None
        return
    folders[folder] = None
    for entry in _entries(folder):
        if not Path(entry).is_symlink():  # where it leads to is listed, or is to stay closed
            _add(entry, holes, files, folders)


def _entries(folder: str) -> list[str]:
    try:
        return [entry.path for entry in os.scandir(folder)]
    except OSError:
        return []


def _real(place: str) -> str:
    return str(Path(place).resolve())
