"""The table of one network that predicted images."""

import pytest

from grader.exporters import markdown, terminal
from grader.exporters.network_table import WIDTH, rows, table

CLASSES = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
FACTS = {
    "accuracy": 0.9123,
    "thresholds": [0.5, 0.8],
    "data": "cifar10_test",
    "images": 10_000,
    "images_predicted": 10_000,
    "classes": CLASSES,
    "per_class": [0.92, 0.96, 0.88, 0.813, 0.91, 0.86, 0.94, 0.93, 0.95, 0.95],
    "weakest": [
        {"name": "cat", "accuracy": 0.81, "taken_for": [["dog", 0.09], ["frog", 0.03]]},
        {"name": "dog", "accuracy": 0.86, "taken_for": []},
    ],
    "parameters": 392_674,
    "flops": 119_293_824,
    "checkpoint_bytes": 1_604_239,
    "archive_mb": 100,
    "cpu_seconds": 21.04,
    "seconds_per_image": 0.002104,
    "container": {
        "cpus": 0.5,
        "images": 10_000,
        "seconds": 46.2,
        "limit_seconds": 480.0,
        "memory_mb": 363.2,
        "limit_mb": 768.0,
    },
}
PARTLY = {"accuracy": 0.3, "images_predicted": 3300, "estimate": [0.909, 0.9009, 0.9166]}


@pytest.fixture
def measured(make_check):
    """A check with these facts, or with other ones beside or without them."""

    def build(without=(), **facts):
        kept = {name: value for name, value in FACTS.items() if name not in without}
        return make_check("2.8", facts={**kept, **facts}, peak_mb=230.4)

    return build


def test_everything_is_told_in_a_dozen_lines(measured):
    """Accuracy and margins, classes, size, time and memory with what is to spare."""
    assert table(measured()) == (
        "accuracy    91.23% of 10000 images of cifar10_test; 41.23 points above 50%,\n"
        "            11.23 points above 80%\n"
        "each class  airplane 92%, automobile 96%, bird 88%, cat 81%, deer 91%, dog 86%, frog 94%,"
        "\n"
        "            horse 93%, ship 95%, truck 95%\n"
        "weakest     cat 81%, taken for dog (9%), frog (3%)\n"
        "            dog 86%\n"
        "size        392,674 parameters, 119 MFLOP an image, file 1.60 of 100 MB\n"
        "time        21.0 s of CPU here, 2.10 ms an image; at 0.5 CPU about 46 s for 10000 images,"
        "\n"
        "            434 s to spare\n"
        "memory      230 MB here; of 768 MB there about 363 MB with the grader, 405 MB to spare"
    )


def test_a_network_that_was_predicted_in_part(measured):
    """What is guaranteed and what it is estimated at stand apart, and are called so."""
    told = dict(rows(measured(**PARTLY)))
    assert told["accuracy"].startswith(
        "30.00% guaranteed: 3300 of 10000 images of cifar10_test predicted, the others are wrong"
    )
    assert told["estimate"] == "90.9% of all images (95% interval: 90.1% to 91.7%)"
    assert told["each class"].endswith("of the predicted")
    assert "estimate" not in dict(rows(measured()))
    assert not dict(rows(measured()))["each class"].endswith("of the predicted")


@pytest.mark.parametrize(
    ("accuracy", "words"),
    [(0.8, "0.00 points short of 80%"), (0.7, "10.00 points short"), (0.81, "1.00 points above")],
)
def test_exactly_a_threshold_is_not_above_it(measured, accuracy, words):
    """The margin's side is that of the check."""
    told = dict(rows(measured(accuracy=accuracy)))["accuracy"].replace("\xa0", " ")
    assert words in told


def test_what_is_above_a_limit_is_too_much(measured):
    """Time and memory say by how much."""
    there = {**FACTS["container"], "seconds": 1440.0, "memory_mb": 800.0}
    told = dict(rows(measured(container=there)))
    assert told["time"].replace("\xa0", " ").endswith("960 s too much")
    assert told["memory"].replace("\xa0", " ").endswith("32 MB too much")


@pytest.mark.parametrize(
    ("flops", "words"),
    [
        (999, "999 FLOP"),
        (1.5e3, "1.5 kFLOP"),
        (6_467_968, "6.47 MFLOP"),
        (3.2e9, "3.2 GFLOP"),
    ],
)
def test_operations_come_in_a_unit_that_fits(measured, flops, words):
    """Three digits, from a linear classifier to a large network."""
    assert f"{words} an image" in dict(rows(measured(flops=flops)))["size"]


def test_without_an_accuracy_there_is_no_table(measured):
    """Of a check of a layer, or a checkpoint that did not load, nothing is told."""
    assert table(measured(without=["accuracy"])) == ""
    assert table(measured(without=["images"])) == ""


def test_what_is_not_known_is_left_out(measured):
    """Old outcomes and networks that could not be counted have fewer rows."""
    check = measured(without=[name for name in FACTS if name not in ("accuracy", "images")])
    check.peak_mb = 0.0
    assert rows(check) == [("accuracy", "91.23% of 10000 images")]


def test_time_and_memory_without_a_forecast(measured):
    """While the run goes on, what is measured here stands alone."""
    told = dict(rows(measured(without=["container"])))
    assert told["time"] == "21.0 s of CPU here, 2.10 ms an image"
    assert told["memory"] == "230 MB here"


def test_private_images_are_in_no_row(measured):
    """Staff's figures stay with staff."""
    without = table(measured())
    found = table(measured(private_accuracy=0.4321, private_images_predicted=777))
    assert found == without


def test_names_of_classes_cannot_break_the_table(measured, hostile_text):
    """They come from a file; they stay on their line, and short."""
    names = [hostile_text, *CLASSES[1:]]
    lines = table(measured(classes=names)).split("\n")
    assert len(lines) <= 12
    assert all(len(line) <= WIDTH for line in lines)
    assert not any(char in line for char in "\x00\x1b\u202e\r" for line in lines)


def test_both_exporters_show_it_for_a_check_that_passed(measured, make_run):
    """On Gradescope as a block that keeps its columns, at a terminal as plain text."""
    check = measured()
    text = markdown.check_output(check)
    assert f"```\n{table(check)}\n```" in text
    shown = terminal.render(make_run(check), 100, color=False)
    assert all(line in shown for line in table(check).split("\n"))


def test_a_narrow_terminal_gets_narrower_lines(measured, make_run):
    """Words are wrapped within their column."""
    shown = terminal.render(make_run(measured()), 60, color=False)
    assert max(map(len, shown.split("\n"))) <= 60
    assert "  each class  airplane 92%, automobile 96%," in shown
