"""Readers of the systems a hotline runs on: one file per format."""
