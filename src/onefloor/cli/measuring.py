"""Commands that answer with figures and with the rows behind them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from onefloor.cli.bilingual import Argument, BadUsage, Command, Option, floor_argument
from onefloor.cli.output import MEASURING_TABLES, Screen, local_second
from onefloor.floor import Floor, open_floor
from onefloor.language import Text, same
from onefloor.periods import Month, months_of

if TYPE_CHECKING:
    from onefloor.findings import Figure
    from onefloor.metrics.measure import Measurement
    from onefloor.metrics.metric import Metric
    from onefloor.metrics.prepared import Prepared
    from onefloor.metrics.rows import Listed, Side

FORMATS = ("table", "json", "csv")
NOBODY = "-"
ALL = 2**62
NAMED = ("agent", "company", "team", "queue", "topic", "channel")
SHARED = frozenset((
    "row_id", "start_ms", "amount", "agent", "company", "employment", "site", "team", "tenure", "queue", "skill",
    "topic", "channel", "day", "month", "week", "weekday", "hour", "interval", "source", "file", "line",
    "nth_in_month", "nth_ppm", "interval_ppm",
))  # fmt: skip
NOBODYS = Text(
    "- 不属于任何公司：没有坐席接听，队列也没有指定给哪家公司。",
    "- nobody's: no agent took it, and its queue is not dedicated to a company.",
)
PROVISIONAL = Text(
    "* 暂定：之后到达的数据仍可能改变该值。", "* provisional: facts that arrive later may still change it."
)


def measure(
    screen: Screen,
    floor: Path,
    by: Sequence[str],
    metric: Sequence[str],
    where: Sequence[str],
    months: str | None,
    output: str,
) -> None:
    """Figures of metrics by any dimensions."""
    from onefloor.metrics.cubes import current_cubes
    from onefloor.metrics.engines import engine_of
    from onefloor.metrics.measure import as_json
    from onefloor.metrics.measure import measure as measured
    from onefloor.metrics.prepare import prepare

    opened, wanted, span = open_floor(floor), filters(where), months_asked(months)
    with screen.progress(MEASURING_TABLES) as progress:
        prepared = prepare(opened, progress=progress)
    engine, cubes = engine_of(opened), current_cubes(opened, prepared)
    found = measured(prepared, list(metric), _dimensions(by), wanted, span, engine=engine, cubes=cubes)
    match "json" if screen.json else output:
        case "json":
            screen.answer(as_json(found))
        case "csv":
            screen.csv([*found.keys, *FIGURE_HEADS], _csv_rows(found))
        case _:
            _show_figures(screen, found)
            _remarks(screen, floor, found)


def filters(texts: Sequence[str]) -> dict[str, list[str]]:
    """``queue=water`` filters by dimension; several of one dimension mean any of them.

    >>> filters(["queue=water,tax", "queue=english", 'team="A, early"'])
    {'queue': ['water', 'tax', 'english'], 'team': ['A, early']}
    """
    found: dict[str, list[str]] = {}
    for text in texts:
        dimension, equals, names = text.partition("=")
        if not equals or not dimension:
            raise BadUsage(
                Text(f"无法识别条件“{text}”。", f'The filter "{text}" cannot be read.'),
                remedy=Text("请写成 queue=water。", "Write it as queue=water."),
            )
        listed = next(csv.reader([names], skipinitialspace=True), [""])
        found.setdefault(dimension.strip(), []).extend(name.strip() for name in listed)
    return found


def months_asked(text: str | None) -> list[Month] | None:
    """The months of ``--months``; None for all."""
    return None if text is None else months_of(text)


def value_text(metric: Metric, value: Decimal | None) -> str:
    """A value with its unit, times in seconds or hours; a dash where there is none."""
    if value is None:
        return NOBODY
    match metric.unit.value:
        case "percent":
            return f"{value}%"
        case "ms" if metric.denominator is None and metric.additive:  # a quantity of time, not a wait
            return f"{value / 3_600_000:,.2f} h"
        case "ms":
            return f"{value / 1_000:,.1f} s"
    return f"{value:,}"


def _dimensions(by: Sequence[str]) -> list[str]:
    """``--by company,month`` as names; the option may also be repeated."""
    return [name.strip() for text in by for name in text.split(",") if name.strip()]


FIGURE_HEADS = ("metric", "numerator", "denominator", "value", "version", "provisional")


def _csv_rows(found: Measurement) -> list[list[object]]:
    from onefloor.metrics.measure import figure_json

    rows: list[list[object]] = []
    for row in found.rows:
        for reference, figure in row.figures.items():
            data = figure_json(found.metrics[reference], figure) | {"provisional": str(figure.provisional).lower()}
            rows.append(
                [*(row.key[name] for name in found.keys), reference, *(data[name] for name in FIGURE_HEADS[1:])]
            )
    return rows


def _show_figures(screen: Screen, found: Measurement) -> None:
    heads: list[Text] = [_dimension(name) for name in found.keys]
    for reference, metric in found.metrics.items():
        heads += [_head(reference, metric), same("n")]
    rows = []
    for row in found.rows:
        cells: list[object] = [NOBODY if row.key[name] is None else str(row.key[name]) for name in found.keys]
        for reference, figure in row.figures.items():
            metric = found.metrics[reference]
            star = "*" if figure.provisional else ""
            cells += [value_text(metric, metric.value(figure)) + star, _sample(metric, figure)]
        rows.append(cells)
    screen.table(heads, rows, right=range(len(found.keys), len(heads)))


def _sample(metric: Metric, figure: Figure) -> Text | str:
    """Out of how many a figure is; a dash for a wait and a sum of time, which do not say it."""
    from onefloor.agreements.rendering.formats import sample_words
    from onefloor.metrics.metric import Atom

    if metric.denominator:
        return sample_words(metric, figure.denominator)
    counts_rows = isinstance(metric.numerator, Atom) and metric.numerator.sum is None
    return sample_words(metric, figure.numerator) if counts_rows else NOBODY


def _remarks(screen: Screen, floor: Path, found: Measurement) -> None:
    """What a reader of the table should know."""
    if not found.rows:
        screen.say(
            Text(
                f"没有符合条件的数据。现场有哪些账期：onefloor status {floor}",
                f"There are no such facts. To see what the floor holds: onefloor status {floor}",
            )
        )
    if any(row.key.get("company", "") is None for row in found.rows):
        screen.say(NOBODYS)
    if any(figure.provisional for row in found.rows for figure in row.figures.values()):
        screen.say(PROVISIONAL)
    if found.removed:
        screen.say(found.removed.words)


def _head(reference: str, metric: Metric) -> Text:
    """A metric's title, with the parameters that were asked for."""
    _, colon, asked = reference.partition(":")
    return Text(f"{metric.title.zh}（{asked}）", f"{metric.title.en} ({asked})") if colon else metric.title


