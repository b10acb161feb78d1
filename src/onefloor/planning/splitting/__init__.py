"""The split of required work between companies at least cost: prices, commitments, limits, and what a limit costs."""
