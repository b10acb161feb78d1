"""How the REST API speaks: operations with an action, problems, pages of rows, tags of versions.

A feature declares its operations in its own ``api.py``; ``platform.api`` gathers them under ``/api/v1/``.
"""
