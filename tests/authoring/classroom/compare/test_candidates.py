"""What is not the same in two gradings of one submission."""

from dataclasses import replace

import pytest
from comparing import record

from grader.authoring.classroom.compare.candidates import Kind, any_file, between, for_check
from grader.authoring.classroom.records import NONE, UNKNOWN, Basis

RELU, LINEAR = "part1-convnet/modules/relu.py", "part1-convnet/modules/linear.py"
MODEL = "part2-pytorch/models/my_model.py"
BASIS = record("ada").basis


def kinds(causes):
    return [cause.kind for cause in causes]


def check_of(entry, number="1.5"):
    return next(check for check in entry.run.checks if check.number == number)


def candidates(old, new, number="1.5"):
    return for_check(check_of(old, number), check_of(new, number), between(old, new))


def reading(*paths, files=None, **other):
    """A record whose check 1.5 asked for these files."""
    bytes_of_all = {"sha256": str(sorted((files or {}).items())), **other}
    return record("ada", checks={"1.5": {"reads": list(paths)}}, files=files or {}, **bytes_of_all)


def test_equal_records_give_nothing():
    """The same bytes graded with the same have no candidate."""
    found = between(record("ada"), record("ada"))
    assert (found.files, found.bytes_changed, found.causes, found.images) == ((), False, (), None)
    assert found.code_known


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("code", Kind.CODE),
        ("grader", Kind.CODE),
        ("tape", Kind.TAPE),
        ("assignment", Kind.ASSIGNMENT),
    ],
)
def test_each_change_of_the_basis_is_a_candidate(field, kind):
    """Code, expected values and assignment are told apart by their digests."""
    old, new = record("ada"), record("ada", basis=replace(BASIS, **{field: "0" * 64}))
    assert kinds(candidates(old, new)) == [kind]


def running(**libraries):
    return record("ada", run={"libraries": libraries})


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (running(torch="2.12"), running(torch="2.13", numpy="2"), ["torch 2.12 → 2.13"]),
        (running(a="1", b="1"), running(a="2", b="2"), ["a 1 → 2, b 1 → 2"]),
        (running(torch="2.12"), running(), []),
        (running(), running(torch="2.12"), []),
        (running(torch="2.12"), record("ada", graded=False), []),
    ],
)
def test_other_libraries(old, new, told):
    """Each that both gradings tell, in other versions; one that is not recorded says nothing."""
    causes = between(old, new).causes
    assert [cause.text for cause in causes] == [
        f"submitted code ran with others: {text}" for text in told
    ]
    assert kinds(causes) == [Kind.LIBRARIES] * len(told)


@pytest.mark.parametrize("field", ["code", "grader", "tape", "assignment", "data"])
def test_what_is_not_recorded_says_nothing(field):
    """A digest that one record lacks is no change."""
    old, new = record("ada"), record("ada", basis=replace(BASIS, **{field: UNKNOWN}))
    assert candidates(old, new) == []
    assert candidates(new, old) == []


def test_that_there_was_none_is_known():
    """Images where there were none are a change, of the checks that need some."""
    facts = {"2.8": {"thresholds": [0.5]}}
    old = record("ada", facts=facts, basis=replace(BASIS, data=NONE))
    assert kinds(candidates(old, record("ada", facts=facts), "2.8")) == [Kind.IMAGES]


def test_private_images_are_no_candidate():
    """They cost nobody points, so another file of them explains nothing."""
    new = record("ada", basis=replace(BASIS, private="9" * 64))
    assert candidates(record("ada"), new) == []


def test_a_tape_is_known_from_the_run_too():
    """Outcome files tell the tape in the run alone."""
    old = record("ada", basis=Basis())
    new = record("ada", basis=Basis(), run={"tape": "cd" * 32})
    assert kinds(candidates(old, new)) == [Kind.TAPE]


def test_other_inputs_of_the_same_tape_are_told():
    """Of a tape with several seeds another one is drawn when the archive's bytes change."""
    assert kinds(candidates(record("ada"), record("ada", run={"tape_seed": 5}))) == [Kind.INPUTS]


def test_what_cannot_be_opened_draws_no_inputs():
    """Such a run has no tape, and no images: neither changed."""
    unopened = {"error": "no zip", "tape": "", "tape_seed": 0, "data": ""}
    for basis in (BASIS, Basis()):
        whole, failed = record("ada", basis=basis), record("ada", basis=basis, run=unopened)
        for found in (between(whole, failed), between(failed, whole)):
            assert (found.causes, found.images) == ((), None)


