"""How the two parties deal with each other: working time, deadlines of signatures and disputes, clocks of duties.

Nothing here changes an amount. It says until when each side has to act, and what holds if it does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from onefloor.agreements.terms.reading import listed, one_of, term
from onefloor.agreements.terms.values import DATE, MOMENT, NAME, NATURAL, SPAN, TEXT, WORKED
from onefloor.language import Text
from onefloor.working_time import MONDAY_TO_FRIDAY, Span, WorkingTime, working_time

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SILENCE: Final = ("escalated", "accepted", "rejected")
OFFICE: Final = ((9 * 60, 18 * 60),)


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """工作日历 | working time: the hours in which the clocks of this agreement run"""

    days: tuple[str, ...] = term(listed(one_of(*WEEKDAYS)), Text("工作日", "working days of the week"), default=())
    hours: tuple[tuple[int, int], ...] = term(
        listed(WORKED), Text("工作时间", "working hours of a day, in the agreement's zone"), default=OFFICE
    )
    holidays: tuple[date, ...] = term(listed(DATE), Text("节假日", "days off although the week says work"), default=())
    workdays: tuple[date, ...] = term(
        listed(DATE), Text("调休上班日", "days worked although the week says off"), default=()
    )

    def working_time(self, zone: str) -> WorkingTime:
        """The same as a calendar that counts."""
        days = [WEEKDAYS.index(name) for name in self.days] or MONDAY_TO_FRIDAY
        return working_time(zone, days, self.hours, self.holidays, self.workdays)


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """流程 | until when each side signs, disputes and rules, and what silence means"""

    sign: Span = term(
        SPAN, Text("签署时限", "to sign a statement that is not disputed"), default=Span(10, "working days")
    )
    dispute: Span = term(
        SPAN, Text("争议时限", "to dispute a line, from the day the statement was issued"),
        default=Span(10, "working days"),
    )  # fmt: skip
    rule: Span = term(SPAN, Text("答复时限", "to rule on a dispute"), default=Span(5, "working days"))
    silence: str = term(
        one_of(*SILENCE), Text("逾期未答复", "what a dispute becomes if nobody rules in time"), default="escalated"
    )
    unsigned: str = term(
        one_of("reminded", "accepted"),
        Text("逾期未签署", "what a statement becomes if nobody signs or disputes in time"),
        default="reminded",
    )
    disputes: int | None = term(
        NATURAL, Text("争议条数上限", "most lines of a statement that can be disputed"), default=None
    )
    rounds: int = term(NATURAL, Text("争议轮次", "how often a line can be disputed"), default=2)
    claim: Span = term(
        SPAN, Text("义务主张答复时限", "to answer a claim of a duty, or an objection to a delivery"),
        default=Span(5, "working days"),
    )  # fmt: skip
    unanswered: str = term(
        one_of("reminded", "granted"),
        Text("逾期未答复义务主张", "what a claim of a duty or an objection becomes if nobody answers in time"),
        default="reminded",
    )
    escalation: tuple[str, ...] = term(
        listed(NAME), Text("升级步骤", "who decides when the parties do not agree, step by step"), default=()
    )


@dataclass(frozen=True, kw_only=True)
class RequestClass:
    """诉求类别 | a kind of request of the vendor, with the client's clock"""

    id: str = term(NAME, Text("编号", "its name"))
    title: Text = term(TEXT, Text("名称", "its title"))
    within: Span = term(SPAN, Text("答复时限", "to answer"))
    duty: str = term(NAME, Text("义务", "duty that is kept or missed by the answer"), default="answer")
    questions: str = term(
        one_of("pause", "run"), Text("追问时", "whether the clock waits while a question back is open"), default="pause"
    )


@dataclass(frozen=True, kw_only=True)
class DutyClock:
    """义务时限 | until when the client owes a duty: within a span of what asks for it, or so long before something"""

    duty: str = term(NAME, Text("义务", "name of the duty, as in duty_kept:duty=notice"))
    title: Text = term(TEXT, Text("名称", "its title"))
    within: Span | None = term(SPAN, Text("期限", "at most so long after it was asked for"), default=None)
    before: Span | None = term(SPAN, Text("提前量", "at least so long before it takes effect"), default=None)


@dataclass(frozen=True, kw_only=True)
class Renewal:
    """续约 | whether it goes on after its end, and until when that can be refused"""

    months: int = term(NATURAL, Text("续约月数", "months it is renewed for, unless notice is given"))
    notice: Span = term(SPAN, Text("通知期", "notice before the end"))
    given: datetime | None = term(
        MOMENT, Text("不续约通知", "when notice was given, in the agreement's zone; the terms then end"), default=None
    )
