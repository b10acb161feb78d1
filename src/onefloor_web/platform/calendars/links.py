"""The address of a user's feed: signed by the server, void once the password changes or the account is closed."""

from __future__ import annotations

from typing import Final

from django.core import signing
from django.urls import reverse
from django.utils.crypto import salted_hmac

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.tenancy.scopes import bound

SALT: Final = "onefloor.calendars"
STAMP: Final = 16


def address_of(user: User) -> str:
    """``/calendars/<signed>.ics``."""
    return reverse("calendar_feed", args=[signing.dumps([user.pk, _stamp(user)], salt=SALT)])


def user_of(signed: str) -> User | None:
    """Whose feed an address is; None if it was made up, the password changed since, or the account is closed."""
    try:
        number, stamp = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with bound(user=number):
        user = User.objects.filter(pk=number, is_active=True).first()
    return user if user is not None and stamp == _stamp(user) else None


def _stamp(user: User) -> str:
    """Changes with the password, of which it tells nothing."""
    return salted_hmac(SALT, f"{user.pk} {user.password}", algorithm="sha256").hexdigest()[:STAMP]
