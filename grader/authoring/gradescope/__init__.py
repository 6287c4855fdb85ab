"""Gradescope, mirrored on an instructor's machine: metadata, container, what the site shows."""
