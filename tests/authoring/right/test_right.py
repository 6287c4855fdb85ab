"""How a right solution is put together."""

import pytest

from grader.authoring.bugs.bug import BugError, reference
from grader.authoring.right.right import Task

PATH = "part1-convnet/modules/conv_classifier.py"
TASK = Task("network", PATH, frozenset({"1.7"}))
METHODS = "    def forward(self, x, y):\n        return join(x, y)\n"


def test_other_methods_stand_between_the_constructor_and_what_follows_the_class():
    """What the class has from the first method on is gone; the rest of the file is there."""
    solution = TASK.with_methods("joined", "a join", METHODS)
    text = solution.files[PATH]
    head, tail = reference(PATH).split("    def forward(")
    below = tail[tail.index("\n\ndef _build") :]
    assert text == f"{head}{METHODS}{below}"
    assert (solution.name, solution.title, solution.checks) == ("network-joined", "a join", {"1.7"})


def test_imports_stand_above_the_class():
    """A solution's own imports come after those of the reference."""
    text = TASK.with_methods("joined", "", METHODS, "from os.path import join").files[PATH]
    assert "\nfrom os.path import join\n\n\nclass ConvNet:" in text


def test_a_file_without_the_first_method_is_refused():
    """A reference that changed makes the solutions fail loudly."""
    with pytest.raises(ValueError, match="no method 'update'"):
        Task("network", PATH, frozenset(), first="update").with_methods("joined", "", METHODS)


def test_edits_change_the_reference_and_must_fit_it():
    """An edit stands in the reference's text; one that does not occur is refused."""
    solution = TASK.with_edits("edited", "", [("reversed(self.modules)", "self.modules[::-1]")])
    assert "for module in self.modules[::-1]:" in solution.files[PATH]
    with pytest.raises(BugError):
        TASK.with_edits("edited", "", [("no such text", "")])
