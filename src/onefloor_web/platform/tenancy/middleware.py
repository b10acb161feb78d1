"""One transaction a request: what the settings of ``scopes`` live in."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from onefloor_web.platform.tenancy.trail import by

Respond = Callable[[HttpRequest], HttpResponse]
SERVER_ERROR = 500
SAVING = "onefloor.saving"  # in a request's META: the view is through, and the commit is all that can still fail


class TransactionMiddleware:
    """Opens the transaction before anybody asks who the user is, and rolls it back when the answer failed.

    Django's own ``ATOMIC_REQUESTS`` begins only at the view, after the user has been read. It is on as well: as a
    savepoint inside this transaction it undoes what a failed view has done and leaves the bound company to the page
    that says what failed.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in a transaction."""
        with transaction.atomic(), by(page=request.path_info):
            response = self.respond(request)
            if response.status_code >= SERVER_ERROR:
                transaction.set_rollback(True)
            else:
                request.META[SAVING] = True
            return response
