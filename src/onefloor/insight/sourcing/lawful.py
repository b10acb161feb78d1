"""Whether an option, or a mix, keeps within the legal limits: what would be refused, and what is to be asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from onefloor.insight.sourcing.inputs import at_mid, inputs_of
from onefloor.insight.sourcing.limits import Limit, in_force
from onefloor.insight.sourcing.stated import stated
from onefloor.insight.sourcing.terms import Option, Sourcing
from onefloor.insight.sourcing.work import agents, issues, work
from onefloor.language import Text

Shares = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Notice:
    """A limit that is touched: what was found, and whether the option is refused for it."""

    limit: Limit
    what: Text

    @property
    def refused(self) -> bool:
        """Whether it forbids the option, as far as can be seen."""
        return self.limit.strict

    @property
    def words(self) -> Text:
        """What was found, with its source."""
        source = self.limit.source
        return Text(f"{self.what.zh}（{source.zh}）", f"{self.what.en} ({source.en}).")

    def as_json(self) -> dict[str, Any]:
        """The notice with the source's text and date."""
        return {
            "limit": self.limit.code,
            "refused": self.refused,
            "what": self.what.as_json(),
            "source": self.limit.source.as_json(),
            "says": self.limit.says,
            "since": self.limit.since.isoformat(),
            "note": self.limit.note.as_json(),
        }


def notices(sourcing: Sourcing, shares: Shares, months: int, whole: Mapping[str, float] | None = None) -> list[Notice]:
    """What the law says to options that take these shares of the issues, at the middle of all inputs.

    ``whole`` are the ``people`` of the decision, if they are known already.
    """
    if sourcing.law == "none":
        return []
    limits = in_force(date(sourcing.start.year, sourcing.start.month, 1))
    asked = Asked(sourcing, shares, months, people(sourcing, months) if whole is None else whole)
    return [
        Notice(limits[code], what)
        for code, check in CHECKS.items()
        if code in limits
        for what in check(limits[code], asked)
    ]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be checked: a decision, the shares of its options, for how many months, and ``people``."""

    sourcing: Sourcing
    shares: Shares
    months: int
    whole: Mapping[str, float]

    def options(self, *forms: str) -> list[Option]:
        """The options that take part, of some forms."""
        return [option for name in self.shares if (option := self.sourcing.option(name)).form in forms]


def people(sourcing: Sourcing, months: int) -> dict[str, float]:
    """Agents of each option in the month with most of them, if it took all issues; people scale with the share.

    Only own and dispatched staff count, and only where the terms say how many there are.
    """
    values = at_mid(inputs_of(sourcing))
    demand = issues(values, months)
    return {
        option.id: float(agents(work(option, values, demand)).max())
        for option in sourcing.options
        if option.form != "outsourced"
        and None not in (option.handling, option.occupancy, option.utilisation, option.hours)
    }


def _share(limit: Limit, asked: Asked) -> Iterator[Text]:
    outside = asked.sourcing.workforce
    counted = {name: asked.whole[name] * float(share) for name, share in asked.shares.items() if name in asked.whole}
    here = sum(counted[option.id] for option in asked.options("dispatched"))
    dispatched = here + float(outside.dispatched)
    whole = sum(counted.values()) + float(outside.own + outside.dispatched)
    if here and dispatched > float(limit.value) * whole:
        share, most = f"{dispatched / whole:.1%}", f"{float(limit.value):.0%}"
        yield Text(
            f"派遣人员占用工总量 {share}，超过 {most}", f"{share} of the workforce would be dispatched, above {most}"
        )


def _posts(limit: Limit, asked: Asked) -> Iterator[Text]:
    for option in asked.options("dispatched"):
        title = option.title
        if option.post is None:
            yield Text(
                f"{title.zh}未写明岗位属临时性、辅助性还是替代性（post）",
                f"{title.en} does not say whether its posts are temporary, auxiliary or substitute (post)",
            )
        if option.post == "temporary" and asked.months > limit.value:
            yield Text(
                f"{title.zh}的临时性岗位用 {asked.months} 个月，超过 {limit.value} 个月",
                f"{title.en} fills temporary posts for {asked.months} months, more than {limit.value}",
            )


def _overtime(limit: Limit, asked: Asked) -> Iterator[Text]:
    for option in asked.options("own", "dispatched", "outsourced"):
        if option.overtime is not None and option.overtime.high > limit.value:
            hours, title = f"{float(option.overtime.high):g}", option.title
            yield Text(
                f"{title.zh}每人每月加班可达 {hours} 小时，超过 {limit.value} 小时",
                f"{title.en} has up to {hours} overtime hours an agent and month, more than {limit.value}",
            )


def _equal_pay(_limit: Limit, asked: Asked) -> Iterator[Text]:
    own = [wage for option in asked.sourcing.options if option.form == "own" and (wage := hourly_wage(option))]
    for option in asked.options("dispatched"):
        wage = hourly_wage(option)
        if own and wage is not None and wage < max(own):
            paid, theirs = f"{float(wage):.2f}", f"{float(max(own)):.2f}"
            yield Text(
                f"{option.title.zh}的小时工资 {paid} 低于自有员工的 {theirs}，须核对是否同工同酬",
                f"{option.title.en} pays {paid} an hour, own staff {theirs}: check equal pay for equal work",
            )


def hourly_wage(option: Option) -> Fraction | None:
    """The middle of its wage per paid hour, if it has one."""
    found = [cost.amount.spread.mid for cost in option.costs if cost.key == "wage.paid_hour"]
    return found[0] if found else None


def _contract(limit: Limit, asked: Asked) -> Iterator[Text]:
    for option in asked.options("dispatched"):
        if asked.months < limit.value:
            yield Text(
                f"{option.title.zh}只用 {asked.months} 个月，而派遣合同至少 {limit.value} 个月",
                f"{option.title.en} is for {asked.months} months, a dispatch contract for at least {limit.value}",
            )


def _deemed(_limit: Limit, asked: Asked) -> Iterator[Text]:
    for option in asked.options("outsourced"):
        if option.instructed_by == "client":
            yield Text(
                f"{option.title.zh}由甲方现场指挥，是否按派遣处理须问律师",
                f"The client instructs the agents of {option.title.en}: ask counsel whether that counts as dispatch",
            )
        elif option.instructed_by is None:
            yield Text(
                f"{option.title.zh}未写明由谁现场指挥（instructed_by）",
                f"{option.title.en} does not say who instructs its agents (instructed_by)",
            )


def _assessment(_limit: Limit, asked: Asked) -> Iterator[Text]:
    for option in asked.options("outsourced"):
        if "impact_assessment" not in stated(option):
            yield Text(
                f"{option.title.zh}未写明个人信息保护影响评估的成本",
                f"{option.title.en} does not state the cost of a data-protection assessment",
            )


CHECKS: Mapping[str, Callable[[Limit, Asked], Iterator[Text]]] = {
    "dispatch_share": _share,
    "dispatch_posts": _posts,
    "overtime": _overtime,
    "equal_pay": _equal_pay,
    "dispatch_contract": _contract,
    "deemed_dispatch": _deemed,
    "impact_assessment": _assessment,
}
