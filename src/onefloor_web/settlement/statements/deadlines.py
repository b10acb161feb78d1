"""Until when statements are to be disputed and signed, in people's calendars."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from onefloor.language import Text
from onefloor_web.platform.calendars.providers import Deadline, deadlines
from onefloor_web.platform.pages.formats import say
from onefloor_web.platform.permissions.policy import can
from onefloor_web.platform.permissions.roles import PARTIES
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.models import State, Statement
from onefloor_web.settlement.statements.objections import signing_until
from onefloor_web.settlement.statements.queries import current, waiting_for


@deadlines
def statements(viewer: Viewer) -> Iterator[Deadline]:
    """Each issued statement, for whoever signs and disputes: who has still to sign, and the last moment to dispute."""
    if not viewer.roles & PARTIES or not can(viewer, "statements.view"):
        return
    issued = list(current(viewer).filter(state=State.ISSUED, accepted_at=None))
    waiting, until = waiting_for(issued), signing_until(issued)
    for one in issued:
        names = [(company.pk, company.name) for company in waiting[one.pk] if company.pk in viewer.visible]
        yield from _of(one, until[one.pk], names)


def _of(one: Statement, until: datetime | None, waiting: list[tuple[int, str]]) -> Iterator[Deadline]:
    title, page = events.title(one), events.page_of(one)
    if until is not None:
        for number, name in waiting:
            said = Text(f"{name}：签署{title.zh}", f"{name}: sign {title.en}")
            yield Deadline(f"statement-{one.pk}-sign-{number}", say(said), until, page)
    if one.dispute_by is not None:
        name = one.company.name
        said = Text(f"{name}：对{title.zh}提出争议的时限", f"{name}: last moment to dispute {title.en}")
        yield Deadline(f"statement-{one.pk}-dispute", say(said), one.dispute_by, page)
