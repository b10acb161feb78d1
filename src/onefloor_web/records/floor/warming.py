"""What a new process asks before anybody does: the floor is opened, names are known, modules are loaded."""

from __future__ import annotations

from typing import Final

from onefloor.problems import Problem
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor import questions

FIRST: Final = ("service_level", "aht", "fcr")
CLIENT: Final = Viewer(0, "", client=True, visible=(), known=())


def warm() -> None:
    """Ask what the first page will: a question that opens the floor costs a second, the next ones some milliseconds.

    Nothing is kept but what any question keeps, by scope. A floor that cannot be read yet is left to the page that
    asks for it, which can say so.
    """
    try:
        months = questions.months(CLIENT)
        if months:
            companies = questions.freshness(CLIENT).reach.companies
            questions.figures(CLIENT, FIRST, ["company"], months=months[-1:])
            questions.trend(CLIENT, FIRST, months[-1].days.end - 1, ["company"])
            for company in companies:
                questions.choices(Viewer(0, company, client=False, visible=(), known=()))
    except (Problem, OSError):
        return
