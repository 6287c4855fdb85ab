"""`grader class --anonymous`: a class of real names, of which nothing is left anywhere."""

import contextlib
import csv
import io
import json
import random
import re
import unicodedata
from pathlib import Path
from types import SimpleNamespace

import pytest

from grader import cli
from grader.authoring.classroom import engine, similarity
from grader.authoring.classroom.grading import Answer, failed
from grader.authoring.classroom.pseudonyms import SALT
from grader.authoring.classroom.report.names import ANONYMOUS, PAGE, WHO_IS_WHO
from grader.authoring.right import solutions
from grader.exporters.gradescope import export
from grader.outcomes import to_json

TESTS = Path(__file__).parents[1] / "authoring" / "classroom"
PEOPLE = {
    "submission_70001": [("Ada Lovelace", "adal17@uni.example", "9000417")],
    "submission_70002": [("Chloé Brûlé", "cb@uni.example", "u0042x"), ("Bo Ng", "", "9000418")],
    "submission_70003": [("Nadia O'Neil", "nadia.oneil@uni.example", "")],
    "submission_70004": [("Jörg Weiß", "jw9@uni.example", "9000420")],
}
TELLING = (
    "ada", "lovelace", "adal17", "chloé", "chloe", "brûlé", "brule", "bo", "ng", "nadia", "neil",
    "o'neil", "oneil", "jörg", "jorg", "weiss", "jw9", "cb", "9000417", "9000418", "9000420",
    "u0042x", "submission_70001", "submission_70002", "submission_70003", "submission_70004",
    "uni.example",
)  # fmt: skip
_WORDS = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in TELLING))


@pytest.fixture
def course(tmp_path):
    """An export of all but one of them, whose folder is missing."""
    folder = tmp_path / "export"
    lines = []
    for key, group in PEOPLE.items():
        lines += [f"{key}:", "  :submitters:"]
        for name, email, sid in group:
            lines += [f'  - :name: "{name}"', f"    :email: '{email}'", f"    :sid: '{sid}'"]
        if key != "submission_70004":
            (folder / key).mkdir(parents=True)
            (folder / key / "x.py").write_text(key)
    (folder / "submission_metadata.yml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def graded(monkeypatch, tmp_path):
    """An engine whose every answer is full of the names of who handed in."""
    monkeypatch.syspath_prepend(TESTS)
    monkeypatch.syspath_prepend(TESTS / "similarity")
    making, disguising = map(__import__, ("making", "disguising"))
    right = next(next(iter(s.files.values())) for s in solutions() if s.name.startswith("conv-"))
    marks = SimpleNamespace(points="1")

    def answer(source, people):
        text = " ".join(
            f"/home/{name.split()[0].lower()}/x.py by {name} <{email}> {sid} of {name.split()[-1]}"
            f" in {unicodedata.normalize('NFD', name)}, on paper {bare(name)}"
            for name, email, sid in people
        )
        last = people[0][0].split()[-1]
        record = making.record(
            source.key,
            points={"1.1": marks.points},
            failing={"1.2": making.Failure(message=text, hint=text, detail={"output": "0"})},
            checks={"1.3": {"printed": f"Traceback\n  File {text}", "reads": [f"p/{last}.py"]}},
            run={
                "notes": [text],
                "staff_notes": [text],
                "flags": [{"check": "1.1", "kind": "odd", "text": text}],
            },
        )
        code = disguising.disguise(right, random.Random(0)) if "Ada" in text else right
        path = tmp_path / "code.py"
        path.write_text(f"# {text}\n{code}\n# by A. {last[:1]}. from {last.upper()}ville\n")
        found = similarity.features({f"part1/{last}/{last}.py": path})
        files = {f"part1/{last}.py": "0"}
        return Answer(
            to_json(record.run), export(record.run), files, similarity.to_json(found), "", 1.0
        )

    def grade(cluster, setting, files, todo, told):
        for source in todo:
            place = source.path
            if place is None:
                told(source, failed(source.problem))
            else:
                told(source, answer(source, PEOPLE[place.name]))

    @contextlib.contextmanager
    def here(slots):
        yield engine.Cluster(SimpleNamespace(nthreads=dict), remote=False, dashboard="http://x")

    monkeypatch.setattr(engine, "grade", grade)
    monkeypatch.setattr(engine, "here", here)
    return marks


def run(*words):
    return cli.run([*map(str, words)])


def grade(course, out, *more):
    return run("class", course, "-o", out, "--data", "practice", *more)


def bare(name):
    """A name without accents."""
    apart = unicodedata.normalize("NFD", name)
    return "".join(char for char in apart if not unicodedata.combining(char))


def left(folder):
    """What tells somebody, in any file below a folder or in a file's name."""
    found = set()
    for path in folder.rglob("*"):
        text = str(path.relative_to(folder))
        if path.is_file() and path.name != SALT:
            text += " " + path.read_text("utf-8")
        if path.suffix == ".json":  # signs beyond ASCII may be written as numbers
            text += json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False)
        text = re.sub(r"<style>.*?</style>|<svg .*?</svg>", "", text, flags=re.DOTALL)
        plain = unicodedata.normalize("NFC", text.replace("&#39;", "'"))
        found |= {(path.name, word) for word in _WORDS.findall(plain.casefold())}
    return found


