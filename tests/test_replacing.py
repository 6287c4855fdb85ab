"""Files that are put in place in one step."""

import stat

import pytest

from grader.replacing import PRIVATE, replacing, require_place


def mode(path):
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_the_new_content_is_there_at_the_end_only(tmp_path):
    """While it is written the old file stands; then the new one does, and nothing beside it."""
    path = tmp_path / "file"
    path.write_bytes(b"old")
    with replacing(path) as stream:
        stream.write(b"new")
        stream.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_permissions_are_asked_for_whatever_was_there(tmp_path):
    """By default everybody may read it; what is private is so from the first byte on."""
    path = tmp_path / "deep" / "file"
    with replacing(path) as stream:
        stream.write(b"public")
    assert mode(path) == 0o644
    with replacing(path, PRIVATE) as stream:
        (beside,) = (other for other in path.parent.iterdir() if other != path)
        assert mode(beside) == 0o600
    assert mode(path) == 0o600


@pytest.mark.parametrize("before", [b"old", None])
@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_interrupt_or_an_error_leaves_what_was_there(tmp_path, error, before):
    """Neither a half file nor one beside it is left."""
    path = tmp_path / "file"
    if before is not None:
        path.write_bytes(before)

    def write():
        with replacing(path) as stream:
            stream.write(b"ne")
            raise error

    with pytest.raises(error):
        write()
    assert [path.name for path in tmp_path.iterdir()] == ([] if before is None else ["file"])
    assert before is None or path.read_bytes() == before


def test_a_link_is_followed(tmp_path):
    """The file that a link names is replaced; the link stays."""
    (tmp_path / "elsewhere").mkdir()
    link, target = tmp_path / "link", tmp_path / "elsewhere" / "file"
    link.symlink_to(target)
    with replacing(link) as stream:
        stream.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_place_that_can_be_had(tmp_path):
    """Asking makes the folder, and leaves nothing in it."""
    require_place(tmp_path / "new" / "file")
    assert list((tmp_path / "new").iterdir()) == []


def test_places_that_cannot_be_had(tmp_path):
    """A folder is in the way, or a file where a folder must be."""
    with pytest.raises(IsADirectoryError):
        require_place(tmp_path)
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        require_place(tmp_path / "file" / "below")
