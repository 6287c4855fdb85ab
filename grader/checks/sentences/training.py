"""What the check of the training step says (Task 2.1)."""

from __future__ import annotations

from grader.feedback.text import code

MEANING = {
    "parameters": "what one update by the optimizer for each batch, along the gradient of the "
    "criterion's loss, makes of them"
}

# By what was seen while the step ran.
SIGNS = {
    "not-finite": "They are NaN or infinite.",
    "nothing-called": (
        "They are unchanged: neither `loss.backward()` nor `optimizer.step()` is called."
    ),
    "no-backward": "No gradients: call `loss.backward()` before `optimizer.step()`.",
    "no-step": "They are unchanged: `optimizer.step()` is never called.",
    "step-first": "`optimizer.step()` comes before `loss.backward()`: first the gradients.",
    "no-gradients": (
        "They are unchanged: at `optimizer.step()` there are no gradients. The order is "
        "zero_grad, backward, step."
    ),
    "many-steps": "`optimizer.step()` is called more often than once for each batch.",
    "few-steps": "`optimizer.step()` is called less often than once for each batch.",
    "probabilities": (
        "The criterion gets probabilities. Cross entropy includes the softmax: give it the logits "
        "as they come from the model."
    ),
    "not-cleared": (
        "Nothing calls `zero_grad()`, and gradients add up from one backward to the next: "
        "`optimizer.zero_grad()` once for each batch."
    ),
    "many-backwards": "`loss.backward()` runs more often than once for each batch.",
    "few-backwards": "`loss.backward()` runs less often than once for each batch.",
    "another-loss": (
        "Look at the loss: it should be the criterion's, of the output and the target of this "
        "batch."
    ),
}


def wrong_parameters(sign: str) -> str:
    """The parameters are wrong after the steps; `sign`, a key of SIGNS, is what was seen."""
    return f"After the steps, the parameters are not what they should be. {SIGNS[sign]}"


def no_pair(function: str, returned: str) -> str:
    """The step of a Solver returned something else than its pair."""
    return (
        f"{code(function)} makes the step and returns {code(returned)}: return the pair "
        "(output, loss), which the given loop needs."
    )
