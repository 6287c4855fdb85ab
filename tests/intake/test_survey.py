"""Where the parts are found."""

import pytest

from grader.errors import UnusableSubmission


def test_usual_layout(make_zip, take, both):
    """A folder for each part, as the handout has it: no notes at all."""
    submission = take(make_zip(both))
    assert submission.roots == {"part1-convnet": "part1-convnet", "part2-pytorch": "part2-pytorch"}
    assert submission.notes == []
    assert submission.missing("part1-convnet") == submission.missing("part2-pytorch") == []


@pytest.mark.parametrize("prefix", ["", "hw2/", "My Home Work/final (2)/"])
def test_any_depth_and_any_folder_names(make_zip, take, staged, part1, part2, prefix):
    """The parts are found by their files, whatever the folders are called."""
    files = {f"{prefix}convnet/{name}": text for name, text in part1.items()}
    files |= {f"{prefix}torch part/{name}": text for name, text in part2.items()}
    found = staged(take(make_zip(files)))
    assert found["part1-convnet/modules/relu.py"] == b"class ReLU: ...\n"
    assert found["part2-pytorch/checkpoints/mymodel.pth"] == b"PK\x03\x04 weights"


def test_contents_of_one_part_at_the_root(make_zip, take, part2):
    """The contents of one part alone are that part; the other is reported as missing."""
    submission = take(make_zip(part2))
    assert submission.parts["part1-convnet"] is None
    assert submission.roots == {"part2-pytorch": ""}
    assert any(note.startswith("Part 1 is not in the submission") for note in submission.notes)
    assert submission.missing("part1-convnet") == [
        "modules/convolution.py",
        "modules/relu.py",
        "optimizer/sgd.py",
    ]


def test_both_parts_merged_at_the_root(make_zip, take, part1, part2):
    """Both parts poured into one folder are both found."""
    submission = take(make_zip({**part1, **part2}))
    assert all(submission.parts.values())


def test_one_part_at_the_root_and_the_other_in_a_folder(make_zip, take, staged, part1, both):
    """A part that lies inside the other's root is not staged as a piece of it."""
    files = {**part1, **{name: text for name, text in both.items() if "pytorch" in name}}
    found = staged(take(make_zip(files)))
    assert not any(name.startswith("part1-convnet/part2") for name in found)
    assert "part2-pytorch/main.py" in found


def test_most_files_win(make_zip, take, part1):
    """Of two copies the fuller one is graded, and a note names both."""
    files = {f"final/{name}": text for name, text in part1.items()}
    files["a/modules/relu.py"] = "old = 1\n"
    submission = take(make_zip(files))
    assert submission.roots["part1-convnet"] == "final"
    (note,) = [note for note in submission.notes if "more than once" in note]
    assert "Graded: `final`; ignored: `a`" in note


def test_then_the_shallowest_then_the_first(make_zip, take, part1):
    """Equal copies: the shallowest, then the first in the alphabet."""
    files = {
        f"{root}/{name}": text for root in ("z", "b", "a/deep") for name, text in part1.items()
    }
    assert take(make_zip(files)).roots["part1-convnet"] == "b"


def test_copy_inside_the_part_is_left_out(make_zip, take, part1):
    """A backup inside the part's folder is not graded."""
    files = {**part1, **{f"backup/{name}": text for name, text in part1.items()}}
    submission = take(make_zip(files))
    assert sorted(entry.path for entry in submission.files) == sorted(part1)
    assert submission.left_out == sorted(f"backup/{name}" for name in part1)


def test_stray_marker_inside_the_part_does_not_hide_its_files(make_zip, take, part2):
    """A second main.py among the models makes no part of its own of them."""
    submission = take(make_zip({**part2, "models/main.py": "x = 1\n"}))
    assert submission.missing("part2-pytorch") == []
    assert "models/main.py" in {entry.path for entry in submission.files}


def test_only_what_is_graded_is_kept(make_zip, take, part2):
    """Data, notebooks, logs and checkpoints in other places are left out."""
    extra = {
        "data/batch_1": "x",
        "notes.ipynb": "{}",
        "train.log": "x",
        "checkpoints/old/mymodel.pth": "x",
        "configs/deep/a.yaml": "x",
        "configs/mymodel.yaml": "lr: 1\n",
    }
    submission = take(make_zip({**part2, **extra}))
    kept = {entry.path for entry in submission.files} - set(part2)
    assert kept == {"configs/mymodel.yaml"}
    assert "checkpoints/old/mymodel.pth" in submission.left_out


