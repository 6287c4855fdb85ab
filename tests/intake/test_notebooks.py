"""Code in notebooks: which files are graded in their place, and how to get them."""

import pytest

from grader.errors import UnusableSubmission

NOTEBOOK = '{"cells": []}'
PART1_FILES = "Graded: `modules/convolution.py`, `modules/relu.py`, `optimizer/sgd.py`"


@pytest.fixture(params=["zip", "folder"])
def make(request, make_zip, make_folder):
    """Make a submission of files, as a zip or as a folder."""
    return make_zip if request.param == "zip" else make_folder


@pytest.mark.parametrize("prefix", ["", "hw2/", "final/my hw2/"])
def test_only_notebooks(make, take, prefix):
    """Without any file of Python the refusal names those that are graded, and two ways there."""
    path = f"{prefix}part1.ipynb"
    with pytest.raises(UnusableSubmission) as caught:
        take(make({path: NOTEBOOK}))
    text = str(caught.value)
    assert text.startswith(f"No part of the assignment was found. `{path}` is a notebook")
    assert f"{PART1_FILES}, `models/my_model.py`, `main.py`." in text
    assert "jupyter nbconvert --to script" in text
    assert "%%writefile modules/convolution.py" in text


def test_several_notebooks(make, take):
    """All notebooks are named, in the plural; a checkpoint is no code."""
    files = {"b.ipynb": NOTEBOOK, "a.ipynb": NOTEBOOK, "checkpoints/mymodel.pth": "x"}
    with pytest.raises(UnusableSubmission, match=r"`a\.ipynb`, `b\.ipynb` are notebooks"):
        take(make(files))


def test_copies_that_jupyter_keeps_do_not_count(make, take):
    """What lies in .ipynb_checkpoints is no notebook of the student's."""
    files = {"hw2/.ipynb_checkpoints/a-checkpoint.ipynb": NOTEBOOK, "hw2/readme.txt": "x"}
    with pytest.raises(UnusableSubmission, match="none of") as caught:
        take(make(files))
    assert "notebook" not in str(caught.value)


def test_a_file_in_the_wrong_place_is_said_first(make, take):
    """Where the code is there, but misplaced, notebooks are not what is wrong."""
    with pytest.raises(UnusableSubmission, match="should lie at") as caught:
        take(make({"convolution.py": "x = 1\n", "notes.ipynb": NOTEBOOK}))
    assert "notebook" not in str(caught.value)


@pytest.mark.parametrize("path", ["part1.ipynb", "part1-convnet/part1.ipynb"])
def test_a_part_as_a_notebook_beside_the_other(make, take, part2, path):
    """The note about the part that is missing says what to do with its notebook."""
    files = {f"part2-pytorch/{name}": text for name, text in part2.items()}
    (note,) = take(make({**files, path: NOTEBOOK})).notes
    assert note.startswith("Part 1 is not in the submission")
    assert f"`{path}` is a notebook, and notebooks are not graded. {PART1_FILES}." in note


def test_a_notebook_within_the_other_part_is_its_own(make, take, part2):
    """A notebook among the files of a part that is there is not taken for the missing one."""
    files = {f"part2-pytorch/{name}": text for name, text in part2.items()}
    (note,) = take(make({**files, "part2-pytorch/explore.ipynb": NOTEBOOK})).notes
    assert "notebook" not in note


def test_one_file_as_a_notebook(make, take, both):
    """A part that lacks a file of Python and holds a notebook gets a note of its own."""
    del both["part2-pytorch/main.py"]
    (note,) = take(make({**both, "part2-pytorch/main.ipynb": NOTEBOOK})).notes
    assert note.startswith("`part2-pytorch/main.ipynb` is a notebook")
    assert "Graded: `main.py`." in note


def test_a_missing_checkpoint_is_no_matter_of_notebooks(make, take, both):
    """Notebooks beside code that is whole are nobody's business."""
    del both["part2-pytorch/checkpoints/mymodel.pth"]
    assert take(make({**both, "part2-pytorch/main.ipynb": NOTEBOOK})).notes == []
