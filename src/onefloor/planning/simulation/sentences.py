"""What a simulation found, in words."""

from __future__ import annotations

from math import isfinite

from onefloor.insight.finding import Estimate
from onefloor.language import Text, same
from onefloor.planning.simulation.report import Line
from onefloor.planning.simulation.result import Result

NOTHING = same("–")
HEADS = (
    Text("分类", "by"),
    Text("名称", "name"),
    Text("到达", "offered"),
    Text("接通", "answered"),
    Text("服务水平", "service level"),
    Text("放弃率", "abandoned"),
    Text("平均应答", "speed of answer"),
    Text("占用率", "occupancy"),
)
BY_WORDS = {
    "all": Text("合计", "all"),
    "type": Text("类型", "type"),
    "interval": Text("时段", "interval"),
    "group": Text("坐席组", "group"),
    "company": Text("公司", "company"),
}
OF_ANSWERED = Text(
    "坐席组和公司的服务水平只看其接通的话务：未接通者不属于任何一方。",
    "Service level of a group or company is of what it answered: a contact that nobody answered is nobody's.",
)


NOT_OF_COMPANIES = Text(
    "按类型和时段的数字含所有公司，用 --company 时不列出。",
    "Figures by type and interval are of all companies together: with --company they are not shown.",
)


def summary(found: Result, whole: Line | None) -> Text:
    """The result in a sentence; without the whole, only what was run."""
    noun = "replication" if found.replications == 1 else "replications"
    ran = Text(
        f"模型“{found.model.id}”，模拟{found.replications:,}次",
        f'Model "{found.model.id}", {found.replications:,} {noun}',
    )
    if whole is None or whole.offered is None:
        return Text(f"{ran.zh}。", f"{ran.en}.")
    if whole.service_level is None:
        came, left = whole.offered.value, float(found.count("left").mean())
        return Text(
            f"{ran.zh}：没有可计的话务；每次{came:,.1f}通，其中{left:,.1f}通到最后仍在等待。",
            f"{ran.en}: no contact that counts; {came:,.1f} contacts each, {left:,.1f} of them left waiting.",
        )
    level, lost = percent(whole.service_level), percent(whole.abandonment)
    return Text(
        f"{ran.zh}：服务水平{level.zh}，放弃率{lost.zh}，每次{whole.offered.value:,.0f}通。",
        f"{ran.en}: service level {level.en}, abandoned {lost.en}, {whole.offered.value:,.0f} contacts each.",
    )


def percent(estimate: Estimate | None) -> Text:
    """``81.2% ± 0.4``."""
    if estimate is None:
        return NOTHING
    return same(f"{100 * estimate.value:.1f}%{_half(estimate, 100)}")


def seconds(estimate: Estimate | None) -> Text:
    """``12.3 s ± 0.2``."""
    if estimate is None:
        return NOTHING
    half = _half(estimate, 1)
    return Text(f"{estimate.value:.1f}秒{half}", f"{estimate.value:.1f} s{half}")


def number(estimate: Estimate | None) -> Text:
    """``1,234.5``."""
    return NOTHING if estimate is None else same(f"{estimate.value:,.1f}")


def _half(estimate: Estimate, factor: float) -> str:
    half = factor * (estimate.high - estimate.low) / 2
    return f" ± {half:.1f}" if isfinite(half) else ""


def row(line: Line) -> list[Text]:
    """A line as cells under ``HEADS``."""
    return [
        BY_WORDS[line.by],
        same(line.name),
        number(line.offered),
        number(line.answered),
        percent(line.service_level),
        percent(line.abandonment),
        seconds(line.speed_of_answer),
        percent(line.occupancy),
    ]
