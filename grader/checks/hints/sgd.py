"""What a teaching assistant would say about mistakes in SGD.update."""

from __future__ import annotations

from grader.diagnosis.family import Family

SEE = "1.8 SGD with momentum"

FAMILIES: dict[str, Family] = {
    "sgd-velocity-not-kept": Family(
        "velocity not kept from step to step",
        "This is descent without momentum. Where does your velocity live between two calls of "
        "`update`, and does the next call find it there?",
        SEE,
    ),
    "sgd-velocity-never-decays": Family(
        "velocity sums up all gradients",
        "The velocity adds up all gradients and forgets none. What happens to the old velocity "
        "before the new gradient joins it?",
        SEE,
    ),
    "sgd-velocity-too-late": Family(
        "parameter moved before its velocity",
        "The parameters move by the velocity of the step before, so the first step moves "
        "nothing. Which of the two lines of the formula comes first?",
        SEE,
    ),
    "sgd-velocity-of-last-layer": Family(
        "only the last layer's velocity survives",
        "Only the last layer still has its velocity in the next call. Does storing one layer's "
        "velocity throw the others' away?",
        SEE,
    ),
    "sgd-velocity-shared": Family(
        "layers share a velocity",
        "Several layers use the same velocity. Under what name or index do you keep it, and is "
        "that a different one for every layer?",
        SEE,
    ),
    "sgd-velocity-start": Family(
        "velocity starts at something other than 0",
        "The first step is too long or too short. What is the velocity before anything has moved?",
        SEE,
    ),
    "sgd-keeps-something-else": Family(
        "keeps the last gradient or step in place of the velocity",
        "What you keep for the next call is not the velocity that moved the parameters, so older "
        "steps are forgotten. Is it the gradient alone?",
        SEE,
    ),
    "sgd-momentum-sign": Family(
        "the old velocity enters with a minus",
        "The old velocity pushes backwards. Which sign does it have in the formula, and does it "
        "change its sign somewhere on the way to the parameters?",
        SEE,
    ),
    "sgd-momentum-misplaced": Family(
        "momentum multiplies something other than the old velocity",
        "The momentum multiplies exactly one thing in the formula. Is there a factor `momentum` "
        "or `1 - momentum` anywhere else?",
        SEE,
    ),
    "sgd-nesterov": Family(
        "Nesterov's momentum",
        "This looks like Nesterov's momentum, which moves the parameters by more than the "
        "velocity. What does the handout add to the parameters?",
        SEE,
    ),
    "sgd-settings-ignored": Family(
        "momentum or learning rate hard-coded",
        "Another momentum or learning rate than the optimizer was made with is used. Is there a "
        "number in `update` where an attribute of `self` belongs?",
        SEE,
    ),
    "sgd-no-learning-rate": Family(
        "learning rate missing",
        "The steps are as long as the gradients themselves. Where does the learning rate come in?",
        SEE,
    ),
    "sgd-learning-rate-twice": Family(
        "learning rate applied twice",
        "The steps are too short by a factor. How often does the learning rate come in: in the "
        "velocity, in the parameters, or in both?",
        SEE,
    ),
    "sgd-learning-rate-on-velocity": Family(
        "learning rate also shrinks the old velocity",
        "The first step is right, and then the old velocity is almost lost. What does your "
        "learning rate multiply: the gradient, or a bracket with more in it?",
        SEE,
    ),
    "sgd-sign": Family(
        "gradient ascent",
        "The parameters go uphill. The minus sign may stand with the gradient or with the "
        "velocity: does it stand in one of the two places, or in both, or in neither?",
        SEE,
    ),
    "sgd-not-updated": Family(
        "weight or bias never moves",
        "A parameter stays where it was. Are both the weight and the bias moved, and does the "
        "result get back into the layer, or only into a variable of your own?",
        SEE,
    ),
    "sgd-velocity-for-parameter": Family(
        "parameter replaced by its velocity",
        "After the step the parameter is the velocity itself. Is it moved by the velocity, or "
        "replaced by it?",
        SEE,
    ),
    "sgd-weight-and-bias-mixed": Family(
        "weight's velocity or gradient used for the bias",
        "The weight's gradient gets into the bias. Does the bias have a velocity of its own, "
        "made from its own gradient?",
        SEE,
    ),
    "sgd-weightless-layers": Family(
        "layers without parameters break the loop",
        "It works for a single layer, and stops where ReLU or MaxPooling lies between. What does "
        "your loop do with a layer that has no weight, and does the index still fit behind it?",
        SEE,
    ),
    "sgd-not-all-layers": Family(
        "only the first or the last layer is updated",
        "One layer moves and the others stay. Does the loop reach every layer, also those behind "
        "a ReLU?",
        SEE,
    ),
    "sgd-truth-of-an-array": Family(
        "asks if a whole velocity is zero",
        "From the second step on the velocity is an array, and an `if` cannot ask an array "
        "whether it is 0. Do you need that question at all?",
        SEE,
    ),
    "sgd-weight-decay-missing": Family(
        "no weight decay",
        "All is right but the weight decay, which is not there. Is the given first line still in "
        "`update`?",
        SEE,
    ),
    "sgd-weight-decay-twice": Family(
        "weight decay more than once",
        "The weight decay is added more than once. The given line does all of it: how often does "
        "it run, and do you add a weight decay of your own?",
        SEE,
    ),
    "sgd-weight-decay-on-bias": Family(
        "weight decay on biases",
        "The biases shrink as well. Which parameters does the handout's weight decay touch?",
        SEE,
    ),
    "sgd-weight-decay-of-its-own": Family(
        "a weight decay of its own in place of the given one",
        "There is a weight decay, but another one than the given line's. Why not leave that line "
        "to do it?",
        SEE,
    ),
}