def _dimension(name: str) -> Text:
    from onefloor.metrics.tables import TITLES

    return TITLES.get(name, same(name))


def rows(
    screen: Screen,
    floor: Path,
    metric: str,
    side: Side,
    where: Sequence[str],
    months: str | None,
    limit: int,
    output: str,
) -> None:
    """The rows behind a figure."""
    from onefloor.metrics.engines import engine_of
    from onefloor.metrics.prepare import prepare
    from onefloor.metrics.rows import rows as rows_of

    opened, wanted, span = open_floor(floor), filters(where), months_asked(months)
    with screen.progress(MEASURING_TABLES) as progress:
        prepared = prepare(opened, progress=progress)
    found = rows_of(prepared, opened, metric, side, wanted, span, limit or ALL, engine=engine_of(opened))
    match "json" if screen.json else output:
        case "json":
            screen.answer(_rows_json(prepared, found))
        case "csv":
            if found.rows:
                screen.csv(list(found.rows[0]), (row.values() for row in found.rows))
        case _:
            _show_rows(screen, opened, found)


def _rows_json(prepared: Prepared, found: Listed) -> dict[str, Any]:
    return {
        "data_version": prepared.data_version,
        "metric": found.metric.reference,
        "side": found.side,
        "count": found.count,
        "amount": found.amount,
        "rows": [row | {"row_id": str(row["row_id"])} for row in found.rows],  # beyond what JSON readers hold exactly
    }