def test_inputs_are_those_of_a_tape():
    """Where one of the runs does not tell its tape, its seed says nothing."""
    silent = record("ada", run={"tape": "", "tape_seed": 0})
    assert candidates(record("ada"), silent) == candidates(silent, record("ada")) == []


def test_a_file_that_the_check_reads_is_named():
    """The narrowest thing that the records tell: what was asked for, and changed."""
    old = reading(RELU, files={RELU: "1", LINEAR: "1"})
    new = reading(RELU, files={RELU: "2", LINEAR: "2"})
    (cause,) = candidates(old, new)
    assert (cause.kind, cause.text) == (Kind.FILES, f"the student changed {RELU}")


def test_a_file_that_came_or_went_has_changed():
    """A file counts that only one of the two submissions has."""
    old, new = reading(RELU, files={RELU: "1", LINEAR: "1"}), reading(RELU, files={LINEAR: "1"})
    assert kinds(candidates(old, new)) == kinds(candidates(new, old)) == [Kind.FILES]


def test_given_files_are_not_the_students():
    """The same bytes were handed in: what differs was laid beneath them by the course."""
    old, new = (reading(RELU, files={RELU: value}, sha256="same") for value in "12")
    assert candidates(old, new) == []


def test_a_file_beside_it_may_be_imported():
    """Another file of the same part is a candidate, and is not named: it is the student's own."""
    old, new = (reading(RELU, files={RELU: "1", LINEAR: value}) for value in "12")
    (cause,) = candidates(old, new)
    assert cause.text == "the student changed a file that it may import"


def test_a_file_of_another_part_is_none():
    """A check of part 1 does not depend on the files of part 2."""
    old, new = (reading(RELU, files={RELU: "1", MODEL: value}) for value in "12")
    assert candidates(old, new) == []


def test_a_check_that_read_nothing_may_depend_on_any_file():
    """It ended before it asked for anything."""
    old, new = (reading(files={RELU: "1", MODEL: value}) for value in "12")
    assert [cause.text for cause in candidates(old, new)] == ["the student changed a file"]


def test_a_check_of_all_files_names_them_to_staff():
    """The names of a student's own files are for those alone who may see names."""
    old = reading("*", files={"part1-convnet/ada.py": "1"})
    new = reading("*", files={f"part1-convnet/{name}.py": "1" for name in "abc"})
    (cause,) = candidates(old, new)
    assert cause.text == "the student changed 4 files"
    assert cause.staff == "part1-convnet/a.py, part1-convnet/ada.py and 2 more"


def test_without_files_the_bytes_tell():
    """Outcome files know the submission's digest only."""
    old, new = record("ada", files={}), record("ada", files={}, sha256="other")
    (cause,) = candidates(old, new)
    assert cause.text == "another submission, whose files are not recorded"
    assert any_file(between(old, old)) == []


def test_repacked_files_are_the_same():
    """Other bytes of an archive with the same files are no change of the student's."""
    assert candidates(record("ada"), record("ada", sha256="other")) == []


def test_images_concern_checks_that_need_them():
    """Other test images explain an accuracy, and no ReLU."""
    facts = {"2.8": {"thresholds": [0.5]}}
    old, new = record("ada", facts=facts), record("ada", basis=replace(BASIS, data="9" * 64))
    assert kinds(candidates(old, new, "2.8")) == [Kind.IMAGES]
    assert candidates(old, new, "1.5") == []


def test_images_are_known_by_name_too():
    """Outcome files tell the name of the images alone; none is a name, too."""
    old, new = (
        record("ada", facts={"2.8": {"thresholds": [0.5]}}, run={"data": name}, basis=Basis())
        for name in ("cifar10_test", "")
    )
    (cause,) = candidates(old, new, "2.8")
    assert cause.text == "the test images changed: cifar10_test, then none"
    assert between(old, record("ada", graded=False)).images is None


def test_the_same_images_under_another_name_are_the_same():
    """Where both gradings tell the digest, the file may be called anything."""
    renamed = record("ada", run={"data": "cifar"})
    assert between(record("ada"), renamed).images is None
    unknown = record("ada", run={"data": "cifar"}, basis=replace(BASIS, data=UNKNOWN))
    assert between(record("ada"), unknown).images is not None
