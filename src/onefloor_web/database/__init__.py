"""PostgreSQL: the one that comes along, the roles on it, and how to reach another."""
