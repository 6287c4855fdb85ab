"""Data sets of others, read with care and written as the grader's own files."""
