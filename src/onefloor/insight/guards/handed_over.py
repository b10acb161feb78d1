"""From contacts in several legs to findings: which company passes on to which, beyond chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from onefloor.insight.fair.several import ALPHA
from onefloor.insight.finding import Finding, Verdict
from onefloor.insight.guards import handing_sentences as say
from onefloor.insight.guards.handing import OTHERS, Exchange, Passing, Way, exchanges, with_others
from onefloor.insight.guards.rows import Facts, Rows, question
from onefloor.insight.guards.tallying import STRATA, WHO
from onefloor.periods import Month


def passing(rows: Rows) -> Passing | None:
    """Handled contacts by agent, queue and hour, and by whom they were taken when passed on; None without facts."""
    if rows.facts is None:
        return None
    answered = pl.col("answered").cast(pl.Boolean) & (pl.col("agent") != 0) & (pl.col("company") != 0)
    legs = rows.of("legs", "row_id", *WHO, *STRATA, "answered", "transferred").filter(answered).collect()
    taker = legs.lazy().select(pl.col("row_id").alias("next_id"), pl.col("company").alias("taker"))
    after = _next_legs(rows.facts).join(taker, on="next_id")
    joined = legs.lazy().filter(pl.col("transferred").cast(pl.Boolean)).join(after, on="row_id")
    moved = joined.group_by(*WHO, *STRATA, "taker").agg(pl.len().alias("n")).collect()
    cells = legs.group_by(*WHO, *STRATA).agg(pl.len().alias("rows")).sort(*WHO, *STRATA)
    codes = sorted(cells["company"].unique().to_list())
    taken = np.zeros((len(cells), len(codes)))
    for place, code in enumerate(codes):
        here = cells.join(moved.filter(pl.col("taker") == code), on=[*WHO, *STRATA], how="left", maintain_order="left")
        taken[:, place] = here["n"].fill_null(0).to_numpy()
    names = rows.prepared.names.of("company")
    _, agent = np.unique(cells.select("agent", "company").to_numpy(), axis=0, return_inverse=True)
    stratum = np.unique(cells["queue"].to_numpy() * 100 + cells["hour"].to_numpy(), return_inverse=True)[1]
    company = np.searchsorted(codes, cells["company"].to_numpy())
    untold = int(legs["transferred"].cast(pl.Int64).sum()) - int(taken.sum())
    return Passing(
        tuple(names[code] for code in codes), agent.ravel(), company, stratum,
        cells["rows"].to_numpy().astype(float), taken, untold,
    )  # fmt: skip


def _next_legs(facts: Facts) -> pl.LazyFrame:
    """Of every leg that has another after it in its contact the id of that one."""
    found = facts("contacts", ("row_id", "contact", "source", "leg", "transferred_to"))
    several = found.filter((pl.col("leg") > 1) | pl.col("transferred_to").is_not_null()).unique("row_id")
    after = pl.col("row_id").shift(-1).over("source", "contact", order_by="leg").alias("next_id")
    return several.select("row_id", after).filter(pl.col("next_id").is_not_null())


def handing_findings(rows: Rows, only: Sequence[str] = ()) -> list[Finding]:
    """Every two companies; with ``only`` each of these against all others as one: nothing is told of any other."""
    of = passing(rows)
    behind = (question("transfers", rows.months, only),)
    if of is None or not of.taken.any():
        return [Finding(say.ABOUT, Verdict.CANNOT_TELL, say.NOT_TOLD, reasons=(say.NO_TAKERS,), behind=behind)]
    if len(of.names) < 2:
        return [Finding(say.ABOUT, Verdict.NOT_COMPARABLE, say.NOT_TOLD, reasons=(say.ONE_COMPANY,), behind=behind)]
    alone = [with_others(of, name) for name in of.names if name in only]
    found = [one for held in alone for one in exchanges(held, ALPHA / len(alone))] if only else exchanges(of)
    return [_finding(one, of, rows.months) for one in found]


def _finding(one: Exchange, of: Passing, months: Sequence[Month]) -> Finding:
    verdict, ways = one.verdict(), one.ways
    agents, told = list(one.agents), list(ways or ())
    if OTHERS in one.names:  # how large they are is not told
        agents, told = agents[:1], told[:1]
    return Finding(
        about=say.about(one.names),
        verdict=verdict,
        sentence=say.handing_sentence(one, verdict),
        estimate=one.net,
        contacts=round(sum(way.rows for way in told)),
        agents=sum(agents),
        assumptions=(say.FLOW, say.TENURE, *([say.shared(min(way.share for way in ways))] if ways else [])),
        reasons=tuple(refusal.words for refusal in one.refusals),
        behind=tuple(question("transfers", months, [name]) for name in one.names if name),
        details={
            "ways": [_json(names, way) for names, way in zip((one.names, one.names[::-1]), ways or (), strict=False)],
            "taker_not_told": of.untold,
        },
    )


def _json(names: tuple[str, str], way: Way) -> dict[str, object]:
    sender, receiver = (name or "others" for name in names)
    told = way if names[0] else None
    return {
        "from": sender,
        "to": receiver,
        "observed": told and told.observed,
        "expected": told and told.expected,
        "handled": told and told.rows,
        "surplus_points": 100 * way.surplus,
        "share_with_peers": way.share,
    }
