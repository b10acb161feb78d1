"""``fit``: a model of a floor's day from its facts in one call, with what every parameter rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from onefloor.language import Text
from onefloor.metrics.removed import RowsRemoved
from onefloor.periods import day_id, day_of
from onefloor.planning.fitting import sentences as say
from onefloor.planning.fitting.asked import Parameters
from onefloor.planning.fitting.basis import Basis, Fitted
from onefloor.planning.fitting.busyness import Busyness, busyness
from onefloor.planning.fitting.coming_back import coming_back
from onefloor.planning.fitting.days import Days, counted
from onefloor.planning.fitting.floor_model import LEAST_CV, Parts, model_of
from onefloor.planning.fitting.handling import handling
from onefloor.planning.fitting.presence import Present, present
from onefloor.planning.fitting.rows import Contacts, NoContacts, Source, offered, read
from onefloor.planning.fitting.serving import delays, shares, skilled
from onefloor.planning.fitting.willingness import customers
from onefloor.planning.simulation.model import Model
from onefloor.problems import Problem

UNEVEN = 1.3
"""Half hours that vary more than so many times chance make a factor of whole days too little."""
ADHERENT = 0.97
ELSEWHERE = 0.02
"""Share of agents' contacts in other types from which it is said that the model leaves them out."""


class NotThatDay(Problem):
    """The day asked for does not count, or has no contacts."""

    def __init__(self, day: int, days: Days) -> None:
        why = days.out.get(day)
        ends = f"{day_of(int(days.days[0]))}..{day_of(int(days.days[-1]))}" if len(days.days) else "-"
        super().__init__(
            Text(f"{day_of(day)} 不在拟合的日期之中。", f"{day_of(day)} is not among the days of the fit."),
            why=Text(f"原因：{why.zh}。", f"It is left out: {why.en}.") if why else None,
            remedy=Text(f"请在 {ends} 中选择一天。", f"Choose one of {ends}."),
        )


def fit(source: Source, asked: Parameters | None = None) -> Fitted:
    """A model of a floor's day.

    Args:
        source: the floor, months, queues, and a scope of rows that may be looked at.
        asked: which day, what is left out, windows; the last day that counts and no holidays without.

    Returns:
        The model with what each parameter rests on; ``writing.written`` makes a file of it that ``read_model`` reads.

    Raises:
        UnknownName, NoContacts, RowsRemoved: as ``rows.read``.
        NotThatDay: the day asked for does not count.
        NobodyThere: nobody is at work on it.
    """
    return fitted_parts(source, asked)[0]


def fitted_parts(source: Source, asked: Parameters | None = None) -> tuple[Fitted, Parts]:
    """``fit``, and the parts of which models of other days can be made."""
    asked = asked or Parameters()
    names, contacts = read(source)
    days = counted(contacts, len(names), asked.without)
    if not len(days.days):
        raise NoContacts(source.months)
    contacts = contacts.only(np.isin(contacts.day, days.days))
    busy = busyness(days)
    parts = _parts(source, asked, names, contacts, days, busy)
    model = model_of(parts, _day(asked, days, parts.present), asked)
    told = tuple(_bases(source, parts, contacts, busy, model))
    fitted = Fitted(
        model, told, source.months, names, days, parts.back.fresh, parts.present, parts.agents,
        source.prepared.data_version,
    )  # fmt: skip
    return fitted, parts


def _parts(
    source: Source, asked: Parameters, names: tuple[str, ...], contacts: Contacts, days: Days, busy: Busyness
) -> Parts:
    known = source.prepared.names
    return Parts(
        names=names,
        zone=source.prepared.clock.zone_name,
        days=days,
        shared=busy.shared.value if busy.shared else 0.0,
        own=tuple(one.value if one else 0.0 for one in busy.own),
        handling=handling(contacts, names),
        customers=customers(contacts, names, asked.rule, scoped=bool(source.scope)),
        back=coming_back(source, contacts, names, asked),
        groups=skilled(contacts),
        delays=tuple(delays(contacts, len(names))),
        present=present(source, contacts, asked.presence),
        agents=known.of("agent"),
        companies=known.of("company"),
    )


def _day(asked: Parameters, days: Days, there: Present) -> int:
    """The day asked for, else the last that counts and on which agents are there."""
    if asked.day is not None:
        day = day_id(asked.day)
        if day not in days.days.tolist():
            raise NotThatDay(day, days)
        return day
    found = [day for day in days.days.tolist() if there.on(day)]
    return int(found[-1] if found else days.days[-1])


