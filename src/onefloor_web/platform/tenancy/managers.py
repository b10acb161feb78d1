"""Managers that answer only inside a scope: outside one, a query raises ``ScopeError``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import models
from django_scopes import ScopedManager, get_scope
from django_scopes.manager import DisabledQuerySet

if TYPE_CHECKING:
    Row = TypeVar("Row", bound=models.Model, covariant=True)

    class OwnManager(models.Manager[Row]):
        """Rows of the viewer's company."""

    class VisibleManager(models.Manager[Row]):
        """Rows of the companies whose shared rows the viewer may see."""

    class AuthoredManager(models.Manager[Row]):
        """Rows between the viewer's company and another: one's own words, and the other's that were given."""

    class KnownManager(models.Manager[Row]):
        """Companies the viewer may know of."""

    class OfKnownManager(models.Manager[Row]):
        """What everybody may know of these companies."""

else:
    # django-scopes makes a class for each set of dimensions and hands out its instance; these have names.
    class OwnManager(type(ScopedManager(company="company"))):
        """Rows of the viewer's company."""

    class VisibleManager(type(ScopedManager(visible="company"))):
        """Rows of the companies whose shared rows the viewer may see."""

    class AuthoredManager(VisibleManager):
        """Rows between the viewer's company and another: one's own words, and the other's that were given."""

        def get_queryset(self) -> models.QuerySet:
            """The rows of the scope; raises as every other outside one."""
            rows = super().get_queryset()
            bound = get_scope()
            if isinstance(rows, DisabledQuerySet) or not bound.get("_enabled", True):
                return rows
            return rows.filter(models.Q(author=bound["company"]) | models.Q(given_at__isnull=False))

    class KnownManager(type(ScopedManager(known="pk"))):
        """Companies the viewer may know of."""

    class OfKnownManager(type(ScopedManager(known="company"))):
        """What everybody may know of these companies."""
