"""What of one submission is compared with others."""

import json
from pathlib import Path

import pytest
from boxes import layer, torch_like

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


def test_checkpoints_are_bounded(tmp_path, monkeypatch):
    """No more checkpoints, and no more bytes of them, are read than the bounds say."""
    paths = {
        f"{n}.pth": torch_like(tmp_path / f"{n}", [layer(n, 1000 * (n + 1))]) for n in range(4)
    }
    monkeypatch.setattr(extraction, "MOST_CHECKPOINTS", 3)
    found = extraction.features(paths, NOTHING)
    assert [entry.path for entry in found.checkpoints] == ["0.pth", "1.pth", "2.pth"]
    monkeypatch.setattr(extraction, "MOST_WEIGHT_BYTES", 14_000)
    found = extraction.features(paths, NOTHING)
    assert [entry.path for entry in found.checkpoints] == ["0.pth", "1.pth"]


def test_saved_and_loaded(tmp_path):
    """Features survive their file, and are small."""
    text = next(iter(solutions()[0].files.values()))
    paths = written(tmp_path / "files", {"a.py": text})
    paths["b.pth"] = torch_like(tmp_path / "b", [layer(1)])
    found = extraction.features(paths)
    similarity.save(tmp_path, "ada", json.loads(json.dumps(similarity.to_json(found))))
    assert similarity.load(tmp_path, "ada") == found
    assert (tmp_path / "submissions/ada/features.json").stat().st_size < 4 * len(text)


def test_without_features(tmp_path):
    """A submission that could not be opened has none, which is no error."""
    assert similarity.load(tmp_path, "ada") is None


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"schema": 0}', '{"schema": 1, "code": [{}], "checkpoints": []}']
)
def test_damaged_features(text, tmp_path):
    """A damaged file is named, with the way out."""
    path = tmp_path / "submissions/ada/features.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(ClassError, match=r"features\.json cannot be read .* delete it"):
        similarity.load(tmp_path, "ada")


def test_unsigned(tmp_path):
    """Comments and texts are taken out of what is kept, and nothing that is compared."""
    text = f'"""By Ada."""\n{LONG}# Ada\n'
    document = similarity.to_json(of(tmp_path, a_py=text))
    told = similarity.unsigned(document)
    assert "Ada" in str(document)
    assert "Ada" not in str(told)
    assert told["code"][0]["fingerprints"] == document["code"][0]["fingerprints"]
