"""Binding a transaction to a company: what row-level security and django-scopes look at.

The settings are local to the transaction, so that a pooled connection can never carry them into the next request.
Outside a transaction nothing is bound and every guarded table is empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction
from django_scopes import scope
from psycopg.pq import TransactionStatus

from onefloor_web.platform.tenancy.trail import ACT, DETAILS, trail_of
from onefloor_web.platform.tenancy.viewer import Viewer

COMPANY, CLIENT, USER, SIGNING_IN, TOKEN = "app.company", "app.client", "app.user", "app.signing_in", "app.token"
SETTINGS = (COMPANY, CLIENT, USER, SIGNING_IN, TOKEN, ACT, DETAILS)

_BOUND: ContextVar[tuple[str, ...]] = ContextVar("bound", default=("",) * len(SETTINGS))


class NotBound(RuntimeError):
    """A company was bound outside a transaction, where it would bind nothing."""


@contextmanager
def bound(
    *,
    company: int | None = None,
    client: bool = False,
    user: int | None = None,
    signing_in: bool = False,
    token: str = "",
    trail: tuple[str, str] | None = None,
) -> Iterator[None]:
    """Row-level security for what runs inside; afterwards what was bound before is bound again.

    ``token`` is the hash of a token of the API whose row is looked for: that one row, before its company is known.
    ``trail`` is what the audit trail says of changes; without it, what was bound before.
    """
    before = _BOUND.get()
    values = (_text(company), _flag(client), _text(user), _flag(signing_in), token, *(trail or before[-2:]))
    _bind(values)
    earlier = _BOUND.set(values)
    try:
        yield
    finally:
        _BOUND.reset(earlier)
        if _alive():  # a broken transaction takes the settings with it when it is rolled back
            _bind(before)


@contextmanager
def tenant(viewer: Viewer) -> Iterator[None]:
    """Both walls for one viewer, inside the transaction that is open."""
    with (
        bound(company=viewer.company, client=viewer.client, user=viewer.user, trail=trail_of(viewer)),
        scope(company=viewer.company, visible=list(viewer.visible), known=list(viewer.known)),
    ):
        yield


@contextmanager
def working_for(viewer: Viewer) -> Iterator[None]:
    """A transaction of its own for work in the background, bound to a viewer."""
    with transaction.atomic(), tenant(viewer):
        yield


def _bind(values: Sequence[str]) -> None:
    if not connection.in_atomic_block:
        raise NotBound("a company can only be bound inside a transaction")
    pairs = [part for pair in zip(SETTINGS, values, strict=True) for part in pair]
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join("set_config(%s, %s, true)" for _ in SETTINGS), pairs)


def _alive() -> bool:
    held = connection.connection
    return bool(held) and not connection.needs_rollback and held.info.transaction_status is TransactionStatus.INTRANS


def _text(number: int | None) -> str:
    return "" if number is None else str(number)


def _flag(value: bool) -> str:  # noqa: FBT001
    return "on" if value else ""
