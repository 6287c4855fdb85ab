"""Pseudonyms for a class of one."""

from grader.authoring.classroom.pseudonyms import Owned, Pseudonyms
from grader.authoring.classroom.records import Student
from grader.authoring.classroom.sources import Source

ADA = Student("Ada Lovelace", "adal@example.edu", "900042")
SOURCE = Source("ada_l", None, (ADA,), "ada_hw2.zip")
KEY = b"k" * 32


def of_one():
    """Pseudonyms of a class of one."""
    return Pseudonyms(KEY, [Owned.source(SOURCE)])


def of_student(*known):
    """Pseudonyms of a class with this student."""
    return Pseudonyms(KEY, [Owned("s1", "s1.zip", (Student(*known),))])
