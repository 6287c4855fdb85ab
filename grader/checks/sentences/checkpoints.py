"""What is said about checkpoints that do not fit their network, or fit with some help."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from grader.feedback.checkpoints import SAVE_AGAIN
from grader.feedback.lists import listed
from grader.feedback.text import code

NOT_MEASURED = "Not measured: the checkpoint does not load."

MOST_NAMES = 5
MOST_DIFFERENCES = 3

Shape = tuple[int, ...]


def code_comes_first(network: str, task: str, path: str) -> str:
    """There is no checkpoint because the network it would come from is not started."""
    return f"{code(network)} (Task {task}) comes first. Training it then writes {code(path)}."


def no_parameters(network: str, name: str) -> str:
    """The network has nothing that the file `name` could fill."""
    return (
        f"{code(network)} has no parameters that {code(name)} could fill. Build the network's "
        "layers in `__init__` first."
    )


def no_library(name: str) -> str:
    """The file is in a format that cannot be read here."""
    return (
        f"{code(name)} could not be read: the library `safetensors` is not installed here. "
        f"{SAVE_AGAIN}."
    )


def whole_model(name: str, class_name: str) -> str:
    """The file holds the model object itself."""
    return (
        f"{code(name)} holds the whole model object ({code(class_name)}), and only weights are "
        f"read. {SAVE_AGAIN}, not `torch.save(model, path)`."
    )


def object_beside(name: str, class_name: str) -> str:
    """The file holds an object beside the weights, which nobody can read safely."""
    return (
        f"{code(name)} holds a {code(class_name)} beside the weights, which cannot be read safely. "
        "Convert it with `float()` or `str()` before you save, or save only the weights: "
        "`torch.save(model.state_dict(), path)`."
    )


def unreadable(name: str, reason: str) -> str:
    """Torch cannot read the file, and gives its `reason`."""
    return (
        f"{code(name)} cannot be read by torch: {code(reason)}. Perhaps the file is not complete. "
        f"{SAVE_AGAIN}."
    )


def no_weights(name: str, type_name: str, keys: Sequence[str]) -> str:
    """The file holds a value without weights, a dict with `keys` perhaps."""
    inside = f" with {listed(keys, MOST_NAMES)}" if keys else ""
    return (
        f"{code(name)} holds a {code(type_name)}{inside}, and no weights are found in it. "
        f"{SAVE_AGAIN}."
    )


def odd_tensor(name: str, tensor: str) -> str:
    """One of the tensors is not stored as plain numbers."""
    return (
        f"{code(name)} holds the tensor {code(tensor)}, which is sparse, quantized or without "
        "data. Save the weights of the network as it was trained."
    )


@dataclass(frozen=True)
class Mismatch:
    """How the entries of a file differ from those of a network.

    `shapes` has (name, in the file, in the network) of those whose shapes differ, `missing`
    the names that only the network has, `extra` those that only the file has.
    """

    shapes: Sequence[tuple[str, Shape, Shape]] = field(default_factory=tuple)
    missing: Sequence[str] = field(default_factory=tuple)
    extra: Sequence[str] = field(default_factory=tuple)


def another_architecture(name: str, network: str, found: Mismatch) -> str:
    """The file does not fit the network."""
    lines = [
        f"{code(key)} has shape {code(str(there))} in the file, {code(str(own))} in the network"
        for key, there, own in found.shapes
    ]
    if found.missing:
        lines.append(f"{listed(found.missing, MOST_NAMES)}: not in the file")
    if found.extra:
        lines.append(f"{listed(found.extra, MOST_NAMES)}: only in the file")
    return (
        f"{code(name)} belongs to another architecture than your {network}: "
        f"{'; '.join(lines[:MOST_DIFFERENCES])}. Hand in the file that was saved by the code that "
        "you hand in, and load it once yourself."
    )


def another_ending(name: str) -> str:
    """A file with an ending that the handout does not name was taken."""
    return f"{code(name)} was taken; the handout asks for the ending `.pth`."


def found_under(key: str) -> str:
    """The weights are one of several things in the file."""
    return f"The weights were found under {code(key)} in the checkpoint."


def prefixes_taken_off(prefixes: Sequence[str]) -> str:
    """The names in the file begin with what a wrapper of the network adds."""
    return (
        f"The names in the checkpoint begin with {listed(prefixes, MOST_NAMES)} (DataParallel or "
        "torch.compile); that was taken off."
    )


def more_entries(names: Sequence[str]) -> str:
    """The file has entries without a place in the network."""
    return f"The checkpoint has entries that your network does not: {listed(names, MOST_NAMES)}."


def weights_not_finite(names: Sequence[str]) -> str:
    """Some weights are no numbers."""
    return (
        f"Some weights are NaN or infinite: {listed(names, MOST_NAMES)}. The loss may have become "
        "NaN in training."
    )


def of_other_code(name: str, network: str) -> str:
    """For staff: the file's weights are those of another network than the one handed in."""
    return f"{name} does not fit the {network} that was handed in: it was made by other code."
