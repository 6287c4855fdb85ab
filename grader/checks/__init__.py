"""The checks of this assignment: pytest tests that run on the trusted side."""