def test_alternatives(make_zip, take, part2):
    """solver.py stands in for main.py; without both, both are named."""
    del part2["main.py"]
    assert take(make_zip(part2)).missing("part2-pytorch") == ["main.py or solver.py"]
    assert take(make_zip({**part2, "solver.py": "x"})).missing("part2-pytorch") == []


def test_no_part_says_what_was_looked_for(make_zip, take):
    """Another assignment's files: the sentence names what is missing."""
    with pytest.raises(UnusableSubmission, match=r"none of `modules/convolution.py`.*as they are"):
        take(make_zip({"hw1/svm.py": "x = 1\n"}))


def test_no_part_says_what_lies_in_the_wrong_place(make_zip, take):
    """The files without their folders: the sentence says where one of them belongs."""
    with pytest.raises(
        UnusableSubmission, match=r"`hw2/convolution\.py` should lie at `modules/convolution\.py`"
    ):
        take(make_zip({"hw2/convolution.py": "x = 1\n"}))


def test_file_where_a_folder_should_be(make_zip, take, staged, part1):
    """A file named like a needed folder is skipped with a note; the folder's files count."""
    submission = take(make_zip({**part1, "optimizer": "not a folder"}))
    assert "part1-convnet/optimizer/sgd.py" in staged(submission)
    assert any("where a folder should be" in n and "`optimizer`" in n for n in submission.notes)


def test_file_in_place_of_a_part(make_zip, take, part1):
    """A file in place of a needed folder is told apart from a part that is just missing."""
    files = {name: text for name, text in part1.items() if not name.startswith("optimizer")}
    submission = take(make_zip({**files, "optimizer": "not a folder"}))
    assert submission.missing("part1-convnet") == ["optimizer/sgd.py"]
    assert any("where a folder should be" in note for note in submission.notes)


def test_folder_where_a_file_should_be(make_zip, take, staged, part1, given):
    """A folder named like a given file gives way to ours."""
    files = {**part1, "modules/__init__.py/evil.py": "x = 1\n", "odd.py/a.py": "x", "odd.py": "x"}
    found = staged(take(make_zip(files), given))
    assert found["part1-convnet/modules/__init__.py"] == b"from .relu import ReLU\n"
    assert "part1-convnet/odd.py" in found


def test_a_part_inside_an_archive(make_zip, take, part1):
    """Where a part is missing and an archive lies inside, both are told together."""
    first, second = take(make_zip({**part1, "part2-pytorch.zip": b"PK\x03\x04"})).notes
    assert first == "Archives inside the submission are not opened: `part2-pytorch.zip`."
    assert second.startswith("Part 2 is not in the submission")
    assert second.endswith("Is it in `part2-pytorch.zip`? Unpack that, and pack its contents "
                           "with the rest.")  # fmt: skip


def test_an_archive_beside_all_parts(make_zip, take, both):
    """Nothing is missing, so nothing has to be unpacked."""
    (note,) = take(make_zip({**both, "old.zip": b"PK\x03\x04"})).notes
    assert "Unpack" not in note


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("mymodel.pt", []),
        ("mymodel.safetensors", []),
        ("mymodel.zip", ["checkpoints/mymodel.pth"]),
        ("mymodel", ["checkpoints/mymodel.pth"]),
        ("other.pt", ["checkpoints/mymodel.pth"]),
    ],
)
def test_a_checkpoint_may_have_another_ending(layout, part2, name, missing):
    """The known endings of checkpoints count alike; other files do not."""
    del part2["checkpoints/mymodel.pth"]
    present = {*part2, f"checkpoints/{name}"}
    assert layout.parts["part2-pytorch"].missing(present) == missing


def test_code_has_one_ending(layout, part2):
    """Only checkpoints have several."""
    del part2["models/my_model.py"]
    present = {*part2, "models/my_model.pt"}
    assert layout.parts["part2-pytorch"].missing(present) == ["models/my_model.py"]
