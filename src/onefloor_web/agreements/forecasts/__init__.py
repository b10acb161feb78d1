"""Locked forecasts: the client locks how many contacts it expects, the vendor acknowledges, both are bound by it."""
