"""The lines that two submissions share, side by side."""

import random

import numpy as np
from disguising import disguise

from grader.authoring.classroom.similarity.alignment import MOST_OCCURRENCES, matches
from grader.authoring.classroom.similarity.extraction import Code
from grader.authoring.classroom.similarity.tokens import tokens
from grader.authoring.classroom.similarity.winnowing import K, grams, winnow
from grader.authoring.right import solutions

FILES = [next(iter(solution.files.values())) for solution in solutions()[:3]]


def code(source, path="a.py", kept=True):
    hashes = grams([token.text for token in tokens(source)])
    chosen = hashes[winnow(hashes, np.empty(0, np.int64))]
    return Code(path, tuple(chosen.tolist()), source if kept else "")


def statements(seed, count):
    """Lines of ten tokens, different from one seed to another."""
    rng = random.Random(seed)
    return "".join(
        f"a = b.{rng.choice('pqrstu')}{rng.randrange(99)}(c, {rng.randrange(9)}, key{seed}=d)\n"
        for _ in range(count)
    )


def lines(place):
    return [number for number, _ in place.lines]


def test_copied_lines_are_found_where_they_are():
    """What was copied is one match; its lines are those of both files."""
    copied = statements(1, 12)
    one = code(statements(2, 10) + copied + statements(3, 10))
    other = code(statements(4, 3) + copied, "b.py")
    (match,) = matches([one], [other], None)
    assert (match.left.path, match.right.path) == ("a.py", "b.py")
    assert (lines(match.left), lines(match.right)) == (
        list(range(11, 23)), list(range(4, 16)),
    )  # fmt: skip
    assert match.tokens >= len(tokens(copied))


def test_lines_without_code_are_left_out():
    """Docstrings and comments between matched lines are no part of them."""
    first, second = statements(1, 6), statements(2, 6)
    one = code(first + second)
    other = code(f'{first}# mine\n"""Says.\n\nMore."""\n\n{second}')
    (match,) = matches([one], [other], None)
    assert lines(match.right) == [1, 2, 3, 4, 5, 6, 12, 13, 14, 15, 16, 17]


def test_part_of_a_long_line():
    """A match within one long line shows that line, though most of it differs."""
    copied = "".join(f" + a.part{number}(b, {number % 9})" for number in range(8))
    sources = [
        "x = 1" + "".join(f" - {name}.{name}{n}" for n in range(40)) + copied + "\n"
        for name in ("one", "two")
    ]
    (match,) = matches([code(sources[0])], [code(sources[1])], None)
    assert (lines(match.left), lines(match.right)) == ([1], [1])


def test_order_and_files_do_not_matter():
    """Pieces in another order and another file are found; they come in the first one's order."""
    first, second = statements(1, 8), statements(2, 8)
    found = matches(
        [code(first + statements(3, 5) + second)],
        [code(second, "x.py"), code(statements(4, 5) + first, "y.py")],
        None,
    )
    assert [(match.right.path, match.left.lines[0][0]) for match in found] == [
        ("y.py", 1), ("x.py", 14),
    ]  # fmt: skip


def test_no_token_is_matched_twice():
    """A piece that stands twice in one submission matches once, the longer match first."""
    piece = statements(1, 8)
    found = matches(
        [code(piece + statements(2, 2))], [code(piece + statements(3, 3) + piece)], None
    )
    assert len(found) == 1
    assert sum(match.tokens for match in found) < len(tokens(piece)) + 10  # chance adds some


def test_overlapping_match_is_cut():
    """Of two matches that overlap, the shorter one keeps what is left of it."""
    start, middle, end = statements(1, 8), statements(2, 8), statements(3, 4)
    found = matches(
        [code(start + middle + end)], [code(start + middle + "x = 1\n" + middle + end)], None
    )
    assert sum(match.tokens for match in found) == len(tokens(start + middle + end))


def test_only_what_counts():
    """Pieces of which no fingerprint counts are not shown."""
    rare, common = statements(1, 10), statements(2, 10)
    one, other = code(rare + statements(3, 9) + common), code(common + statements(4, 9) + rare)
    counting = np.array(sorted(code(rare).fingerprints), np.int64)
    (match,) = matches([one], [other], counting)
    assert lines(match.left)[:10] == list(range(1, 11))
    assert matches([one], [other], np.empty(0, np.int64)) == []


def test_without_source():
    """A file that was too long to keep has no lines to show."""
    copied = statements(1, 20)
    assert matches([code(copied)], [code(copied, kept=False)], None) == []
    assert matches([], [], None) == []


def test_repetitions_are_bounded():
    """A file that repeats one line hundreds of times is matched in reasonable work."""
    line = "a = b.c(d, 1) + e.f(g, 2) - h.i(j, 3)\n"
    found = matches([code(line * 500)], [code(line * 400)], None)
    assert 1 <= len(found) <= MOST_OCCURRENCES**2


def test_disguised_copy():
    """Most of a disguised solution is matched with its original, and little with another one."""
    copy = code(disguise(FILES[0], random.Random(0)))
    own = sum(match.tokens for match in matches([code(FILES[0])], [copy], None))
    foreign = sum(match.tokens for match in matches([code(FILES[1])], [copy], None))
    assert own > 0.75 * len(tokens(FILES[0]))
    assert foreign < 0.5 * own
    assert all(match.tokens >= K for match in matches([code(FILES[0])], [copy], None))
