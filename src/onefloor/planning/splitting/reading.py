"""Reading a split file and a table of needs: every mistake with its place."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from onefloor.agreements.terms.agreement import Agreement, read_agreement
from onefloor.agreements.terms.places import BadTerm, Node, content, parsed_yaml
from onefloor.agreements.terms.reading import read_form, stop_at, unknown
from onefloor.floor import Floor
from onefloor.language import Text
from onefloor.periods import Month, zone
from onefloor.planning.grid import MS_PER_MINUTE, Grid
from onefloor.planning.rostering import needs
from onefloor.planning.splitting.agreed import company_of
from onefloor.planning.splitting.locked import Locked, locked_of
from onefloor.planning.splitting.problem import Company, Split, refused
from onefloor.planning.splitting.terms import CompanyTerm, SplitFile
from onefloor.problems import Problem

HOUR, S_TO_MS, MOST_DAYS = 60, 1000, 366
BEGIN = Text("请以 split: 代码 开头。", "Begin with split: and a code.")


@dataclass(frozen=True, slots=True)
class Needed:
    """Agents required by skill in each interval; ``starts`` are local, of equal ``minutes``."""

    starts: tuple[datetime, ...]
    minutes: int
    required: dict[str, tuple[float, ...]]

    @property
    def month(self) -> Month:
        """The month of all of it.

        Raises:
            BadSplit: there are several.
        """
        months = {(start.year, start.month) for start in self.starts}
        if len(months) != 1:
            raise refused(
                "需求跨越多个账期，而承诺按账期计算。", "The needs lie in several months, commitments in one.",
                "请按月分开。", "Split month by month.",
            )  # fmt: skip
        return Month(*months.pop())

    @property
    def part_of_month(self) -> float:
        """How much of its month the days with needs are."""
        days = {start.date() for start in self.starts}
        first = min(days)
        return len(days) / monthrange(first.year, first.month)[1]


def read_needs(path: Path, zone_name: str) -> Needed:
    """A table of needs as ``onefloor staff --out`` and ``plan --needs`` write it, read as ``plan`` reads it.

    Raises:
        MissingFile, BadTable, Problems: it is not there, a line cannot be read, or how long it lasts is not said.
        BadSplit: it has no line, lines of several lengths, or more than a year.
        BadGrid: its lengths do not divide an hour.
    """
    problems: list[Problem] = []
    lines = needs.each_need(path, zone_name, problems)
    stop_at(problems)
    starts = sorted({one.start for one in lines})
    minutes = _minutes(starts, {one.minutes for one in lines if one.minutes})
    tz = zone(zone_name)
    first, last = (datetime.fromtimestamp(moment / S_TO_MS, tz).date() for moment in (starts[0], starts[-1]))
    if (last - first).days >= MOST_DAYS:
        raise refused("需求跨越一年以上。", "The needs are of more than a year.", "请分开。", "Split part by part.")
    grid = Grid(first, (last - first).days + 1, minutes, zone_name)
    skills = list(dict.fromkeys(one.skill for one in lines))
    found = needs.laid(lines, skills, grid, problems)
    stop_at(problems)
    held = grid.starts
    if not set(starts) <= set(held.tolist()):
        raise _uneven()
    inside = (held >= starts[0]) & (held <= starts[-1])
    local = (datetime.fromtimestamp(moment / S_TO_MS, tz).replace(tzinfo=None) for moment in held[inside].tolist())
    required = {skill: tuple(found[inside, k].tolist()) for k, skill in enumerate(skills)}
    return Needed(tuple(local), minutes, required)


def _minutes(starts: Sequence[float], told: set[float]) -> int:
    if not starts:
        raise refused("需求表是空的。", "There are no needs.", "请用 onefloor staff --out 写出。",
                      "Have onefloor staff --out write them.")  # fmt: skip
    gaps = {(b - a) / MS_PER_MINUTE for a, b in pairwise(starts)}
    found = told or {gap for gap in gaps if gap <= HOUR} or {30.0}
    if len(found) > 1 or min(found) % 1:
        raise _uneven()
    return int(found.pop())


def _uneven() -> Problem:
    return refused("需求表的时段长度不一。", "The needs have intervals of several lengths.",
                   "请用 minutes 列写出同一个时长。", "Write one length in the column minutes.")  # fmt: skip


def read_split(path: Path, needed: Needed, floor: Floor | None = None, *, whole: bool = False) -> Split:
    """The question of a split file and of needs; a floor has the locked forecasts that agreements do not write down.

    Raises:
        MissingFile: the file or an agreement is not there.
        BadYaml, Problems: all that is wrong, each with its place and a remedy.
        NotInForce: an agreement has no terms in the needs' month.
        BadSplit: what each part allows and together makes no sense.
    """
    node = parsed_yaml(content(path), str(path), begin=BEGIN)
    found = read_form(SplitFile, node)
    stop_at(list(_wrong(found, node, needed)))
    companies = tuple(_company(path.parent, found, one, needed, floor) for one in found.companies)
    return Split(needed.required, companies, needed.minutes / 60, whole, {
        one.id: tuple(_open(one, start) for start in needed.starts) for one in found.companies
    })  # fmt: skip


def _wrong(found: SplitFile, node: Node, needed: Needed) -> Iterator[Problem]:
    items = node.get("companies")
    for one, at in zip(found.companies, items.items if items else [], strict=True):
        yield from (unknown(name, needed.required, (at.get("skills") or at).place)
                    for name in one.skills if name not in needed.required)  # fmt: skip
        if one.price is None and not one.agreement:
            yield BadTerm(
                Text(f"“{one.id}”既无单价也无协议。", f'"{one.id}" has neither a price nor an agreement.'),
                remedy=Text("请写 price 或 agreement。", "Write price, or agreement."), where=at.place,
            )  # fmt: skip
        if one.agreement and found.handling is None:
            yield BadTerm(
                Text("由协议折算工时需要处理时长。", "To make hours of an agreement takes a handling time."),
                remedy=Text("请写 handling: 300（秒）。", "Write handling: 300 (seconds)."), where=at.place,
            )  # fmt: skip


def _open(one: CompanyTerm, start: datetime) -> bool:
    first, last = one.hours
    minute = start.hour * 60 + start.minute
    return first <= minute < last if first < last else minute >= first or minute < last


def _company(folder: Path, found: SplitFile, one: CompanyTerm, needed: Needed, floor: Floor | None) -> Company:
    skills = one.skills or tuple(needed.required)
    prices = None if one.price is None else dict.fromkeys(skills, float(one.price))
    held = Company(one.id, prices or {})
    if one.agreement:
        agreement = read_agreement(folder / one.agreement)
        held = company_of(
            one.id, agreement.terms_for(needed.month), needed.month, dict.fromkeys(skills, float(found.handling or 1)),
            float(found.occupancy), needed.part_of_month, prices,
            None if floor is None else _locked(floor, agreement, needed),
        )  # fmt: skip
    if one.paid_at_least is not None:
        held = replace(held, paid_at_least=float(one.paid_at_least), paid_for=(), idle_price=None, unknown_volume=False)
    return replace(
        held,
        seats=held.seats if one.seats is None else float(one.seats),
        guaranteed=float(one.guaranteed),
        most_hours=held.most_hours if one.most_hours is None else float(one.most_hours),
        least_share=float(one.least_share),
        most_share=float(one.most_share),
    )


def _locked(floor: Floor, agreement: Agreement, needed: Needed) -> Locked | None:
    clause = agreement.terms_for(needed.month).forecast
    if clause is None or clause.band is None or clause.shortfall == "not_paid":
        return None
    days = {start.date() for start in needed.starts}
    return locked_of(floor, clause, agreement.parties.company, needed.month, days)
