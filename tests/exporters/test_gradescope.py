"""results.json: every field, every outcome, hostile texts."""

import json
from fractions import Fraction

import pytest
from markdown_it import MarkdownIt

from grader.exporters.gradescope import export, placeholder, staff_notes, staff_report
from grader.exporters.lint import validate
from grader.outcomes import Status, write_json


def by_number(document):
    """The tests of a document by number."""
    return {test["number"]: test for test in document["tests"]}


def test_every_outcome_is_valid(mixed, tmp_path):
    """A run with every outcome gives a document without a fault, as written and read again."""
    write_json(tmp_path / "results.json", export(mixed))
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert validate(document) == []


def test_hostile_texts_are_valid(hostile, tmp_path):
    """NaN, NUL, surrogates, megabytes and forged markup: the document is valid all the same."""
    write_json(tmp_path / "results.json", export(hostile))
    document = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    assert validate(document) == []
    assert document["execution_time"] == 0.0
    assert document["leaderboard"] == [{"name": document["leaderboard"][0]["name"], "value": 0.5}]


def test_hostile_texts_forge_nothing(hostile):
    """No heading, link, table, rule or HTML of the student's is found by a Markdown parser."""
    hostile.checks[0].cases = [hostile.checks[0].cases[2]]  # messages are feedback's to escape
    document = export(hostile)
    for text in (document["output"], document["tests"][0]["output"]):
        found = set()
        for token in MarkdownIt("commonmark", {"html": True}).enable("table").parse(text):
            found |= {token.type, *(child.type for child in token.children or [])}
        forbidden = {"heading_open", "link_open", "hr", "table_open", "html_inline", "html_block"}
        assert not found & (forbidden | {"image"})


def test_html_in_a_message_is_disarmed(make_run, make_check, make_case):
    """Even a message that was built without care cannot bring HTML in."""
    message = "Your code raised <img src=x onerror=alert(1)>"
    run = make_run(make_check(cases=[make_case("a", Status.FAILED, 0, message=message)]))
    assert "<img" not in export(run)["tests"][0]["output"]


def test_message_that_is_cut_within_code_swallows_nothing(make_run, make_check, make_case):
    """A code block that a cut leaves open is closed before the next paragraph."""
    message = "Raised:\n````\n" + "x" * 20_000
    failing = make_case("a", Status.FAILED, 0, message=message)
    run = make_run(make_check(cases=[failing], remarks=["a remark"]))
    parsed = MarkdownIt().parse(export(run)["tests"][0]["output"])
    assert parsed[-1].type == "bullet_list_close"


def test_status_and_points(mixed):
    """Full points pass; partial credit fails with points; nothing else earns any."""
    tests = by_number(export(mixed))
    found = {n: (t["status"], t["score"], t["max_score"]) for n, t in tests.items()}
    assert found == {
        "1.1": ("passed", 2.0, 2.0),
        "1.2": ("failed", 1.0, 3.0),
        "1.3": ("failed", 0.0, 1.0),
        "2.1": ("failed", 0.0, 1.0),
        "2.2": ("failed", 0.0, 1.0),
        "2.3": ("failed", 0.0, 1.0),
    }


def test_pass_without_all_points_is_partial(make_run, make_check, make_case):
    """All cases pass, yet points lack: the check is not shown as passed."""
    run = make_run(make_check(cases=[make_case(points=Fraction(1, 2))]))
    (test,) = export(run)["tests"]
    assert (test["status"], test["score"]) == ("failed", 0.5)
    assert test["output"].startswith("**Partial credit**")


def test_points_never_exceed_the_maximum(make_run, make_check, make_case):
    """Cases worth more than their check give its maximum."""
    run = make_run(make_check(cases=[make_case(points=1), make_case(points=1)], maximum=1))
    document = export(run)
    assert document["tests"][0]["score"] == document["score"] == 1.0


def test_scores_add_up(make_run, make_check, make_case):
    """The tests' scores add up to the total, thirds included."""
    third = Fraction(1, 3)
    run = make_run(
        *(make_check(f"1.{n}", [make_case(points=third, maximum=third)], third) for n in range(3))
    )
    document = export(run)
    assert document["score"] == 1.0
    assert round(sum(test["score"] for test in document["tests"]), 9) == 1.0
    assert all(test["score"] == test["max_score"] for test in document["tests"])


@pytest.mark.parametrize(
    ("penalty", "score"), [("0", 3.0), ("1/5", 2.4), ("1", 0.0), ("3", 0.0), ("-1", 3.0)]
)
def test_late_penalty_is_in_the_total_alone(mixed, penalty, score):
    """The penalty lowers the top score, within 0 and the points; the tests keep theirs."""
    mixed.penalty = Fraction(penalty)
    document = export(mixed)
    assert document["score"] == score
    assert sum(test["score"] for test in document["tests"]) == 3.0


