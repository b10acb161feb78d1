"""The gallery: every component with figures that could be real, in both languages."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from onefloor_web.platform.pages.gallery import examples
from onefloor_web.platform.permissions.page import PUBLIC, page


class ExampleForm(forms.Form):
    """A form with one field of each kind."""

    target = forms.DecimalField(label=_("Target"), help_text=_("A percentage, such as 82."), min_value=0, max_value=100)
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    queue = forms.ChoiceField(label=_("Queue"), choices=[("tax", "税务 tax"), ("water", "供水 water")])
    window = forms.ChoiceField(
        label=_("Window"), choices=[("month", _("month")), ("week", _("week"))], widget=forms.RadioSelect
    )
    share = forms.BooleanField(label=_("Share with North"), required=False)
    file = forms.FileField(label=_("File"), required=False)


@page(PUBLIC)
def gallery(request: HttpRequest) -> HttpResponse:
    """The page; a POST shows the form's errors."""
    _only_for_show()
    form = ExampleForm(request.POST, request.FILES) if request.method == "POST" else ExampleForm()
    if form.is_bound and form.is_valid():
        messages.success(request, _("The example form is complete."))
    return render(request, "pages/gallery.html", {"form": form, **examples.everything(request)})


@page(PUBLIC)
def job(request: HttpRequest, number: int) -> HttpResponse:
    """A job's row, as htmx asks for it again and again: this one has ended meanwhile."""
    _only_for_show()
    return render(request, "pages/progress_only.html", {"progress": examples.ended(number)})


def _only_for_show() -> None:
    if not (settings.DEBUG or settings.DEMO):
        raise Http404
