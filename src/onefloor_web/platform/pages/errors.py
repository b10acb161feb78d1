"""Pages for requests that cannot be answered: what happened, why, what to do, and a number to quote.

They need neither the database nor somebody signed in. A request of htmx gets the words alone, which the page shows
above its content.
"""

from __future__ import annotations

import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.theme import theme_of

log = logging.getLogger("onefloor.web")
Words = tuple[Promise, Promise, Promise]

WORDS: dict[int, Words] = {
    400: (
        _("This request could not be read."),
        _("A part of it is malformed, or is larger than the server takes."),
        _("Go back, load the page again and repeat the step. Nothing was changed."),
    ),
    403: (
        _("This is not open to your account."),
        _("Your roles do not include this step."),
        _("An administrator of your company can give you a role that does. Nothing was changed."),
    ),
    404: (
        _("There is no such page for you."),
        _("The address is mistyped, what it named is gone, or it belongs to another company."),
        _("Check the address, or look for it from Today."),
    ),
    429: (
        _("Too many attempts in a short time."),
        _("The limit protects accounts against guessing."),
        _("Wait a few minutes, then try once more."),
    ),
    500: (
        _("The page did not open."),
        _("Something failed on the server; it was written down under the number below."),
        _("What was saved before is safe. Try again; if it fails again, quote the number."),
    ),
}
CSRF: Words = (
    _("The form was not accepted."),
    _("Its protection against forgery has run out: you signed in or out in another tab, or cookies are switched off."),
    _("Go back, load the page again and send the form once more. Nothing was changed."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400."""
    return answer(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return answer(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same whether something does not exist or is another company's."""
    return answer(request, 404)


def too_many(request: HttpRequest) -> HttpResponse:
    """429."""
    return answer(request, 429)


def failed(request: HttpRequest) -> HttpResponse:
    """500. Django has logged the error; the number leads from the person's words to that entry."""
    reference = secrets.token_hex(3).upper()
    log.error("reference %s: %s %s", reference, request.method, request.path, exc_info=True)
    return answer(request, 500, reference=reference)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token is wrong or missing."""
    log.warning("form refused at %s: %s", request.path, reason)
    return answer(request, 403, CSRF)


def answer(request: HttpRequest, status: int, words: Words | None = None, *, reference: str = "") -> HttpResponse:
    """The page, or for htmx the words alone."""
    what, why, remedy = words or WORDS[status]
    fragment = request.headers.get("HX-Request") == "true"
    context = {
        "what": what,
        "why": why,
        "remedy": remedy,
        "reference": reference,
        "fragment": fragment,
        "theme": theme_of(request),
        "request": request,
        "csrf_token": "",
    }
    template = "pages/error_words.html" if fragment else "pages/error.html"
    return HttpResponse(render_to_string(template, context), status=status)
