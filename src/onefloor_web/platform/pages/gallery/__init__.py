"""A page with every component, for those who build pages and for their tests; only in the demonstration and tests."""
