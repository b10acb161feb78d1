"""What is said of staying and leaving, in both languages."""

from __future__ import annotations

from onefloor.insight.attrition.leavers import Leavers
from onefloor.insight.attrition.pace import Pace
from onefloor.insight.attrition.staying import FEWEST_LEAVERS, Cohort
from onefloor.insight.finding import Estimate, Verdict
from onefloor.insight.numbers import number
from onefloor.language import Text, joined, same

CHANGES = 0.05
EMPLOYMENTS = {
    "own": Text("自有员工", "own staff"),
    "dispatched": Text("劳务派遣", "dispatched"),
    "outsourced": Text("外包", "outsourced"),
}
NO_TRAINING = Text("培训类别不详", "training not known")
DELAYED = Text(
    "记录开始前入职的人，从记录开始那天的司龄起才计入在险人数。",
    "People hired before the records begin count from the tenure they then had, not from their first day.",
)
ONE_PACE = Text(
    "同一人群、同一司龄段的人离开的快慢相同，今后与记录期内相同。",
    "People of one cohort and tenure leave at one pace, in the days ahead as in the records.",
)


def name(key: tuple[str, ...], by: tuple[str, ...]) -> Text:
    """A cohort's name."""
    return joined([_part(value, kind) for value, kind in zip(key, by, strict=True)], zh="·", en=", ")


def _part(value: str, kind: str) -> Text:
    if kind == "employment":
        return EMPLOYMENTS.get(value, same(value))
    return same(value) if value else NO_TRAINING


def about_staying(who: Text, horizon: int) -> Text:
    """What a finding on staying is about."""
    return Text(f"{who.zh}：入职 {horizon} 天后是否留任", f"{who.en}: still there {horizon} days after hiring")


def about_leavers(who: Text, days: int) -> Text:
    """What a forecast of leavers is about."""
    return Text(f"{who.zh}：今后 {days} 天的离职人数", f"{who.en}: leavers of the next {days} days")


def stays(who: Text, held: Estimate, horizon: int, since: float) -> Text:
    """How many of a hundred are still there."""
    value, low, high = (f"{100 * part:.0f}" for part in (held.value, held.low, held.high))
    if since > 0:
        return Text(
            f"{who.zh}：做满 {since:.0f} 天的每 100 人中，到第 {horizon} 天还在的约 {value} 人（{low}–{high}）。",
            f"{who.en}: of 100 people who reached day {since:.0f}, about {value} are there on day {horizon} "
            f"({low} to {high}).",
        )
    return Text(
        f"{who.zh}：每入职 100 人，{horizon} 天后还在的约 {value} 人（{low}–{high}）。",
        f"{who.en}: of 100 people hired, about {value} are still there after {horizon} days ({low} to {high}).",
    )


def against_others(verdict: Verdict, apart: Estimate) -> Text:
    """The cohort beside all others."""
    points = f"{number(100 * abs(apart.value))}"
    interval = Text(
        f"（{number(100 * apart.low)} 至 {number(100 * apart.high)} 个百分点）",
        f"({number(100 * apart.low)} to {number(100 * apart.high)} points)",
    )
    said = {
        Verdict.WORSE: Text(f"比其余人群少留 {points} 个百分点", f"{points} points fewer than of the others stay"),
        Verdict.BETTER: Text(f"比其余人群多留 {points} 个百分点", f"{points} points more than of the others stay"),
        Verdict.NO_DIFFERENCE: Text(
            "与其余人群没有值得在意的差别", "there is no difference from the others that matters"
        ),
        Verdict.CANNOT_TELL: Text("与其余人群是否不同，无法判断", "whether the others differ cannot be told"),
    }[verdict]
    return Text(f"{said.zh}{interval.zh}。", f"{said.en[0].upper()}{said.en[1:]} {interval.en}.")


def pace(found: Pace) -> Text:
    """How fast the cohort leaves beside the others, and whether that holds at every tenure."""
    ratio = found.ratio
    value, low, high = (number(part) for part in (ratio.value, ratio.low, ratio.high))
    told = Text(
        f"同一司龄上离开的快慢是其余人群的 {value} 倍（{low} 至 {high}）",
        f"At equal tenure they leave {value} times as fast as the others ({low} to {high})",
    )
    if found.changes >= CHANGES:
        return Text(f"{told.zh}。", f"{told.en}.")
    return Text(
        f"{told.zh}；这只是平均，倍数随司龄变化（p = {found.changes:.2g}）。",
        f"{told.en}, on average: the ratio changes with tenure (p = {found.changes:.2g}).",
    )