def labels(path):
    return {*re.findall(r"student-[0-9a-f]{10}", path.read_text("utf-8"))}


def test_the_test_can_fail(course, tmp_path):
    """Without the option, the names are in every kind of file."""
    out = tmp_path / "out"
    assert grade(course, out) == 0
    files = {name for name, _ in left(out)}
    for name in ("grades.csv", "report.html", PAGE, "record.json", "results.json", "features.json"):
        assert name in files
    assert {word for _, word in left(out)} >= {*TELLING} - {"jorg", "neil", "oneil"}


def test_from_the_start(course, tmp_path, capsys):
    """Nothing of the class is in any file, nor is it printed."""
    out = tmp_path / "out"
    assert grade(course, out, "--anonymous") == 0
    said = capsys.readouterr()
    assert left(out) == set()
    assert not _WORDS.search((said.out + said.err).replace(str(tmp_path), "").casefold())


def test_afterwards(course, tmp_path):
    """In an OUT with names, the second report has none; staff find who is who beside it."""
    out = tmp_path / "out"
    assert grade(course, out) == 0
    assert grade(course, out, "--anonymous") == 0
    assert left(out / ANONYMOUS) == set()
    listed = json.loads((out / WHO_IS_WHO).read_text("utf-8"))
    assert "Ada Lovelace" in [one["name"] for one in listed.values() if isinstance(one, dict)]
    assert labels(out / ANONYMOUS / "report.html") <= listed.keys()


def test_one_student_one_pseudonym(course, tmp_path, graded, capsys):
    """Table, log, report, pages, likeness and a comparison call everybody the same."""
    out, later, named = (tmp_path / name for name in ("out", "later", "named"))
    grade(course, out, "--anonymous")
    table = csv.DictReader(io.StringIO((out / "grades.csv").read_text("utf-8-sig")))
    rows = {row["name"]: row["key"] for row in table}
    assert len(rows) == 5
    assert labels(out / "report.html") == rows.keys()
    assert {json.loads(line)["key"] for line in (out / "log.jsonl").open()} == {*rows.values()}
    for name, key in rows.items():
        assert name in labels(out / "submissions" / key / PAGE)
    alike = str(similarity.report(out).html)
    assert {*re.findall(r"student-[0-9a-f]{10}", alike)} <= rows.keys()
    assert "tokens in common" in alike

    named.mkdir()
    (named / SALT).write_bytes((out / SALT).read_bytes())
    grade(course, named)
    grade(course, named, "--anonymous")
    assert labels(named / ANONYMOUS / "report.html") == rows.keys()
    pages = {path.name for path in (named / ANONYMOUS / "submissions").iterdir()}
    assert pages == {*rows.values()}

    later.mkdir()
    (later / SALT).write_bytes((out / SALT).read_bytes())
    graded.points = "0.5"
    grade(course, later, "--anonymous")
    page = tmp_path / "diff.html"
    for old, new in ((out, later), (named, named)):
        capsys.readouterr()
        run("diff", old, new, "--anonymous", "--html", page)
        told = page.read_text("utf-8") + capsys.readouterr().out
        assert {*re.findall(r"student-[0-9a-f]{10}", told)} <= rows.keys()
        assert not _WORDS.search(re.sub(r"<style>.*?</style>", "", told, flags=re.DOTALL))
    assert run("diff", out, later, "--anonymous", "--html", page) == 1
    assert len(labels(page)) == 4  # all who were graded
