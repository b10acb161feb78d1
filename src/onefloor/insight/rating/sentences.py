"""What is said about raters, agreement and penalties, in both languages."""

from __future__ import annotations

from collections.abc import Sequence

from onefloor.insight.finding import Estimate, Verdict
from onefloor.language import Text, joined, same

POINTS = Text("分", "points")
SHARE_POINTS = Text("个百分点", "points")
RATERS = Text("名质检员", "raters")
ABOUT_AGREEMENT = Text("质检员一致性", "agreement of raters")
ABOUT_RATERS = Text("质检员宽严", "severity of raters")
ALPHA = Text("alpha 系数", "alpha")
MOST_NAMED = 5

BLIND = Text("质检员评分时互不知晓对方结果。", "raters did not see each other's marks")
BY_LOT = Text(
    "没有话务被评两次：各质检员的话务须为随机分配。",
    "no contact was marked twice: contacts were dealt to raters by lot",
)
GROUPS_BY_LOT = Text(
    "有些质检员之间没有共同话务：他们的话务须为随机分配。",
    "groups of raters share no contact: contacts were dealt to them by lot",
)
NORMAL = Text("话务难度呈正态分布。", "contacts differ as a normal distribution says")
RARE = Text(
    "九成以上结果相同，alpha 因此失效，改看 AC1。",
    "nine of ten marks or more are the same, which breaks alpha: AC1 decides",
)


def points(value: float) -> str:
    """A size in points, without its sign.

    >>> points(-2.44)
    '2.4'
    """
    return f"{abs(value):.1f}"


def percent(share: float) -> str:
    """A share as percent, without places where they would be invented.

    >>> percent(0.874)
    '87%'
    """
    return f"{share:.0%}"


def few_shared(shared: int, least: int) -> Text:
    """Too few contacts that two raters marked."""
    return Text(
        f"只有 {shared} 条话务由两人以上评分，至少需要 {least} 条：请安排双盲复评。",
        f"contacts marked by two raters: {shared}, and it takes {least}: have more marked twice, unseen",
    )


def few_contacts(contacts: int, least: int) -> Text:
    """Too few contacts at all."""
    return Text(f"只有 {contacts} 条话务，至少需要 {least} 条。", f"contacts marked: {contacts}, and it takes {least}")


def none_between(first: str, second: str) -> Text:
    """No contact that raters of both companies marked."""
    return Text(
        f"没有任何话务同时由“{first}”和“{second}”评分：请让双方对同一批话务盲评。",
        f"no contact was marked by both {first} and {second}: let both mark the same contacts, unseen",
    )


def more_needed(contacts: int, margin: float, unit: Text) -> Text:
    """How many contacts would tell."""
    return Text(
        f"要精确到 ±{margin:g} {unit.zh}，约需 {contacts:,} 条话务由两人盲评。",
        f"to know it to ±{margin:g} {unit.en}, about {contacts:,} contacts must be marked by two raters",
    )


def agreement_sentence(verdict: Verdict, raw: float, alpha: Estimate, tolerance: float | None) -> Text:
    """How often raters agree, and whether that is enough.

    Args:
        verdict: ``NOTHING_SEEN``, ``WORTH_A_LOOK`` or ``CANNOT_TELL``.
        raw: share of pairs of marks that are equal, or within ``tolerance`` points.
        alpha: with its interval.
        tolerance: None for passes.
    """
    what = (
        Text("", "")
        if tolerance is None
        else Text(f"（相差不超过 {tolerance:g} 分）", f"to within {tolerance:g} points")
    )
    said = {
        Verdict.NOTHING_SEEN: Text("可以使用。", "good enough to build on."),
        Verdict.WORTH_A_LOOK: Text("一致性不足，请先校准。", "too little to build on, calibrate first."),
        Verdict.CANNOT_TELL: Text("是否足够，无法判断。", "whether that is enough cannot be told."),
    }[verdict]
    if alpha.value != alpha.value:  # not a number: all marks are the same
        return Text("所有评分都相同，一致性无法判断。", "All marks are the same: agreement cannot be told.")
    ends = f"{alpha.low:.2f}", f"{alpha.high:.2f}"
    agreed = f"Raters agree on {percent(raw)} of pairs of marks {what.en}".rstrip()
    return Text(
        f"质检员两两一致的占 {percent(raw)}{what.zh}（alpha {alpha.value:.2f}，{ends[0]} 至 {ends[1]}）：{said.zh}",
        f"{agreed} (alpha {alpha.value:.2f}, {ends[0]} to {ends[1]}): {said.en}",
    )


