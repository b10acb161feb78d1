"""The one address of attached files."""

from __future__ import annotations

from urllib.parse import quote

from django.http import FileResponse, Http404, HttpResponseBase
from django.views.decorators.http import require_safe

from onefloor_web.platform.permissions.page import ViewerRequest, found, page
from onefloor_web.platform.uploads.models import Attachment


@page("attachments.view")
@require_safe
def attachment(request: ViewerRequest, number: int) -> HttpResponseBase:
    """One file, to be saved: never shown inside a page, never kept on the way."""
    one = found(request.viewer, "attachments.view", Attachment.objects.all(), pk=number)
    if not one.path.is_file():
        raise Http404
    response = FileResponse(one.path.open("rb"), content_type=one.content.content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(one.name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "no-store"
    return response
