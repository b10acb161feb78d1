"""Findings over time: green contracts with worse service, what follows selling, paid limits and contests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from onefloor.insight.finding import Finding, Verdict
from onefloor.insight.guards import later_sentences as say
from onefloor.insight.guards.bunching import jump, pulled
from onefloor.insight.guards.judging import ratio_of
from onefloor.insight.guards.lags import lagged
from onefloor.insight.guards.peers import Floats
from onefloor.insight.guards.promises import Promise, by_week, reached
from onefloor.insight.guards.rows import Rows, question
from onefloor.insight.guards.sentences import TEAMS
from onefloor.insight.guards.watermelon import GREEN, LEAST_BASE, Drift, drift, watermelon
from onefloor.language import Text
from onefloor.metrics.dimensions import filter_predicate
from onefloor.metrics.engines import Engine
from onefloor.metrics.expressions import both
from onefloor.metrics.metric import Better
from onefloor.metrics.prepared import Prepared
from onefloor.periods import MS_PER_DAY, Month, day_id

OUTSIDE: Final = ("complaints_per_10000", "repeat_rate:within=7d", "sale_quality:within=14d", "transfers", "dsat")
LONGEST_LAG = 6  # weeks
LONGER_BY = 0.2  # logarithm of the jump at a paid limit beyond which it matters
MOVED = 0.2  # share of the expected sales by which a spike and a dip matter
DAYS_A_WEEK = 7
WEEKS_JUDGED = 13
MATTERS = 0.1  # points of arrivals for each point that a team sells more; less is nothing that matters
ARRIVALS: Final[Mapping[str, tuple[str, str, Text, str]]] = {
    "complaints": ("complaints", "received_after_ms", Text("投诉", "complaints"), "complaints_per_10000"),
    "cancellations": ("sales", "cancelled_after_ms", Text("取消", "cancellations"), "sale_quality"),
    "repeats": ("contacts", "gap_topic_ms", Text("重复来电", "repeat contacts"), "repeat_rate:within=7d"),
}


@dataclass(frozen=True, slots=True)
class Contract:
    """A company and what its contract promises."""

    company: str
    promises: tuple[Promise, ...]


def watermelon_finding(
    prepared: Prepared, contract: Contract, months: Sequence[Month], engine: Engine | None = None, scope: str = ""
) -> Finding:
    """Whether a contract is green while a figure outside it drifts; ``months`` has the base before the judged ones."""
    names = [name for name in OUTSIDE if name.partition(":")[0] not in _promised(contract)]
    series = {name: by_week(prepared, contract.company, name, months, engine, scope) for name in names}
    drifts: dict[str, Drift | None] = {}
    for name, (metric, hits, rows) in series.items():
        judged_weeks = min(WEEKS_JUDGED, len(hits))
        drifts[name] = drift(hits, rows, judged_weeks, len(names), higher_is_worse=metric.better is Better.LOWER)
    kept = reached(prepared, contract.company, contract.promises, months[-GREEN:], engine, scope)
    found = watermelon(kept, drifts)
    unknown = [series[name][0].title for name, one in drifts.items() if one is None]
    known = len(unknown) < len(drifts)
    verdict = Verdict.WORTH_A_LOOK if found.ripe else Verdict.NOTHING_SEEN if known else Verdict.CANNOT_TELL
    moved = [series[name][0].title for name in found.moved]
    weeks = max((len(hits) for _, hits, _ in series.values()), default=0)
    return Finding(
        about=say.ABOUT_WATERMELON,
        verdict=verdict,
        sentence=say.watermelon_sentence(verdict, contract.company, found.green, moved, GREEN, unknown),
        contacts=int(max((rows.sum() for _, _, rows in series.values()), default=0)),
        agents=weeks,
        sampled=say.WEEKS,
        reasons=() if known else (say.short_base(max(weeks - WEEKS_JUDGED, 0), LEAST_BASE),),
        behind=tuple(question(name, months, [contract.company]) for name in found.moved or names),
        details={"green_months": found.green, "outside": {name: _drift_json(one) for name, one in drifts.items()}},
    )


def _promised(contract: Contract) -> set[str]:
    """The names of the figures in the contract; resolution and repeats are the same figure."""
    names = {one.metric.partition(":")[0] for one in contract.promises}
    return names | ({"repeat_rate"} if "fcr" in names else set()) | ({"dsat"} if "csat" in names else set())


def _drift_json(one: Drift | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {
        "moved": one.moved,
        "before": one.base,
        "now": one.recent,
        "level": one.level.tolist(),
        "limit": one.limit.tolist(),
    }


def lag_findings(
    prepared: Prepared, months: Sequence[Month], scope: str = "", companies: Sequence[str] = ()
) -> list[Finding]:
    """What arrives after a team has sold more, by the week in which it arrives; of all companies, or of some."""
    theirs = filter_predicate({"company": list(companies)}, prepared.names) if companies else ""
    rows = Rows(prepared, months, both(theirs, scope))
    return [_lag_finding(rows, name, companies) for name in ARRIVALS]


def _lag_finding(rows: Rows, name: str, companies: Sequence[str]) -> Finding:
    title, figure = ARRIVALS[name][2:]
    sold, follows, weight = _team_weeks(rows, name)
    found = lagged(sold, follows, weight, LONGEST_LAG) if sold.size else None
    verdict = found.verdict(MATTERS) if found else Verdict.CANNOT_TELL
    return Finding(
        about=Text(f"销售之后的{title.zh}", f"{title.en} after selling"),
        verdict=verdict,
        sentence=say.lag_sentence(
            verdict, title, found.told if found else None, found.lag if found else None, LONGEST_LAG
        ),
        estimate=found.told if found else None,
        unit=say.PER_POINT,
        contacts=int(weight.sum()),
        agents=len(sold),
        sampled=TEAMS,
        assumptions=(say.LAGS,) if found else (),
        reasons=() if found else (Text("班组或周数不足。", "too few teams or weeks"),),
        behind=tuple(question(one, rows.months, companies) for one in ("conversion", figure)),
        details={
            "lag_weeks": found.lag if found else None,
            "slopes": [one.as_json() for one in found.slopes] if found else [],
        },
    )


def _team_weeks(rows: Rows, name: str) -> tuple[Floats, Floats, Floats]:
    """By team and week: sales of offers, arrivals of contacts, and contacts."""
    table, after = ARRIVALS[name][:2]
    months = rows.months
    first, last = months[0].days.start, months[-1].days.end
    start = pl.col("start_ms")
    offers = _by_week(rows, "legs", ["sale_eligible"], pl.col("sale_eligible").cast(pl.Boolean), start)
    sales = _by_week(rows, "sales", ["accepted"], pl.col("accepted").cast(pl.Boolean), start)
    handled = _by_week(rows, "contacts", [], pl.lit(value=True), start)
    came = pl.col(after).is_not_null() & (pl.col(after) <= LONGEST_LAG * DAYS_A_WEEK * MS_PER_DAY)
    if name == "repeats":
        came = came & (pl.col(after) <= DAYS_A_WEEK * MS_PER_DAY)
    arrived = _by_week(rows, table, [after], came, start + pl.col(after))
    weeks = (last - first) // DAYS_A_WEEK
    teams = sorted({team for team, _ in handled})
    grids = [_grid(one, teams, weeks) for one in (sales, offers, arrived, handled)]
    rate = np.divide(grids[0], grids[1], out=np.zeros_like(grids[0]), where=grids[1] > 0)
    arrivals = grids[2] - _usual(rows, grids[0]) if name == "cancellations" else grids[2]
    share = np.divide(arrivals, grids[3], out=np.zeros_like(arrivals), where=grids[3] > 0)
    return rate, share, np.where(grids[1] > 0, grids[3], 0.0)


def _usual(rows: Rows, sales: Floats) -> Floats:
    """The cancellations that these sales would bring at the floor's usual rate after each number of weeks.

    More sales bring more cancellations by themselves; only what goes beyond says that somebody pushed.
    """
    week = DAYS_A_WEEK * MS_PER_DAY
    start = rows.prepared.clock.start_of_day_ms(rows.months[0].days.start)
    expected = np.zeros_like(sales)
    sold_rows = rows.of("sales", "start_ms", "cancelled_after_ms", "accepted").filter(
        pl.col("accepted").cast(pl.Boolean)
    )
    sold, gone = pl.col("start_ms") - start, pl.col("start_ms") + pl.col("cancelled_after_ms") - start
    after = (gone // week - sold // week).alias("after")
    counted = dict(sold_rows.group_by(after).agg(pl.len()).collect().iter_rows())
    whole = max(sum(counted.values()), 1)
    for lag in range(min(LONGEST_LAG + 1, sales.shape[1])):
        expected[:, lag:] += counted.get(lag, 0) / whole * sales[:, : sales.shape[1] - lag]
    return expected


def _by_week(rows: Rows, table: str, columns: Sequence[str], hits: pl.Expr, at: pl.Expr) -> dict[tuple[int, int], int]:
    start = rows.prepared.clock.start_of_day_ms(rows.months[0].days.start)
    week = ((at - start) // (DAYS_A_WEEK * MS_PER_DAY)).alias("place")
    kept = rows.of(table, "team", "start_ms", *columns).filter((pl.col("team") != 0) & hits)
    counted = kept.group_by("team", week).agg(pl.len().alias("n")).collect()
    return {(team, place): n for team, place, n in counted.iter_rows()}


def _grid(found: Mapping[tuple[int, int], int], teams: Sequence[int], weeks: int) -> Floats:
    grid = np.zeros((len(teams), weeks))
    row = {team: place for place, team in enumerate(teams)}
    for (team, week), count in found.items():
        if team in row and 0 <= week < weeks:
            grid[row[team], week] = count
    return grid


def bunching_finding(
    prepared: Prepared, company: str, months: Sequence[Month], limit_ms: int, scope: str = ""
) -> Finding:
    """Whether a company's talk times bunch just past a paid limit."""
    number = prepared.names.id("company", company)
    kept = pl.col("answered").cast(pl.Boolean) & (pl.col("company") == number)
    legs = Rows(prepared, months, scope).of("legs", "answered", "company", "agent", "talk_ms").filter(kept).collect()
    talk = legs["talk_ms"].to_numpy()
    people = legs["agent"].to_numpy()
    found = jump(talk.astype(float), float(limit_ms), max(limit_ms / 20, 1000.0), people)
    size = ratio_of(found.logarithm) if found else None
    verdict = found.verdict(LONGER_BY) if found else Verdict.CANNOT_TELL
    return Finding(
        about=Text(f"{company}：计费起点", f"{company}: the paid limit"),
        verdict=verdict,
        sentence=say.bunching_sentence(verdict, company, limit_ms / 1000, size),
        estimate=size,
        unit=Text("倍", "times"),
        contacts=found.contacts if found else len(talk),
        agents=len(np.unique(people)),
        behind=(question("talk_time", months, [company]),),
    )