def no_agreement(shared: int) -> Text:
    """No verdict on agreement."""
    return Text(
        f"两人以上评分的话务只有 {shared} 条，一致性无法判断。",
        f"With {shared} contacts marked by two raters, agreement cannot be told.",
    )


def side(value: float) -> Text:
    """Which way a rater differs: below 0 is stricter."""
    return Text("偏严", "stricter") if value < 0 else Text("偏松", "milder")


def one_rater(name: str, found: Estimate, unit: Text) -> Text:
    """``QA4 is 2.2 points milder (1.9 to 2.6)``."""
    way, size = side(found.value), points(found.value)
    low, high = sorted((points(found.low), points(found.high)), key=float)
    return Text(
        f"{name} {way.zh} {size} {unit.zh}（{low} 至 {high}）", f"{name} is {size} {unit.en} {way.en} ({low} to {high})"
    )


def raters_sentence(
    verdict: Verdict, raters: int, apart: Sequence[tuple[str, Estimate]], margin: float, unit: Text
) -> Text:
    """Which raters differ from the mean of all of them."""
    if verdict is Verdict.NO_DIFFERENCE:
        return Text(
            f"{raters} 名质检员与全体平均的差别都在 {margin:g} {unit.zh}以内。",
            f"All {raters} raters mark within {margin:g} {unit.en} of the mean of all of them.",
        )
    if verdict is Verdict.CANNOT_TELL:
        return Text(
            f"{raters} 名质检员之间有无宽严差别，无法判断。",
            f"Whether any of {raters} raters is stricter or milder than the others cannot be told.",
        )
    named = joined([one_rater(name, found, unit) for name, found in apart[:MOST_NAMED]], zh="；", en="; ")
    more = len(apart) - MOST_NAMED
    rest = Text(f"；另有 {more} 名", f"; and {more} more") if more > 0 else Text("", "")
    verb = "differs" if len(apart) == 1 else "differ"
    return Text(
        f"{raters} 名质检员中有 {len(apart)} 名与全体平均不同：{named.zh}{rest.zh}。",
        f"{len(apart)} of {raters} raters {verb} from the mean of all of them: {named.en}{rest.en}.",
    )


def company_sentence(
    verdict: Verdict, company: str, other: str, found: Estimate | None, margin: float, unit: Text
) -> Text:
    """Whether the raters of a company are stricter than those of another."""
    who = Text(f"“{company}”的质检员与“{other}”的质检员相比", f"The raters of {company} against those of {other}")
    if verdict is Verdict.NOT_COMPARABLE or found is None:
        return Text(f"{who.zh}：不可比。", f"{who.en}: not comparable.")
    if verdict is Verdict.CANNOT_TELL:
        return Text(f"{who.zh}，宽严差别无法判断。", f"{who.en}: whether they are stricter or milder cannot be told.")
    if verdict is Verdict.NO_DIFFERENCE:
        return Text(
            f"{who.zh}，差别在 {margin:g} {unit.zh}以内。", f"{who.en}: they differ by less than {margin:g} {unit.en}."
        )
    said = one_rater("", found, unit)
    zh, en = said.zh.strip(), said.en.strip().removeprefix("is ")
    return Text(
        f"{who.zh}，{zh}。",
        f"The raters of {company} are {en} than those of {other}.".replace(" (", " (95 % interval "),
    )


def at_large_words(found: Estimate, unit: Text) -> Text:
    """What can be said of the companies' raters in general."""
    return Text(
        f"只说这几名质检员；推及两家公司所有质检员（以人为单位）为 {found.low:+.1f} 至 {found.high:+.1f} {unit.zh}，"
        "负数为偏严。",
        f"said of these raters only; of all raters the companies might send: {found.low:+.1f} to {found.high:+.1f} "
        f"{unit.en}, below 0 is stricter",
    )


def months_of_hundred(chance: float) -> str:
    """A chance as months of a hundred.

    >>> months_of_hundred(0.4551), months_of_hundred(0.0004), months_of_hundred(0.9996)
    ('46', 'fewer than 1', 'nearly 100')
    """
    if 0 < chance < 0.005:
        return "fewer than 1"
    return "nearly 100" if 0.995 < chance < 1 else f"{chance * 100:.0f}"


def _hundred(chance: float) -> Text:
    said = months_of_hundred(chance)
    return Text({"fewer than 1": "不到 1", "nearly 100": "近 100"}.get(said, said), said)


