"""Onefloor on the web: people, workflows, pages and an interface for programs.

It asks the core (``onefloor``) for every number it shows, and the core never imports it.
"""
