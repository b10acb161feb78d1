"""Scorecards: is each company delivering; saved views, comparisons, exports."""
