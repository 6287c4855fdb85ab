"""Sample submissions: what assembling takes from where, and what it refuses."""

from __future__ import annotations

import zipfile

import pytest

from grader.authoring.samples import (
    SampleError,
    assemble,
    assemble_zip,
)

LAYER = "def f():\n    # BEGIN SOLUTION\n    return 1\n    # END SOLUTION\n"
REFERENCE = {
    "README.md": "the handout",
    "part1/layer.py": LAYER,
    "part1/given.py": "x = 1\n",
    "part1/data/images.npz": "images",
    "part2/net.py": LAYER,
    "part2/checkpoints/net.pth": "trained on CIFAR-10",
    "part2/runs/curve.png": "plot",
}
CODE = {"part1/layer.py", "part1/given.py", "part2/net.py"}


@pytest.fixture
def checkout(tmp_path):
    """Give a checkout with a little reference, and a function that adds a sample to it."""
    root = tmp_path / "checkout"

    def write(base, files):
        for name, content in files.items():
            (base / name).parent.mkdir(parents=True, exist_ok=True)
            (base / name).write_bytes(content.encode())

    write(root / "reference", REFERENCE)

    def add(name, toml='base = "reference"', files=None):
        description = f'title = "A sample"\n{toml}\n'
        own = {"sample.toml": description, "expected.toml": 'points = "1"', **(files or {})}
        write(root / "submissions" / name, own)
        return root

    return add


def contents(folder):
    """All files of a folder, with what they hold."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in files}


def test_base_reference(checkout, tmp_path):
    """The reference's code is taken as handed in: no data, no runs, no CIFAR-10 checkpoints."""
    root = checkout("one")
    folder = assemble("one", tmp_path / "out", root)
    assert folder == tmp_path / "out" / "one"
    assert contents(folder) == {name: REFERENCE[name] for name in CODE}
    assert [path.name for path in folder.parent.iterdir()] == ["one"]


def test_of_a_hostile_sample_the_last_part_of_its_name_counts(checkout, tmp_path):
    """A folder or archive of `attacks/bee` is called `bee`."""
    root = checkout("attacks/bee", 'base = "none"', {"a.txt": "a"})
    assert contents(assemble("attacks/bee", tmp_path / "out", root)) == {"a.txt": "a"}
    assert assemble_zip("attacks/bee", tmp_path, root) == tmp_path / "bee.zip"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["bee"]


def test_base_template(checkout, tmp_path):
    """The template's code is the reference's without solutions."""
    folder = assemble("one", tmp_path, checkout("one", 'base = "template"'))
    assert set(contents(folder)) == CODE
    assert "raise NotImplementedError" in contents(folder)["part1/layer.py"]


def test_base_none(checkout, tmp_path):
    """Without a base there is only what lies in the sample, its two descriptions apart."""
    root = checkout("one", 'base = "none"', {"a.txt": "a", "part1/__pycache__/a.pyc": "cache"})
    assert contents(assemble("one", tmp_path, root)) == {"a.txt": "a"}


def test_overlays(checkout, tmp_path):
    """Other samples' files lie over the base, the sample's own on top."""
    checkout("below", files={"part2/checkpoints/net.pth": "practice", "part1/layer.py": "below"})
    root = checkout("one", 'base = "reference"\noverlays = ["below"]', {"part1/layer.py": "on top"})
    got = contents(assemble("one", tmp_path, root))
    assert got["part2/checkpoints/net.pth"] == "practice"
    assert got["part1/layer.py"] == "on top"
    assert got["part2/net.py"] == LAYER


def test_remove(checkout, tmp_path):
    """What matches is taken away again; a pattern that matches nothing is a mistake."""
    root = checkout("one", 'base = "reference"\nremove = ["part2/**/*"]')
    assert set(contents(assemble("one", tmp_path, root))) == {"part1/layer.py", "part1/given.py"}
    checkout("two", 'base = "reference"\nremove = ["part7/**/*"]')
    with pytest.raises(SampleError, match="part7"):
        assemble("two", tmp_path, root)


def generated(*recipes):
    """Give a description with generated files."""
    return "\n".join(['base = "none"', "[generated]", *recipes])


def test_generated_bytes(checkout, tmp_path):
    """Bytes are as many as asked for, the same every time, and no zip makes them smaller."""
    root = checkout("one", generated('"a/big.bin" = { bytes = 1_500_000 }'))
    first = (assemble("one", tmp_path / "1", root) / "a/big.bin").read_bytes()
    second = (assemble("one", tmp_path / "2", root) / "a/big.bin").read_bytes()
    assert len(first) == 1_500_000
    assert first == second
    assert assemble_zip("one", tmp_path, root).stat().st_size > 1_500_000


