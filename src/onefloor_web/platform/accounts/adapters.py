"""What this application has allauth do its way: nobody signs up, limits say until when, secrets are kept encrypted."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Any, cast

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.second_factors import required
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.floor import floor, zone
from onefloor_web.platform.tenancy.scopes import bound

LOCKED = "too_many_login_attempts"
MISMATCH = gettext_lazy("Name and password do not belong together. Check both; a forgotten password can be set anew.")
FAILURES = {"app": "allauth.account", "action": "login_failed"}


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by name or e-mail address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": MISMATCH,
        "username_password_mismatch": MISMATCH,
        "incorrect_password": gettext_lazy("This is not the password of this account."),
        "incorrect_code": gettext_lazy("This code does not fit. Enter the one the app shows now."),
        "enter_current_password": gettext_lazy("This is not the present password."),
        "rate_limited": gettext_lazy("Too many attempts in a short time. Wait some minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Users are invited by an administrator of their company."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse after too many failures, and say until when."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as refused:
            if refused.code != LOCKED:
                raise
            raise ValidationError(locked_until(self._until(request, **credentials)), code=LOCKED) from refused

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's own settings."""
        return reverse("profile")

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """The language somebody set for themselves, unless this browser has another one already."""
        response = cast("HttpResponse", super().post_login(request, user, **details))
        if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax", secure=settings.TLS)
        return response

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """To the address the administrator entered."""
        if address := email or user.email:
            super().send_notification_mail(template_prefix, user, {**(context or {}), "user": user}, address)

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """A plain text in the language of who gets it; its first line is the subject."""
        user = context.get("user")
        language = user.language if user else settings.LANGUAGE_CODE
        name = f"accounts/mail/{template_prefix.rpartition('/')[2]}.txt"
        with translation.override(language):
            text = render_to_string(name, {**context, "floor_name": floor().name, "zone": zone()}).strip()
        subject, _separator, body = text.partition("\n")
        return EmailMessage(subject, f"{body.strip()}\n", self.get_from_email(), [email], headers=headers)

    def _until(self, request: HttpRequest, **credentials: Any) -> datetime:
        """When the tightest limit lets the next attempt in."""
        key = self._get_login_attempts_cache_key(request, **credentials)
        free = [datetime.now(UTC)]
        for rate in ratelimit.parse_rates(account_settings.RATE_LIMITS["login_failed"]):
            attempts = cache.get(ratelimit.get_cache_key(request, **FAILURES, rate=rate, key=key), [])
            if len(attempts) >= rate.amount:
                free.append(datetime.fromtimestamp(attempts[-1] + rate.duration, UTC))
        return max(free)


def locked_until(moment: datetime) -> str:
    """The message of a locked sign-in."""
    return _(
        "Too many attempts failed. Signing in is possible again at %(time)s."
        " The administrator of your company can help."
    ) % {"time": f"{moment.astimezone(zone()):%H:%M:%S}"}


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted with a key made of the server's; who needs a factor cannot remove it."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": gettext_lazy("Your roles ask for a second factor. Set up another app instead."),
        "incorrect_code": gettext_lazy("This code does not fit. Enter the one the app shows now."),
    }

    def encrypt(self, text: str) -> str:
        """For the database."""
        return _keys().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """From the database."""
        return _keys().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Not while the roles held ask for it."""
        return not required(authenticator.user)


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _derived(key: str | bytes) -> bytes:
    material = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"onefloor second factors").derive(
        key.encode() if isinstance(key, str) else key
    )
    return base64.urlsafe_b64encode(material)


class CompanySignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in at the company's own provider, for invited users of that company only."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody gets an account by signing in."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the invited user the provider vouches for; a user of another company never comes in here."""
        company = _company(sociallogin.provider.app.settings["company"])
        if sociallogin.is_existing:
            if sociallogin.user.company_id != company:
                raise ImmediateHttpResponse(_not_invited(request))
            return
        user = invited(company, [one.email for one in sociallogin.email_addresses if _vouched(one.verified)])
        if user is None:
            raise ImmediateHttpResponse(_not_invited(request))
        sociallogin.connect(request, user)


def _company(code: str) -> int | None:
    """The number of the company with this name in the records; its own row is not yet open to who signs in."""
    with bound(client=True):
        return Company._base_manager.filter(code=code).values_list("pk", flat=True).first()


def invited(company: int | None, addresses: list[str]) -> User | None:
    """The one active user of a company with one of these addresses."""
    if company is None:
        return None
    for address in filter(None, addresses):
        users = User.objects.filter(company_id=company, email__iexact=address, is_active=True)
        if (found := users.first()) is not None:
            return found
    return None


def _vouched(verified: object) -> bool:
    """Whether a provider says an address is verified: some write the word, and "false" is no promise."""
    return verified is True or verified == "true"


def _not_invited(request: HttpRequest) -> HttpResponseBase:
    return render(request, "account/signup_closed.html", status=403)
