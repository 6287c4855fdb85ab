"""Progress bars in what a submission prints."""

import io

import pytest

from grader.sandbox.prints import without_progress


@pytest.mark.parametrize(
    ("printed", "left"),
    [
        ("one\ntwo\n", "one\ntwo\n"),
        ("windows\r\nlines\r\n", "windows\nlines\n"),
        ("\rstep 1\rstep 2\rdone\n", "done\n"),
        ("\r  0%|          | 0/3 [00:00<?, ?it/s]", ""),
        ("\r  0%|     | 0/3\r100%|#####| 3/3 [00:00<00:00, 9.1it/s]\nloss 1\n", "loss 1\n"),
        ("\r 50%|##   | 1/2\r          \rloss 1\n", "loss 1\n"),
        ("\r3it [00:01,  2.0s/it]\n", ""),
        ("accuracy 50%|best\n", "accuracy 50%|best\n"),
    ],
)
def test_only_what_stays_on_the_screen_is_left(printed, left):
    """Lines are kept, drawings of a bar are not, however the bar ended."""
    assert without_progress(printed) == left


@pytest.mark.parametrize("leave", [True, False])
def test_a_real_bar_leaves_nothing(leave):
    """What tqdm draws around a print goes, and the print stays."""
    tqdm = pytest.importorskip("tqdm")
    stream = io.StringIO()
    for _ in tqdm.tqdm(range(3), file=stream, leave=leave, mininterval=0):
        pass
    stream.write("loss 0.5\n")
    assert without_progress(stream.getvalue()) == "loss 0.5\n"
