"""Who returns the same wrong values."""

from making import SEED, Failure, record

from grader.authoring.classroom.report import clusters

FLIPPED = (("conv-kernel-flipped",),)


def wrong(key, output, *, seed=SEED, number="1.1", cases=(), families=(), hint="", **other):
    """A record whose check returns wrong arrays with this digest."""
    failure = Failure(tuple(cases), output=output, families=families, hint=hint, **other)
    return record(key, failing={number: failure}, run={"tape_seed": seed})


def keys(records):
    """The clusters by their keys."""
    return [cluster.keys for cluster in clusters.find(records)]


def test_equal_outputs():
    """Submissions with equal outputs are one cluster; one alone is none."""
    records = [wrong("a", "x"), wrong("b", "y"), wrong("c", "x"), record("d")]
    (cluster,) = clusters.find(records)
    assert cluster.keys == ("a", "c")
    assert (cluster.number, cluster.every, cluster.name) == ("1.1", True, "")
    assert cluster.message == Failure().message


def test_largest_first():
    """The largest clusters come first, then the order of the checks."""
    records = [
        *(wrong(f"b{i}", "x", number="1.3") for i in range(2)),
        *(wrong(f"c{i}", "x", number="1.2") for i in range(2)),
        *(wrong(f"d{i}", "x", number="2.1") for i in range(3)),
    ]
    assert [cluster.number for cluster in clusters.find(records)] == ["2.1", "1.2", "1.3"]


def test_other_cases():
    """Where other cases fail, it is another cluster, and the cases are told."""
    records = [wrong("a", "x", cases=["padding 0"]), wrong("b", "x"), wrong("c", "x")]
    records.append(wrong("d", "x", cases=["padding 0"]))
    found = {cluster.keys: cluster for cluster in clusters.find(records)}
    assert found.keys() == {("a", "d"), ("b", "c")}
    assert found["a", "d"].cases == ("padding 0",)
    assert not found["a", "d"].every


def test_no_output():
    """What failed without an output, by an exception for one, is in no cluster."""
    assert keys([wrong("a", ""), wrong("b", "")]) == []


def test_seeds_are_not_compared():
    """The same digest under another seed says nothing where no mistake is known."""
    assert keys([wrong("a", "x"), wrong("b", "x", seed=2)]) == []


def test_seeds_are_joined():
    """Under several seeds, the same mistake in the same cases is one cluster, with its name."""
    records = [
        wrong("a", "x", families=FLIPPED),
        wrong("b", "y", seed=2, families=FLIPPED),
        wrong("c", "y", seed=2, families=FLIPPED),
    ]
    (cluster,) = clusters.find(records)
    assert cluster.keys == ("a", "b", "c")
    assert cluster.name == "the kernel is flipped"


def test_joined_by_hint():
    """A hint without a known mistake joins seeds, too, if its words are the same."""
    hints = ["It is wrong only where padding = 0."] * 2 + ["Another."]
    records = [wrong(f"s{i}", "x", seed=i, hint=hint) for i, hint in enumerate(hints)]
    assert keys(records) == [("s0", "s1")]


def test_not_joined_where_a_seed_tells_apart():
    """Two outputs of one seed are never one cluster: only the larger joins other seeds."""
    records = [
        *(wrong(f"a{i}", "x", families=FLIPPED) for i in range(3)),
        *(wrong(f"b{i}", "y", families=FLIPPED) for i in range(2)),
        wrong("c", "z", seed=2, families=FLIPPED),
    ]
    assert keys(records) == [("a0", "a1", "a2", "c"), ("b0", "b1")]


def test_no_order_of_keys():
    """Equally large clusters, and those in them, stay in the order of the records."""
    records = [*(wrong(key, "x") for key in "dc"), *(wrong(key, "y") for key in "ba")]
    assert keys(records) == [("d", "c"), ("b", "a")]


def test_message_of_an_output():
    """The message is that of a case with an output, not of an exception beside it."""
    records = [wrong(key, "x", cases=["tall input"]) for key in "ab"]
    for entry in records:
        first = entry.run.checks[0].cases[0]
        first.status, first.reason = clusters.Status.FAILED, "exception"
        first.message = "Your code raised."
    (cluster,) = clusters.find(records)
    assert cluster.message == Failure().message
