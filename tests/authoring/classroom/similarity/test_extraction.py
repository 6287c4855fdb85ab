"""What of one submission is compared with others."""

import json
import re
import shutil
from pathlib import Path

import pytest
from boxes import headed, layer, torch_like

from grader.assignment import load as load_assignment
from grader.authoring import samples
from grader.authoring.classroom import similarity
from grader.authoring.classroom.records import ClassError
from grader.authoring.classroom.similarity import extraction, known
from grader.authoring.right import solutions
from grader.session import opened

ROOT = Path(__file__).parents[4]
NOTHING = known.of_files([])
LONG = "".join(
    f"def f{n}(a, b):\n    return a * {n % 7} + b.part{n}(a, key={n % 5})\n" for n in range(60)
)


def written(folder, files):
    folder.mkdir(parents=True, exist_ok=True)
    paths = {}
    for number, (name, content) in enumerate(files.items()):
        paths[name] = folder / str(number)
        paths[name].write_bytes(content if isinstance(content, bytes) else content.encode())
    return paths


def of(tmp_path, known_code=NOTHING, **files):
    named = {name.replace("_py", ".py"): content for name, content in files.items()}
    return extraction.features(written(tmp_path / "files", named), known_code)


def test_template_and_reference_have_none(tmp_path):
    """What is handed out, or equals the reference, has no features at all."""
    for base in ("reference", "student_template"):
        files = {
            path.relative_to(ROOT / base).as_posix(): path for path in (ROOT / base).rglob("*.py")
        }
        assert extraction.features(files).code == ()


def test_reformatted_template_has_none(tmp_path):
    """Neither has the template with other line ends and comments."""
    path = ROOT / "student_template/part1-convnet/modules/convolution.py"
    content = path.read_bytes().replace(b"\n", b"  # mine\r\n", 3)
    assert extraction.features(written(tmp_path, {"part1/a.py": content})).code == ()


def test_own_code_has_fingerprints():
    """A staged submission: its own files with their source, the course's and equal ones not."""
    sample = ROOT / "submissions/loops-float32"
    with opened(sample, load_assignment()) as submission:
        found = similarity.of(submission)
    assert {entry.path for entry in found.code} == {
        f"part1-convnet/{name}.py"
        for name in (
            "modules/conv_classifier", "modules/convolution", "modules/linear",
            "modules/max_pool", "modules/relu", "optimizer/sgd",
        )
    }  # fmt: skip
    conv = next(entry for entry in found.code if entry.path.endswith("convolution.py"))
    assert conv.source == (sample / conv.path).read_text()
    assert len(conv.fingerprints) > 30


def test_given_files_that_we_laid_are_left_out(tmp_path):
    """What the grader put under a submission is not the student's."""
    with opened(samples.assemble("given-files-missing", tmp_path), load_assignment()) as submission:
        given = [entry for entry in submission.files if entry.origin == "given"]
        assert given
        for entry in given:
            (submission.parts[entry.part] / entry.path).write_text(LONG)
        assert similarity.of(submission).code == ()


def test_checkpoints_and_other_files(tmp_path):
    """Weights are sketched; what is neither code nor weights is not read."""
    path = torch_like(tmp_path / "a.pth", [layer(1)])
    found = extraction.features(
        {"part2/checkpoints/a.pth": path, "part2/a.yaml": tmp_path / "missing"}, NOTHING
    )
    assert [entry.path for entry in found.checkpoints] == ["part2/checkpoints/a.pth"]


def test_hostile_files(tmp_path):
    """Missing, unreadable and senseless files have no features, and raise nothing."""
    paths = written(
        tmp_path, {"nul.py": b"\0" * 5000, "deep.py": b"(" * 5000, "bad.pth": b"PK\3\4"}
    )
    paths |= {"missing.py": tmp_path / "no", "folder.py": tmp_path, "gone.pth": tmp_path / "no"}
    found = extraction.features(paths, NOTHING)
    assert found.checkpoints == ()
    assert sum(len(entry.fingerprints) for entry in found.code) < 10_000


def test_bounds(tmp_path, monkeypatch):
    """Small files come first: a huge one hides nothing, and takes no more than its bounds."""
    monkeypatch.setattr(extraction, "MOST_CODE_BYTES", 2 * len(LONG))
    monkeypatch.setattr(extraction, "MOST_SOURCE", len(LONG) + 10)
    monkeypatch.setattr(extraction, "MOST_FINGERPRINTS", 200)
    found = of(tmp_path, a_py=LONG.replace("*", "-") * 3, b_py=LONG)
    small = next(entry for entry in found.code if entry.path == "b.py")
    assert small.source == LONG
    assert all(entry.source == "" for entry in found.code if entry is not small)
    assert sum(len(entry.fingerprints) for entry in found.code) <= 200
    assert found.cut == ("b.py", "a.py")


