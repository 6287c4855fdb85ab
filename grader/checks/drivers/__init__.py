"""Code of ours that runs inside a worker, beside the student's.

A driver does what would take many round trips or needs torch objects (a training
step, a model's predictions). It holds no expected value and no label: whatever a
student reads or changes in it, the verdict falls elsewhere.
"""
