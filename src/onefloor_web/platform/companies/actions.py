"""Changes of companies, sites, teams and people."""

from __future__ import annotations

from datetime import date

from django_scopes import scopes_disabled

from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.tenancy.scopes import bound


def add_company(code: str, *, name: str = "", kind: Kind, joined_on: date) -> Company:
    """A company that joins the floor, with the next free colour; the floor's own act, before anybody can sign in.

    Colours are never used again: a chart of last year must not change its meaning.
    """
    with bound(client=True), scopes_disabled():
        last = Company.objects.order_by("-slot").first()
        return Company.objects.create(
            code=code, name=name or code, kind=kind, joined_on=joined_on, slot=last.slot + 1 if last else 0
        )
