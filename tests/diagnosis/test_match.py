"""Which known mistakes explain what a submission showed."""

import numpy as np
import pytest

from grader.diagnosis.library import Library
from grader.diagnosis.match import explain
from grader.diagnosis.observer import Observer
from grader.numerics.inputs import odd_quarters, stream

SHAPE = (2, 3)
SLOTS = ("first/out", "first/dx", "second/out", "second/dx")
RNG = stream(1, "match")
RIGHT = {slot: odd_quarters(RNG, SHAPE) for slot in SLOTS}


def off(*slots, by=None):
    """The right arrays, each of `slots` off by an array of its own (or `by`)."""
    return {
        slot: array + (odd_quarters(RNG, SHAPE) if by is None else by) * (slot in slots)
        for slot, array in RIGHT.items()
    }


def shown(arrays):
    """What an observer saw of arrays by slot; an exception's name stands for a failed case."""
    observer = Observer()
    for slot, got in arrays.items():
        if isinstance(got, str):
            observer.failed(slot, got)
        else:
            wrong = not np.array_equal(got, RIGHT[slot])
            observer.array(slot, got, RIGHT[slot], wrong)
    return observer.seen


FLIP = off("first/out", "second/out")
CROP = off("second/dx")
SUM = off("first/dx", "second/dx")
TWIN = {**FLIP}
CRASH = {**{slot: RIGHT[slot] for slot in SLOTS[:2]}, "second": "raised IndexError"}
BUGS = {
    ("flip", "flip"): FLIP,
    ("crop", "crop"): CROP,
    ("sum", "sum"): SUM,
    ("crash", "crash"): CRASH,
}


def library(**more):
    """The library of the mistakes above, and more by name."""
    entries = {**BUGS, **{(name, name): arrays for name, arrays in more.items()}}
    collected = Library.collect(shown(RIGHT), {key: shown(a) for key, a in entries.items()})
    return Library.from_arrays(collected.to_arrays())


def families(arrays, **more):
    """The families of an explanation, and whether it is complete."""
    found = explain(shown(arrays), library(**more))
    return (found.mistakes, found.complete) if found else None


@pytest.mark.parametrize(("name", "family"), BUGS)
def test_every_mistake_is_found_again(name, family):
    """Each mistake of the library explains itself, completely and alone."""
    assert families(BUGS[name, family]) == (((family,),), True)


def test_what_is_right_needs_no_explanation():
    """Without a wrong slot there is nothing to explain."""
    assert families(RIGHT) is None


def test_what_nobody_knows_is_not_explained():
    """Arrays of no known mistake have no explanation."""
    assert families(off("first/out", "first/dx")) is None


def test_a_mistake_is_refuted_where_the_submission_is_right():
    """A mistake that also shows elsewhere is no explanation, even if it fits here."""
    assert families({**RIGHT, "first/out": FLIP["first/out"]}) is None


def test_two_families_that_fit_are_both_named():
    """Where mistakes of two families give the same arrays, both are alternatives."""
    assert families(FLIP, twin=TWIN) == ((("flip", "twin"),), True)


def test_two_mistakes_in_slots_of_their_own_are_found():
    """Each of two mistakes explains what the other does not."""
    both = {**FLIP, "second/dx": CROP["second/dx"]}
    assert families(both) == ((("crop",), ("flip",)), True)


def test_two_mistakes_that_add_up_are_found():
    """In a slot that both make wrong, the sum of their deviations is recognised."""
    both = {slot: FLIP[slot] + SUM[slot] + CROP[slot] - 2 * RIGHT[slot] for slot in SLOTS}
    both["first/out"], both["second/out"] = RIGHT["first/out"], RIGHT["second/out"]
    assert families(both) == ((("crop",), ("sum",)), True)


def test_two_mistakes_that_meet_are_found_by_the_rest():
    """A slot that both make wrong may hold anything, if each explains another one."""
    shift = off("first/out", "second/dx")
    met = {**RIGHT, "first/out": shift["first/out"], "first/dx": SUM["first/dx"]}
    met["second/dx"] = off("second/dx")["second/dx"]
    assert families(met, shift=shift) == ((("shift",), ("sum",)), False)


def test_most_of_it_is_said_with_care():
    """A mistake that explains most, but not all, is named as incomplete."""
    odd = {**FLIP, "second/dx": off("second/dx")["second/dx"]}
    assert families(odd) == ((("flip",),), False)


def test_many_families_are_no_explanation():
    """When more than three families fit equally well, none is named."""
    assert families(FLIP, a=FLIP, b=FLIP, c=FLIP) is None


def test_an_exception_is_matched_by_its_kind():
    """The same kind of exception in the same case fits, another kind does not."""
    other = {**CRASH, "second": "raised ValueError"}
    assert families(other) is None


def test_the_kind_of_an_exception_alone_is_weak_evidence():
    """Where every case raises the same, its mistake is named, but not for certain."""
    raises = {"first": "raised IndexError", "second": "raised IndexError"}
    assert families(raises, raises=raises) == ((("raises",),), False)
    tells = dict.fromkeys(raises, "shape: another one")
    assert families(tells, tells=tells) == ((("tells",),), True)


def test_an_exception_is_strong_where_a_case_passes():
    """Which cases raise, and which do not, belongs to the evidence."""
    assert families(CRASH) == ((("crash",),), True)


def test_two_mistakes_are_not_certain_where_one_only_raises():
    """A second mistake that nothing but exceptions speaks for may be the first one's doing."""
    half = {"first/out": off("first/out")["first/out"], "second": "another text"}
    both = {**half, "first/dx": RIGHT["first/dx"], "second": "raised IndexError"}
    crash = {"first/out": RIGHT["first/out"], "second": "raised IndexError"}
    assert families(both, half=half, crash=crash) == ((("crash",), ("half",)), False)


def test_a_library_keeps_only_what_shows():
    """A mistake that shows nothing wrong in a check is not in its library."""
    collected = Library.collect(shown(RIGHT), {("none", "none"): shown(RIGHT)})
    assert collected.mistakes == []
    assert explain(shown(FLIP), collected) is None