def too_few(who: Text, cohort: Cohort, horizon: int) -> tuple[Text, Text]:
    """The sentence and the reason of a cohort of which too little is seen."""
    sentence = Text(
        f"{who.zh}：还说不出入职 {horizon} 天后有多少人留任。",
        f"{who.en}: how many stay {horizon} days cannot be told yet.",
    )
    if cohort.leavers < FEWEST_LEAVERS:
        return sentence, Text(
            f"记录期内只有 {cohort.leavers} 人离开，少于 {FEWEST_LEAVERS} 人；请并入更大的人群，或等记录更长。",
            f"Only {cohort.leavers} left within the records, fewer than {FEWEST_LEAVERS}: take larger cohorts, or wait "
            "for longer records.",
        )
    if cohort.stretch is None:
        return sentence, Text(
            "任何司龄上都不足 10 人在观察之中；请并入更大的人群。",
            "At no tenure were 10 people watched: take larger cohorts.",
        )
    first, last = cohort.stretch
    return sentence, Text(
        f"只有在第 {first:.0f} 至 {last:.0f} 天之间才有至少 10 人在观察之中；请换一个天数，或并入更大的人群。",
        f"At least 10 people were watched from day {first:.0f} to day {last:.0f} only: ask for another day, or take "
        "larger cohorts.",
    )


def alone() -> Text:
    """Why there is no comparison."""
    return Text("只有一个人群，没有可比的其余人群。", "There is one cohort only: nobody to compare it with.")


def without_others() -> Text:
    """Why a share stands without a comparison."""
    return Text("其余人群看到的太少，无从比较。", "Too little is seen of the others to compare.")


def will_leave(who: Text, one: Leavers, days: int, verdict: Verdict) -> Text:
    """The forecast of one cohort; and, where people lately left otherwise than expected, that they did."""
    held = one.expected
    value, low, high = number(held.value), f"{held.low:.0f}", f"{held.high:.0f}"
    told = Text(
        f"{who.zh}现有 {one.heads} 人，今后 {days} 天预计离开 {value} 人（{low}–{high}）",
        f"{who.en}: of {one.heads} people about {value} will leave in the next {days} days ({low} to {high})",
    )
    if one.noticed:
        told = Text(
            f"{told.zh}，其中 {one.noticed} 人已定离职日", f"{told.en}, {one.noticed} of whom have given notice"
        )
    told = Text(f"{told.zh}。", f"{told.en}.")
    if verdict is not Verdict.SIGNAL:
        return told
    more = one.lately > one.lately_expected
    expected = number(one.lately_expected)
    return told + Text(
        f"但最近 {days} 天离开了 {one.lately} 人，{'多' if more else '少'}于按司龄预计的 {expected} 人："
        "先弄清原因，再用此预测。",
        f"But {one.lately} left in the last {days} days, {'more' if more else 'fewer'} than the {expected} expected of "
        "their tenures: find out why before this forecast is used.",
    )


def no_forecast(who: Text, one: Leavers, days: int, leavers: int) -> tuple[Text, Text]:
    """Why the leavers of a floor are not forecast."""
    return (
        Text(
            f"{who.zh}现有 {one.heads} 人：今后 {days} 天离开多少，还说不出。",
            f"{who.en}: how many of {one.heads} people will leave in the next {days} days cannot be told yet.",
        ),
        Text(
            f"记录期内一共只有 {leavers} 人离开，少于 {FEWEST_LEAVERS} 人；请等记录更长。",
            f"Only {leavers} people left within the records, fewer than {FEWEST_LEAVERS}: wait for longer records.",
        ),
    )


def undated(count: int) -> Text:
    """People who are left out."""
    return Text(
        f"{count} 人没有入职日期，且在记录开始前就在：司龄不明，未计入。请在名册中补上入职日期。",
        f"{count} people have no hiring day and were there before the records: left out, as their tenure is not known. "
        "Give their hiring days in the roster.",
    )


def swing(share: float) -> Text:
    """How much rates differ from month to month."""
    percent = f"{100 * share**0.5:.0f}"
    return Text(
        f"各月离职率围绕平均上下波动约 {percent}%（标准差），预测区间已计入。",
        f"Rates swing by about {percent} % from month to month (standard deviation); the interval allows for it.",
    )
