"""Requests the demonstration begins with: some open, one overdue, one asked back, one answered."""
