"""A roster file of each company that nobody has loaded yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.rosters.models import RosterFile

if TYPE_CHECKING:
    from world import Side

HEAD = "agent,name,company,employment,site,team,hired,from,to\n"


def fill(side: Side, viewer: Viewer) -> None:
    """One line of a person of the company."""
    form = "own" if viewer.client else "outsourced"
    person = f"{side.people[0].code},{side.secret} person 0,{side.company.code},{form}"
    line = f"{person},{side.marker} site,{side.marker} team,2025-01-01,2025-01-01,\n"
    side.rows["roster"] = RosterFile.objects.create(
        company=side.company, user_id=viewer.user, name=f"{side.secret}.csv", digest="0" * 64,
        content=(HEAD + line).encode(),
    )  # fmt: skip


CASES = {
    "roster": lambda side: {"number": side.rows["roster"].pk},
    "roster_discard": lambda side: {"number": side.rows["roster"].pk},
    "roster_file": lambda side: [{"kind": "csv"}, {"kind": "xlsx"}],
    "roster_load": lambda side: {"number": side.rows["roster"].pk},
}
