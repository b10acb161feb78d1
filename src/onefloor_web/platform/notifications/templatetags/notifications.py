"""How a payload is written on its page."""

from __future__ import annotations

import json

from django import template

register = template.Library()


@register.filter
def indented(payload: object) -> str:
    """JSON on several lines."""
    return json.dumps(payload, ensure_ascii=False, indent=2)
