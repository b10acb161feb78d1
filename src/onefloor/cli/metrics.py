"""The command that lists the catalogue of metrics and explains one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from onefloor.cli.bilingual import Argument, Command
from onefloor.cli.output import Screen
from onefloor.language import Text, joined, same

if TYPE_CHECKING:
    from onefloor.metrics.definition import Definition
    from onefloor.metrics.metric import Atom, Metric, Quantile


def metrics(screen: Screen, metric: str | None) -> None:
    """List the metrics, or explain one."""
    if metric is None:
        _list(screen)
    else:
        _explain(screen, metric)


def _list(screen: Screen) -> None:
    from onefloor.metrics.catalogue import families

    found = families()
    if screen.json:
        screen.answer([_summary(one) for family in found.values() for one in family])
        return
    rows = [(one.name, one.title, one.formula) for family in found.values() for one in family]
    screen.table([Text("指标", "metric"), Text("名称", "name"), Text("算法", "formula")], rows)


def _explain(screen: Screen, reference: str) -> None:
    from onefloor.metrics.catalogue import definition, metric
    from onefloor.metrics.definition import split

    found, defined = metric(reference), definition(split(reference)[0])
    if screen.json:
        screen.answer(_details(defined, found))
        return
    screen.table([], [(head, text) for head, text in _described(defined, found) if screen.word(text)])


def _summary(one: Definition) -> dict[str, Any]:
    return {
        "metric": one.name,
        "version": one.version,
        "title": one.title.as_json(),
        "formula": one.formula.as_json(),
        "unit": one.unit.value,
        "better": one.better.value,
        "parameters": {name: parameter.default for name, parameter in one.parameters.items()},
    }


def _details(defined: Definition, found: Metric) -> dict[str, Any]:
    return _summary(defined) | {
        "reference": found.reference,
        "numerator": _side_json(found.numerator),
        "denominator": _side_json(found.denominator),
        "population": defined.population.as_json(),
        "clock": defined.clock.as_json(),
        "parameters": dict(found.parameters),
        "exclusions": [
            {"name": one.name, "where": one.where, "reason": one.reason.as_json()} for one in found.exclusions
        ],
        "scale": found.scale,
        "places": found.places,
        "rounding": found.rounding,
        "minimum_sample": found.minimum_sample,
        "final_after_ms": found.final_after_ms,
        "source": found.source,
    }


def _side_json(side: Atom | Quantile | None) -> dict[str, Any] | None:
    from onefloor.metrics.metric import Quantile

    if side is None:
        return None
    if isinstance(side, Quantile):
        return {"table": side.table, "where": side.where, "column": side.column, "percent": side.percent}
    return side.as_json()


def _described(defined: Definition, found: Metric) -> list[tuple[Text, Text]]:
    """Everything a contract has to pin down about a metric, one line a point."""
    parameters = [
        Text(
            f"{name}={found.parameters[name]}：{one.meaning.zh}（{one.possible.zh}）",
            f"{name}={found.parameters[name]}: {one.meaning.en} ({one.possible.en})",
        )
        for name, one in defined.parameters.items()
    ]
    left_out = [Text(f"{one.reason.zh}：{one.where}", f"{one.reason.en}: {one.where}") for one in found.exclusions]
    return [
        (Text("指标", "metric"), same(found.reference)),
        (Text("名称", "name"), defined.title),
        (Text("算法", "formula"), defined.formula),
        (Text("分子", "numerator"), _side(found.numerator)),
        (Text("分母", "denominator"), _side(found.denominator)),
        (Text("对象", "population"), defined.population),
        (Text("计时", "clock"), defined.clock),
        (Text("剔除", "left out"), joined(left_out, zh="\n", en="\n")),
        (Text("参数", "parameters"), joined(parameters, zh="\n", en="\n")),
        (Text("单位", "unit"), UNITS[found.unit]),
        (Text("更好", "better"), BETTER[found.better]),
        (Text("最小样本", "minimum sample"), same(str(found.minimum_sample))),
        (Text("定稿", "final"), _final(found.final_after_ms)),
        (Text("说明", "note"), defined.notes or same("")),
        (Text("来源", "source"), same(found.source)),
    ]


def _side(side: Atom | Quantile | None) -> Text:
    from onefloor.metrics.metric import Quantile

    if side is None:
        return Text("无（直接计数）", "none: a plain count")
    if isinstance(side, Quantile):
        return Text(
            f"{side.table} 中 {side.column} 的 {side.percent}% 分位：{side.where}",
            f"the {side.percent} % quantile of {side.column} in {side.table}: {side.where}",
        )
    counted = Text(f"{side.sum} 之和", f"sum of {side.sum}") if side.sum else Text("行数", "rows")
    where = Text(f"：{side.where}", f": {side.where}") if side.where else same("")
    return Text(f"{side.table} 的{counted.zh}{where.zh}", f"{counted.en} of {side.table}{where.en}")


def _final(after_ms: int) -> Text:
    if not after_ms:
        return Text("事实超出其账期后", "once the facts reach beyond its month")
    from onefloor.metrics.definition import written

    return Text(f"{written(after_ms)}之后", f"after {written(after_ms)}")


UNITS = {
    "percent": Text("百分比", "percent"),
    "ms": Text("毫秒", "milliseconds"),
    "per_ten_thousand": Text("每万次", "per 10,000"),
    "per_hour": Text("每小时", "per hour"),
    "count": Text("个数", "count"),
    "days": Text("天", "days"),
}
BETTER = {
    "higher": Text("越高越好", "higher"),
    "lower": Text("越低越好", "lower"),
    "within": Text("落在约定范围内", "within a band"),
}

COMMANDS = (
    Command(
        "metrics",
        Text(
            "列出全部指标；给出一个指标时说明其口径。",
            "List the metrics, or explain one: formula, population, clock, source.",
        ),
        metrics,
        [
            Argument(
                "metric",
                text=Text(
                    "指标及参数，例如 service_level:formula=F4,within=20s。",
                    "A metric with its parameters, such as service_level:formula=F4,within=20s.",
                ),
                required=False,
            ),
        ],
        ["onefloor metrics", "onefloor metrics fcr:within=7d"],
    ),
)
