"""From facts to measuring tables: one file a table or family, brought together in ``metrics.prepare``."""
