"""Raters: whether they agree, who is stricter, and what a figure that they made is good for.

The unit of chance is the contact where agreement is in question and the rater where a figure is: marks of one rater
resemble each other. Scores are floats here, never money.
"""
