"""Control charts: what moved beyond chance, since when, and how sure that is."""
