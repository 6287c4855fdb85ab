"""A whole class: grade every submission, see what was not understood, compare two gradings.

    sources ─▶ engine (Dask; one submission a slot) ─▶ store (OUT/) ─▶ grades.csv, report.html, diff

`records` is what all of them share: a folder OUT holds one record for each submission.
"""
