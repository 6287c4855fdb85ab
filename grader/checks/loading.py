"""The checkpoint of one of the student's networks: find it, inspect it, load it in the worker."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader import checkpoints
from grader.checks.facts import facts as checked
from grader.checks.facts import names, shapes
from grader.checks.sentences import checkpoints as say
from grader.errors import BadAnswer, Blocked, MissingFile, NotStarted, WrongResult
from grader.grading import Grading
from grader.outcomes import Run
from grader.scope import Report, StudentPart

LARGEST_FACT = 2**53


@dataclass(frozen=True)
class Network:
    """One of the student's networks: where it is defined, how it is built, its checkpoint.

    `task` is the number of the check that looks at its code.
    """

    module: str
    name: str
    stem: str
    task: str
    arguments: tuple[int, ...] = ()

    @property
    def recipe(self) -> list[Any]:
        """What the driver builds it from."""
        return [self.module, self.name, list(self.arguments)]


TWO_LAYERS = Network("models.twolayer", "TwoLayerNet", "twolayernet", "2.3", (3072, 256, 10))
VANILLA_CNN = Network("models.cnn", "VanillaCNN", "vanillacnn", "2.4")
MY_MODEL = Network("models.my_model", "MyModel", "mymodel", "2.7")


def load_checkpoint(
    part2: StudentPart,
    network: Network,
    report: Report,
    grading: Grading,
) -> None:
    """Find, inspect and load the checkpoint of `network`; remarks say what was put right.

    Raises MissingFile, NotStarted where the code that it would come from is not, or
    WrongResult with what is wrong and how to save it.
    """
    path = find(part2, network, grading.run)
    found = checkpoints.inspect(path, grading.assignment.limits.archive_mb * 1e6)
    if path.suffix == ".pt":
        report.remark(say.another_ending(found.name))
    answer = part2.drive(
        "weights", "load", network.recipe, f"{checkpoints.FOLDER}/{path.name}", found.kind
    )
    facts = checked(answer, problem=str)
    if facts["problem"] == "architecture":
        grading.flag("other-code", say.of_other_code(path.name, network.name))
    if facts["problem"]:
        refuse(path.name, network, facts)
    add_remarks(facts, report)
    report.fact("checkpoint_bytes", found.bytes)
    count = facts.get("parameters")
    if not isinstance(count, int) or not 0 < count < LARGEST_FACT:
        raise WrongResult(say.no_parameters(network.name, path.name), code="no-parameters")
    report.fact("parameters", count)


def find(part2: StudentPart, network: Network, run: Run) -> Path:
    """The staged checkpoint of a network whose module is there.

    Raises MissingFile, NotStarted, or WrongResult for a wrong name. Whether the code is
    started is known from the check of the code, which ran before: no worker is needed to
    say that a file is not there.
    """
    part2.require(network.module.replace(".", "/") + ".py")
    try:
        return checkpoints.find(part2, network.stem)
    except MissingFile as error:
        code_check = next((check for check in run.checks if check.number == network.task), None)
        if code_check is None or code_check.reason != NotStarted.reason:
            raise
        path = f"{checkpoints.FOLDER}/{network.stem}.pth"
        text = say.code_comes_first(network.name, network.task, path)
        raise NotStarted(network.name, text) from error


def refuse(name: str, network: Network, facts: dict[str, Any]) -> NoReturn:
    """Say why the file `name` could not be loaded.

    Raises WrongResult, Blocked where a library is missing here, or BadAnswer for a problem
    that no driver reports.
    """
    problem = facts["problem"]
    inside = str(facts.get("name"))
    if problem == "no-library":
        raise Blocked(say.no_library(name), code="checkpoint-no-library")
    if problem == "object":
        whole = is_model(inside, network)
        text = say.whole_model(name, inside) if whole else say.object_beside(name, inside)
    elif problem == "unreadable":
        text = say.unreadable(name, str(facts.get("text")))
    elif problem == "no-weights":
        text = say.no_weights(name, str(facts.get("type")), names(facts.get("keys")))
    elif problem == "tensor":
        text = say.odd_tensor(name, inside)
    elif problem == "architecture":
        text = say.another_architecture(name, network.name, mismatch(facts))
    else:
        raise BadAnswer("the result of loading the checkpoint has an unknown reason")
    raise WrongResult(text, code=f"checkpoint-{problem}")


def is_model(class_name: str, network: Network) -> bool:
    """Whether an object of this class, by its full name, is a network and no setting."""
    if class_name.startswith("numpy"):
        return False
    known = class_name.startswith(("torch.nn", "__main__", "models"))
    return known or class_name.rpartition(".")[2] == network.name


def mismatch(facts: dict[str, Any]) -> say.Mismatch:
    """How the file and the network differ; raises BadAnswer for malformed facts."""
    pairs = zip(shapes(facts.get("shapes")), shapes(facts.get("wanted")))
    return say.Mismatch(
        [(name, there, own) for (name, there), (_, own) in pairs],
        names(facts.get("missing")),
        names(facts.get("extra")),
    )


def add_remarks(facts: dict[str, Any], report: Report) -> None:
    """Say what was done so that the weights fit, and what is odd about them."""
    key = facts.get("unwrapped")
    if isinstance(key, str) and key:
        report.remark(say.found_under(key))
    sentences = {
        "prefixes": say.prefixes_taken_off,
        "extra": say.more_entries,
        "bad": say.weights_not_finite,
    }
    for fact, sentence in sentences.items():
        if found := names(facts.get(fact)):
            report.remark(sentence(found))
