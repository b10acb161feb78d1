"""Opening personal data: a purpose is asked once and holds for half an hour; each opening is written down.

A view that shows rows with personal data is written so:

    @page("contacts.view")
    @asks_purpose
    def contact(request, ...):
        ...
        opened(request, Kind.CONTACT, "contact 81-5", rows=2)
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from onefloor_web.platform.permissions.page import ViewerRequest
from onefloor_web.platform.privacy.models import TEXT_LENGTH, Access, Kind, Purpose
from onefloor_web.platform.tenancy.viewer import Viewer

HOLDS_SECONDS = 30 * 60
KEY = "purpose"
Given = ParamSpec("Given")
Answer = TypeVar("Answer", bound=HttpResponseBase)


class NoPurpose(RuntimeError):
    """Personal data was about to be shown without a purpose: the view lacks ``asks_purpose``."""


def state(request: ViewerRequest, purpose: Purpose) -> None:
    """Keep the purpose for the next half hour of this session."""
    request.session[KEY] = {"purpose": purpose.value, "since": int(timezone.now().timestamp())}


def purpose_of(request: ViewerRequest) -> Purpose | None:
    """The purpose stated in this session, if it still holds."""
    held = request.session.get(KEY)
    if not held or timezone.now().timestamp() - held["since"] > HOLDS_SECONDS:
        return None
    return Purpose(held["purpose"])


def asks_purpose(
    view: Callable[Concatenate[ViewerRequest, Given], Answer],
) -> Callable[Concatenate[ViewerRequest, Given], Answer | HttpResponse]:
    """Sends whoever has not said what for to the page that asks, and back."""

    @wraps(view)
    def asked(request: ViewerRequest, /, *args: Given.args, **kwargs: Given.kwargs) -> Answer | HttpResponse:
        if purpose_of(request) is not None:
            return view(request, *args, **kwargs)
        address = f"{reverse('purpose')}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": address})
        return redirect(address)

    return asked


def opened(request: ViewerRequest, kind: Kind, subject: str, *, rows: int) -> Access:
    """Write down that this viewer saw so many rows of something."""
    purpose = purpose_of(request)
    if purpose is None:
        raise NoPurpose(subject)
    return log(request.viewer, purpose, kind, subject, rows=rows)


def log(viewer: Viewer, purpose: Purpose, kind: Kind, subject: str, *, rows: int) -> Access:
    """As ``opened``, for programs and jobs that carry their purpose with them."""
    return Access.objects.create(
        company_id=viewer.company,
        user_id=viewer.user,
        name=viewer.name,
        kind=kind,
        subject=subject[:TEXT_LENGTH],
        rows=rows,
        purpose=purpose,
    )
