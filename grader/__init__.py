"""An autograder that runs hostile homework safely and explains what is wrong with it."""

__version__ = "0.1.0"
