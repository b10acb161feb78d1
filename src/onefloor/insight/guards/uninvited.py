"""Whom an agent does not invite to the survey: those who would probably have said that they were dissatisfied.

How dissatisfied a contact is likely to leave its customer is predicted from what can be seen of it (queue, a long wait,
a long hold, whether the customer had to call again) and from the answers that customers of *other* agents gave. An
agent's invitations of the likely dissatisfied are judged against its own invitations of all others: who invites few of
everybody is another pattern's.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from onefloor.insight.guards.rows import Facts, Rows
from onefloor.insight.guards.tallying import STRATA, WHO, Counted, Pattern
from onefloor.language import Text
from onefloor.periods import MS_PER_DAY

DISSATISFIED = 2  # of 5; that score or less
AGAIN_MS = 7 * MS_PER_DAY
LONG = 0.8  # quantile of a queue's waits and holds
LEAST_ANSWERS = 200
PULL = 20  # answers at the floor's rate that are added to those of a kind of contact
LIKELY = 1.25  # times the floor's rate from which a contact counts as likely dissatisfied
TELLS = 1.25  # times as dissatisfied as the others the likely ones have to be, or nothing is predicted
KIND: Final = ("queue", "again", "waited", "held")
NO_LINK = Text(
    "满意度调查没有注明是哪一通话务：不知道谁没有被邀请。",
    "surveys do not name their contact: nobody knows who was not invited",
)
NOT_PREDICTED = Text(
    "从话务的特征看不出客户是否会不满意：无从判断漏邀的是谁。",
    "what is seen of a contact does not tell how satisfied its customer will be: nobody knows who is spared",
)


def _invited(rows: Rows) -> Counted:
    linked = _contacts(rows, rows.facts) if rows.facts else None
    if linked is None or not linked["invited"].any():
        return NO_LINK
    answers = linked.filter(pl.col("score").is_not_null() & (pl.col("agent") != 0))
    if answers.height < LEAST_ANSWERS:
        return Text(
            f"只有 {answers.height} 份答卷，至少需要 {LEAST_ANSWERS} 份。",
            f"only {answers.height} surveys were answered, and it takes {LEAST_ANSWERS}",
        )
    told = _predicted(linked, answers)
    likely = told.filter(pl.col("score").is_not_null()).group_by("special").agg(_unhappy().mean().alias("rate"))
    rates = dict(likely.iter_rows())
    if rates.get(True, 0.0) < TELLS * rates.get(False, 0.0) or len(rates) < 2:
        return NOT_PREDICTED
    hits, one = pl.col("invited").cast(pl.Int64).alias("hits"), pl.lit(1, pl.Int64).alias("rows")
    return told.select(*WHO, *STRATA, "special", hits, one)


def _unhappy() -> pl.Expr:
    return (pl.col("score") <= DISSATISFIED).cast(pl.Int64)


def _contacts(rows: Rows, facts: Facts) -> pl.DataFrame:
    """Handled contacts with their kind, whether they were invited, and the score if they answered."""
    contacts = rows.of("contacts", "row_id", *WHO, *STRATA, "gap_topic_ms")
    legs = rows.of("legs", "row_id", "wait_ms", "hold_ms")
    named = facts("contacts", ("row_id", "contact")).unique("row_id")
    surveys = rows.of("surveys", "row_id", "score").unique("row_id")
    asked = surveys.join(facts("surveys", ("row_id", "contact")).unique("row_id"), on="row_id")
    asked = asked.filter(pl.col("contact").is_not_null()).group_by("contact").agg(pl.col("score").max())
    joined = contacts.join(legs, on="row_id").join(named, on="row_id").join(
        asked.with_columns(invited=True), on="contact", how="left"
    )  # fmt: skip
    return joined.with_columns(
        pl.col("invited").fill_null(value=False),
        again=pl.col("gap_topic_ms") <= AGAIN_MS,
        waited=_long("wait_ms"),
        held=_long("hold_ms"),
    ).collect()


def _long(name: str) -> pl.Expr:
    return (pl.col(name) > pl.col(name).quantile(LONG).over("queue")) & (pl.col(name) > 0)


def _predicted(contacts: pl.DataFrame, answers: pl.DataFrame) -> pl.DataFrame:
    """With ``special``: by the answers of other agents' customers this kind of contact leaves more dissatisfied."""
    usual = float(answers.select(_unhappy().mean()).item())
    sums = pl.len().alias("n"), _unhappy().sum().alias("bad")
    whole = answers.group_by(KIND).agg(*sums)
    own = answers.group_by("agent", *KIND).agg(*sums)
    joined = contacts.join(whole, on=KIND, how="left").join(own, on=["agent", *KIND], how="left", suffix="_own")
    n, bad = (pl.col(name).fill_null(0) - pl.col(f"{name}_own").fill_null(0) for name in ("n", "bad"))
    return joined.with_columns(((bad + PULL * usual) / (n + PULL) >= LIKELY * usual).alias("special"))


UNINVITED: Final = Pattern(
    "dissatisfied_not_invited",
    Text("可能不满意的客户少邀评价", "the likely dissatisfied are not invited"),
    Text(
        "对可能不满意的客户少发评价邀请，与本人对其他客户的邀请相比",
        "invites fewer of the customers who are likely dissatisfied, against its own invitations of all others",
    ),
    _invited,
    "response_rate",
    low=True,
)
