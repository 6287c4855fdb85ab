"""What a whole run does before and after its checks."""

import stat

from grader.session import opened


def test_a_worker_cannot_find_another_submission(submit, assignment):
    """What is staged can be read by those who know its name, and nobody can list it."""
    with opened(submit(), assignment) as submission:
        staged = submission.parts["part1-convnet"].parent
        outer = staged.parent
        assert stat.S_IMODE(outer.stat().st_mode) == 0o711
        assert len(staged.name) == 16
    assert not outer.exists()
