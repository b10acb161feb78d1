"""Comparisons as findings: what the command prints and a page would show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from math import isfinite
from typing import Any

from onefloor.insight.fair import sentences
from onefloor.insight.fair.comparison import Comparison, Line
from onefloor.insight.fair.people import People
from onefloor.insight.fair.people_sentences import people_sentence
from onefloor.insight.finding import Behind, Finding, Verdict
from onefloor.language import Text
from onefloor.metrics.metric import Metric
from onefloor.periods import Month


def findings(
    comparison: Comparison, months: Sequence[Month] = (), where: Mapping[str, Sequence[str]] | None = None
) -> list[Finding]:
    """One finding a line; ``months`` and ``where`` are what was asked, for the rows behind it."""
    return [_finding(comparison, line, _behind(comparison, months, where or {})) for line in comparison.lines]


def _finding(comparison: Comparison, line: Line, behind: tuple[Behind, ...]) -> Finding:
    contacts = line.gap.contacts if line.gap else comparison.contacts
    agents = line.gap.agents if line.gap else comparison.agents
    return Finding(
        about=sentences.about(comparison, line),
        verdict=line.verdict,
        sentence=sentences.sentence(comparison, line),
        estimate=line.estimate,
        unit=sentences.unit_of(comparison),
        contacts=sum(contacts),
        agents=sum(agents),
        assumptions=sentences.assumptions(comparison, line),
        reasons=tuple(one.words for one in line.refusals),
        behind=behind,
        details=_details(comparison, line, contacts, agents),
    )


def _behind(comparison: Comparison, months: Sequence[Month], where: Mapping[str, Sequence[str]]) -> tuple[Behind, ...]:
    ends = (min(months, key=lambda m: m.id), max(months, key=lambda m: m.id)) if months else (None, None)
    held = {name: tuple(values) for name, values in where.items()}
    return tuple(
        Behind(comparison.metric.reference, {**held, "company": (name,)}, *ends)
        for name in (comparison.theirs, comparison.ours)
    )


def _details(comparison: Comparison, line: Line, contacts: tuple[int, int], agents: tuple[int, int]) -> dict[str, Any]:
    names = (comparison.ours, comparison.theirs)
    found: dict[str, Any] = {
        "line": line.kind.value,
        "ours": comparison.ours,
        "theirs": comparison.theirs,
        "metric": comparison.metric.reference,
        "raw": dict(zip(names, map(_plain, comparison.raw), strict=True)),
        "raw_gap": _plain(comparison.raw_gap),
        "margin": _plain(comparison.margin),
        "margin_agreed": comparison.agreed,
        "adjusted": list(comparison.adjusted),
        "overlap": line.overlap,
        "detectable": line.detectable,
        "contacts": dict(zip(names, contacts, strict=True)),
        "agents": dict(zip(names, agents, strict=True)),
        "refusals": [one.kind for one in line.refusals],
        "by_strata": _by_strata(comparison, line),
        "hidden_cause": asdict(line.hidden) if line.hidden else None,
        "fair_slice": asdict(comparison.slice) if comparison.slice else None,
    }
    if line.gap is not None:
        found |= _model(comparison, line)
    return found


def _by_strata(comparison: Comparison, line: Line) -> dict[str, Any] | None:
    """The check without a model, in the unit shown."""
    if line.strata is None:
        return None
    quotient = line.strata.observed_by_expected
    return {"gap": line.strata.gap * comparison.factor, "observed_by_expected": quotient and quotient.as_json()}


def _model(comparison: Comparison, line: Line) -> dict[str, Any]:
    """What the model says beside the gap: the two predicted figures and the company's coefficient."""
    assert line.gap is not None
    return {
        "model": comparison.family.value,
        "predicted": {
            comparison.ours: line.gap.ours * comparison.factor,
            comparison.theirs: line.gap.theirs * comparison.factor,
        },
        "coefficient": line.gap.effect_interval().as_json(),
        "p_value": line.gap.p_value,
        "degrees_of_freedom": line.gap.freedom,
    }


def _plain(value: float) -> float | None:
    return value if isfinite(value) else None


def people_finding(found: People, metric: Metric, unit: Text) -> Finding:
    """Agents or teams as one finding: whether anybody is beyond what ordinary ones differ by."""
    flagged = any(one.flagged for one in found.ones)
    of_agents = found.unit == "agent"
    title = metric.title
    return Finding(
        about=Text(f"{title.zh}，各坐席", f"{title.en}, agents")
        if of_agents
        else Text(f"{title.zh}，各班组", f"{title.en}, teams"),
        verdict=Verdict.WORTH_A_LOOK if flagged else Verdict.NOTHING_SEEN,
        sentence=people_sentence(found, title, unit),
        unit=unit,
        contacts=sum(one.rows for one in found.ones),
        agents=len(found.ones),
        sampled=Text("名坐席", "agents") if of_agents else Text("个班组", "teams"),
        assumptions=(_against(), _screened(found), _shrunk()),
        details={
            "limit": found.limit,
            "false_alarms": found.budget,
            "spread": found.spread,
            "dispersion": found.dispersion,
            f"{found.unit}s": [asdict(one) for one in found.ones],
        },
    )


def _screened(found: People) -> Text:
    return Text(
        f"界限为 {found.limit:.2f} 倍误差：整张清单平均误报 {found.budget:g} 个；已计入正常差异。",
        f"The limit is {found.limit:.2f} errors, for {found.budget:g} false alarms on the whole list; ordinary "
        "differences are in it.",
    )


def _shrunk() -> Text:
    return Text(
        "数字已向所属公司均值收缩，不排名次；名次区间见 --json。",
        "Figures are drawn towards their company's mean and are no ranking; --json has the interval of each rank.",
    )


def _against() -> Text:
    return Text(
        "与本公司在同类话务上的水平相比；公司之间的差别见上。",
        "Each against what its own company does on such work; for companies see the comparison.",
    )
