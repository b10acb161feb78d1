"""How many agents each skill needs in each interval: a target, a forecast, patience, and who is planned to be away."""
