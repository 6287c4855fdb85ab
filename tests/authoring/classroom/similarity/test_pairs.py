"""Which two submissions share code that few others have."""

import random

import pytest
from disguising import disguise

from grader.authoring import samples
from grader.authoring.classroom.similarity import extraction, pairs
from grader.authoring.classroom.similarity.extraction import Code, Features
from grader.authoring.right import solutions

PERSONS = 5


def code(*hashes, path="a.py"):
    return Features((Code(path, tuple(hashes)),))


def strangers(count):
    return [frozenset({str(number)}) for number in range(count)]


def found(all_features, people=None):
    return pairs.find(all_features, people or strangers(len(all_features))).pairs


@pytest.fixture(scope="module")
def independent():
    """Files of five students who have no solution in common."""
    by_path = {}
    for solution in solutions():
        for path, text in solution.files.items():
            by_path.setdefault(path, []).append(text)
    return [
        {
            path: texts[number * len(texts) // PERSONS]
            for path, texts in by_path.items()
            if len(texts) >= PERSONS
        }
        for number in range(PERSONS)
    ]


def features_of(folder, files):
    folder.mkdir()
    paths = {}
    for number, (name, text) in enumerate(files.items()):
        paths[name] = folder / str(number)
        paths[name].write_text(text)
    return extraction.features(paths)


def test_independent_right_solutions_are_no_pairs(independent, tmp_path):
    """Everybody solves the same tasks right, each in another style: nobody is named."""
    all_features = [features_of(tmp_path / str(n), files) for n, files in enumerate(independent)]
    assert found(all_features) == []


def test_samples_in_different_styles_are_no_pairs():
    """Neither are the panel's right samples."""
    all_features = []
    for name in ("style-strided", "style-talkative", "style-torch", "loops-float32"):
        folder = samples.ROOT / "submissions" / name
        files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*.py")}
        all_features.append(extraction.features(files))
    assert all(entry.code for entry in all_features)
    assert found(all_features) == []


@pytest.mark.parametrize("disturbed", [0, 0.15, 0.35])
def test_disguised_copy_is_found(disturbed, independent, tmp_path):
    """A copy with other names, layout and order is a pair, with added and moved lines too."""
    rng = random.Random(0)
    files = [*independent, {p: disguise(t, rng, disturbed) for p, t in independent[2].items()}]
    all_features = [features_of(tmp_path / str(n), entry) for n, entry in enumerate(files)]
    (pair,) = found(all_features)
    assert (pair.one, pair.other) == (2, 5)
    assert pair.share > 0.4


def test_one_copied_file_is_found(independent, tmp_path):
    """So is a single copied task, named by its file, though all else is one's own."""
    path = "part1-convnet/modules/convolution.py"
    copied = disguise(independent[0][path], random.Random(0))
    files = [*independent, dict(independent[1]) | {path: copied}]
    people = [*strangers(PERSONS), frozenset({"1"})]  # the same student as number 1
    all_features = [features_of(tmp_path / str(n), entry) for n, entry in enumerate(files)]
    (pair,) = found(all_features, people)
    assert (pair.one, pair.other, pair.path) == (0, 5, path)
    assert pair.file_share > 0.5 > pairs.LEAST_SHARE > pair.share


def test_resubmissions_are_no_pair():
    """Two submissions with a common student are none, however equal."""
    one = code(*range(100))
    assert found([one, one], [frozenset({"a", "b"}), frozenset({"b"})]) == []
    assert len(found([one, one])) == 1


def test_what_many_have_does_not_count():
    """Code that more than ten of a small class have makes no pairs; what ten have does."""
    members = [code(*range(30), *range(1000 * n, 1000 * n + 20)) for n in range(1, 12)]
    assert found(members) == []
    assert len(found(members[:10])) == 45


def test_resubmissions_make_nothing_common():
    """One student with many submissions is one student."""
    people = [frozenset({"a"})] * 15 + [frozenset({"b"})]
    everybody = [code(*range(30), 100 + number) for number in range(16)]
    assert {pair.other for pair in found(everybody, people)} == {15}


def test_whole_class_with_one_solution():
    """Equal submissions are found however many there are; short ones may be equal by chance."""
    long, short = code(*range(60)), code(*range(59))
    assert len(found([long] * 30)) == 29
    assert all(pair.equal and pair.one == 0 for pair in found([long] * 30))
    assert found([short] * 30) == []


def test_few_fingerprints_are_no_pair():
    """Below 20 in common nothing is said, were it the whole of a submission."""
    assert found([code(*range(19)), code(*range(19))]) == []
    assert len(found([code(*range(20)), code(*range(20))])) == 1


def test_a_small_share_is_no_pair():
    """Neither is a small part of both."""
    one, other = code(*range(100)), code(*range(80, 180))
    assert found([one, other]) == []
    assert len(found([one, code(*range(75, 175))])) == 1


def test_order_and_figures():
    """Those with most in common come first."""
    pairs_found = found(
        [code(*range(100)), code(*range(50)), code(*range(60, 100), *range(200, 220))]
    )
    assert [(pair.one, pair.other, pair.shared, pair.share) for pair in pairs_found] == [
        (0, 1, 50, 1.0), (0, 2, 40, pytest.approx(2 / 3)),
    ]  # fmt: skip


def test_files_are_made_ready_once(monkeypatch):
    """In a class above 1 000, too, each submission's files are put together a single time."""
    count, apart = 1200, 400
    made = []
    of_one = pairs._files

    def counted(features, rare):
        made.append(features)
        return of_one(features, rare)

    monkeypatch.setattr(pairs, "_files", counted)
    members = [
        code(
            *range(20 * (n % apart), 20 * (n % apart) + 20),
            *range(10**6 + 70 * n, 10**6 + 70 * n + 70),
        )
        for n in range(count)
    ]
    assert found(members) == []
    assert len(made) == count


def test_groups():
    """Pairs with much in common make groups, the largest first; weak ones do not."""
    strong = [pairs.Pair(0, 1, 50, 0.9), pairs.Pair(2, 3, 50, 0.5), pairs.Pair(3, 5, 50, 0.7)]
    weak = pairs.Pair(1, 2, 50, 0.49)
    assert pairs.groups(7, [*strong, weak]) == [[2, 3, 5], [0, 1]]


@pytest.mark.parametrize("all_features", [[], [Features()], [Features(), code(1, 2)]])
def test_nothing_to_compare(all_features):
    """A class without code has no pairs."""
    assert found(all_features) == []
