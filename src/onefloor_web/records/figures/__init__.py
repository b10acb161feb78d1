"""One figure with its evidence: arithmetic, range, course, definition, and the rows behind it."""
