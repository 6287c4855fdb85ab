"""The report's section on similarity."""

import random

import pytest
from boxes import layer, torch_like
from disguising import disguise
from making import record, save_class

from grader.authoring.classroom import similarity
from grader.authoring.classroom.records import ClassError, Student
from grader.authoring.classroom.similarity import extraction, pairs, section
from grader.authoring.right import solutions

CONV = [s.files for s in solutions() if s.name.startswith("conv-")]
PATH = "part1-convnet/modules/convolution.py"


def hand_in(out, key, files, students=None, checkpoint=None):
    """Grade by hand: a record, and the features of these files."""
    folder = out / "handed-in" / key
    folder.mkdir(parents=True)
    paths = {}
    for number, (name, text) in enumerate(files.items()):
        paths[name] = folder / str(number)
        paths[name].write_text(text)
    if checkpoint is not None:
        paths["part2/checkpoints/mymodel.pth"] = torch_like(folder / "net", [checkpoint])
    save_class(out, [record(key, students=students)])
    similarity.save(out, key, similarity.to_json(similarity.features(paths)))
    return out / "submissions" / key / "features.json"


@pytest.fixture
def out(tmp_path):
    """Three students: bob has ada's convolution in other words, and her weights."""
    ada, eve = (next(iter(files.values())) for files in (CONV[0], CONV[5]))
    hand_in(tmp_path, "s1", {PATH: ada}, ("Ada Lovelace",), layer(1))
    hand_in(tmp_path, "s2", {PATH: disguise(ada, random.Random(0))}, ("Bob Builder",), layer(1))
    hand_in(tmp_path, "s3", {PATH: eve}, ("Eve Evans",), layer(3))
    return tmp_path


def test_pair_with_lines_and_weights(out):
    """The pair is named with its pages and lines, and so are the weights; others are not."""
    made = similarity.report(out)
    assert made.title == "Similarity"
    assert "not a verdict" in made.note
    assert "Ada Lovelace" in made.html
    assert 'href="submissions/s2/page.html"' in made.html
    assert "for f in range(self.out_channels)" in made.html
    assert "the same weights, byte for byte" in made.html
    assert "Eve" not in made.html


def test_same_class_same_bytes(out):
    """Nothing in it depends on time or chance."""
    assert similarity.report(out).html == similarity.report(out).html


def test_anonymous(out):
    """Nobody is named: not in labels, links, comments, texts, names of variables or files."""
    told = (
        '"""By Ada Lovelace (lovelace@x.edu)."""\n# Ada Lovelace wrote this\n'
        + next(iter(CONV[3].values()))
        + 'def lovelace(x):\n    return open("/home/ada/Lovelace").read(x, 1)[1, 2, 3, 4, 5, 6]\n'
    )
    student = Student("Ada Lovelace", "lovelace@x.edu", "20240017")
    hand_in(out, "lovelace-zip", {"part1/lovelace.py": told}, (student,))
    hand_in(out, "s5", {"part1/lovelace.py": told}, ("Kim Kimura",))
    open_html, html = (similarity.report(out, anonymous=flag).html for flag in (False, True))
    assert "lovelace" in open_html
    for secret in ("lovelace", "Lovelace", "Bob", "Builder", "Kimura", "20240017", "/home"):
        assert secret not in html
    assert "student-" in html


def test_hostile_texts_are_escaped(out):
    """Names, paths and lines of code cannot become HTML, nor reverse the text's direction."""
    evil = "<script>alert(1)</script>"
    source = (
        next(iter(CONV[3].values())).replace("np.zeros", f"np.zeros{evil}\u202e", 1)
        + f'x = "{evil}" + f(1, 2, 3, 4, 5, 6, 7, 8, 9, a.b, c.d, e.f)  # {evil}\n'
    )
    hand_in(out, "e1", {f"part1/{evil}.py": source}, (f"One {evil}",))
    hand_in(out, "e2", {f"part1/{evil}.py": source}, (f"Two {evil}",))
    html = similarity.report(out).html
    assert "<script" not in html
    assert html.count("&lt;script&gt;") > 4
    assert "\u202e" not in html


def test_group_is_one_entry(out):
    """Students who all share one solution are one entry, not one for each pair."""
    text = next(iter(CONV[9].values()))
    for number in range(4):
        copy = disguise(text, random.Random(number))
        hand_in(out, f"g{number}", {PATH: copy}, (f"Gil{number} Gomez",))
    html = similarity.report(out).html
    assert "4 submissions, each of which shares most of its code" in html
    assert html.count("The lines, side by side") == 2


