"""What is asked when a token is made."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.api.models import Token
from onefloor_web.platform.api.queries import offered
from onefloor_web.platform.companies.models import NAME_LENGTH
from onefloor_web.platform.permissions.policy import every_rule
from onefloor_web.platform.tenancy.viewer import Viewer

DAYS = [(30, _("30 days")), (90, _("90 days")), (365, _("365 days"))]


def words_of_rules() -> dict[str, str]:
    """What each action lets one see or do."""
    words: dict[str, list[str]] = {}
    for rule in every_rule():
        words.setdefault(rule.action, []).append(str(rule.words))
    return {action: gettext("; ").join(parts) for action, parts in words.items()}


class TokenForm(forms.Form):
    """A name, what the token may do, how long."""

    name = forms.CharField(
        label=_("Name"),
        max_length=NAME_LENGTH,
        help_text=_("What uses it, so that it can be found again: “nightly figures”."),
    )
    days = forms.TypedChoiceField(label=_("Valid for"), choices=DAYS, coerce=int, initial=90)
    actions = forms.MultipleChoiceField(
        label=_("May do"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what your own roles allow is listed. Choose no more than the program needs."),
        error_messages={"required": _("Nothing is chosen: the token could do nothing. Choose at least one.")},
    )

    def __init__(self, viewer: Viewer, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.viewer = viewer
        words = words_of_rules()
        self.fields["actions"].choices = [  # type: ignore[attr-defined]
            (action, gettext("%(words)s (%(code)s)") % {"words": words[action], "code": action})
            for action in offered(viewer)
        ]

    def clean_name(self) -> str:
        """A name that no other token in use has."""
        name: str = self.cleaned_data["name"]
        if Token.objects.filter(user=self.viewer.user, name=name, revoked_at=None).exists():
            raise forms.ValidationError(
                _("You have a token of this name. Choose another name, or revoke that token first.")
            )
        return name