def pulled_finding(prepared: Prepared, company: str, months: Sequence[Month], last: date, scope: str = "") -> Finding:
    """Whether a company's sales were pulled forward to a contest's last day."""
    first, end = months[0].days.start, months[-1].days.end
    number, place = prepared.names.id("company", company), day_id(last) - first
    of_company = pl.col("company") == number

    def daily(table: str, flag: str, *others: pl.Expr) -> Floats:
        grid, rows = np.zeros(end - first), Rows(prepared, months, scope)
        columns = ["day", "company", flag, *(["cancelled_after_ms"] if others else [])]
        kept = rows.of(table, *columns).filter(of_company, pl.col(flag).cast(pl.Boolean), *others)
        for day, n in kept.group_by("day").agg(pl.len()).collect().iter_rows():
            if first <= day < end:
                grid[day - first] = n
        return grid

    sales, offers = daily("sales", "accepted"), daily("legs", "sale_eligible")
    cancelled = daily("sales", "accepted", pl.col("cancelled_after_ms").is_not_null())
    found = pulled(sales, offers, cancelled, place)
    verdict = found.verdict(MOVED) if found else Verdict.CANNOT_TELL
    spike, dip = (found.spike, found.dip) if found else (None, None)
    gone = found.cancelled.as_json() if found and found.cancelled else None
    return Finding(
        about=Text(f"{company}：提前成交", f"{company}: sales pulled forward"),
        verdict=verdict,
        sentence=say.pulled_sentence(verdict, company, spike, dip),
        estimate=spike,
        unit=say.TIMES,
        contacts=int(sales.sum()),
        behind=(question("conversion", months, [company]),),
        details={"dip": dip.as_json() if dip else None, "cancelled": gone},
    )
