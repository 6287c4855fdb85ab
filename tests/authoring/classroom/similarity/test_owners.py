"""Whose a submission is."""

from grader.authoring.classroom.records import Record, Student
from grader.authoring.classroom.similarity.owners import Sets, identities, most_common, owners


def people(*students, key="k"):
    return identities(Record(key, tuple(students)))


def test_recognised_by_mail_or_id():
    """The same e-mail or id is the same student, whatever case it is in."""
    one = people(Student("Ada L.", "Ada@x.edu", "001"))
    assert one & people(Student("A. Lovelace", "ada@x.edu ", ""))
    assert one & people(Student("", "", "001"))
    assert not one & people(Student("Ada L.", "other@x.edu", "002"))


def test_by_name_where_nothing_else_is_known():
    """A name counts only where there is neither e-mail nor id: two may have the same."""
    assert people(Student("Ada")) & people(Student("ada "))
    assert not people(Student("Ada", "a@x.edu")) & people(Student("Ada", "b@x.edu"))


def test_nobody_known():
    """Submissions of which nothing is known belong to different people."""
    assert not people(key="a") & people(key="b")
    assert not people(Student(), key="a") & people(Student(), key="b")


def test_group_members_are_one_owner():
    """A chain of common members joins submissions; others stay apart."""
    groups = [frozenset("ab"), frozenset("c"), frozenset("bd"), frozenset("d")]
    assert owners(groups) == [0, 1, 0, 0]


def test_most_common():
    """Ten of a small class, five per cent of a large one; resubmissions count once."""
    assert most_common(range(30)) == 10
    assert most_common(range(1200)) == 60
    assert most_common([0] * 1200) == 10


def test_sets():
    """Joined numbers are in one group; single ones are in none."""
    sets = Sets(6)
    for one, other in ((4, 2), (2, 5), (0, 3), (5, 4)):
        sets.join(one, other)
    assert sets.groups() == [[0, 3], [2, 4, 5]]
    assert sets.find(5) == 2