def test_nothing_is_cut_of_usual_files(tmp_path):
    """What was read to its end, known files and empty ones among it, is not named."""
    template = (ROOT / "student_template/part1-convnet/modules/convolution.py").read_bytes()
    paths = written(tmp_path, {"a.py": LONG, "b.py": template, "c.py": ""})
    paths["d.pth"] = torch_like(tmp_path / "d", [layer(1)])
    assert extraction.features(paths).cut == ()


def test_expected_files_come_first(tmp_path, monkeypatch):
    """Small files beside the code take no room from it, and are named where none is left."""
    monkeypatch.setattr(extraction, "MOST_CODE_BYTES", len(LONG) + 100)
    junk = {f"n{number}.py": "# none\n" * 10 for number in range(40)}
    paths = written(tmp_path, {**junk, "part1/a.py": LONG})
    found = extraction.features(paths, NOTHING, ["part1/a.py"])
    assert [(entry.path, entry.source) for entry in found.code] == [("part1/a.py", LONG)]
    assert len(found.cut) == 39  # one fits, another in part
    assert set(found.cut) < set(junk)


def test_expected_files_of_the_assignment(tmp_path, monkeypatch):
    """Of a submission, those come first that the assignment names."""
    sample = shutil.copytree(ROOT / "submissions/loops-float32", tmp_path / "sample")
    modules = sample / "part1-convnet/modules"
    for number in range(120):
        (modules / f"none{number}.py").write_text("# none\n" * 50)
    with opened(sample, load_assignment()) as submission:
        whole = similarity.of(submission)
        monkeypatch.setattr(extraction, "MOST_CODE_BYTES", 30_000)
        found = similarity.of(submission)
    assert len(whole.code) == 6
    assert found.code == whole.code
    assert len(found.cut) == extraction.MOST_CUT
    assert all(path.startswith("part1-convnet/modules/none") for path in found.cut)


def test_comments_on_top(tmp_path):
    """400 kB of comments hide no code; what is longer than all bounds is named."""
    plain = of(tmp_path, a_py=LONG).code[0].fingerprints
    found = of(tmp_path, a_py="# a line of a comment\n" * 20_000 + LONG)
    assert (found.code[0].fingerprints, found.cut) == (plain, ())
    found = of(tmp_path, a_py="# a line of a comment\n" * 50_000 + LONG)
    assert (found.code, found.cut) == ((), ("a.py",))


def test_carriage_returns(tmp_path):
    """A copy whose lines end in carriage returns, as Python allows, is the same code."""
    text = "# mine\n" + LONG
    assert of(tmp_path, a_py=text.replace("\n", "\r")) == of(tmp_path, a_py=text)


@pytest.mark.parametrize(
    ("line", "cut"),
    [
        ("# plain", ()),
        ("# coding: latin-1", ()),
        ("# coding: utf-7", ("a.py",)),
        ("# coding: utf-16", ("a.py",)),
        ("# coding: rot13", ("a.py",)),
        ("# coding: no-such", ()),  # Python does not run it either
    ],
)
def test_other_encodings(line, cut, tmp_path):
    """A file that Python reads with other letters is named: a copy in it does not show."""
    assert of(tmp_path, a_py=f"{line}\n{LONG}").cut == cut


def test_more_fingerprints_than_are_kept(tmp_path, monkeypatch):
    """A file of which not all fingerprints are kept is named."""
    count = len(of(tmp_path, a_py=LONG).code[0].fingerprints)
    monkeypatch.setattr(extraction, "MOST_FINGERPRINTS", count)
    assert of(tmp_path, a_py=LONG).cut == ()
    monkeypatch.setattr(extraction, "MOST_FINGERPRINTS", count - 1)
    assert of(tmp_path, a_py=LONG).cut == ("a.py",)


def test_odd_offsets_cost_nothing_else(tmp_path):
    """Code and checkpoint stay where an entry of another checkpoint's header is nonsense."""
    paths = written(tmp_path / "files", {"a.py": LONG})
    paths["b.pth"] = torch_like(tmp_path / "b", [layer(1)])
    header = {"a": {"data_offsets": [0, 4096.0]}}
    paths["c.safetensors"] = headed(tmp_path / "c", header, layer(1, 1024).tobytes())
    found = extraction.features(paths, NOTHING)
    assert [entry.path for entry in (*found.code, *found.checkpoints)] == ["a.py", "b.pth"]


