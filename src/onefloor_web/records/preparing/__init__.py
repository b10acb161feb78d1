"""After every load: the figures and the companies' people are brought up to date, once for the whole floor."""
