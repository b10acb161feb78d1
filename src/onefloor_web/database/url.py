"""``DATABASE_URL`` as Django's connection settings."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# For commands that touch no database, such as the collection of messages.
NONE = "postgresql://onefloor_app@127.0.0.1:1/none"


def connection(url: str | None, *, pool: bool = False) -> dict[str, Any]:
    """The settings of one connection.

    Args:
        url: ``postgresql://user:password@host:port/name?sslmode=require``; a socket's folder as ``?host=/path``.
        pool: keep connections in a pool, for a server with threads.
    """
    parts = urlsplit(url or NONE)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    host = options.pop("host", None) or parts.hostname or ""
    if pool:
        options["pool"] = {"min_size": 1, "max_size": 8, "timeout": 20}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 0 if pool else 60,
        "CONN_HEALTH_CHECKS": True,  # a database that was started anew does not cost a request
        "OPTIONS": options,
    }
