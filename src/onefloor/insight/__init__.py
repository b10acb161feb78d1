"""Is it true, is it new, why, and did it help: findings that know how sure they are.

Cells of integers in, findings out. The unit of chance is the agent, the day or the rater, never the single contact; a
verdict comes from the interval, never from the point. Needs NumPy and SciPy; pictures need Matplotlib.
"""