def test_outputs_by_outcome(mixed):
    """Each outcome has its words."""
    outputs = {number: test["output"] for number, test in by_number(export(mixed)).items()}
    assert outputs["1.1"] == "**Passed**: all 2 cases, 2 of 2 points."
    assert outputs["1.3"].startswith("**Not started**: 0 of 1 points.")
    assert outputs["2.1"].startswith("**Could not be checked**: 0 of 1 points. This is no mistake")
    assert outputs["2.2"].startswith("**Could not be checked**: 0 of 1 points.\n")
    assert outputs["2.3"].startswith("**Not run**")


def test_failed_check_in_full(mixed):
    """Headline, one line for cases with one message, what passes, remarks, prints, time."""
    output = by_number(export(mixed))["1.2"]["output"]
    assert output.split("\n\n") == [
        "**Failed**: 1 of 3 cases pass, 1 of 3 points.",
        "✗ `k3 p0`, `k5 p0`: `dx`: 3 of 12 entries are wrong, the worst at index (0, 1).",
        "Passing: `k3 p1`",
        "Remarks (no points lost):",
        "- `forward` overwrites its input.",
        "Printed by your code:",
        "```\nhello\n```",
        "CPU time: 0.25 s",
    ]


def test_the_likely_mistake_follows_the_headline(make_run, make_check, make_case):
    """A hint stands above the findings, and its HTML is disarmed."""
    failed = make_case(status=Status.FAILED, points=0, message="`dx` is wrong.")
    check = make_check(cases=[failed], hint="Likely mistake: <b>what</b> does `a[0:-0]` select?")
    output = export(make_run(check))["tests"][0]["output"]
    assert output.index("Likely mistake") < output.index("is wrong")
    assert "<b>" not in output


def test_core_cases_come_first(make_run, make_check, make_case):
    """What the course itself uses is named before the wider cases, wrong before unchecked."""
    cases = [
        make_case("unchecked", Status.UNCHECKED, 0, reason="needs", message="u"),
        make_case("wide", Status.FAILED, 0, message="w"),
        make_case("core", Status.FAILED, 0, message="c"),
        make_case("silent", Status.FAILED, 0),
        make_case("list", Status.FAILED, 0, message="- a\n- b"),
    ]
    cases[1].domain = "wide"
    output = export(make_run(make_check(cases=cases)))["tests"][0]["output"]
    order = ["✗ `core`: c", "✗ `silent`", "✗ `list`\n\n- a\n- b", "✗ `wide`: w", "? `unchecked`: u"]
    positions = [output.index(line) for line in order]
    assert positions == sorted(positions)


def test_many_cases_are_counted(make_run, make_check, make_case):
    """Long lists of names end with how many more there are."""
    cases = [make_case(f"n{i}", Status.FAILED, 0, message="m") for i in range(20)]
    cases.append(make_case("good", Status.PASSED, 0))
    assert "and 8 more: m" in export(make_run(make_check(cases=cases)))["tests"][0]["output"]


def test_a_finding_of_all_cases_names_none(make_run, make_check, make_case):
    """What is true of every case is said once, without their names."""
    cases = [make_case(f"n{i}", Status.FAILED, 0, message="not started") for i in range(3)]
    output = export(make_run(make_check(cases=cases)))["tests"][0]["output"]
    assert "✗ not started" in output
    assert "n1" not in output


def test_what_should_come_is_said_once(make_run, make_check, make_case):
    """A single value on a line, several in a list; then the handout's section."""
    cases = [make_case(f"n{i}", Status.FAILED, 0, message=f"`dx` is {i}.") for i in range(2)]
    expected = {"dx": "the gradient of `x`"}
    check = make_check("1.2", cases, expected=expected, handout="1.1 Convolution")
    output = export(make_run(check))["tests"][0]["output"]
    assert output.endswith(
        "What should come: `dx`: the gradient of `x`.\n\nWhere to look: handout, 1.1 Convolution."
    )
    check.expected["dw"] = "its sum"
    output = export(make_run(check))["tests"][0]["output"]
    assert "What should come:\n\n- `dx`: the gradient of `x`.\n- `dw`: its sum." in output


def test_prints_say_how_much_is_left_out(make_run, make_check, make_case):
    """The beginning of what was printed is followed by the size of the rest."""
    case = make_case("a", Status.FAILED, 0, reason="wrong", message="Wrong.")
    check = make_check(cases=[case], printed="hello\n", printed_more=3000)
    assert (
        "```\nhello\n```\n\n… and 3000 more bytes." in export(make_run(check))["tests"][0]["output"]
    )


def test_output_is_cut_by_us(make_run, make_check, make_case):
    """Beyond the platform's cut the text ends with a sentence, not in the middle."""
    cases = [make_case(f"n{i}", Status.FAILED, 0, message=f"{i} " + "x" * 7900) for i in range(20)]
    output = export(make_run(make_check(cases=cases)))["tests"][0]["output"]
    assert len(output) < 100_000
    assert output.endswith("was left out.*")


