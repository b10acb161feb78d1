"""The demonstration: a generated year whose true effects are known, and floors to look at."""
