"""The classes of tenancy, and the declaration of the models that come from other packages.

Our own models declare theirs by their base class (``models.py``) or with ``tenancy = Tenancy.X``.
"""

from __future__ import annotations

from enum import Enum

from django.apps import apps
from django.db.models import Model


class Tenancy(Enum):
    """Who may see a row of a table."""

    OWN = "own"  # the company it belongs to
    SHARED = "shared"  # that company, and the client
    AUTHORED = "authored"  # its author's company; once it is given, also the other of the two, who can only read it
    PERSON = "person"  # one user of that company
    COMPANY = "company"  # the table of companies: oneself and the client; the client all
    IDENTITY = "identity"  # users and what they sign in with: oneself, one's company, and the pages of sign-in
    FLOOR = "floor"  # everybody on the floor
    SYSTEM = "system"  # no data of any company: sessions, migrations, the queue's own tables


GUARDED = frozenset({Tenancy.OWN, Tenancy.SHARED, Tenancy.AUTHORED, Tenancy.PERSON, Tenancy.COMPANY, Tenancy.IDENTITY})

# Models of other packages. Those of sign-in are guarded through the user they belong to.
FOREIGN = {
    "account.EmailAddress": Tenancy.IDENTITY,
    "account.EmailConfirmation": Tenancy.IDENTITY,
    "auth.Group": Tenancy.SYSTEM,  # unused: roles are rows of accounts
    "auth.Group_permissions": Tenancy.SYSTEM,
    "auth.Permission": Tenancy.SYSTEM,
    "contenttypes.ContentType": Tenancy.SYSTEM,
    "mfa.Authenticator": Tenancy.IDENTITY,
    "pghistory.Context": Tenancy.SYSTEM,  # unused: each history row carries its own context
    "pghistory.Events": Tenancy.SYSTEM,  # no table: a union built on demand of tables that are guarded themselves
    "pghistory.MiddlewareEvents": Tenancy.SYSTEM,
    "procrastinate.ProcrastinateEvent": Tenancy.SYSTEM,
    "procrastinate.ProcrastinateJob": Tenancy.SYSTEM,  # holds the numbers of our own job rows, which are guarded
    "procrastinate.ProcrastinatePeriodicDefer": Tenancy.SYSTEM,
    "procrastinate.ProcrastinateWorker": Tenancy.SYSTEM,
    "sessions.Session": Tenancy.SYSTEM,  # signed; holds the number of a user and nothing of a company
    "socialaccount.SocialAccount": Tenancy.IDENTITY,
    "socialaccount.SocialApp": Tenancy.SYSTEM,  # the floor's own sign-on; set by the administrator of the server
    "socialaccount.SocialToken": Tenancy.IDENTITY,
    "usersessions.UserSession": Tenancy.IDENTITY,
}


def tenancy_of(model: type[Model]) -> Tenancy | None:
    """What a model declares; None if nobody has said.

    A history table (``pghistory``) is of the class of the table whose history it holds, unless it declares its own.
    """
    declared = getattr(model, "tenancy", None) or FOREIGN.get(model._meta.label)
    tracked = getattr(model, "pgh_tracked_model", None)
    return declared or (tenancy_of(tracked) if tracked else None)


def every_model() -> list[type[Model]]:
    """All models with their automatic ones, in order of their labels."""
    return sorted(apps.get_models(include_auto_created=True), key=lambda model: model._meta.label)