def _bases(source: Source, parts: Parts, contacts: Contacts, busy: Busyness, model: Model) -> Iterator[Basis]:
    yield from _arrivals(parts, busy)
    yield from parts.handling.bases
    yield from parts.customers.bases
    yield from parts.back.bases
    yield from _answering(parts, contacts)
    yield _hours(source, parts, model)


def _arrivals(parts: Parts, busy: Busyness) -> Iterator[Basis]:
    totals = parts.days.totals
    for place, name in enumerate(parts.names):
        uneven = [say.parts_of_days(busy.within[place])] if busy.within[place] > UNEVEN else []
        details = {"days": busy.days, "within_days": busy.within[place], "fresh": parts.back.fresh[place]}
        value = f"{totals[place].mean():.1f}"
        yield Basis(say.ARRIVALS, name, value, int(totals[place].sum()), None, say.PER_DAY, None, tuple(uneven),
                    details=details)  # fmt: skip
    few = busy.own[0] is None
    for name, one in (("", busy.shared), *zip(parts.names, busy.own, strict=True)):
        if name or len(parts.names) > 1:
            small = one is not None and one.value < LEAST_CV
            refused = say.FEW_DAYS if few else say.NO_SPREAD if small else None
            value = "" if refused or one is None else f"gamma cv {one.value:.4f}"
            against = (say.AGAINST,) if busy.against and not name else ()
            yield Basis(say.BUSY, name, value, busy.days, one, warnings=against, refused=refused)


def _answering(parts: Parts, contacts: Contacts) -> Iterator[Basis]:
    split = shares(contacts, len(parts.names))
    for place, name in enumerate(parts.names):
        late = [one for one in parts.delays if one.type == place]
        named = {parts.companies.get(company, "-"): share for company, share in split[place].items()}
        value = ", ".join(f"{company} {100 * share:.0f}%" for company, share in named.items())
        waits = tuple(say.late(parts.companies.get(one.company, "-"), one.seconds) for one in late)
        n = int((contacts.answered & (contacts.kind == place)).sum())
        yield Basis(say.ANSWERED_BY, name, value, n, warnings=waits, details={"answered_by": named, "delays": {
            parts.companies.get(one.company, "-"): one.seconds for one in late}})  # fmt: skip


def _hours(source: Source, parts: Parts, model: Model) -> Basis:
    served = {kind.id for kind in model.types}
    warnings = [say.NO_ROUTE, *(say.nobody_serves(name) for name in parts.names if name not in served)]
    elsewhere = _elsewhere(source, parts) if source.queues else 0.0
    if elsewhere > ELSEWHERE:
        warnings.append(say.elsewhere(elsewhere))
    share = _adherence(source, parts.days)
    if parts.present.kind == "shifts" and share is not None and share < ADHERENT:
        warnings.append(say.adherence(share))
    agents: Sequence[object] = [agent for group in model.groups for agent in group.agents]
    details = {"groups": len(model.groups), "agents": len(agents), "adherence": share, "from": parts.present.kind}
    value = say.PRESENCE[parts.present.kind]
    return Basis(say.HOURS, "", value.en, len(agents), warnings=tuple(warnings), details=details)


def _elsewhere(source: Source, parts: Parts) -> float:
    """Of the contacts that the model's agents answered, the share of types that were not asked for."""
    rows = offered(source, "agent", "answered", source.by).filter("answered")
    agents = [agent for group in parts.groups for agent in group.agents]
    theirs = rows.filter(rows["agent"].is_in(agents))
    known = source.prepared.names.ids[source.by]
    inside = int(theirs[source.by].is_in([known[name] for name in parts.names]).sum())
    return 1 - inside / theirs.height if theirs.height else 0.0


def _adherence(source: Source, days: Days) -> float | None:
    """The share of the time asked for by shifts in which agents were there; None if it is not known."""
    try:
        rows = source.rows("agent_time", "day", "required_ms", "productive_adherent_ms")
    except RowsRemoved:
        return None
    kept = rows.filter(rows["day"].is_in(days.days.tolist()))
    required = float(kept["required_ms"].sum() or 0)
    return float(kept["productive_adherent_ms"].sum()) / required if required else None
