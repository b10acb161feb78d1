"""Causes: why a figure moved between two periods, and where."""