def _show_rows(screen: Screen, floor: Floor, found: Listed) -> None:
    """Time, place, what was counted, and the source line; the columns that say nothing are left out."""
    if not found.rows:
        screen.show(Text("没有这样的行。", "There are no such rows."))
        return
    named = [name for name in NAMED if any(row.get(name) is not None for row in found.rows)]
    # What a row says of itself: between the dimensions, which all tables share, and where it came from.
    own = [name for name in found.rows[0] if name not in SHARED and _says_something(name, found.rows)]
    heads = [Text("时间", "time"), *map(_dimension, named), *map(_column, own), Text("源文件行", "source line")]
    shown = [
        [
            local_second(floor, row["start_ms"]),
            *(NOBODY if row[name] is None else row[name] for name in named),
            *(_cell(name, row[name]) for name in own),
            f"{row['file']}:{row['line']}" if row.get("file") else NOBODY,
        ]
        for row in found.rows
    ]
    screen.table(heads, shown)
    screen.say(
        Text(
            f"共 {found.count:,} 行，显示 {len(found.rows):,} 行；合计 {found.amount:,}。",
            f"{len(found.rows):,} of {found.count:,} rows; all of them add up to {found.amount:,}.",
        )
    )


def _column(name: str) -> Text:
    """What a column of a measuring table is called within a table head."""
    from onefloor.agreements.rendering.conditions import title

    return title(name)


def _says_something(name: str, listed: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a column holds anything; a yes or no that is the same in every row says nothing."""
    values = {row[name] for row in listed}
    return len(values) > 1 if values <= {True, False, None} else bool(values - {None, 0, ""})


def _cell(name: str, value: Any) -> object:
    if value is None:
        return NOBODY
    if isinstance(value, bool):
        return Text("是", "yes") if value else Text("否", "no")
    return f"{value / 1_000:,.1f} s" if name.endswith("_ms") else value


def where_option() -> Option:
    """``--where dimension=name``, repeatable."""
    text = Text(
        "条件，例如 queue=water 或 queue=water,tax；可多次给出，同一维度为“或”，不同维度为“且”。",
        "A filter such as queue=water or queue=water,tax; may be repeated: any of one dimension, all dimensions.",
    )
    return Option("--where", text=text, multiple=True, metavar="DIMENSION=NAME")


def months_option(text: Text | None = None) -> Option:
    """``--month`` and ``--months``: the same option under both names."""
    return Option(
        "--months",
        "--month",
        "months",
        text=text
        or Text("账期：2026-11 或 2026-01..2026-11；默认全部。", "2026-11 or 2026-01..2026-11; all by default."),
        metavar="MONTHS",
    )


def format_option() -> Option:
    """``--format table|json|csv``."""
    return Option(
        "--format",
        "output",
        text=Text("输出形式：table（默认）、json、csv。", "How to answer: table (default), json or csv."),
        type=click.Choice(FORMATS),
        default="table",
        metavar="FORMAT",
    )


COMMANDS = (
    Command(
        "measure",
        Text("计算指标，可按任意维度分组。", "Figures of metrics, by any dimensions."),
        measure,
        [
            floor_argument(),
            Option(
                "--metric",
                text=Text(
                    "指标及参数，可多次给出；onefloor metrics 列出全部。",
                    "A metric with its parameters; may be repeated. onefloor metrics lists them.",
                ),
                multiple=True,
                required=True,
                metavar="METRIC",
            ),
            Option(
                "--by",
                text=Text(
                    "分组维度，逗号分隔：company、employment、site、team、agent、tenure、queue、skill、topic、channel、"
                    "interval、hour、weekday、day、week、month。",
                    "Dimensions to group by, with commas: company, employment, site, team, agent, tenure, queue, "
                    "skill, topic, channel, interval, hour, weekday, day, week, month.",
                ),
                multiple=True,
                metavar="DIMENSIONS",
            ),
            where_option(),
            months_option(),
            format_option(),
        ],
        [
            "onefloor measure myfloor --by company,month --metric service_level --metric abandonment",
            "onefloor measure myfloor --by team --metric service_level:formula=F4,within=20s --where queue=water",
        ],
    ),
    Command(
        "rows",
        Text("查看数字背后的明细行。", "The rows behind a figure."),
        rows,
        [
            floor_argument(),
            Argument("metric", text=Text("指标及参数。", "A metric with its parameters.")),
            Option(
                "--side",
                text=Text(
                    "哪些行：numerator 分子、denominator 分母（默认）、excluded 剔除。",
                    "Which rows: numerator, denominator (default) or excluded.",
                ),
                type=click.Choice(["numerator", "denominator", "excluded"]),
                default="denominator",
                metavar="SIDE",
            ),
            where_option(),
            months_option(),
            Option(
                "--limit",
                text=Text("最多多少行，0 为全部；默认 100。", "At most so many rows, 0 for all; 100 by default."),
                type=click.IntRange(0),
                default=100,
                metavar="N",
            ),
            format_option(),
        ],
        ["onefloor rows myfloor service_level --side numerator --where queue=water"],
    ),
)
