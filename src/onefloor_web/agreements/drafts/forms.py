"""What is asked before a draft begins, and what a comment says."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from onefloor_web.agreements.drafts.models import COMMENT, LONGEST, NAME, PART, Draft
from onefloor_web.agreements.drafts.samples import SAMPLES
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.uploads.fields import scanned

HOW = [
    ("sample", _("from a sample")),
    ("amendment", _("as an amendment of a version in force")),
    ("copy", _("as a copy of a draft")),
    ("file", _("from a YAML file")),
]
BYTES = 4 * LONGEST


class StartForm(forms.Form):
    """How a draft begins; each way asks for its own field."""

    how = forms.ChoiceField(label=_("How does it begin?"), choices=HOW, widget=forms.RadioSelect)
    company = forms.ModelChoiceField(Company.objects.none(), label=_("With whom"), required=False)
    sample = forms.ChoiceField(label=_("Sample"), required=False)
    amends = forms.ModelChoiceField(
        Agreement.objects.none(), label=_("Agreement to amend"), required=False, to_field_name="code"
    )
    copies = forms.ModelChoiceField(Draft.objects.none(), label=_("Draft to copy"), required=False)
    file = forms.FileField(label=_("YAML file"), required=False)
    from_ = forms.DateField(
        label=_("In force from"), required=False, input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text=_("The first day of a month."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the draft"), required=False, max_length=NAME)

    def __init__(
        self, companies: QuerySet[Company], agreements: QuerySet[Agreement], copies: QuerySet[Draft], *args: Any,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        initial = kwargs.pop("initial", {})
        kwargs["initial"] = {**initial, "from_": initial.get("from")}
        super().__init__(*args, **kwargs)
        self.text = ""
        for name, rows in (("company", companies), ("amends", agreements), ("copies", copies)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["company"].initial = companies.order_by("kind").last()
        self.fields["sample"].choices = [(one.name, say(one.title)) for one in SAMPLES]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """What the way chosen needs is there."""
        said = super().clean() or {}
        needed = {"sample": ["company", "sample", "from_"], "amendment": ["amends", "from_"], "copy": ["copies"]}
        for name in needed.get(said.get("how", ""), ["company", "file"]):
            if not said.get(name) and name not in self.errors:
                self.add_error(name, _("Choose one."))
        first = said.get("from_")
        if first and first.day != 1 and said.get("how") in ("sample", "amendment"):
            self.add_error("from_", _("Settlement is monthly: choose the first day of a month."))
        return {**said, "from": first}

    def clean_file(self) -> Any:
        """A text of a length that can be an agreement."""
        brought = self.cleaned_data.get("file")
        if not brought:
            return brought
        if brought.size > BYTES:
            raise ValidationError(_("This file is too long for an agreement."))
        try:
            self.text = scanned(brought).decode("utf-8-sig")
        except UnicodeDecodeError:
            raise ValidationError(_("This file is not UTF-8 text. Save it as UTF-8.")) from None
        return brought


class CommentForm(forms.Form):
    """What is said to a part."""

    part = forms.CharField(max_length=PART, required=False, widget=forms.HiddenInput)
    words = forms.CharField(label=_("Comment"), max_length=COMMENT, widget=forms.Textarea(attrs={"rows": 2}))
    private = forms.BooleanField(label=_("Only for your own company"), required=False)

    @property
    def part_named(self) -> str:
        """Which part it is about."""
        return str(self.cleaned_data.get("part", ""))
