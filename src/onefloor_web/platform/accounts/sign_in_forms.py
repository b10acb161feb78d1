"""The forms of sign-in, with our words: allauth's own carry others."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
)
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as FactorAgainForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

CODE_HELP = _("Six digits from the app, or one of the recovery codes.")
PASSWORD_HELP = _("At least 12 characters. Several words are easy to remember and hard to guess.")


def say(form: forms.Form, **labels: Any) -> None:
    """Label fields; a placeholder repeats the label and vanishes when it is needed."""
    for name, label in labels.items():
        form.fields[name].label = label
        form.fields[name].widget.attrs.pop("placeholder", None)


def helped(form: forms.Form, name: str, text: Any) -> None:
    """Say what is wanted before it is filled."""
    form.fields[name].help_text = text


class SignIn(LoginForm):  # type: ignore[misc]
    """Name or e-mail address, and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, login=_("User name or e-mail address"), password=_("Password"))
        helped(self, "password", "")


class Confirm(ReauthenticateForm):  # type: ignore[misc]
    """The password once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password=_("Password"))


class ChangePassword(ChangePasswordForm):  # type: ignore[misc]
    """The old password and the new one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, oldpassword=_("Present password"), password1=_("New password"), password2=_("New password again"))
        helped(self, "password1", PASSWORD_HELP)


class ForgottenPassword(ResetPasswordForm):  # type: ignore[misc]
    """Where to send the link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, email=_("E-mail address"))


class NewPassword(ResetPasswordKeyForm):  # type: ignore[misc]
    """The password of somebody who came by a link."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, password1=_("New password"), password2=_("New password again"))
        helped(self, "password1", PASSWORD_HELP)


class SecondFactor(AuthenticateForm):  # type: ignore[misc]
    """The code at sign-in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("Code from the app"))
        helped(self, "code", CODE_HELP)


class SecondFactorAgain(FactorAgainForm):  # type: ignore[misc]
    """The code once more."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("Code from the app"))
        helped(self, "code", CODE_HELP)


class ActivateApp(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        say(self, code=_("Code from the app"))
        helped(self, "code", _("The six digits the app shows now."))
