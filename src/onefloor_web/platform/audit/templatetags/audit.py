"""The history of one object, for the pages of other features: ``{% load audit %}{% changes_of team %}``."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import Model
from django.template.context import Context

from onefloor_web.platform.audit import queries, words
from onefloor_web.platform.audit.queries import Wanted
from onefloor_web.platform.permissions.policy import can

register = template.Library()


@register.inclusion_tag("audit/lines.html", takes_context=True)
def changes_of(context: Context, row: Model) -> dict[str, Any]:
    """The latest changes of a row, for readers of the audit trail; nothing for others."""
    viewer = context["request"].viewer
    wanted = Wanted(table=row._meta.label_lower, number=row.pk)
    return {"lines": words.lines(queries.changes(wanted)) if can(viewer, "audit.view") else []}
