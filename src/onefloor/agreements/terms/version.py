"""One version of the terms: what holds from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from onefloor.agreements.terms.around import Duty, EarnBack, Exclusion, Forecast, Incident, Pool
from onefloor.agreements.terms.clauses import CLAUSES, COMPARE, TOO_FEW, Clause
from onefloor.agreements.terms.places import Node
from onefloor.agreements.terms.prices import PRICES, Priced, Said
from onefloor.agreements.terms.procedure import Calendar, DutyClock, Procedure, Renewal, RequestClass
from onefloor.agreements.terms.reading import (
    Kind,
    formed,
    listed,
    mapping,
    missing,
    one_of,
    read_form,
    schema_of,
    term,
    unknown,
)  # fmt: skip
from onefloor.agreements.terms.values import (
    DATE,
    FLAG,
    PLACES,
    PORTION_OF_FEE,
    TEXT,
    UNASSIGNED,
    WHOLE,
    Portion,
    Unassigned,
)
from onefloor.language import Text
from onefloor.money import Rounding


def by_kind(forms: Mapping[str, type], name: str) -> Kind:
    """Things of several kinds; ``kind`` says of which one each is."""

    def read(node: Node) -> Any:
        mapping(node)
        kind = node.get("kind")
        if kind is None:
            raise missing("kind", Text("种类", f"one of {', '.join(forms)}"), node.place)
        if not isinstance(kind.value, str) or kind.value not in forms:
            raise unknown(str(kind.value), forms, kind.place)
        return read_form(forms[kind.value], node, ignore=("kind",))

    schemas = [schema_of(form, {"kind": {"const": kind}}) for kind, form in forms.items()]
    return Kind(read, {"type": "object", "oneOf": schemas}, name, forms=forms)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What holds from a day on."""

    start: date = term(DATE, Text("生效日", "first day it holds, the first of a month"), key="from")
    until: date | None = term(DATE, Text("终止日", "first day it no longer holds"), default=None)
    note: Text | None = term(TEXT, Text("说明", "what this version changes"), default=None)
    unassigned: Unassigned = term(
        UNASSIGNED,
        Text("无归属话务", "rows that are nobody's count too: those of the named shared queues, or of all"),
        default=False,
    )
    at_risk: Portion = term(
        PORTION_OF_FEE, Text("考核金额", "part of the fee that can be lost"), default=Portion(of="fee")
    )
    cap: Portion | None = term(
        PORTION_OF_FEE, Text("扣罚封顶", "most that is taken off; the at-risk amount without"), default=None
    )
    reward_cap: Portion | None = term(PORTION_OF_FEE, Text("奖励封顶", "most that is added"), default=None)
    minimum_sample: int | None = term(
        WHOLE, Text("最小样本", "fewer rows are not judged; the metric's own without"), default=None
    )
    too_few: str = term(one_of(*TOO_FEW), Text("样本不足时", "what holds with fewer"), default="not_assessed")
    compare: str = term(one_of(*COMPARE), Text("比较方式", "exact value, or the rounded one"), default="exact")
    rounding: Rounding = term(one_of("half_up", "half_even"), Text("舍入", "how money is rounded"), default="half_up")
    places: int = term(PLACES, Text("金额小数位", "decimals of money"), default=2)
    exclusive_remedy: bool = term(FLAG, Text("唯一救济", "credits are the only remedy for a miss"), default=False)
    single_incident: str = term(
        one_of("heaviest", "client_chooses", "each"),
        Text("同一事件", "which of the credits of one incident counts"),
        default="heaviest",
    )
    pools: tuple[Pool, ...] = term(listed(formed(Pool, "pool")), Text("权重池", "weight pools"), default=())
    price: tuple[Priced, ...] = term(
        listed(by_kind(PRICES, "price")), Text("计价", "price bases; their sum is the fee")
    )
    forecast: Forecast | None = term(formed(Forecast, "forecast"), Text("浮动区间", "forecast band"), default=None)
    clauses: tuple[Clause, ...] = term(listed(by_kind(CLAUSES, "clause")), Text("考核条款", "clauses"), default=())
    duties: tuple[Duty, ...] = term(listed(formed(Duty, "duty")), Text("甲方义务", "the client's duties"), default=())
    earn_back: tuple[EarnBack, ...] = term(
        listed(formed(EarnBack, "earn-back")), Text("扣罚返还", "credits that come back"), default=()
    )
    incidents: tuple[Incident, ...] = term(
        listed(formed(Incident, "incident")), Text("同一事件", "incidents that hit several clauses"), default=()
    )
    exclusions: tuple[Exclusion, ...] = term(
        listed(formed(Exclusion, "exclusion")), Text("剔除", "rows both parties take out"), default=()
    )
    calendar: Calendar | None = term(
        formed(Calendar, "calendar"),
        Text("工作日历", "working time; Monday to Friday, 09:00-18:00 without"),
        default=None,
    )
    procedure: Procedure | None = term(
        formed(Procedure, "procedure"), Text("流程", "deadlines of signatures and disputes"), default=None
    )
    requests: tuple[RequestClass, ...] = term(
        listed(formed(RequestClass, "request class")),
        Text("诉求类别", "kinds of requests, each with a clock"),
        default=(),
    )
    clocks: tuple[DutyClock, ...] = term(
        listed(formed(DutyClock, "clock")), Text("义务时限", "clocks of the client's duties"), default=()
    )
    renewal: Renewal | None = term(formed(Renewal, "renewal"), Text("续约", "how it is renewed"), default=None)
    digest: str = ""

    @property
    def parts(self) -> tuple[Said, ...]:
        """Everything that can make a line: prices, forecast, clauses, duties, earn-backs."""
        forecast = (self.forecast,) if self.forecast else ()
        return (*self.price, *forecast, *self.clauses, *self.duties, *self.earn_back)
