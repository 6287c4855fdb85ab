"""Who is who in two gradings."""

from comparing import record

from grader.authoring.classroom.compare.pairs import pair
from grader.authoring.classroom.records import Student

ADA = Student("Ada Lovelace", "ada@example.edu", "007")
BOB = Student("Bob Ross", "bob@example.edu", "008")
EVE = Student("Eve Moneypenny", "eve@example.edu", "009")


def made(key, *students):
    return record(key, students=students)


def keys(pairing):
    """The pairs by their keys, with the students' names."""
    return [
        (both.old.key, both.new.key, [student.name for student in both.students])
        for both in pairing.pairs
    ]


def test_a_student_who_hands_in_again_is_found():
    """Another submission of the same student is compared with the former one."""
    assert keys(pair([made("s1", ADA)], [made("s2", ADA)])) == [("s1", "s2", [ADA.name])]


def test_an_address_or_an_id_is_enough():
    """Who changed the address is known by the id, and the other way round, in any case."""
    moved = Student("A. Lovelace", "countess@example.edu", "007")
    shouted = Student("", " ADA@Example.edu ", "")
    for student in (moved, shouted):
        assert len(pair([made("s1", ADA)], [made("s2", student)]).pairs) == 1


def test_equal_names_are_no_proof():
    """Two students with one name stay two where addresses tell them apart."""
    other = Student("Ada Lovelace", "other@example.edu", "")
    pairing = pair([made("s1", ADA)], [made("s2", other)])
    assert pairing.pairs == ()
    assert [single.record.key for single in pairing.vanished] == ["s1"]
    assert [single.record.key for single in pairing.appeared] == ["s2"]


def test_a_name_counts_where_nothing_else_is_known():
    """Students without address and id are found by name."""
    assert len(pair([made("a", Student("Ada"))], [made("b", Student("ada"))]).pairs) == 1


def test_without_students_the_key_decides():
    """Zips in a folder have no students: the same name is the same submission."""
    pairing = pair([made("a"), made("b")], [made("b"), made("c")])
    assert keys(pairing) == [("b", "b", [])]
    assert [single.record.key for single in pairing.vanished] == ["a"]
    assert [single.record.key for single in pairing.appeared] == ["c"]
    assert pairing.appeared[0].students == ()


def test_other_pseudonyms_under_one_key_are_the_same_submission():
    """Where two records of one key know nobody in common, the key decides."""
    pairing = pair([made("s1", ADA)], [made("s1", Student("student 17"))])
    assert keys(pairing) == [("s1", "s1", ["student 17"])]
    assert pairing.vanished == pairing.appeared == ()


def test_a_group_is_one_pair():
    """Two who handed in together both times are compared once."""
    assert keys(pair([made("s1", ADA, BOB)], [made("s1", BOB, ADA)])) == [
        ("s1", "s1", [BOB.name, ADA.name])
    ]


def test_a_group_that_split_is_compared_student_by_student():
    """Each member's new submission is held against that of the group."""
    pairing = pair([made("s1", ADA, BOB)], [made("s1", ADA), made("s2", BOB)])
    assert keys(pairing) == [("s1", "s1", [ADA.name]), ("s1", "s2", [BOB.name])]
    assert pairing.vanished == ()


def test_members_who_left_or_joined_are_told():
    """One who is in a group no more has vanished, and one who joined has appeared."""
    pairing = pair([made("s1", ADA, BOB)], [made("s1", ADA, EVE)])
    assert keys(pairing) == [("s1", "s1", [ADA.name])]
    assert [single.students for single in pairing.vanished] == [(BOB,)]
    assert [single.students for single in pairing.appeared] == [(EVE,)]


def test_of_several_submissions_the_same_counts_then_the_last():
    """The same key comes first; else the greatest number, which is the last handed in."""
    old = [made("s9", ADA), made("s10", ADA)]
    assert keys(pair(old, [made("s9", ADA)])) == [("s9", "s9", [ADA.name])]
    assert keys(pair(old, [made("s11", ADA)])) == [("s10", "s11", [ADA.name])]
