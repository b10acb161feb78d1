"""Making and revoking tokens."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from onefloor_web.platform.api.models import PREFIX_LENGTH, Token
from onefloor_web.platform.api.queries import offered
from onefloor_web.platform.tenancy.viewer import Viewer

LONGEST_DAYS = 365
MARK = "onefloor_"  # lets scanners of source code recognise a token that was committed by mistake


class BeyondRights(ValueError):
    """A token was to do more than its maker may."""


def make(viewer: Viewer, *, name: str, actions: Sequence[str], days: int) -> tuple[Token, str]:
    """A token of the viewer's own, and its secret, which is kept nowhere.

    Raises:
        BeyondRights: an action that the viewer may not do, or no user stands behind the viewer.
        ValueError: more days than a token may be valid.
    """
    if viewer.user is None or not set(actions) <= set(offered(viewer)):
        raise BeyondRights(sorted(set(actions) - set(offered(viewer))))
    if not 1 <= days <= LONGEST_DAYS:
        raise ValueError(days)
    secret = MARK + secrets.token_urlsafe(32)
    token = Token.objects.create(
        company_id=viewer.company, user_id=viewer.user, name=name, digest=digest(secret), actions=sorted(actions),
        prefix=secret.removeprefix(MARK)[:PREFIX_LENGTH], expires_at=timezone.now() + timedelta(days=days),
    )  # fmt: skip
    return token, secret


def revoke(viewer: Viewer, token: Token) -> Token:
    """From now on nobody gets in with it; what it did stays in the records."""
    if token.revoked_at is None:
        token.revoked_at, token.revoked_by = timezone.now(), viewer.name
        token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def used(token: Token) -> None:
    """Remember when a token was last used, to ten minutes: a row that each request writes would be in the way."""
    now = timezone.now()
    if token.used_at is None or now - token.used_at > timedelta(minutes=10):
        Token.objects.filter(pk=token.pk).update(used_at=now)


def digest(secret: str) -> str:
    """The keyed hash of a token's secret: whoever reads the database alone can neither use nor guess a token."""
    return salted_hmac("onefloor.api.token", secret, algorithm="sha256").hexdigest()
