"""``/health/``: what a load balancer or a monitor asks; it needs no sign-in and tells nothing but that all is well."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, JsonResponse

from onefloor_web.platform.permissions.page import PUBLIC, page


@page(PUBLIC)
def health(request: HttpRequest) -> JsonResponse:
    """200 when this process reaches the database; without it the request fails, which is answered 503."""
    with connection.cursor() as cursor:
        cursor.execute("select 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"})
