"""Exact inputs, exact probes, and the comparison of arrays."""
