"""The catalogue of metrics in words, the four formulas of service level, the versions."""
