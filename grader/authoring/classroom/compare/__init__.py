"""What a second grading changes: per student and check, old and new points with the reason.

    reading ─▶ pairs (who is who) ─▶ changes (points, with `causes`) ─▶ terminal, page
                                          accepting: which falls are known and wanted

Points are exact fractions from beginning to end; only what is shown is rounded.
"""
