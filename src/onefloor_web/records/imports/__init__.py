"""Bringing files in: file, kind, map, dry run, load, report; and mending what was set aside."""
