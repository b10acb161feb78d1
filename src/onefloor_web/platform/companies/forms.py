"""The forms of companies, sites and teams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.companies.models import Company, Site, Team

if TYPE_CHECKING:
    CompanyModelForm = forms.ModelForm[Company]
    SiteModelForm = forms.ModelForm[Site]
    TeamModelForm = forms.ModelForm[Team]
else:
    CompanyModelForm = SiteModelForm = TeamModelForm = forms.ModelForm


class CompanyForm(CompanyModelForm):
    """A company's own settings."""

    class Meta:
        model = Company
        fields = ["name", "second_factor", "shares_names"]
        help_texts = {
            "second_factor": _("Administrators, managers and signatories always need one."),
            "shares_names": _(
                "With it the client sees the names of this company's people wherever it now sees codes, also for past"
                " days; other vendors never do. Without it the client sees codes only, from the next page on."
            ),
        }


class SiteForm(SiteModelForm):
    """A site."""

    class Meta:
        model = Site
        fields = ["name"]


class TeamForm(TeamModelForm):
    """A team: its name, and the site of the same company it is at."""

    site: forms.ModelChoiceField[Site] = forms.ModelChoiceField(None, label=_("Site"), required=False)

    class Meta:
        model = Team
        fields = ["name", "site"]

    def __init__(self, *args: Any, company: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = Site.objects.filter(company=company)  # type: ignore[attr-defined]
