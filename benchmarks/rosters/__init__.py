"""What the benchmark of rosters measures with: instances, a compact linear bound, and a cover score of its own."""
