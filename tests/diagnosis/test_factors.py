"""The simplest property that the failing configurations share."""

from grader.diagnosis.factors import simplest

PAD0 = {"padding = 0": True, "padding > 0": False, "stride > 1": False}
PAD1 = {"padding = 0": False, "padding > 0": True, "stride > 1": False}
BOTH = {"padding = 0": True, "padding > 0": False, "stride > 1": True}
STRIDE = {"padding = 0": False, "padding > 0": True, "stride > 1": True}


def test_one_property_is_enough():
    """A property that is true exactly where it fails is named."""
    assert simplest([PAD0, BOTH], [PAD1, STRIDE]) == "padding = 0"


def test_two_properties_where_one_is_not_enough():
    """Two properties are named together when only their meeting fails."""
    assert simplest([BOTH], [PAD0, PAD1, STRIDE]) == "padding = 0 and stride > 1"


def test_nothing_is_claimed_without_both_sides():
    """If all fail, or none does, no property tells them apart."""
    assert simplest([PAD0], []) == ""
    assert simplest([], [PAD0]) == ""


def test_nothing_is_claimed_where_no_property_fits():
    """A configuration that passes with the same properties refutes them."""
    assert simplest([PAD0], [PAD0, PAD1]) == ""
    assert simplest([PAD0, STRIDE], [PAD1]) == ""
