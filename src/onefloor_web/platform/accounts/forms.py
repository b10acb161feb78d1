"""The forms of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.companies.models import Person, Team
from onefloor_web.platform.permissions.roles import CLIENT_ONLY, VENDOR_ONLY, Role
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    ModelForm = forms.ModelForm[User]
else:
    ModelForm = forms.ModelForm

USERNAME = RegexValidator(r"^[\w.@+-]+$", _("Use letters, digits and . @ + - _ only."))


def day_field(label: Any, **options: Any) -> forms.DateField:
    """A day, with the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, input_formats=["%Y-%m-%d", "%Y/%m/%d"], **options)


def roles_for(viewer: Viewer) -> list[tuple[str, Any]]:
    """The roles that can be held in the viewer's company."""
    absent = VENDOR_ONLY if viewer.client else CLIENT_ONLY
    return [(role.value, role.label) for role in Role if role not in absent]


class RoleForm(forms.Form):
    """A role with dates, and for a leader the team."""

    role = forms.ChoiceField(label=_("Role"))
    team: forms.ModelChoiceField[Team] = forms.ModelChoiceField(
        None, label=_("Team"), required=False, help_text=_("Only for team leaders: the team that is led.")
    )
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Empty: until further notice."))

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles_for(viewer)  # type: ignore[attr-defined]
        self.fields["team"].queryset = Team.objects.filter(company=viewer.company)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A leader leads a team; nobody else has one; a role ends after it began."""
        said = super().clean() or {}
        if said.get("role") == Role.LEADER and not said.get("team") and "team" not in self.errors:
            self.add_error("team", _("Choose the team that is led."))
        if said.get("role") != Role.LEADER:
            said["team"] = None
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day cannot be before the first."))
        return said


class InviteForm(RoleForm):
    """A new user and the first role."""

    username = forms.CharField(
        label=_("User name"), max_length=60, validators=[USERNAME], help_text=_("What is entered at sign-in.")
    )
    name = forms.CharField(label=_("Name of the person"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("The invitation goes there. Without one, a link is shown once for you to pass on."),
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ["name", "username", "email", "language", "role", "team", "starts_on", "ends_on"]

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(viewer, *args, **kwargs)
        self.viewer = viewer

    def clean_email(self) -> str:
        """One address, one user, in this company."""
        return _free_email(self.viewer, self.cleaned_data["email"])


class UserForm(forms.Form):
    """How a user is called and reached."""

    name = forms.CharField(label=_("Name of the person"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    agent = forms.CharField(
        label=_("Agent code"), required=False, max_length=64, help_text=_("Only for people who take contacts.")
    )

    def __init__(self, viewer: Viewer, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.user = viewer, user

    def clean_email(self) -> str:
        """One address, one user, in this company."""
        return _free_email(self.viewer, self.cleaned_data["email"], but=self.user)

    def clean_agent(self) -> Person | None:
        """A code of the company's own people."""
        code = self.cleaned_data["agent"]
        person = Person.objects.filter(company=self.viewer.company, code=code).first() if code else None
        if code and person is None:
            raise forms.ValidationError(
                _('Nobody of this company has the code "%(code)s". Load the roster first, or leave it empty.')
                % {"code": code}
            )
        return person


class EndForm(forms.Form):
    """When a role ends."""

    last_day = day_field(_("Last day"))


class ProfileForm(ModelForm):
    """What everybody sets for themselves."""

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": _("Name of the person")}


def _free_email(viewer: Viewer, given: str, *, but: User | None = None) -> str:
    email = given.lower()
    taken = User.objects.filter(company=viewer.company, email__iexact=email).exclude(pk=but.pk if but else 0)
    if email and taken.exists():
        raise forms.ValidationError(_("Another user of this company has this address."))
    return email
