"""What each design is, and what has to be believed for it, in words."""

from __future__ import annotations

from collections.abc import Mapping

from onefloor.language import Text

DESIGNS: Mapping[str, Text] = {
    "lot": Text(
        "抽签比较：抽中与未抽中、按之前的指标比较；误差按坐席（或班组）计。",
        "Drawn by lot: drawn against not drawn, given the figures before; errors by agent (or team).",
    ),
    "wedge": Text(
        "抽签分批：每批与尚未轮到的比较，按之前的指标；误差按坐席（或班组）计。",
        "Stepped wedge by lot: each wave against those whose turn has not come, given the figures before; "
        "errors by agent.",
    ),
    "history": Text(
        "按选人所看的指标比较：每批与当时未被选、过去指标相同的比较；误差按坐席计。",
        "Compared on the picking history: each wave against those not picked by then with the same figures before; "
        "errors by agent.",
    ),
    "staggered": Text(
        "分批双重差分（Callaway-Sant'Anna）：每批的变化减去尚未开始者的变化。",
        "Staggered difference-in-differences (Callaway and Sant'Anna): each wave's change less that of the not "
        "yet started.",
    ),
    "threshold": Text(
        "断点回归：只说明界线附近的人。", "Regression discontinuity: it speaks of people near the cut only."
    ),
    "synthetic": Text(
        "合成对照：与其他班组（或职场）的加权组合比较；误差来自逐一假设其他各组为对象的排位。",
        "Synthetic difference-in-differences: against a mixture of other teams; the error from pretending that each of "
        "the others was the one.",
    ),
    "series_control": Text(
        "中断时间序列减去对照序列；相邻周期的误差相关。",
        "Interrupted series less a control series; errors of neighbouring periods are related.",
    ),
    "series_alone": Text(
        "中断时间序列，没有对照；相邻周期的误差相关。",
        "Interrupted series without control; errors of neighbouring periods are related.",
    ),
    "series_counts": Text(
        "稀少事件的计数序列（泊松），没有对照。", "Interrupted series of rare events (Poisson) without control."
    ),
}
ASSUMED: Mapping[str, Text] = {
    "lot": Text("抽签照办，没有换人。", "The lot was kept to; nobody was exchanged."),
    "wedge": Text("批次按抽签执行，没有换人。", "The order drawn was kept to; nobody was exchanged."),
    "history": Text(
        "选人只看所登记的指标，没有别的理由。", "They were picked by the recorded figures alone, for no other reason."
    ),
    "staggered": Text(
        "没有这项行动，两边会同样变化；开始时间与指标无关。",
        "Without it both sides would have moved alike; the dates had nothing to do with the figure.",
    ),
    "threshold": Text("没有人把自己的指标挪到界线另一边。", "Nobody moved his figure across the cut."),
    "synthetic": Text(
        "没有这项行动，它会像这一组合那样变化；选它与指标无关。",
        "Without it the team would have moved as the mixture did; it was not picked for its figure.",
    ),
    "series_control": Text(
        "没有别的事情在同一时间只影响其中一方。", "Nothing else touched only one of the two at the same time."
    ),
    "series_alone": Text(
        "同一时间没有发生别的事情，季节也没有变化。", "Nothing else happened at the time, and the season did not turn."
    ),
    "series_counts": Text(
        "同一时间没有发生别的事情，季节也没有变化。", "Nothing else happened at the time, and the season did not turn."
    ),
}
WARNINGS: Mapping[str, Text] = {
    "alone": Text(
        "注意：没有对照序列。同期发生的任何事情都会算作它的作用；请登记一个未受影响的公司或队列作为对照。",
        "Warning: no control series. Whatever else happened then counts as its effect; record a company or queue it "
        "cannot have touched as control.",
    ),
}
