"""Light tests, task by task: `pytest -k conv`, `pytest -k 1.2`, or all with `pytest`."""
