"""The roster on the web: who belongs where by day, files out and in, and what a change touches."""