def test_nothing_alike(tmp_path):
    """A class in which nobody shares anything gets two plain sentences."""
    for number in range(2):
        files = {PATH: next(iter(CONV[5 * number].values()))}
        hand_in(tmp_path, f"s{number}", files, (f"Student {number}",), layer(number))
    html = similarity.report(tmp_path).html
    assert "No two submissions have much in common" in html
    assert "No two students handed in the same" in html


def test_submission_without_features(tmp_path):
    """One that could not be opened is counted, and left out."""
    save_class(tmp_path, [record("s1")])
    html = similarity.report(tmp_path).html
    assert "0 submissions were compared; 1 had nothing to compare" in html


def test_compared_in_part(out, monkeypatch):
    """Whose files were not all read is named, and nobody is where all were."""
    assert "only in part" not in similarity.report(out).html
    monkeypatch.setattr(extraction, "MOST_CODE_BYTES", 500)
    hand_in(out, "s4", CONV[5], ("Gil Gomez",))
    html = similarity.report(out).html
    (told,) = (line for line in html.splitlines() if "only in part" in line)
    assert told.endswith('<a href="submissions/s4/page.html">Gil Gomez</a>.</p>')
    assert "Gomez" not in similarity.report(out, anonymous=True).html


@pytest.mark.parametrize("text", ["", "{}", "[" * 100_000])
def test_damaged_features(text, out):
    """One damaged file is named by its key, and the others are compared all the same."""
    assert "cannot be read" not in similarity.report(out).html
    hand_in(out, "gomez-4", CONV[5], ("Gil Gomez",)).write_text(text)
    html = similarity.report(out).html
    (told,) = (line for line in html.splitlines() if "cannot be read" in line)
    assert told.endswith('<a href="submissions/gomez-4/page.html">gomez-4</a>.</p>')
    assert "3 submissions were compared." in html
    assert "Ada Lovelace" in html
    hidden = similarity.report(out, anonymous=True).html
    assert "cannot be read" in hidden
    assert "gomez" not in hidden.lower()


def test_long_entries_are_cut(out, monkeypatch):
    """Lines, entries and lists have an end, and what is left out is counted."""
    monkeypatch.setattr(section, "MOST_LINES", 5)
    monkeypatch.setattr(section, "LONGEST_LINE", 20)
    html = similarity.report(out).html
    assert "more lines in shorter pieces are not shown" in html
    assert "for f in range(self.out_channels)" not in html
    monkeypatch.setattr(section, "MOST_SHOWN", 0)
    assert "1 more, with less in common" in similarity.report(out).html
    monkeypatch.setattr(section, "MOST_LISTED", 0)
    html = similarity.report(out).html
    assert "1 further pairs are not listed" in html
    assert "1 further groups are not listed" in html


def test_no_class(tmp_path):
    """A folder without a class is named."""
    with pytest.raises(ClassError, match="holds no graded class"):
        similarity.report(tmp_path)


def test_one_file_in_common(out, monkeypatch):
    """A pair that is listed for one file names the file, and how much of it is shared."""
    monkeypatch.setattr(pairs, "LEAST_SHARE", 2)
    assert f"of one's {PATH}." in similarity.report(out).html
    monkeypatch.setattr(section, "MOST_SHOWN", 0)
    assert f"<td>{PATH} (" in similarity.report(out).html


def test_without_sources(tmp_path, monkeypatch):
    """Where files were too long to keep, the pair is named without its lines."""
    monkeypatch.setattr(extraction, "MOST_SOURCE", 0)
    for key, name in (("s1", "Ada A."), ("s2", "Bob B.")):
        hand_in(tmp_path, key, CONV[0], (name,))
    assert "The files are too long to be shown here." in similarity.report(tmp_path).html


def test_many_names_are_folded(tmp_path):
    """A large group shows its first names at once, the others folded; all are linked."""
    for number in range(15):
        hand_in(tmp_path, f"s{number}", CONV[0], (Student(f"Kim {number}"),), layer(1))
    html = similarity.report(tmp_path).html
    assert html.count("<summary>3 more</summary>") == 2
    assert all(f"submissions/s{number}/page.html" in html for number in range(15))
    assert "it may well be the given seed" in html
