"""How forms look: Django renders every ``{{ form }}`` with these templates, also those of other packages.

A field says what is wanted before it is filled; an error says what, why and what to do; the summary on top links to
each field. Input is kept, and nothing needs JavaScript.
"""

from __future__ import annotations

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString

_CHECKS = (CheckboxInput, RadioSelect, CheckboxSelectMultiple)


class Renderer(TemplatesSetting):
    """Named in the setting ``FORM_RENDERER``."""

    form_template_name = "pages/forms/form.html"
    field_template_name = "pages/forms/field.html"


def control(field: BoundField) -> SafeString:
    """The field's input with the class its kind needs."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    look = "form-check-input" if isinstance(widget, _CHECKS) else "form-control"
    if isinstance(widget, Select) and not isinstance(widget, _CHECKS):
        look = "form-select"
    return field.as_widget(attrs={"class": f"{look} {own}".strip()})


def is_check(field: BoundField) -> bool:
    """Whether the label stands behind the input."""
    return isinstance(field.field.widget, CheckboxInput)
