"""Work on the jobs of a company before anybody knows for whom they are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django_scopes import scope, scopes_disabled

from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.tenancy.scopes import bound


@contextmanager
def company(number: int) -> Iterator[None]:
    """A transaction bound to one company and to nobody in it."""
    with transaction.atomic(), bound(company=number), scope(company=number, visible=[number], known=[number]):
        yield


def every_company() -> list[int]:
    """Numbers of all companies; which there are is no secret of any of them, and only the worker asks."""
    with transaction.atomic(), bound(client=True), scopes_disabled():
        return list(Company.objects.order_by("pk").values_list("pk", flat=True))