def test_generated_cut(checkout, tmp_path):
    """A file that lies there is cut off."""
    root = checkout("one", generated('"a.pth" = { cut = 4 }'), {"a.pth": "0123456789"})
    assert contents(assemble("one", tmp_path, root)) == {"a.pth": "0123"}


def test_generated_link(checkout, tmp_path):
    """A link stays a link, in a folder and in a zip."""
    root = checkout("one", generated('"a/link" = { link = "/etc/hostname" }'))
    assert str((assemble("one", tmp_path, root) / "a/link").readlink()) == "/etc/hostname"
    with zipfile.ZipFile(assemble_zip("one", tmp_path, root)) as archive:
        (entry,) = archive.infolist()
        assert entry.external_attr >> 28 == 0o12
        assert archive.read(entry) == b"/etc/hostname"


def test_generated_by_a_script(checkout, tmp_path):
    """A script of the sample makes a file in the assembled folder, and is not handed in."""
    script = (
        "import sys, pathlib, helper\n"
        "pathlib.Path(sys.argv[1]).write_text(pathlib.Path('a.txt').read_text() * 2)\n"
    )
    files = {"make.py": f"import sys; sys.path.insert(0, '.')\n{script}", "a.txt": "ab"}
    root = checkout("one", generated('"b.txt" = { script = "make.py" }'), files)
    with pytest.raises(SampleError, match="No module named 'helper'"):
        assemble("one", tmp_path, root)
    assert not (tmp_path / "one").exists()
    (root / "submissions" / "one" / "helper.py").write_text("")
    got = contents(assemble("one", tmp_path, root))
    assert got == {"a.txt": "ab", "b.txt": "abab", "helper.py": ""}


@pytest.mark.parametrize(
    "recipe",
    ["{ bytes = 1, cut = 2 }", '{ bytes = "1" }', "{ cut = 3 }", "{ magic = 1 }", "{ }"],
)
def test_unknown_recipe(checkout, tmp_path, recipe):
    """A recipe that is none, or a cut of a file that is not there, is refused."""
    root = checkout("one", generated(f'"a" = {recipe}'))
    with pytest.raises(SampleError, match="cannot be made by"):
        assemble("one", tmp_path, root)


def test_script_that_makes_nothing(checkout, tmp_path):
    """A script that ends well without its file is refused."""
    root = checkout("one", generated('"a" = { script = "make.py" }'), {"make.py": "pass\n"})
    with pytest.raises(SampleError, match="did not make a"):
        assemble("one", tmp_path, root)


def packed(*lines):
    """Give a description with a way of packing."""
    return "\n".join(['base = "reference"', "[packing]", *lines])


def test_packing_folders(checkout, tmp_path):
    """Parts get other names or none, and everything goes a level deeper."""
    root = checkout("one", packed('folders = { part1 = "", part2 = "my net" }', 'prefix = "hw 2"'))
    assert set(contents(assemble("one", tmp_path, root))) == {
        "hw 2/layer.py", "hw 2/given.py", "hw 2/my net/net.py",
    }  # fmt: skip


def test_packing_on_a_mac(checkout, tmp_path):
    """The clutter of macOS lies beside all files, and the files are all there."""
    folder = assemble("one", tmp_path, checkout("one", packed("macos = true")))
    paths = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert paths >= CODE
    assert {"__MACOSX/part1/._layer.py", "__MACOSX/._part1", "part1/.DS_Store"} <= paths


def test_raw_names(checkout, tmp_path):
    """Names that no folder can hold go into the zip as they are."""
    root = checkout("one", packed('raw = { "../evil.py" = "import os" }'))
    with zipfile.ZipFile(assemble_zip("one", tmp_path, root)) as archive:
        assert archive.read("../evil.py") == b"import os"
    assert "evil.py" not in str(contents(assemble("one", tmp_path, root)))


def test_zip_is_reproducible(checkout, tmp_path):
    """The same sample gives the same bytes, and they are those of the folder."""
    root = checkout("one")
    first = assemble_zip("one", tmp_path / "1", root)
    assert first == tmp_path / "1" / "one.zip"
    assert first.read_bytes() == assemble_zip("one", tmp_path / "2", root).read_bytes()
    with zipfile.ZipFile(first) as archive:
        got = {name: archive.read(name).decode() for name in archive.namelist()}
    assert got == contents(assemble("one", tmp_path, root))
    assert [path.name for path in (tmp_path / "1").iterdir()] == ["one.zip"]


def test_folder_in_the_way(checkout, tmp_path):
    """A folder that is there is left alone."""
    root = checkout("one")
    assemble("one", tmp_path, root)
    with pytest.raises(SampleError, match="exists"):
        assemble("one", tmp_path, root)
