"""Why a checkpoint does not load, from what the driver reports."""

import pytest

from grader.checks.loading import MY_MODEL, TWO_LAYERS, is_model, mismatch, refuse
from grader.errors import BadAnswer, Blocked, WrongResult


@pytest.mark.parametrize(
    ("class_name", "expected"),
    [
        ("torch.nn.modules.linear.Linear", True),
        ("models.my_model.Anything", True),
        ("__main__.Net", True),
        ("elsewhere.MyModel", True),
        ("elsewhere.Net", False),
        ("numpy.MyModel", False),
        ("numpy.ndarray", False),
        ("fractions.Fraction", False),
    ],
)
def test_a_network_is_told_from_other_objects_by_its_class(class_name, expected):
    """Classes of torch, of the submission's models, and of the network's own name are models."""
    assert is_model(class_name, MY_MODEL) is expected


def test_a_missing_library_is_no_fault_of_the_submission():
    """What cannot be read here is not checked, rather than wrong."""
    with pytest.raises(Blocked, match="safetensors") as caught:
        refuse("mymodel.safetensors", MY_MODEL, {"problem": "no-library"})
    assert caught.value.code == "checkpoint-no-library"


def test_a_problem_that_no_driver_reports_is_refused():
    """Student code runs beside the driver, and may answer in its place."""
    with pytest.raises(BadAnswer, match="unknown reason"):
        refuse("mymodel.pth", MY_MODEL, {"problem": "invented"})


def test_malformed_facts_make_sentences_all_the_same():
    """Facts that are not there leave their place in the sentence empty."""
    with pytest.raises(WrongResult) as caught:
        refuse("mymodel.pth", MY_MODEL, {"problem": "no-weights", "keys": 5})
    assert caught.value.text.endswith(".")


def test_shapes_that_differ_are_paired():
    """The file's shape comes before the network's."""
    facts = {"shapes": [["a", [1, 2]]], "wanted": [["a", [3]]], "missing": ["b"], "extra": None}
    found = mismatch(facts)
    assert list(found.shapes) == [("a", (1, 2), (3,))]
    assert (found.missing, found.extra) == (["b"], [])


def test_malformed_shapes_are_refused():
    """A shape is a list of integers."""
    with pytest.raises(BadAnswer):
        mismatch({"shapes": [["a", "1, 2"]], "wanted": []})


def test_a_recipe_is_what_the_driver_builds_from():
    """Module, class and arguments."""
    assert TWO_LAYERS.recipe == ["models.twolayer", "TwoLayerNet", [3072, 256, 10]]
