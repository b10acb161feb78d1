"""The REST API: tokens, limits, and the place where the operations of all features meet."""
