"""How many requests may come in a minute, counted in the database so that all server processes count together.

Each request adds a row of its own: requests of one token at the same time never wait for each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True)
class Limit:
    """So many in so long."""

    most: int
    seconds: int


def of_tokens() -> Limit:
    """For a token, and for somebody signed in."""
    return Limit(settings.API_REQUESTS_A_MINUTE, 60)


def of_failures() -> Limit:
    """For an address whose tokens are no good."""
    return Limit(settings.API_FAILURES_IN_FIVE_MINUTES, 300)


def counted(key: str, limit: Limit) -> int:
    """Count a request; the seconds to wait if it is one too many, else 0."""
    since = timezone.now() - timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, [key, since, key, timezone.now(), key, since])
        return _wait(limit, *cursor.fetchone())


def full(key: str, limit: Limit) -> int:
    """As ``counted`` without counting."""
    since = timezone.now() - timedelta(seconds=limit.seconds)
    with connection.cursor() as cursor:
        cursor.execute("select count(*), min(at) from api_hit where key = %s and at >= %s", [key, since])
        return _wait(limit, *cursor.fetchone())


def address_key(address: str | None) -> str:
    """An address as a hash: the address itself is personal data and not needed."""
    return f"address:{salted_hmac('onefloor.api.address', address or '', algorithm='sha256').hexdigest()[:32]}"


def _wait(limit: Limit, count: int, first: datetime | None) -> int:
    if count < limit.most or first is None:
        return 0
    left = first + timedelta(seconds=limit.seconds) - timezone.now()
    return max(1, int(left.total_seconds()) + 1)


# Rows that no longer count go with the next request; those that another request is about to remove are left to it.
_COUNTED = """
with gone as (delete from api_hit where id in
        (select id from api_hit where key = %s and at < %s limit 100 for update skip locked)),
    added as (insert into api_hit (key, at) values (%s, %s))
select count(*), min(at) from api_hit where key = %s and at >= %s
"""
