"""Disputes: one company objects to a line of an issued statement, the other answers; clocks and steps of the terms."""
