"""``ONEFLOOR_MAIL`` as Django's settings of mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

PATIENCE = 15  # seconds


def mail_settings(url: str | None, folder: Path) -> dict[str, Any]:
    """The settings; without a server, mails are files in a folder.

    >>> mail_settings("smtps://li:a%40b@mail.example", Path("mail"))["EMAIL_HOST_PASSWORD"]
    'a@b'
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": folder}
    parts = urlsplit(url)
    wrapped = parts.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or (465 if wrapped else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": wrapped,
        "EMAIL_USE_TLS": not wrapped and bool(parts.username),  # a server without sign-in is the machine's own relay
        "EMAIL_TIMEOUT": PATIENCE,
    }
