"""In each company a draft of an exclusion, one that waits for an answer, and one of the client that is approved."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone
from world import Side
from worlds.uploads import text

from onefloor_web.agreements.exclusions.models import Answer, Exclusion
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.platform.uploads.actions import attach

EFFECT = {
    "data_version": "0" * 64, "currency": "CNY",
    "months": [
        {
            "month": "2026-10", "facts": True, "provisional": False, "rows": 12, "net": ["100.00", "110.00"],
            "lines": [
                {
                    "clause": "1", "title": {"zh": "费用", "en": "Fee"}, "unit": "percent",
                    "without": {"value": "78.9", "numerator": 789, "denominator": 1000, "amount": "-10.00"},
                    "with": {"value": "80.1", "numerator": 780, "denominator": 974, "amount": "0.00"},
                }
            ],
        },
        {"month": "2026-11", "facts": False, "rows": 0, "lines": []},
    ],
}  # fmt: skip


def fill(side: Side, viewer: Viewer) -> None:
    """What is given carries the mark of what both see, the draft that of the company's secrets."""
    agreement = side.rows["agreement"]
    common = {
        "company": agreement.company, "author": side.company, "agreement": agreement, "reason": "client_outage",
        "starts": datetime(2026, 10, 14, 2, 0, tzinfo=UTC), "ends": datetime(2026, 10, 14, 3, 30, tzinfo=UTC),
        "user_number": viewer.user, "user_name": viewer.name,
    }  # fmt: skip
    side.rows["draft exclusion"] = Exclusion.objects.create(
        **common, words={"zh": side.secret, "en": side.secret}, note=f"{side.secret} note"
    )
    side.rows["exclusion"] = Exclusion.objects.create(
        **common, words={"zh": f"{side.marker} 系统中断", "en": f"{side.marker} was down"}, effect=EFFECT,
        note=f"{side.marker} note", number=1, given_at=timezone.now(), given_on=date(2026, 11, 20),
        answer_by=timezone.now() + timedelta(days=3),
    )  # fmt: skip
    draft = side.rows["draft exclusion"]
    side.rows["exclusion file"] = attach(viewer, draft, [text(f"{side.secret} log.txt", side.secret)])[0]
    attach(viewer, side.rows["exclusion"], [text(f"{side.marker} ticket.txt", f"{side.marker} ticket")])
    _answered(side, viewer, {**common, "reason": "waiver", "user_number": 0})


def _answered(side: Side, viewer: Viewer, said: dict[str, Any]) -> None:
    """The client's proposal, which the company has approved."""
    client = Company.objects.get(kind=Kind.CLIENT)
    with tenant(viewer_for(client.pk, name="")):
        proposed = Exclusion.objects.create(
            **{**said, "author": client, "user_name": f"{side.marker} proposer"}, number=2, effect=EFFECT,
            words={"zh": f"{side.marker} 免于考核", "en": f"{side.marker} waived"}, given_at=timezone.now(),
            given_on=date(2026, 11, 19), answer_by=timezone.now() + timedelta(days=3),
        )  # fmt: skip
    side.rows["answered exclusion"] = proposed
    Answer.objects.create(
        company=side.company, author=side.company, given_at=timezone.now(), exclusion=proposed, approved=True,
        answered_on=date(2026, 11, 20), user_number=viewer.user, user_name=f"{side.marker} answerer",
    )  # fmt: skip


def _given(side: Side) -> dict[str, object]:
    return {"code": side.rows["agreement"].code, "number": side.rows["exclusion"].pk}


def _draft(side: Side) -> dict[str, object]:
    return {"code": side.rows["agreement"].code, "number": side.rows["draft exclusion"].pk}


def _agreement(side: Side) -> dict[str, object]:
    return {"code": side.rows["agreement"].code}


def _own(side: Side) -> dict[str, object]:
    return {"number": side.rows["draft exclusion"].pk}


def _file(side: Side) -> dict[str, object]:
    return {**_draft(side), "attachment": side.rows["exclusion file"].pk}


CASES = {
    "api:exclusion": lambda side: {"number": side.rows["exclusion"].pk},
    "api:exclusion_answer": lambda side: {"number": side.rows["exclusion"].pk},
    "api:exclusion_weighing": lambda side: {"number": side.rows["exclusion"].pk},
    "api:exclusion_proposal": _own, "api:exclusion_withdrawal": _own, "api:exclusion_removal": _own,
    "exclusions": _agreement, "exclusion_new": _agreement,
    "exclusion": _given, "exclusion_weighing": _given, "exclusion_answer": _given, "exclusion_withdrawal": _given,
    "exclusion_edit": _draft, "exclusion_proposal": _draft, "exclusion_removal": _draft,
    "exclusion_file_removal": _file,
}  # fmt: skip
SHARED = {
    "api:exclusion", "api:exclusion_answer", "api:exclusion_weighing",
    "exclusions", "exclusion_new", "exclusion", "exclusion_weighing", "exclusion_answer", "exclusion_withdrawal",
}  # fmt: skip
