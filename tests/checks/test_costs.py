"""What a network costs, from answers that may be anything."""

import numpy as np
import pytest

from grader.checks import costs
from grader.errors import BadAnswer, MemoryLimitExceeded, WrongResult

ANSWER = {
    "parameters": 12,
    "flops": 34,
    "bytes": 56,
    "busiest": [["conv", 0.75], ["fc", 0.25]],
    "largest": [],
}


class Part:
    """Stands for a part whose worker answers what it is told to."""

    def __init__(self, *answers):
        self.answers = list(answers)
        self.asked = []

    def drive(self, driver, function, *arguments):
        """Give the next answer, or what it makes of the arguments."""
        self.asked.append((driver, function, *arguments))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return answer(*arguments) if callable(answer) else answer


def logits(seconds_per_image, shape=10):
    """A worker that takes so long for an image, by its own clock."""
    clock = [5.0]

    def answer(pixels, *_):
        clock[0] += seconds_per_image * len(pixels)
        out = np.zeros((len(pixels), shape), np.float32)
        return {"problem": "", "logits": out, "cpu": clock[0]}

    return answer


def test_facts_become_a_cost():
    """Counts and shares of an honest answer are taken over."""
    found = costs.count(Part(ANSWER))
    assert (found.parameters, found.flops, found.bytes) == (12, 34, 56)
    assert found.busiest == (("conv", 0.75), ("fc", 0.25))
    assert found.largest == ()


@pytest.mark.parametrize(
    "change",
    [
        {"parameters": -1},
        {"parameters": 2**53},
        {"flops": 1.5},
        {"bytes": None},
        {"busiest": "conv"},
        {"busiest": [["conv"]]},
        {"busiest": ["ab"]},
        {"busiest": [[1, 0.5]]},
        {"busiest": [["conv", 1]]},
        {"largest": [["conv", 1.01]]},
        {"largest": [["conv", float("nan")]]},
    ],
)
def test_facts_that_cannot_be_are_refused(change):
    """Student code runs beside the driver and may answer in its place."""
    with pytest.raises(BadAnswer):
        costs.count(Part(ANSWER | change))


@pytest.mark.parametrize("seconds", [1e-5, 0.003, 0.2, 30.0])
def test_the_time_of_an_image_is_found(seconds):
    """Fast and slow networks are timed with as many images as a few seconds allow."""
    part = Part(logits(seconds))
    assert costs.seconds_per_image(part) == pytest.approx(seconds)
    counts = [len(call[2]) for call in part.asked]
    assert max(counts) <= costs.MOST
    assert all(n == 1 or n * seconds <= costs.SECONDS for n in counts[2:])


def test_the_fastest_call_counts():
    """A call that other programs held up does not make a network slow."""
    quiet = logits(0.01)

    def held_up(pixels, *_):
        answer = quiet(pixels)
        return answer | {"cpu": answer["cpu"] + 0.5}

    part = Part(quiet, quiet, quiet, held_up)
    assert costs.seconds_per_image(part) == pytest.approx(0.01)


def test_batches_shrink_until_they_fit():
    """A network that runs with a few images at a time is timed with those."""
    honest = logits(0.01)

    def cramped(pixels, batch, seed):
        if batch > room:
            raise MemoryLimitExceeded(600)
        return honest(pixels, batch, seed)

    room = 5
    part = Part(cramped)
    assert costs.seconds_per_image(part) == pytest.approx(0.01)
    assert [call[3] for call in part.asked] == [32, 8, 2, 2, 2, 2]
    room = 0
    with pytest.raises(MemoryLimitExceeded):
        costs.seconds_per_image(Part(cramped))


def test_a_clock_that_stands_still_asks_for_many_images():
    """No time at all is no reason to divide by it."""
    assert costs.seconds_per_image(Part(logits(0.0))) == 0


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"problem": "none"}, "returns None"),
        ({"problem": "type", "found": "tuple"}, "tuple"),
        ({"problem": "shape", "found": [10], "batch": 10}, "shape"),
        (logits(0.01, shape=11), "11"),
    ],
)
def test_networks_that_give_no_logits_are_told_so(answer, words):
    """The sentences are those of the accuracy checks."""
    with pytest.raises(WrongResult, match=words):
        costs.seconds_per_image(Part(answer))


@pytest.mark.parametrize(
    "answer",
    [
        None,
        {"problem": 3},
        {"problem": ""},
        {"problem": "", "logits": np.zeros((10, 10)), "cpu": float("inf")},
    ],
)
def test_answers_that_are_no_predictions_are_refused(answer):
    """Malformed answers are errors of their own."""
    with pytest.raises(BadAnswer):
        costs.seconds_per_image(Part(answer))
