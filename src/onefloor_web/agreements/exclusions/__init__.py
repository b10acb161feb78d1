"""Exclusions: rows that one side proposes to take out of the figures, and the other side approves or refuses."""
