"""``onefloor explain``: why a figure moved between two periods, and where."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from onefloor.cli.bilingual import FILE, Command, Option, floor_argument
from onefloor.cli.insight.answering import drawn, opened, picture_options, tell, without_repeats
from onefloor.cli.measuring import filters
from onefloor.cli.output import Screen
from onefloor.language import Text
from onefloor.periods import Month, Period, months_of


def explain(
    screen: Screen, floor: Path, metric: str, month: str, against: str | None, by: Sequence[str],
    among: Sequence[str], depth: int, where: Sequence[str], events: Path | None, picture: Path,
    draw: bool,  # noqa: FBT001  Click's signature
) -> None:  # fmt: skip
    """Where a change lies."""
    from onefloor.insight.causes.events import read_events
    from onefloor.insight.causes.explaining import Question
    from onefloor.insight.causes.explaining import explain as explained
    from onefloor.insight.causes.findings import finding
    from onefloor.insight.causes.picture import picture as drawing

    later = months_of(month)
    earlier = months_of(against) if against else [one.shifted(-len(later)) for one in later]
    happened = tuple(read_events(events)) if events else ()
    asked = Question(
        metric=metric.strip(),
        before=_days(earlier),
        after=_days(later),
        by=without_repeats(by),
        among=without_repeats(among),
        depth=depth,
        where=filters(where),
        events=happened,
    )
    ready = opened(screen, floor)
    answer = explained(ready.prepared, asked, engine=ready.engine, cubes=ready.cubes)
    tell(screen, [finding(answer)], drawn(screen, drawing(answer), picture, wanted=draw))


def _days(months: Sequence[Month]) -> Period:
    return Period(months[0].days.start, months[-1].days.end)


COMMANDS = (
    Command(
        "explain",
        Text(
            "指标为何变化：在哪里，哪些只是构成。",
            "Why a figure moved between two months: where, and what is mix.",
        ),
        explain,
        [
            floor_argument(),
            Option(
                "--metric",
                text=Text("指标及其参数。", "A metric with its parameters."),
                required=True,
                metavar="METRIC",
            ),
            Option(
                "--month",
                text=Text("要解释的账期，例如 2026-10。", "The month to explain, such as 2026-10, or several."),
                required=True,
                metavar="MONTHS",
            ),
            Option(
                "--against",
                text=Text("与哪个账期相比；默认为此前的。", "What it is compared with; by default what came before."),
                metavar="MONTHS",
            ),
            Option(
                "--by",
                text=Text("按什么区分构成；默认 company,queue。", "Whose mix is told apart: company,queue."),
                multiple=True,
                metavar="DIMENSIONS",
            ),
            Option(
                "--among",
                text=Text(
                    "在哪些维度中查找；默认为公司、职场、班组、司龄、队列、业务类型、小时中指标所有的；等待类指标不查班组和司龄。",
                    "Where to look; by default company, site, team, tenure, queue, topic and hour, as the metric has "
                    "them (waits: not among teams).",
                ),
                multiple=True,
                metavar="DIMENSIONS",
            ),
            Option(
                "--depth",
                text=Text("一个部分至多几个条件。", "How many conditions a segment may have."),
                type=click.IntRange(1, 3),
                default=2,
                metavar="NUMBER",
            ),
            Option(
                "--where",
                text=Text("筛选条件，例如 company=North；可重复。", "A filter such as company=North; may be repeated."),
                multiple=True,
                metavar="DIMENSION=NAME",
            ),
            Option(
                "--events",
                text=Text(
                    "注明日期的事件（CSV 或 YAML，含 date 和 what）；列为“同一时期”。",
                    "Dated events (CSV or YAML with date and what), told as at the same time.",
                ),
                type=FILE,
                metavar="FILE",
            ),
            *picture_options("explain"),
        ],
        examples=(
            "onefloor explain myfloor --metric service_level --month 2026-10 --against 2026-09",
            "onefloor explain myfloor --metric fcr:within=7d --month 2026-09 --events events.csv",
            "onefloor explain myfloor --metric aht --month 2026-10 --where company=North --among team,tenure,topic",
        ),
    ),
)
