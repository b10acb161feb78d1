"""What features begin the demonstration with, so that their pages have something to show.

A feature above declares it, for each company:

    @beginning
    def a_saved_view(viewer): ...     # of the company's manager, in a transaction bound to it; twice is as once
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from django.db import transaction

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.demo.people import username
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.tenancy.scopes import bound, working_for
from onefloor_web.platform.tenancy.viewer import Viewer

Beginning = Callable[[Viewer], None]

_BEGINNINGS: list[Beginning] = []


def beginning(function: Beginning) -> Beginning:
    """Declare what each company's manager has begun when the demonstration starts for the first time."""
    _BEGINNINGS.append(function)
    return function


def colleague(viewer: Viewer, role: Role, today: date) -> Viewer:
    """The user of the viewer's company who holds a role in the demonstration."""
    with bound(company=viewer.company):
        return viewer_of(User.objects.get(username=username(viewer.code, role)), today)


def begin(companies: Iterable[str], today: date) -> None:
    """Have every feature begin, for the manager of each company."""
    for company in companies:
        manager = _manager(company, today)
        for function in _BEGINNINGS:
            with working_for(manager):
                function(manager)


def _manager(company: str, today: date) -> Viewer:
    names = [username(company, role) for role in MANAGERS]
    with transaction.atomic(), bound(signing_in=True):
        return viewer_of(User.objects.get(username__in=names), today)
