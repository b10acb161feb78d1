"""Secrets that have to be read again, to sign with: encrypted with a key derived from that of the installation."""

from __future__ import annotations

import base64
import secrets

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PREFIX, LENGTH = "whsec_", 32


class Unreadable(ValueError):
    """A sealed text of another installation's key."""


def new_secret() -> str:
    """A secret as Standard Webhooks writes it: shown once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(LENGTH)).decode()


def seal(text: str) -> str:
    """Encrypted, for the database; an empty text stays empty."""
    return _box().encrypt(text.encode()).decode() if text else ""


def opened(sealed: str) -> str:
    """The text again.

    Raises:
        Unreadable: the installation's key is another one now.
    """
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken as error:
        raise Unreadable("sealed with another key") from error


def _box() -> Fernet:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"onefloor webhooks")
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.SECRET_KEY.encode())))
