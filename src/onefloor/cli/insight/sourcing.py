"""``onefloor sourcing``: what a resolved contact costs with own staff, dispatched staff, a vendor, or a mix."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from onefloor.cli.bilingual import FILE, Argument, BadUsage, Command, Option
from onefloor.cli.insight.answering import drawn, from_option, opened, picture_options, span, tell, to_option
from onefloor.cli.measuring import filters, where_option
from onefloor.cli.output import Screen
from onefloor.language import Text, same

AS_DELIVERED = "as_delivered"  # a resolved contact costs what it costs with the people there are

if TYPE_CHECKING:
    from onefloor.insight.sourcing.comparing import Compared, Decision
    from onefloor.insight.sourcing.terms import Sourcing


def sourcing(
    screen: Screen,
    file: Path,
    months: int,
    seed: int,
    draws: int,
    only: str | None,
    floor: Path | None,
    first: str | None,
    last: str | None,
    where: Sequence[str],
    resolution: str,
    picture: Path,
    draw: bool,  # noqa: FBT001  Click's signature
) -> None:
    """Compare the options of a sourcing file."""
    import numpy as np

    from onefloor.insight.sourcing import sentences
    from onefloor.insight.sourcing.comparing import decide
    from onefloor.insight.sourcing.picture import picture as comparison_picture
    from onefloor.insight.sourcing.reading import read_sourcing

    decided = read_sourcing(file)
    if floor is not None:
        decided = _measured(screen, decided, floor, (first, last), where, resolution)
    decision = decide(decided, months, np.random.default_rng(seed), draws)
    chosen = _chosen(decision, only)
    first_drawn = next((found for one in chosen if (found := comparison_picture(decision, one))), None)
    saved = drawn(screen, first_drawn, picture, wanted=draw)
    tell(screen, [sentences.finding(decision, one) for one in chosen], saved)
    if not screen.json:
        _tables(screen, decision, chosen)


def _chosen(decision: Decision, only: str | None) -> list[Compared]:
    """The comparisons that are told: all, or the one that was asked for."""
    names = [one.there.name for one in decision.compared]
    if only is not None and only not in names:
        listed = "、".join(names), ", ".join(names)
        raise BadUsage(
            Text(
                f"没有可与对照方案比较的方案“{only}”。", f'There is no option "{only}" to compare with the reference.'
            ),
            remedy=Text(f"可用：{listed[0]}。", f"Use one of {listed[1]}."),
        )
    return [one for one in decision.compared if only in (None, one.there.name)]


def _measured(
    screen: Screen,
    decided: Sourcing,
    floor: Path,
    ends: tuple[str | None, str | None],
    where: Sequence[str],
    resolution: str,
) -> Sourcing:
    """The decision with figures of a floor, differences between companies from a fair comparison."""
    from onefloor.cli.insight.answering import companies
    from onefloor.insight.fair.asked import Asked
    from onefloor.insight.fair.comparing import compare
    from onefloor.insight.sourcing.from_floor import Answer, Source, with_floor

    found = opened(screen, floor)
    months, wanted = span(found.prepared, *ends), filters(where)
    companies(found.prepared, [option.company for option in decided.options if option.company])

    def difference(metric: str, ours: str, theirs: str) -> Answer:
        asked = Asked(found.prepared, metric, (ours, theirs), wanted, months, found.engine, cubes=found.cubes)
        comparison = compare(asked)[0]
        line = next(line for line in comparison.lines if line.kind == AS_DELIVERED)
        reasons = tuple(refusal.words for refusal in line.refusals)
        scale = 1.0 if metric == "aht" else 0.01
        return Answer(line.estimate.times(scale) if line.estimate else None, reasons)

    source = Source(found.prepared, months, resolution, difference, wanted, found.engine, found.cubes)
    return with_floor(decided, source)


def _tables(screen: Screen, decision: Decision, chosen: list[Compared]) -> None:
    """What stands behind the findings, for people."""
    from onefloor.insight.sourcing import tables

    for heads, rows in (tables.options(decision), tables.costs(decision)):
        screen.show(same(""))
        screen.table(heads, rows, right=range(1, len(heads)))
    for one in chosen:
        for heads, rows in (tables.bars(one, decision), tables.closings(one)):
            if rows:
                screen.show(Text(f"\n{one.there.title.zh}", f"\n{one.there.title.en}"))
                screen.table(heads, rows, right=range(1, len(heads)))
    screen.show(same(""))
    screen.show(tables.best(decision))


COMMANDS = (
    Command(
        "sourcing",
        Text(
            "自有、派遣、外包或组合：每件已解决诉求的全部成本。",
            "What a resolved contact costs with own staff, dispatched staff, a vendor, or a mix of them.",
        ),
        sourcing,
        [
            Argument("file", text=Text("成本文件。", "The file of options and costs."), type=FILE),
            Option(
                "--months",
                text=Text("比较多少个月，自文件中的首月起。", "How many months are looked at, from the file's first."),
                type=click.IntRange(1, 240),
                default=24,
                metavar="N",
            ),
            Option(
                "--option",
                "only",
                text=Text("只看这一个方案或组合。", "Only this option or mix."),
                metavar="ID",
            ),
            Option(
                "--floor",
                text=Text(
                    "从该现场取处理时长、解决率、占用率、利用率和流失率；公司之间的差别按同类话务比较。",
                    "A floor to take handling time, resolution, occupancy, utilisation and attrition from; differences "
                    "between companies are those on the same work.",
                ),
                type=FILE,
                metavar="FOLDER",
            ),
            from_option(),
            to_option(),
            where_option(),
            Option(
                "--resolution",
                text=Text("用哪个指标代表已解决。", "The metric of resolved contacts."),
                default="fcr:within=7d",
                metavar="METRIC",
            ),
            Option(
                "--draws",
                text=Text("模拟次数。", "How many states of the world are drawn."),
                type=click.IntRange(100, 200_000),
                default=10_000,
                metavar="N",
            ),
            Option(
                "--seed",
                text=Text("模拟的随机种子。", "Seed of the draws."),
                type=click.IntRange(0),
                default=1,
                metavar="N",
            ),
            *picture_options("sourcing"),
        ],
        [
            "onefloor sourcing sourcing.yaml --months 24",
            "onefloor sourcing sourcing.yaml --option north --floor myfloor --from 2026-07 --to 2026-10",
        ],
    ),
)
