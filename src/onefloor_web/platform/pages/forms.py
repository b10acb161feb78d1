"""How forms look: Django renders every ``{{ form }}`` with these templates, also those of other packages.

A field says what is wanted before it is filled; an error says what, why and what to do; the summary on top links to
each field. Input is kept, and nothing needs JavaScript.
"""

from __future__ import annotations

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect, Select, Widget
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString


class Renderer(TemplatesSetting):
    """Named in the setting ``FORM_RENDERER``."""

    form_template_name = "pages/forms/form.html"
    field_template_name = "pages/forms/field.html"


def control(field: BoundField) -> SafeString:
    """The field's input with the class its kind needs."""
    widget = field.field.widget
    own = widget.attrs.get("class", "")
    return field.as_widget(attrs={"class": f"{_look(widget)} {own}".strip()})


def _look(widget: Widget) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, Select) else "form-control"


def is_check(field: BoundField) -> bool:
    """Whether the label stands behind the input."""
    return isinstance(field.field.widget, CheckboxInput)
