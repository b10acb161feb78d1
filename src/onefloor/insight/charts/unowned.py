"""Rows that are nobody's: where they are many, charts and causes by company would flatter every company."""

from __future__ import annotations

from collections.abc import Sequence

from onefloor.insight.charts.series import last_final
from onefloor.language import Text
from onefloor.metrics import catalogue
from onefloor.metrics.cubes import Cubes
from onefloor.metrics.dimensions import Wanted
from onefloor.metrics.engines import Engine
from onefloor.metrics.prepared import Prepared
from onefloor.metrics.unassigned import Unassigned, unassigned
from onefloor.periods import Period
from onefloor.problems import Problem

COMPANY = "company"


class NotByCompany(Problem):
    """One company is asked for by a figure of which much is nobody's."""

    def __init__(self, held: Unassigned) -> None:
        share, title = nobodys_share(held), held.metric.title
        super().__init__(
            Text(
                f"“{title.zh}”不能按公司看：{share} 的行不归任何公司。",
                f'"{title.en}" cannot be told for one company: {share} of its rows are nobody\'s.',
            ),
            why=Text(
                "接起之前就放弃的话务没有公司；只看有公司的，谁都显得好。",
                "Contacts that are given up before anybody answers have no company; without them everybody looks good.",
            ),
            remedy=Text(
                "请去掉 --where company，改按队列看。", "Leave --where company out, and look at queues instead."
            ),
        )


def nobodys_share(held: Unassigned) -> str:
    """``5.2 %``."""
    share = held.counted.ratio
    assert share is not None
    return f"{100 * float(share):.1f} %"


def unowned_words(held: Unassigned) -> Text:
    """Why charts or causes are not by company."""
    share, title = nobodys_share(held), held.metric.title
    return Text(
        f"未按公司区分：{title.zh}所计的行有 {share} 不归任何公司（如接起前放弃的），按公司看会失真。",
        f"Not by company: {share} of the rows of {title.en} are nobody's (given up before anybody answered, say), "
        "and without them every company would look good.",
    )


def nobodys(
    prepared: Prepared, metric: str, by: Sequence[str], where: Wanted, judged: Period,
    *, engine: Engine | None = None, cubes: Cubes | None = None,
) -> Unassigned | None:  # fmt: skip
    """The rows that are nobody's, where they are too many to tell companies apart; None if nobody asks for companies.

    Raises:
        NotByCompany: one company is asked for, and they are too many.
    """
    asked = catalogue.metric(metric)
    days = Period(judged.start, min(judged.end, last_final(prepared, asked)))
    if asked.denominator is None or len(days) == 0 or not (COMPANY in by or COMPANY in where):
        return None
    others = {name: held for name, held in where.items() if name != COMPANY}
    (held,) = unassigned(prepared, [metric], others, days, engine=engine, cubes=cubes).values()
    if not held.too_many:
        return None
    if COMPANY in where:
        raise NotByCompany(held)
    return held
