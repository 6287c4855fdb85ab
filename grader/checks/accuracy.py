"""What the checks of checkpoints share: load one in the worker, and measure its accuracy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from grader import checkpoints, prediction
from grader.budget import Allowance
from grader.checks.facts import facts as checked
from grader.checks.facts import names, shapes
from grader.errors import (
    BadAnswer,
    Blocked,
    MissingFile,
    NotStarted,
    SubmissionError,
    WrongResult,
)
from grader.feedback import code
from grader.grading import Grading
from grader.images import Images
from grader.outcomes import Run
from grader.prediction import Clock, Prediction
from grader.scope import Report, StudentPart

LOOKED_UP = 0.5  # of the predictions stay under invisible noise; a network keeps nearly all
GUESSING = 0.13
SEED_LIMIT = 2**31
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
        report.remark(f"{code(found.name)} was taken; the handout asks for the ending `.pth`.")
    answer = part2.drive(
        "weights", "load", network.recipe, f"{checkpoints.FOLDER}/{path.name}", found.kind
    )
    facts = checked(answer, problem=str)
    if facts["problem"]:
        refuse(path, network, facts)
    add_remarks(facts, report)
    report.fact("checkpoint_bytes", found.bytes)
    count = facts.get("parameters")
    if not isinstance(count, int) or not 0 < count < LARGEST_FACT:
        raise WrongResult(
            f"{code(network.name)} has no parameters that {code(path.name)} could fill. "
            "Build the network's layers in `__init__` first.",
            code="no-parameters",
        )
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
        raise NotStarted(
            network.name,
            f"{code(network.name)} (Task {network.task}) comes first. Training it then writes "
            f"{code(f'{checkpoints.FOLDER}/{network.stem}.pth')}.",
        ) from error


def refuse(path: Path, network: Network, facts: dict[str, Any]) -> NoReturn:
    """Say why the checkpoint could not be loaded; raises WrongResult."""
    problem = facts["problem"]
    name = code(path.name)
    if problem == "no-library":
        raise Blocked(
            f"{name} could not be read: the library `safetensors` is not installed here. "
            f"{checkpoints.SAVE_AGAIN}.",
            code="checkpoint-no-library",
        )
    sentences: dict[Any, Callable[[], str]] = {
        "object": lambda: _object(str(facts.get("name")), network),
        "unreadable": lambda: (
            f"cannot be read by torch: {code(str(facts.get('text')))}. "
            f"Is the file complete? {checkpoints.SAVE_AGAIN}."
        ),
        "no-weights": lambda: _no_weights(facts),
        "tensor": lambda: (
            f"holds the tensor {code(str(facts.get('name')))}, which is sparse, "
            "quantized or without data. Save the weights of the network as it was trained."
        ),
        "architecture": lambda: _architecture(facts, network),
    }
    if problem not in sentences:
        raise BadAnswer("the result of loading the checkpoint has an unknown reason")
    raise WrongResult(f"{name} {sentences[problem]()}", code=f"checkpoint-{problem}")


def _object(name: str, network: Network) -> str:
    """Say what to do about an object in the file that is no weight."""
    last = name.rpartition(".")[2]
    if name.startswith(("numpy", "torch.nn")) or last == network.name:
        whole = not name.startswith("numpy")
    else:
        whole = name.startswith(("__main__", "models"))
    if whole:
        return (
            f"holds the whole model object ({code(name)}), and only weights are read. "
            f"{checkpoints.SAVE_AGAIN}, not `torch.save(model, path)`."
        )
    return (
        f"holds a {code(name)} beside the weights, which cannot be read safely. Convert it with "
        "`float()` or `str()` before you save, or save only the weights: "
        "`torch.save(model.state_dict(), path)`."
    )


def _no_weights(facts: dict[str, Any]) -> str:
    inside = names(facts.get("keys"))
    with_keys = f" with {inside}" if inside else ""
    return (
        f"holds a {code(str(facts.get('type')))}{with_keys}, and no weights are found in it. "
        f"{checkpoints.SAVE_AGAIN}."
    )


def _architecture(facts: dict[str, Any], network: Network) -> str:
    """The first differences between the file and the network, in words."""
    pairs = zip(shapes(facts.get("shapes")), shapes(facts.get("wanted")))
    lines = [
        f"{code(name)} has shape {code(str(there))} in the file, {code(str(own))} in the network"
        for (name, there), (_, own) in pairs
    ]
    for key, words in (("missing", "not in the file"), ("extra", "only in the file")):
        if found := names(facts.get(key)):
            lines.append(f"{found}: {words}")
    return (
        f"belongs to another architecture than your {network.name}: {'; '.join(lines[:3])}. "
        "Hand in the file that was saved by the code that you hand in, and load it once yourself."
    )


def add_remarks(facts: dict[str, Any], report: Report) -> None:
    """Say what was done so that the weights fit, and what is odd about them."""
    key = facts.get("unwrapped")
    if isinstance(key, str) and key:
        report.remark(f"The weights were found under {code(key)} in the checkpoint.")
    if shown := names(facts.get("prefixes")):
        report.remark(
            f"The names in the checkpoint begin with {shown} (DataParallel or torch.compile); "
            "that was taken off."
        )
    if shown := names(facts.get("extra")):
        report.remark(f"The checkpoint has entries that your network does not: {shown}.")
    if shown := names(facts.get("bad")):
        report.remark(
            f"Some weights are NaN or infinite: {shown}. Did the loss become NaN in training?"
        )


def once(memo: dict[str, Any], key: str, make: Callable[[], Any]) -> Any:
    """`make()`, but for all cases of a check together: its value, or what it raised."""
    if key not in memo:
        try:
            memo[key] = make()
        except SubmissionError as error:
            memo[key] = error
    if isinstance(memo[key], SubmissionError):
        raise memo[key]
    return memo[key]


def measure(
    part2: StudentPart,
    network: Network,
    grading: Grading,
    report: Report,
) -> float:
    """The accuracy of the checkpoint on the test images; facts and remarks go to `report`.

    Raises DataUnavailable without images, and what `load_checkpoint` and `predict` raise.
    """
    find(part2, network, grading.run)  # without it, no worker is started
    limits = part2.worker.limits
    clock = Clock(Allowance(limits.cpu_seconds, limits.wall_seconds))
    load_checkpoint(part2, network, report, grading)
    images = grading.images()
    found = prediction.predict(
        lambda pixels, batch, seed: part2.drive(
            "weights", "predict", pixels, batch, seed % SEED_LIMIT
        ),
        images,
        grading.seed,
        clock,
    )
    tell(found, network, images, grading, report)
    return found.accuracy(images.labels)


def tell(
    found: Prediction,
    network: Network,
    images: Images,
    grading: Grading,
    report: Report,
) -> None:
    """Put down accuracy, speed and what is odd."""
    accuracy = found.accuracy(images.labels)
    per_class = found.per_class(images.labels)
    report.fact("accuracy", round(accuracy, 6))
    report.fact("per_class", [round(value, 4) for value in per_class])
    report.fact("images", found.total)
    report.fact("images_predicted", found.done)
    report.fact("seconds_per_image", round(found.seconds_per_image, 6))
    weakest = sorted(range(len(per_class)), key=per_class.__getitem__)[:2]
    shown = " and ".join(f"{images.classes[k]} ({per_class[k]:.0%})" for k in weakest)
    report.remark(
        f"{network.name} recognises {accuracy:.2%} of the {found.total} images of "
        f"{images.name} ({found.seconds_per_image * 1e3:.1f} ms an image). Hardest for it: {shown}."
    )
    if found.done < found.total:
        report.remark(
            f"Only {found.done} of {found.total} images, chosen at random, could be predicted in "
            "the time of this check; the others count as wrong. Make the network smaller: fewer "
            "channels in the first layers, where images are largest, save most."
        )
    if found.not_finite:
        report.remark(
            f"For {found.not_finite} images the outputs are NaN or infinite; they count as wrong."
        )
    if found.unstable:
        report.remark(
            "Some predictions change when the same image is asked for again, although the "
            "network is in evaluation mode: look for `F.dropout` without "
            "`training=self.training`, random pooling, or statistics of the batch in forward."
        )
    if found.under_noise is not None and found.under_noise < LOOKED_UP and accuracy > GUESSING:
        grading.staff_note(
            f"{network.stem}: only {found.under_noise:.0%} of the predictions stay under noise "
            f"of 2/255 (accuracy {accuracy:.1%}). A look-up of known images would look like this."
        )


def require_above(accuracy: float, threshold: float) -> None:
    """Raises WrongResult unless the accuracy is strictly above the threshold."""
    if accuracy > threshold:
        return
    text = (
        f"The accuracy is {accuracy:.2%}; this needs more than {threshold:.0%} of the test images."
    )
    if accuracy <= GUESSING:
        text += (
            " That is what guessing gives. Was the network trained on other images than these, or "
            "the file saved before training, or by other code? "
            "Are images normalised in training as the handout says, and is nothing random or left "
            "out in evaluation mode?"
        )
    elif accuracy > 0.9 * threshold:
        text += " You are close: train somewhat longer, or lower the learning rate at the end."
    raise WrongResult(text, code="accuracy")
