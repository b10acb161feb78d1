"""Addresses of sign-in: exactly those of allauth that are used, and 404 for names it insists on."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from allauth.usersessions import views as sessions
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from onefloor_web.platform.accounts import company_sign_on
from onefloor_web.platform.accounts.sign_on import apps_of
from onefloor_web.platform.permissions.page import PUBLIC, page

ABSENT = (
    "account_signup",
    "account_email",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "socialaccount_signup",
    "socialaccount_connections",
)
"""Self sign-up, one's own addresses, codes by mail, connecting further accounts: not offered."""


@page(PUBLIC)
def absent(request: HttpRequest, **_: str) -> HttpResponse:
    """What allauth has and this application does not."""
    raise Http404


SECOND_FACTOR = [
    path("", mfa.index, name="mfa_index"),
    path("code/", mfa.authenticate, name="mfa_authenticate"),
    path("confirm/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("app/add/", totp.activate_totp, name="mfa_activate_totp"),
    path("app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("recovery-codes/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("recovery-codes/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]
COMPANY = [
    path("cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("failed/", social.login_error, name="socialaccount_login_error"),
    path("<slug:provider_id>/", company_sign_on.login, name="openid_connect_login"),
    path("<slug:provider_id>/callback/", company_sign_on.callback, name="openid_connect_callback"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", account.login, name="account_login"),
    path("out/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("confirm/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/first/", account.password_set, name="account_set_password"),
    path("reset/", account.password_reset, name="account_reset_password"),
    path("reset/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("reset/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("second-factor/", include(SECOND_FACTOR)),
    path("company/", include(COMPANY)),
    *(path(f"absent/{number}/", absent, name=name) for number, name in enumerate(ABSENT)),
]
if apps_of(settings.SIGN_ON):
    from allauth.socialaccount.providers.saml import views as saml  # needs packages that are there for it only

    OF_SAML = [
        path("login/", saml.login, name="saml_login"),
        path("acs/", saml.acs, name="saml_acs"),
        path("acs/finish/", company_sign_on.finish, name="saml_finish_acs"),
        path("metadata/", saml.metadata, name="saml_metadata"),
        path("out/", absent, name="saml_sls"),
    ]
    urlpatterns.append(path("saml/<slug:organization_slug>/", include(OF_SAML)))
