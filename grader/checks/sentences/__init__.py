"""Every sentence about a failed check of this assignment, apart from the logic that decides.

Pure functions from facts to Markdown, and constants; the checks decide and call them. Kind,
short and specific: what came, the likely cause, what to do. Never an expected value, a hidden
input or test code. What should have come is told in words by a module's MEANING: by the name
of a value a phrase without its full stop, which a failed check shows once.
"""

from grader.checks.sentences.exceptions import ADVICE
from grader.feedback.errors import advise

advise(ADVICE)  # no check does without sentences, so that its exceptions get this advice, too
