"""In each company a what-if of its own, and one that it has shared with the client."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from world import Side

from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.what_ifs.models import WhatIf


def found(title: str) -> dict[str, Any]:
    """A result as the core writes it."""
    amounts = {"signed": "-10.00", "new": "-25.50", "difference": "-15.50"}
    return {
        "agreement": "a", "company": "c", "currency": "CNY", "data_version": "0" * 64,
        "months": [
            {"month": "2026-10", **amounts}, {"month": "2026-11", **amounts, "new": "0.00", "difference": "10.00"},
        ],
        "clauses": [
            {"clause": "4.1", "title": {"zh": title, "en": title}, "month": "2026-10", **amounts},
            {"clause": "cap", "title": {"zh": "封顶", "en": "cap"}, "month": "2026-11", **amounts},
        ],
        "left_out": [{"month": "2026-09", "reason": {"zh": "没有话务数据", "en": "no facts"}}],
        "provisional": ["2026-11"],
    }  # fmt: skip


def fill(side: Side, viewer: Viewer) -> None:
    """One's own carries the mark of the company's secrets, the shared one that of what the client sees."""
    agreement = side.rows["agreement"]
    common = {
        "company": side.company, "author": side.company, "agreement": agreement, "first": "2026-09", "last": "2026-11",
        "user_name": viewer.name, "ran_at": timezone.now(),
    }  # fmt: skip
    for key, mark in (("what-if", side.secret), ("shared what-if", side.marker)):
        change = f"amends: {agreement.code}\nnote: {mark}\n"
        side.rows[key] = WhatIf.objects.create(**common, name=f"{mark} SL 82", change=change, found=found(mark))
    shared = side.rows["shared what-if"]
    shared.given_at = timezone.now()
    shared.save()


def _own(side: Side) -> dict[str, object]:
    return {"number": side.rows["what-if"].pk}


def _shared(side: Side) -> dict[str, object]:
    return {"number": side.rows["shared what-if"].pk}


CASES = {
    "api:what_if": _own, "api:what_if_sharing": _own, "api:what_if_removal": _own,
    "api:what_if_copy": _shared, "api:what_if_draft": _shared,
    "what_if_new": lambda side: {"code": side.rows["agreement"].code},
    "what_if": _own, "what_if_rows": _own, "what_if_edit": _own, "what_if_sharing": _own, "what_if_removal": _own,
    "what_if_drafting": _own,
    "what_if_copy": _shared,
}  # fmt: skip
SHARED = {"what_if_new", "what_if_copy", "api:what_if_copy", "api:what_if_draft"}
