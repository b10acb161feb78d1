"""A model as a YAML file that ``read_model`` reads back as the same model, with what it rests on as comments."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from onefloor.language import Language
from onefloor.planning.fitting.basis import Basis
from onefloor.planning.fitting.sentences import shown
from onefloor.planning.simulation.laws import Law
from onefloor.planning.simulation.model import Agent, ContactType, Group, Model, Return, Rule

PLACES = 6


def written(model: Model, bases: Sequence[Basis] = (), language: Language = "en") -> str:
    """The model file.

    Args:
        model: as ``fit`` makes it; any model whose numbers have at most six places is read back as it is.
        bases: what its parameters rest on; written above each type.
        language: of the comments.
    """
    return "\n".join(_model(model, bases, language)) + "\n"


def _model(model: Model, bases: Sequence[Basis], language: Language) -> Iterator[str]:
    yield f"model: {_name(model.id)}"
    if model.day:
        yield f"day: {model.day.isoformat()}"
    yield f"zone: {model.zone}"
    yield f"horizon: {_seconds(model.horizon)}"
    yield f"interval: {_seconds(model.interval)}"
    if model.warm_up:
        yield f"warm_up: {_seconds(model.warm_up)}"
    if model.busyness:
        yield f"busyness: {_factor(model.busyness)}"
    if model.lines is not None:
        yield f"lines: {model.lines}"
    yield f"service_level: {_rule(model.rule)}"
    yield from _comments([basis for basis in bases if not basis.of], language, "")
    yield "types:"
    for kind in model.types:
        yield from _comments([basis for basis in bases if basis.of == kind.id], language, "  ")
        yield from _type(kind)
    yield "groups:"
    for group in model.groups:
        yield from _group(group)


def _comments(bases: Sequence[Basis], language: Language, margin: str) -> Iterator[str]:
    for basis in bases:
        parts = [basis.parameter.to(language) + ": " + (basis.value or "-"), f"n {basis.n:,}"]
        if basis.estimate:
            held, said_in = basis.estimate, basis.unit.to(language)
            unit = f" {said_in}" if said_in else ""
            parts.append(f"{shown(held.value)} ({shown(held.low)}..{shown(held.high)}){unit}")
        said = (*basis.warnings, *((basis.refused,) if basis.refused else ()))
        yield _comment(margin, "; ".join(parts))
        for text in said:
            yield _comment(margin, "! " + text.to(language))


def _comment(margin: str, text: str) -> str:
    """One line whatever stands in names."""
    return f"{margin}# {' '.join(text.split())}"


def _type(kind: ContactType) -> Iterator[str]:
    yield f"  - id: {_name(kind.id)}"
    yield f"    arrivals: [{', '.join(map(_plain, kind.arrivals))}]"
    if kind.busyness:
        yield f"    busyness: {_factor(kind.busyness)}"
    yield f"    service: {_law(kind.service)}"
    if kind.wrap_up:
        yield f"    wrap_up: {_law(kind.wrap_up)}"
    if kind.patience:
        yield f"    patience: {_law(kind.patience)}"
    if kind.never_waits:
        yield f"    never_waits: {_percent(kind.never_waits)}"
    if kind.longest_wait is not None:
        yield f"    longest_wait: {_seconds(kind.longest_wait)}"
    if kind.leave_when_unstaffed:
        yield "    leave_when_unstaffed: true"
    for name, one in (("redial", kind.redial), ("repeat", kind.repeat)):
        if one:
            yield f"    {name}: {_return(one)}"
    yield f"    routing: {kind.routing}"
    yield from _offers(kind)
    if kind.rule:
        yield f"    service_level: {_rule(kind.rule)}"


def _offers(kind: ContactType) -> Iterator[str]:
    if kind.groups:
        yield "    groups:"
    for offer in kind.groups:
        yield f"      - {{group: {_name(offer.group)}, after: {_seconds(offer.after)}}}"
    if kind.shares:
        inside = ", ".join(f"{_name(company)}: {_percent(share)}" for company, share in kind.shares)
        yield f"    shares: {{{inside}}}"
    if kind.others_after is not None:
        yield f"    others_after: {_seconds(kind.others_after)}"


def _group(group: Group) -> Iterator[str]:
    yield f"  - id: {_name(group.id)}"
    if group.company:
        yield f"    company: {_name(group.company)}"
    skills = []
    for skill in group.types:
        rank = f", class: {skill.rank}" if skill.rank != 1 else ""
        wait = f", wait: {_seconds(skill.wait)}" if skill.wait is not None else ""
        skills.append(f"{{type: {_name(skill.type)}{rank}{wait}}}")
    yield f"    types: [{', '.join(skills)}]"
    if group.pace != 1.0:
        yield f"    pace: {_plain(group.pace)}"
    if group.staff:
        yield f"    staff: [{', '.join(map(str, group.staff))}]"
    if group.agents:
        yield "    agents:"
        yield from (f"      - {_agent(agent)}" for agent in group.agents)


def _agent(agent: Agent) -> str:
    parts = [f"id: {_name(agent.id)}"]
    if agent.pace != 1.0:
        parts.append(f"pace: {_plain(agent.pace)}")
    for name, spans in (("shift", agent.shift), ("breaks", agent.breaks)):
        if spans:
            parts.append(f"{name}: [{', '.join(_span(*span) for span in spans)}]")
    return f"{{{', '.join(parts)}}}"


def _name(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def _plain(value: float) -> str:
    return f"{round(value, PLACES):.{PLACES}f}".rstrip("0").rstrip(".")


def _seconds(value: float) -> str:
    return f"{_plain(value)}s"


def _percent(share: float) -> str:
    return f"{round(100 * share, PLACES):.{PLACES}f}".rstrip("0").rstrip(".") + "%"


def _clock(seconds: float) -> str:
    hours, rest = divmod(round(seconds), 3600)
    return f"{hours:02d}:{rest // 60:02d}:{rest % 60:02d}"


def _law(law: Law) -> str:
    if law.kind == "empirical":
        return f"[{', '.join(map(_seconds, law.values))}]"
    spread = f" cv {_plain(law.cv)}" if law.kind in ("lognormal", "gamma") else ""
    return f"{law.kind} {_seconds(law.mean)}{spread}"


def _factor(law: Law) -> str:
    return f"{law.kind} cv {_plain(law.cv)}"


def _return(one: Return) -> str:
    return f"{{share: {_percent(one.share)}, after: {_law(one.after)}}}"


def _rule(rule: Rule) -> str:
    short = f", short: {_seconds(rule.short)}" if rule.short is not None else ""
    inclusive = "true" if rule.inclusive else "false"
    return f"{{within: {_seconds(rule.within)}, inclusive: {inclusive}, formula: {rule.formula}{short}}}"


def _span(start: float, end: float) -> str:
    return f'"{_clock(start)}-{_clock(end)}"'
