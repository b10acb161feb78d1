"""The words after a figure, and after a difference of two: one place for all parts."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text, same
from onefloor.metrics.metric import Metric, Unit

NONE = same("")
DIFFERENCES: Mapping[Unit, Text] = {
    Unit.PERCENT: Text("个百分点", "points"),
    Unit.MS: Text("秒", "s"),
    Unit.PER_TEN_THOUSAND: Text("次/万次", "per 10,000"),
    Unit.PER_HOUR: Text("次/小时", "per hour"),
    Unit.DAYS: Text("人日", "agent days"),
    Unit.COUNT: Text("次", "a day"),
}
LEVELS: Mapping[Unit, Text] = {Unit.PERCENT: same(" %"), Unit.MS: Text(" 秒", " s")}
AXES: Mapping[Unit, Text] = {**DIFFERENCES, Unit.PERCENT: same("%"), Unit.COUNT: Text("每天", "a day")}


def shown_in(metric: Metric) -> tuple[float, Text]:
    """What a quotient is multiplied by to be shown, and the words after a difference of it.

    >>> from onefloor.metrics.catalogue import metric
    >>> factor, unit = shown_in(metric("complaints_per_10000"))
    >>> factor, unit.zh, unit.en
    (10000.0, '次/万次', 'per 10,000')
    """
    factor = float(metric.scale) / (1000 if metric.unit is Unit.MS else 1)
    return factor, DIFFERENCES[metric.unit]


def level(metric: Metric) -> Text:
    """What stands directly after a figure itself: ``72.4 %``, ``301.5 s``; nothing where its title says it."""
    return LEVELS.get(metric.unit, NONE)


def axis(metric: Metric) -> Text:
    """The words of an axis on which the figure is drawn: its title and its unit."""
    unit = AXES[metric.unit]
    return Text(f"{metric.title.zh}（{unit.zh}）", f"{metric.title.en} ({unit.en})")
