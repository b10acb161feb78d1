"""``onefloor compare``: companies on the same work."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import BadUsage, Command, Option, floor_argument
from onefloor.cli.insight.answering import (
    FiniteRange,
    companies,
    drawn,
    from_option,
    opened,
    picture_options,
    span,
    tell,
    to_option,
)
from onefloor.cli.measuring import filters, where_option
from onefloor.cli.output import Screen
from onefloor.language import Text

if TYPE_CHECKING:
    from onefloor.insight.fair.asked import Asked
    from onefloor.insight.fair.circumstances import Circumstances, Outage
    from onefloor.insight.fair.comparison import Comparison
    from onefloor.insight.fair.loading import Loaded
    from onefloor.insight.fair.people import Unit
    from onefloor.insight.finding import Finding
    from onefloor.insight.pictures import Picture
    from onefloor.metrics.prepared import Prepared


def compare(
    screen: Screen,
    floor: Path,
    metric: str,
    companies_asked: str,
    first: str | None,
    last: str | None,
    margin: float | None,
    by: Sequence[str],
    where: Sequence[str],
    defined: Sequence[str],
    by_performance: Sequence[str],
    outage: Sequence[str],
    leave_out: Sequence[str],
    half_hours: bool,  # noqa: FBT001  Click's signature
    fair_slice: float | None,
    teams: bool,  # noqa: FBT001
    agents: bool,  # noqa: FBT001
    seed: int,
    picture: Path,
    draw: bool,  # noqa: FBT001
) -> None:
    """Compare companies on the same work."""
    from onefloor.insight.fair.asked import Asked
    from onefloor.insight.fair.comparing import compare as compared
    from onefloor.insight.fair.findings import findings
    from onefloor.insight.fair.loading import load
    from onefloor.insight.fair.picture import picture as comparison_picture

    found = opened(screen, floor)
    months, wanted = span(found.prepared, first, last), filters(where)
    names = _two_or_more(found.prepared, companies_asked, wanted)
    asked = Asked(found.prepared, metric, names, wanted, months, found.engine, cubes=found.cubes)
    adjust = [name.strip() for text in by for name in text.split(",") if name.strip()] if by else None
    known = _known(found.prepared, defined, by_performance, outage, leave_out)
    comparisons = compared(
        asked, adjust=adjust, margin=margin, known=known, same_half_hour=half_hours, slice_for=fair_slice
    )
    told = [one for comparison in comparisons for one in findings(comparison, months, wanted)]
    pictures = drawn(screen, comparison_picture(comparisons), picture, wanted=draw)
    if teams or agents:
        loaded = load(_without(asked, known), adjust)
        units: list[Unit] = [*(["team"] if teams else []), *(["agent"] if agents else [])]  # type: ignore[list-item]
        for unit in units:
            finding, funnel = _people(loaded, unit, seed)
            told.append(finding)
            stem = picture.stem if picture.suffix in (".svg", ".png") else picture.name
            path = picture.with_name(f"{stem}-{unit}s")
            pictures += drawn(screen, funnel, path, wanted=draw)
    _tell(screen, comparisons, told, pictures)


def _two_or_more(prepared: Prepared, text: str, wanted: dict[str, list[str]]) -> tuple[str, ...]:
    names = tuple(companies(prepared, text.split(",")))
    if len(names) < 2:
        raise BadUsage(
            Text("比较至少需要两家公司。", "A comparison needs two companies or more."),
            remedy=Text("例如：--companies own,north（第一家为己方）。", "For example --companies own,north."),
        )
    if "company" in wanted:
        raise BadUsage(
            Text("公司由 --companies 指定，不能再用 --where 筛选。", "Companies go with --companies."),
            remedy=Text("请去掉 --where company=…。", "Leave --where company=... out."),
        )
    return names


def _known(
    prepared: Prepared,
    defined: Sequence[str],
    by_performance: Sequence[str],
    outage: Sequence[str],
    leave_out: Sequence[str],
) -> Circumstances:
    from onefloor.insight.fair.circumstances import Circumstances

    definitions = {}
    for text in defined:
        name, _, reference = text.partition("=")
        if not reference:
            raise _unreadable("--defined", text, "north=fcr:within=3d")
        definitions[companies(prepared, [name])[0]] = reference
    queues = [name.strip() for text in by_performance for name in text.split(",") if name.strip()]
    return Circumstances(
        defined=definitions,
        by_performance=tuple(_named(prepared, "queue", name) for name in queues),
        outages=tuple(_outage(prepared, text) for text in outage),
        left_out=tuple(_day("--leave-out", one) for text in leave_out for one in text.split(",")),
    )


def _named(prepared: Prepared, dimension: str, name: str) -> str:
    from onefloor.metrics.prepared import UnknownName

    known = prepared.names.ids.get(dimension, {})
    if name not in known:
        raise UnknownName(dimension, name, known)
    return name


def _outage(prepared: Prepared, text: str) -> Outage:
    from onefloor.insight.fair.circumstances import Outage

    site, equals, day = text.rpartition("=")
    return Outage(_day("--outage", day), _named(prepared, "site", site) if equals else None)


def _day(option: str, text: str) -> int:
    from onefloor.periods import day_id

    try:
        return day_id(date.fromisoformat(text.strip()))
    except ValueError:
        raise _unreadable(option, text, "2026-11-17") from None


def _unreadable(option: str, text: str, example: str) -> BadUsage:
    return BadUsage(
        Text(f"无法识别 {option} 的“{text}”。", f'"{text}" cannot be read as {option}.'),
        remedy=Text(f"请写成 {example}。", f"Write it like {example}."),
    )


def _without(asked: Asked, known: Circumstances) -> Asked:
    from dataclasses import replace

    return replace(asked, without=tuple(f"day == {day}" for day in known.left_out))


def _people(loaded: Loaded, unit: Unit, seed: int) -> tuple[Finding, Picture | None]:
    import numpy as np

    from onefloor.insight.fair.findings import people_finding
    from onefloor.insight.fair.people import people
    from onefloor.insight.fair.picture import funnel_picture
    from onefloor.insight.units import shown_in

    words = shown_in(loaded.metric)[1]
    found = people(loaded, unit, np.random.default_rng(seed))
    finding = people_finding(found, loaded.metric, words)
    return finding, funnel_picture(found, finding.sentence, words)


def _tell(screen: Screen, comparisons: Sequence[Comparison], told: Sequence[Finding], pictures: Sequence[Path]) -> None:
    """What could be seen at all comes first."""
    from onefloor.insight.fair.sentences import detectable_words, slice_words

    if not screen.json:
        for one in comparisons:
            screen.show(detectable_words(one))
            if (words := slice_words(one)) is not None:
                screen.show(words)
        screen.show(Text("", ""))
    tell(screen, told, pictures)


def _options() -> list[click.Parameter]:
    return [
        floor_argument(),
        Option(
            "--metric",
            text=Text("指标及参数，例如 fcr:within=7d。", "A metric with its parameters, such as fcr:within=7d."),
            required=True,
            metavar="METRIC",
        ),
        Option(
            "--companies",
            "companies_asked",
            text=Text(
                "公司，逗号分隔；第一家为己方，其余逐一与它比较。",
                "Companies with commas; the first is ours, the others are compared with it one by one.",
            ),
            required=True,
            metavar="NAMES",
        ),
        from_option(),
        to_option(),
        Option(
            "--margin",
            text=Text(
                "有意义的差别，单位同指标（个百分点、秒）；应在看数之前约定。",
                "The difference that matters, in the metric's unit (points, seconds), agreed before looking.",
            ),
            type=FiniteRange(0),
            metavar="POINTS",
        ),
        Option(
            "--by",
            text=Text(
                "要调整的维度，逗号分隔；默认 queue、topic、channel、hour、month。",
                "What is held alike, with commas; by default queue, topic, channel, hour and month.",
            ),
            multiple=True,
            metavar="DIMENSIONS",
        ),
        where_option(),
        *_circumstances(),
        *_further(),
        *picture_options("compare"),
    ]


def _circumstances() -> list[click.Parameter]:
    return [
        Option(
            "--defined",
            text=Text(
                "某公司协议中该指标的定义；与己方不同则不可比。可多次给出。",
                "The metric as a company's agreement has it; companies whose definitions differ are not compared. "
                "May be repeated.",
            ),
            multiple=True,
            metavar="COMPANY=METRIC",
        ),
        Option(
            "--by-performance",
            text=Text("按坐席绩效分配话务的队列，不参与比较。", "Queues that are routed by performance; left out."),
            multiple=True,
            metavar="QUEUES",
        ),
        Option(
            "--outage",
            text=Text("故障日，可注明职场。可多次给出。", "A day with an outage; may be repeated."),
            multiple=True,
            metavar="[SITE=]DAY",
        ),
        Option(
            "--leave-out",
            text=Text("剔除的日期。可多次给出。", "A day to leave out. May be repeated."),
            multiple=True,
            metavar="DAY",
        ),
    ]


def _further() -> list[click.Parameter]:
    return [
        Option(
            "--half-hours",
            text=Text("另按同一队列、同一半小时比较。", "Compare inside the same queue and half hour as well."),
            is_flag=True,
        ),
        Option(
            "--fair-slice",
            text=Text(
                "要看出这样的差别，需抽签分配多少话务。",
                "Say how many contacts a lot has to send to both to see this difference.",
            ),
            type=FiniteRange(0, min_open=True),
            metavar="POINTS",
        ),
        Option("--teams", text=Text("另看各班组（漏斗图）。", "Teams as well, in a funnel."), is_flag=True),
        Option("--agents", text=Text("另看各坐席。", "Agents as well."), is_flag=True),
        Option(
            "--seed",
            text=Text("名次区间的随机种子。", "Seed of the rank intervals."),
            type=int,
            default=1,
            metavar="N",
        ),
    ]


COMMANDS = (
    Command(
        "compare",
        Text(
            "公平比较几家公司：同类话务、同等司龄。",
            "Compare companies fairly: on the same work, with the same experience.",
        ),
        compare,
        _options(),
        [
            "onefloor compare myfloor --metric fcr:within=7d --companies own,north --from 2026-07 --to 2026-10",
            "onefloor compare myfloor --metric aht --companies own,north,harbor --margin 5 --teams",
        ],
    ),
)
