"""The jobs of this feature; the worker finds them here."""

from onefloor_web.platform.privacy import exits, retention

__all__ = ["exits", "retention"]
