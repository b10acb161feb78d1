"""Clauses: how each is judged, and every step from what was found to money. One function each."""
