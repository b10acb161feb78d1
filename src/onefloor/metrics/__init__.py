"""Metrics: named formulas with a version, two integer atoms each and one exact division."""