def plan_sentence(
    target: float, rows: int, kept: tuple[float, float], true: float, caught: float, needed: int | None
) -> Text:
    """What a plan does: wrong penalties by both rules where the target is kept, right ones a little below it."""
    point, bound, right = _hundred(kept[0]), _hundred(kept[1]), _hundred(caught)
    takes = Text("没有现实的样本量能判断。", "No sample that anybody takes would tell.") if needed is None else Text(
        f"要在 {true:.1%} 时有八成把握扣罚，需抽检 {needed:,} 条。",
        f"To penalise {true:.1%} four times in five takes {needed:,} contacts.",
    )  # fmt: skip
    return Text(
        f"每月抽检 {rows:,} 条、目标 {target:.1%}：恰好达标时，每 100 个月按抽检值错罚 {point.zh} 个月，"
        f"按上限错罚 {bound.zh} 个月；"
        f"真实水平为 {true:.1%} 时，按上限扣罚 {right.zh} 个月。{takes.zh}",
        f"With {rows:,} contacts a month and a target of {target:.1%}: where the target is exactly kept, the observed "
        f"rate brings a penalty in {point.en} of 100 months and the bound in {bound.en}; where the true rate is "
        f"{true:.1%}, the bound brings one in {right.en}. {takes.en}",
    )


def penalty_sentence(verdict: Verdict, passed: int, rows: int, bound: float, target: float, level: float) -> Text:
    """The month's rate against its target."""
    said = {
        Verdict.PENALTY: Text("应罚", "penalty"),
        Verdict.NO_PENALTY: Text("不罚", "no penalty"),
    }[verdict]
    certain, most, aim = percent(level), f"{bound:.1%}", f"{target:.1%}"
    return Text(
        f"{rows:,} 条中合格 {passed:,} 条（{passed / rows:.1%}）；以 {certain} 的把握，真实合格率不超过 {most}，"
        f"目标 {aim}：{said.zh}。",
        f"{passed:,} of {rows:,} passed ({passed / rows:.1%}); with {certain} certainty the true rate is at most "
        f"{most}, and the target is {aim}: {said.en}.",
    )


def penalty_title(target: float, rows: int) -> Text:
    """The title of the operating curve."""
    return Text(
        f"目标 {target:.1%}、每月抽检 {rows:,} 条：多大机会被扣罚",
        f"How often a penalty falls: target {target:.1%}, {rows:,} contacts a month",
    )


def raters_title(verdict: Verdict) -> Text:
    """The title of the picture of raters."""
    return {
        Verdict.WORTH_A_LOOK: Text("有质检员与全体平均不同", "Some raters differ from the mean of all of them"),
        Verdict.NO_DIFFERENCE: Text("质检员宽严没有值得在意的差别", "No difference between raters that matters"),
        Verdict.CANNOT_TELL: Text("质检员宽严：无法判断", "Severity of raters: cannot tell"),
    }[verdict] + same("")


def raters_words(true: float, raters: int | None, rows: int) -> Text:
    """How many raters a verdict needs."""
    if raters is None:
        return Text(
            f"每月 {rows:,} 条时，再多质检员也没有八成把握在 {true:.1%} 时扣罚。",
            f"With {rows:,} contacts a month no number of raters penalises {true:.1%} four times in five.",
        )
    return Text(
        f"要在 {true:.1%} 时有八成把握扣罚，每月 {rows:,} 条须由至少 {raters} 名质检员评。",
        f"To penalise {true:.1%} four times in five, {rows:,} contacts a month take {raters} raters or more.",
    )


def corrected_words(found: Estimate) -> Text:
    """The true rate behind raters who err."""
    return Text(
        f"按校准结果校正质检员的误判后，真实合格率约 {found.value:.1%}（{found.low:.1%} 至 {found.high:.1%}）。",
        f"With what raters err by their check taken out, the true rate is about {found.value:.1%} "
        f"({found.low:.1%} to {found.high:.1%}).",
    )


def dealt_words(contacts: int, raters: int, marks: int, needed: tuple[int, int]) -> Text:
    """What was dealt, and what it will tell."""
    return Text(
        f"{contacts:,} 条录音、每条 {marks} 名质检员（共 {raters} 名）互不知情地评。"
        f"要把一致率估到 ±5 个百分点约需 {needed[0]:,} 条，把每人宽严估到 ±1 分约需 {needed[1]:,} 条。",
        f"{contacts:,} contacts are marked by {marks} of {raters} raters each, who do not know of each other. "
        f"Agreement is known to within 5 points with about {needed[0]:,} contacts, each rater's severity to within 1 "
        f"point with about {needed[1]:,}.",
    )