@pytest.mark.parametrize(("reader", "left"), [("sketch", "a.py"), ("tokens", "b.pth")])
def test_trouble_with_one_file_leaves_the_others(reader, left, tmp_path, monkeypatch):
    """What nobody foresaw costs the file in which it is, which is named."""

    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(extraction, reader, fail)
    paths = written(tmp_path / "files", {"a.py": LONG})
    paths["b.pth"] = torch_like(tmp_path / "b", [layer(1)])
    found = extraction.features(paths, NOTHING)
    assert [entry.path for entry in (*found.code, *found.checkpoints)] == [left]
    assert {left, *found.cut} == set(paths)


def test_checkpoints_are_bounded(tmp_path, monkeypatch):
    """No more checkpoints, and no more bytes of them, are read than the bounds say."""
    paths = {
        f"{n}.pth": torch_like(tmp_path / f"{n}", [layer(n, 1000 * (n + 1))]) for n in range(4)
    }
    monkeypatch.setattr(extraction, "MOST_CHECKPOINTS", 3)
    found = extraction.features(paths, NOTHING)
    assert [entry.path for entry in found.checkpoints] == ["0.pth", "1.pth", "2.pth"]
    assert found.cut == ("3.pth",)
    found = extraction.features(paths, NOTHING, ["3.safetensors"])  # another ending is the same
    assert [entry.path for entry in found.checkpoints] == ["0.pth", "1.pth", "3.pth"]
    assert found.cut == ("2.pth",)
    monkeypatch.setattr(extraction, "MOST_WEIGHT_BYTES", 14_000)
    found = extraction.features(paths, NOTHING)
    assert [entry.path for entry in found.checkpoints] == ["0.pth", "1.pth"]
    assert found.cut == ("2.pth", "3.pth")


def test_saved_and_loaded(tmp_path):
    """Features survive their file, and are small."""
    text = next(iter(solutions()[0].files.values()))
    paths = written(tmp_path / "files", {"a.py": text})
    paths["b.pth"] = torch_like(tmp_path / "b", [layer(1)])
    paths["c.py"] = tmp_path  # cannot be read
    found = extraction.features(paths)
    assert found.cut
    similarity.save(tmp_path, "ada", json.loads(json.dumps(similarity.to_json(found))))
    assert similarity.load(tmp_path, "ada") == found
    assert (tmp_path / "submissions/ada/features.json").stat().st_size < 4 * len(text)


def test_without_features(tmp_path):
    """A submission that could not be opened has none, which is no error."""
    assert similarity.load(tmp_path, "ada") is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"schema": 0}',
        '{"schema": 1, "code": [{}], "checkpoints": []}',
        '{"schema": 1, "code": [], "checkpoints": [{"path": "a", "tensors": [{"values": "x"}]}]}',
        '{"schema": 1, "code": [], "checkpoints": [], "cut": 1}',
        *(
            '{"schema": 1, "checkpoints": [], "code": '
            f'[{{"path": "a", "source": "", "fingerprints": [{value}]}}]}}'
            for value in ("1e999", "NaN", 2**63)
        ),
    ],
)
def test_damaged_features(text, tmp_path):
    """A damaged file is named, with the way out."""
    path = tmp_path / "submissions/ada/features.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(ClassError, match=r"features\.json cannot be read .* delete it"):
        similarity.load(tmp_path, "ada")


def test_features_of_before(tmp_path):
    """What was written before files were named as cut is read as it was."""
    document = similarity.to_json(of(tmp_path, a_py=LONG))
    del document["cut"]
    similarity.save(tmp_path, "ada", document)
    assert similarity.load(tmp_path, "ada") == of(tmp_path, a_py=LONG)


def test_unsigned(tmp_path):
    """Comments, texts and names are taken out of what is kept, and nothing that is compared.

    Whatever a name is, no sketch of weights is taken for one: it would be damaged.
    """
    text = f'"""By Ada."""\n{LONG}# Ada\n'
    paths = written(tmp_path / "files", {"ada.py": text})
    paths["ada.pth"] = torch_like(tmp_path / "b", [layer(1)])
    document = similarity.to_json(extraction.features(paths, NOTHING)) | {"cut": ["ada/x.py"]}
    told = similarity.unsigned(document, lambda text: re.sub("(?i)[a-z]+", "z", text))
    assert "ada" in str(document).lower()
    assert "ada." not in str(told).lower()
    assert told["cut"] == ["z/z.z"]
    assert told["code"][0]["fingerprints"] == document["code"][0]["fingerprints"]
    (weights,), (earlier,) = told["checkpoints"], document["checkpoints"]
    assert weights == earlier | {"path": "z.z"}
