"""What the client owes each company: an answer; an objection with the client's answer; an account among the facts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from onefloor.language import same
from onefloor_web.agreements.duties.actions import owe_answer
from onefloor_web.agreements.duties.models import Objected, Objection, Resolution, Telling
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from world import Side

ASKED, DUE = datetime(2099, 1, 4, 1, tzinfo=UTC), datetime(2099, 1, 6, 10, tzinfo=UTC)


def fill(side: Side, viewer: Viewer) -> None:
    """Due in the far future: whether it is late never depends on when the tests run."""
    duty = owe_answer(
        viewer, company=viewer.company, agreement=side.rows["agreement"], duty="answer", title=same("Answer"),
        reference=f"W-{side.marker}", asked=f"{side.marker} asks", span="16 working hours", begins_at=ASKED,
        due_at=DUE, page="",
    )  # fmt: skip
    common = {"company_id": viewer.company, "given_at": ASKED}
    objection = Objection.objects.create(
        **common, author_id=viewer.company, duty=duty, says=Objected.NOT_DONE, text=f"{side.marker} objects", by="x"
    )
    client = Company.objects.get(kind=Kind.CLIENT)
    with tenant(viewer_for(client.pk, name="client")):
        Resolution.objects.create(
            **common, author=client, objection=objection, accepted=False, text=f"{side.marker} is answered", by="x"
        )
    Telling.objects.create(company_id=viewer.company, load=f"{side.marker} load", account={"lines": 0})
    side.rows |= {"duty": duty, "objection": objection}


def one(side: Side) -> dict[str, int]:
    return {"number": side.rows["duty"].pk}


def coded(side: Side) -> dict[str, str]:
    return {"code": side.rows["agreement"].code}


ACTS = (
    "duty", "duty_delivery", "duty_confirmation", "duty_objection", "duty_resolution", "duty_withdrawal",
    "api:duty", "api:duty_delivery", "api:duty_confirmation", "api:duty_objection", "api:duty_resolution",
    "api:duty_withdrawal",
)  # fmt: skip
CASES = {**dict.fromkeys(ACTS, one), **dict.fromkeys(("agreement_duties", "duty_new"), coded)}
SHARED = {*CASES}
CLIENT_ONLY = {
    "duty_delivery", "duty_confirmation", "duty_resolution", "api:duty_delivery", "api:duty_confirmation",
    "api:duty_resolution",
}  # fmt: skip
