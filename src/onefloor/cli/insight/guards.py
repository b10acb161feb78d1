"""The command that looks for selling at the cost of quality, gaming, and contracts that are green outside only."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import (
    FiniteRange,
    Opened,
    companies,
    drawn,
    from_option,
    opened,
    picture_options,
    span,
    tell,
    to_option,
)
from onefloor.cli.output import Screen
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.insight.finding import Finding
    from onefloor.insight.guards.outside import Contract
    from onefloor.periods import Month

UNITS = ("agent", "team")


def guard(
    screen: Screen,
    floor: Path,
    first: str | None,
    last: str | None,
    by: str,
    selling: str,
    quality: str,
    margin_selling: float,
    margin_quality: float,
    lasting: str | None,
    agreement: Path | None,
    kpi: Sequence[str],
    company: Sequence[str],
    without: Sequence[str],
    paid_from: float | None,
    contest_end: str | None,
    picture: Path,
    draw: bool,  # noqa: FBT001  a flag of the command line
) -> None:
    """Selling against quality, gaming, green contracts."""
    from onefloor.insight.guards.judging import judged, pair_findings
    from onefloor.insight.guards.pairing import paired
    from onefloor.insight.guards.picture import quadrant_picture

    held = opened(screen, floor)
    months = span(held.prepared, first, last)
    contest = _day(contest_end)
    only = companies(held.prepared, company)
    named = only or sorted(held.prepared.names.ids.get("company", {}))
    contracts = _contracts(agreement, kpi, named, only, months[-1])
    scope = _scope(without, agreement, months)
    whole = paired(held.prepared, selling, quality, by, months, held.engine, held.cubes, lasting, scope)
    pair = whole.of_companies(only) if only else whole
    seen = judged(pair, (margin_selling / 100, margin_quality / 100))
    open_end = months[-1].id >= held.prepared.months[-1].id
    findings = pair_findings(seen, months, provisional=open_end, companies=only)
    findings += _companies(
        held, selling, quality, (margin_selling, margin_quality), named, months, scope, alone=bool(only)
    )
    findings += _patterns(held, months, only, scope)
    findings += _over_time(held, months, contracts, named, only, paid_from, contest, scope)
    tell(screen, findings, drawn(screen, quadrant_picture(seen), picture, wanted=draw))


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadUsage(
            Text(f"无法识别日期“{text}”。", f'"{text}" is no date.'),
            remedy=Text("请写成 2026-10-31。", "Write it as 2026-10-31."),
        ) from None


def _scope(without: Sequence[str], agreement: Path | None, months: Sequence[Month]) -> str:
    """All rows but those of days that are left out, and of windows that both parties have excluded."""
    from onefloor.insight.guards.promises import excluded
    from onefloor.metrics.expressions import neither
    from onefloor.periods import day_id

    named = [_day(text) for text in without]
    days = [f"day == {day_id(day)}" for day in named if day is not None]
    return neither(*days, *(excluded(agreement, months) if agreement is not None else ()))


def _contracts(
    agreement: Path | None, kpi: Sequence[str], named: Sequence[str], only: Sequence[str], month: Month
) -> list[Contract]:
    """What is promised: by an agreement for its company, by ``--kpi`` for each of the companies.

    Raises:
        OfAnother: the agreement is of none of ``only``, and these alone are to be told of; else as ``from_agreement``.
    """
    from onefloor.insight.guards.outside import Contract
    from onefloor.insight.guards.promises import OfAnother, from_agreement, written

    promised = [Contract(name, tuple(written(kpi))) for name in named] if kpi else []
    if agreement is not None:
        company, targets = from_agreement(agreement, month)
        if only and company not in only:
            raise OfAnother(agreement, company, only)
        promised.append(Contract(company, tuple(targets)))
    return promised


def _companies(
    held: Opened,
    selling: str,
    quality: str,
    margins: tuple[float, float],
    named: Sequence[str],
    months: Sequence[Month],
    scope: str,
    *,
    alone: bool,
) -> list[Finding]:
    from onefloor.insight.guards.companies import companies as against_others
    from onefloor.insight.guards.judging import company_finding
    from onefloor.metrics import catalogue

    every = sorted(held.prepared.names.ids.get("company", {}))
    found = against_others(held.prepared, selling, quality, every, months, held.engine, held.cubes, scope)
    titles = (catalogue.metric(selling), catalogue.metric(quality))
    return [company_finding(one, titles, margins, months, alone=alone) for one in found if one.name in named]


def _patterns(held: Opened, months: Sequence[Month], only: Sequence[str], scope: str) -> list[Finding]:
    from onefloor.insight.guards.handed_over import handing_findings
    from onefloor.insight.guards.patterns import PATTERNS, stretched
    from onefloor.insight.guards.rows import Rows, facts_of
    from onefloor.insight.guards.screen_findings import pattern_finding, stretched_finding
    from onefloor.insight.guards.tallying import tallied

    facts = facts_of(held.floor, months)
    counted = [(one, tallied(one, held.prepared, months, scope, facts)) for one in PATTERNS]
    found = [pattern_finding(one, of.of_companies(only) if only else of, months, only) for one, of in counted]
    work = stretched(held.prepared, months, scope)
    found.append(stretched_finding(work.of_companies(only) if only else work, months, only))
    return found + handing_findings(Rows(held.prepared, months, scope, facts), only)


def _over_time(
    held: Opened, months: Sequence[Month], contracts: Sequence[Contract], named: Sequence[str],
    only: Sequence[str], paid_from: float | None, contest: date | None, scope: str,
) -> list[Finding]:  # fmt: skip
    from onefloor.insight.guards.outside import bunching_finding, lag_findings, pulled_finding, watermelon_finding

    before = [month for month in held.prepared.months if month.id <= months[-1].id]
    found = lag_findings(held.prepared, months, scope, only)
    found += [watermelon_finding(held.prepared, one, before, held.engine, scope) for one in contracts]
    if paid_from is not None:
        found += [bunching_finding(held.prepared, name, months, round(paid_from * 1000), scope) for name in named]
    if contest is not None:
        found += [pulled_finding(held.prepared, name, months, contest, scope) for name in named]
    return found


COMMANDS = (
    Command(
        "guard",
        Text(
            "销售是否以质量为代价，有无钻空子，合同全绿而客户变差。",
            "Selling against quality, gaming, green-but-complaints.",
        ),
        guard,
        [
            floor_argument(),
            from_option(),
            to_option(),
            Option(
                "--by",
                text=Text("按坐席（agent，默认）或班组（team）。", "By agent (default) or team."),
                type=click.Choice(UNITS),
                default="agent",
                metavar="UNIT",
            ),
            Option(
                "--selling",
                text=Text("销售指标。", "The figure of selling."),
                default="conversion",
                metavar="METRIC",
            ),
            Option(
                "--quality",
                text=Text("质量指标。", "The figure of quality."),
                default="fcr:within=7d",
                metavar="METRIC",
            ),
            Option(
                "--margin-selling",
                text=Text("销售高出多少个百分点才算。", "Points of selling that do not matter."),
                type=FiniteRange(0),
                default=2.0,
                metavar="POINTS",
            ),
            Option(
                "--margin-quality",
                text=Text("质量低多少个百分点才算。", "Points of quality that do not matter."),
                type=FiniteRange(0),
                default=2.0,
                metavar="POINTS",
            ),
            Option(
                "--lasting",
                text=Text(
                    "只算在此期间未取消、未被投诉的成交，例如 30d。",
                    "Count only sales neither cancelled nor complained about in that time, such as 30d.",
                ),
                metavar="TIME",
            ),
            Option(
                "--agreement",
                text=Text("协议文件：其目标值即合同指标。", "An agreement: its targets are the contract's figures."),
                type=FILE,
                metavar="FILE",
            ),
            Option(
                "--kpi",
                text=Text(
                    "合同指标，例如 service_level>=80；可多次给出。",
                    "A figure of the contract, such as service_level>=80; may be repeated.",
                ),
                multiple=True,
                metavar="METRIC>=VALUE",
            ),
            Option(
                "--company",
                text=Text("只看这些公司；可多次给出。", "Only these companies; may be repeated."),
                multiple=True,
                metavar="NAME",
            ),
            Option(
                "--without",
                text=Text(
                    "不计入的日期，例如 2026-11-11；可多次给出。协议中双方确认的剔除时段一并不计。",
                    "A day that does not count, such as 2026-11-11; may be repeated. What both parties of --agreement "
                    "have excluded does not count either.",
                ),
                multiple=True,
                metavar="DATE",
            ),
            Option(
                "--paid-from",
                text=Text(
                    "通话满多少秒才计费：看是否堆积在其后。",
                    "Seconds from which a call is paid: do calls bunch past it?",
                ),
                type=FiniteRange(0, min_open=True),
                metavar="SECONDS",
            ),
            Option(
                "--contest-end",
                text=Text(
                    "销售竞赛的最后一天：看成交是否被提前。", "A contest's last day: were sales pulled forward to it?"
                ),
                metavar="DATE",
            ),
            *picture_options("guard"),
        ],
        ["onefloor guard myfloor --from 2026-08", "onefloor guard myfloor --agreement north.yaml --by team"],
    ),
)
