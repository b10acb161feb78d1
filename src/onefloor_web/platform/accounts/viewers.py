"""From a user to a viewer: company, roles held today, teams led."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django_scopes import scopes_disabled

from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.companies.models import Company, Kind, SecondFactorFor
from onefloor_web.platform.tenancy.scopes import bound
from onefloor_web.platform.tenancy.viewer import Viewer


def viewer_of(user: User, today: date) -> Viewer:
    """The viewer behind a user, inside the transaction that is open; roles as they are held on that day."""
    companies = _companies(user.company_id, user.pk)
    with bound(company=user.company_id, user=user.pk), scopes_disabled():
        held = list(_held(user, today).select_related("team"))
        agent = user.person.code if user.person else None
    return _viewer(
        companies,
        user.company_id,
        user=user.pk,
        name=str(user),
        roles=frozenset(one.role for one in held),
        teams=tuple(sorted({one.team.name for one in held if one.team})),
        agent=agent,
    )


def viewer_for(company: int, *, name: str, roles: frozenset[str] = frozenset()) -> Viewer:
    """A viewer without a user, for work in the background on behalf of a company."""
    return _viewer(_companies(company, None), company, name=name, roles=roles)


def _companies(company: int, user: int | None) -> dict[int, Company]:
    """All companies. What to bind is not known before they are read, so this alone reads as the client does."""
    with bound(company=company, client=True, user=user), scopes_disabled():
        return {one.pk: one for one in Company.objects.all()}


def _viewer(companies: dict[int, Company], number: int, **who: Any) -> Viewer:
    own = companies[number]
    client = own.kind == Kind.CLIENT
    known = tuple(one.pk for one in companies.values() if client or one.pk == number or one.kind == Kind.CLIENT)
    everybody = own.second_factor == SecondFactorFor.EVERYBODY
    visible = known if client else (number,)
    return Viewer(own.pk, own.code, client, visible=visible, known=known, second_factor=everybody, **who)


def _held(user: User, today: date) -> QuerySet[Assignment]:
    return Assignment.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), user=user, starts_on__lte=today)
