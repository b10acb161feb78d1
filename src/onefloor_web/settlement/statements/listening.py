"""What statements want to know: exclusions that both sides approved change the months they touch."""

from __future__ import annotations

from onefloor_web.agreements.exclusions.models import Exclusion
from onefloor_web.agreements.exclusions.queries import months_of
from onefloor_web.agreements.register.queries import zone_of
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.registry import on
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements.jobs import CORRECT, RUN
from onefloor_web.settlement.statements.models import CURRENT, Statement
from onefloor_web.settlement.statements.objections import lines_at_issue
from onefloor_web.settlement.statements.order import closed


@on("exclusions.approved")
def settle_again(viewer: Viewer, event: Event) -> None:
    """The client settles open months of an approved exclusion again, and compares locked ones.

    A month of which lines are at issue waits: Today asks for it, and a lock without it is compared.
    """
    assert event.number is not None, "it is told of an exclusion"
    one = Exclusion.objects.select_related("agreement", "answer").get(pk=event.number)
    client = viewer_for(the_client().pk, name=viewer.name)
    with tenant(client):
        for statement in _open(one):
            enqueue(
                client, RUN, key=f"{one.agreement_id} {statement.month} {one.code}", month=statement.month,
                subject=f"{one.agreement.code} {statement.month}", agreement=one.agreement_id,
            )  # fmt: skip
        if one.answer.corrects:
            enqueue(client, CORRECT, key=f"exclusion {one.pk}", subject=f"{one.agreement.code} {one.code}")


def _open(one: Exclusion) -> list[Statement]:
    """The statements of its months that both can still have settled anew."""
    months = [str(month) for month in months_of(one, zone_of(one.agreement))]
    rows = Statement.objects.filter(agreement=one.agreement, month__in=months, state__in=CURRENT)
    found = list(rows.exclude(closed()).order_by("month"))
    at_issue = lines_at_issue(found)
    return [statement for statement in found if not at_issue[statement.pk]]