def test_overview(mixed):
    """The top text: points a part, lateness, what could not be checked, notes, the report."""
    mixed.late = {"notice": "2 days late."}
    mixed.penalty = Fraction(1, 10)
    output = export(mixed, report_points=Fraction(6))["output"]
    assert output.startswith("**2.7 of 9 points**")
    assert "- Part 1: layers: 3 of 6\n- Part 2: PyTorch: 0 of 3" in output
    assert "**Late policy**: 2 days late." in output
    assert "3 points before the penalty" in output
    assert "The report (6 points) is graded by hand" in output
    assert "- 2.1 Title of 2.1 (the grader's fault; staff can see it)\n- 2.2 Title of 2.2" in output
    assert "**Notes**\n\n- Links were skipped: `a.py`." in output


def test_cut_short(mixed):
    """An incomplete run says so on top."""
    mixed.complete = False
    assert "cut short" in export(mixed)["output"]


def test_unusable_submission(make_run):
    """A submission that could not be graded: the reason, no tests, score 0."""
    document = export(make_run(error="The file is not a zip archive: it is a RAR archive."))
    assert document["score"] == 0.0
    assert document["tests"] == []
    assert document["output"] == (
        "**Nothing could be graded.** The file is not a zip archive: it is a RAR archive."
    )
    assert validate(document) == []


def test_staff_notes_are_out_of_students_sight(mixed):
    """Notes for staff are in extra_data and stdout, not in any text that students read."""
    document = export(mixed)
    seen = document["output"] + "".join(test["output"] for test in document["tests"])
    assert "given files differ" not in seen
    assert "given files differ" in document["extra_data"]["staff_notes"]
    assert "given files differ" in staff_report(mixed)
    assert document["stdout_visibility"] == "hidden"
    assert all(test["visibility"] == "visible" for test in document["tests"])


@pytest.mark.parametrize("visibility", ["hidden", "after_due_date", "after_published"])
def test_what_the_site_hides_is_not_told_above_the_checks(mixed, visibility):
    """While a check is not shown, neither the total, its part's total nor its name is told."""
    mixed.penalty = Fraction(1, 10)
    before = export(mixed)["output"]
    part = mixed.part_titles[mixed.checks[0].part]
    assert part in before
    assert "before the penalty" in before
    mixed.checks[0].visibility = visibility
    mixed.checks[0].cases[0].status = Status.UNCHECKED
    after = export(mixed)["output"]
    assert part not in after
    assert "before the penalty" not in after
    assert f"of {float(mixed.max_points):g} points" not in after
    assert mixed.checks[0].title not in after
    assert "not shown now, and neither is the total" in after


def test_staff_are_told_what_they_must_act_on(mixed):
    """The grader's own faults, an unfinished run, and hidden checks that hide the total."""
    mixed.complete = False
    mixed.checks[0].visibility = "hidden"
    notes = "\n".join(staff_notes(mixed))
    assert "could not check: 2.1" in notes
    assert "did not run to its end" in notes
    assert "see no total" in notes
    assert "1.1" in notes


def test_extra_data_holds_the_essentials(mixed):
    """What a regrade is compared by: hashes, isolation, versions, a reason for each check."""
    mixed.checks[0].facts = {"accuracy": 0.9}
    document = export(mixed)
    assert document["extra_data"]["tape"] == "abc123"
    assert document["extra_data"]["isolation"]["level"] == "full"
    assert document["extra_data"]["flags"] == [
        {"check": "2.8", "kind": "noise", "text": "look at it"}
    ]
    assert "2.8, noise: look at it" in document["extra_data"]["staff_notes"]
    assert document["extra_data"]["points"] == "3"
    extra = by_number(document)["1.2"]["extra_data"]
    assert extra["reason"] == "wrong"
    assert extra["cpu_seconds"] == 0.25
    assert extra["failed_cases"] == ["k3 p0", "k5 p0"]
    assert "accuracy" not in json.dumps(document)


def test_tags_and_leaderboard(make_run, make_check):
    """Tags and leaderboard entries of all checks come through."""
    board = [{"name": "accuracy", "value": 0.81, "order": "desc"}]
    document = export(make_run(make_check(tags=["model"], leaderboard=board)))
    assert document["tests"][0]["tags"] == ["model"]
    assert document["leaderboard"] == board


def test_numbers_beyond_json(make_run, make_check):
    """Integers beyond what JSON readers hold become text; what is no number goes."""
    document = export(make_run(make_check(), tape_seed=1 << 60, late={"a": 1e400, "b": 1.5}))
    assert document["extra_data"]["tape_seed"] == str(1 << 60)
    assert document["extra_data"]["late"] == {"b": 1.5}


def test_placeholder():
    """The result before anything was graded is valid and says why it stands there."""
    document = placeholder("Submit `again`.", staff="disk full")
    assert validate(document) == []
    assert "Submit `again`." in document["output"]
    assert "disk full" not in document["output"]
    assert document["extra_data"] == {"placeholder": True, "staff_notes": ["disk full"]}
