"""What to do about exceptions that this assignment's code is known to raise.

By a sign, which is a piece of 'Type: message'; the first that is there counts.
"""

from __future__ import annotations

ADVICE = {
    "ModuleNotFoundError": (
        "Only numpy is there for Part 1 and torch for the others; "
        "import what is yours relative to the part's folder, as the template does."
    ),
    "CUDA": (
        "There is no GPU here: choose the device by `torch.cuda.is_available()`, and leave "
        "`.cuda()` out of networks and losses."
    ),
    "NameError: name 'args'": (
        "The check imports the script and calls the step; `main()` does not run, so what only "
        "`main()` sets is not there."
    ),
    "AttributeError: 'Solver' object has no": (
        "The check calls this step without Solver's constructor, which would load data: only "
        "`model`, `optimizer`, `criterion` and `device` are set."
    ),
    "pretrained weights": (
        "Build the network without them (`weights=None`): your checkpoint holds all weights."
    ),
}
