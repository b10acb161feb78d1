"""The classes of requests and their clocks: those of the terms in force, or a set that fits most floors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from onefloor.agreements.terms.procedure import RequestClass
from onefloor.language import Text
from onefloor.working_time import Span, WorkingTime
from onefloor_web.agreements.register import queries
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.platform.floor import floor, zone

WITHOUT_TERMS: Final = (
    RequestClass(id="problem", title=Text("新业务问题", "New business problem"), within=Span(16, "working hours")),
    RequestClass(id="need", title=Text("支撑需求", "Need"), within=Span(5, "working days")),
    RequestClass(
        id="defect", title=Text("甲方系统或知识缺陷", "Defect of the client's systems or knowledge"),
        within=Span(8, "working hours"),
    ),
    RequestClass(id="authority", title=Text("申请赋权", "Authority asked for"), within=Span(8, "working hours")),
)  # fmt: skip
"""What holds where no terms say otherwise; answers in time then count as the duty ``answer``."""


def classes_of(agreement: Agreement | None, day: date) -> tuple[RequestClass, ...]:
    """The classes a vendor can choose from on a day."""
    terms = queries.in_force(agreement, day) if agreement else None
    return (terms.requests if terms else ()) or WITHOUT_TERMS


def class_of(agreement: Agreement | None, day: date, name: str) -> RequestClass | None:
    """One of them."""
    return next((one for one in classes_of(agreement, day) if one.id == name), None)


def working_time_of(agreement: Agreement | None, at: datetime) -> WorkingTime:
    """The hours in which the clock runs, as the terms of that day have them."""
    if agreement is None:
        return WorkingTime(floor().timezone)
    return queries.working_time(agreement, at.astimezone(zone()).date())
