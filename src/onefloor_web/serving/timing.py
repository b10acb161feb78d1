"""How long a request took and how many queries it made, as a ``Server-Timing`` header: only with ONEFLOOR_TIMING=1.

    Server-Timing: total;dur=41.2, cpu;dur=38.7, db;dur=9.1;desc="17"

``X-Forget: answers`` in a request empties the kept answers first: so a page is measured as after a load.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.permissions.page import SIGNED_IN, page
from onefloor_web.records.floor import questions


class Queries:
    """Counts queries and their milliseconds."""

    def __init__(self) -> None:
        self.count, self.ms = 0, 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001
        """As Django's ``execute_wrapper`` calls it."""
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.count += 1
            self.ms += (time.perf_counter() - began) * 1000


class TimingMiddleware:
    """Outermost: measures everything a request costs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, with what it cost."""
        if request.headers.get("X-Forget") == "answers":
            questions.forget()
        queries, began, worked = Queries(), time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(queries):
            response = self.get_response(request)
        total, cpu = (time.perf_counter() - began) * 1000, (time.thread_time() - worked) * 1000
        response["Server-Timing"] = (
            f'total;dur={total:.2f}, cpu;dur={cpu:.2f}, db;dur={queries.ms:.2f};desc="{queries.count}"'
        )
        return response


@page(SIGNED_IN)
def bare(request: HttpRequest) -> HttpResponse:
    """A page that asks one thing: what every other page is compared with."""
    return HttpResponse(f"{Company.objects.count()}", content_type="text/plain")
