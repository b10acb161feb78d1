"""Onefloor: one record, one contract, one statement for a hotline run by several companies."""

__version__ = "0.1.0"
