"""Right solutions of the training and the validation step, in the reference's script."""

from __future__ import annotations

from grader.authoring.right.right import Right, Task

MAIN = Task("steps", "part2-pytorch/main.py", frozenset({"2.1", "2.2"}))

TRAINING = """\
        output = model(data)
        loss = criterion(output, target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
"""
VALIDATION = """\
        with torch.no_grad():
            output = model(data)
            loss = criterion(output, target)
"""

# By name: what is peculiar, the training step, the validation step.
STEPS: dict[str, tuple[str, str, str]] = {
    "clear-first": (
        "zero_grad first; calls forward by name",
        """\
        optimizer.zero_grad()
        output = model.forward(data)
        loss = criterion.forward(output, target)
        loss.backward()
        optimizer.step()
""",
        """\
        with torch.no_grad():
            output = model.forward(data)
        loss = criterion(output, target)
""",
    ),
    "clear-last": (
        "clears after the step; inference mode",
        """\
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=False)
""",
        """\
        with torch.inference_mode():
            output = model(data)
            loss = criterion(output, target)
""",
    ),
    "grad-none": (
        "clears each gradient by hand; eval within the loop",
        """\
        model.train()
        for parameter in model.parameters():
            parameter.grad = None
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
""",
        """\
        model.eval()
        with torch.set_grad_enabled(False):
            output = model(data)
            loss = criterion(output, target)
""",
    ),
    "set-to-none": (
        "set_to_none, to the model's device; torch.no_grad as a decorator",
        """\
        device = next(model.parameters()).device
        data, target = data.to(device), target.to(device)
        optimizer.zero_grad(set_to_none=True)
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
""",
        """\
        @torch.no_grad()
        def measure():
            out = model(data)
            return out, criterion(out, target)

        output, loss = measure()
""",
    ),
    "module-zero-grad": (
        "model.zero_grad; gradients switched off and on by statements",
        """\
        model.zero_grad()
        with torch.enable_grad():
            output = model(data)
            loss = criterion(output, target)
            torch.autograd.backward(loss)
        optimizer.step()
""",
        """\
        before = torch.is_grad_enabled()
        torch.set_grad_enabled(False)
        output = model(data)
        loss = criterion(output, target)
        torch.set_grad_enabled(before)
""",
    ),
    "zeroed-in-place": (
        "gradients set to zero in place; prints, detaches",
        """\
        output = model(data)
        loss = criterion(output, target)
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.grad.detach_()
                    parameter.grad.zero_()
        loss.backward()
        optimizer.step()
        print("loss", loss.item())
""",
        """\
        with torch.no_grad():
            output = model(data).detach()
            loss = criterion(output, target.long())
            print("loss", float(loss))
""",
    ),
    "autograd-grad": (
        "torch.autograd.grad, copied into the parameters",
        """\
        output = model(data)
        loss = criterion(output, target)
        parameters = list(model.parameters())
        for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters)):
            parameter.grad = gradient
        optimizer.step()
""",
        """\
        with torch.no_grad():
            output = model(data)
            loss = torch.nn.functional.cross_entropy(output, target)
""",
    ),
    "in-parts": (
        "validates each batch in parts",
        """\
        optimizer.zero_grad()
        output = model(data)
        loss = criterion(output, target)
        loss.backward()
        optimizer.step()
""",
        """\
        with torch.no_grad():
            output = torch.cat([model(part) for part in data.split(4)])
            loss = criterion(output, target)
""",
    ),
    "closure": (
        "a closure for the optimizer",
        """\
        kept = {}

        def closure():
            optimizer.zero_grad()
            kept["output"] = model(data)
            kept["loss"] = criterion(kept["output"], target)
            kept["loss"].backward()
            return kept["loss"]

        optimizer.step(closure)
        output, loss = kept["output"], kept["loss"]
""",
        """\
        with torch.no_grad():
            output, loss = (out := model(data)), criterion(out, target)
""",
    ),
}


def solutions() -> list[Right]:
    """The reference's script with other steps."""
    return [
        MAIN.with_edits(name, title, [(TRAINING, training), (VALIDATION, validation)])
        for name, (title, training, validation) in STEPS.items()
    ]
