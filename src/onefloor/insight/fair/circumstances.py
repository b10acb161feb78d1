"""What must be known of two companies beside their cells, before they are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from onefloor.insight.cells import Cells
from onefloor.insight.fair import refusals
from onefloor.insight.fair.asked import Asked
from onefloor.insight.fair.overlap import NEEDED
from onefloor.insight.fair.refusals import Refusal
from onefloor.metrics import catalogue
from onefloor.metrics.metric import Metric
from onefloor.periods import day_of

SURVEYED = "response_rate"


@dataclass(frozen=True, slots=True)
class Outage:
    """Something struck a site (None: all sites) on a local day."""

    day: int  # day id
    site: str | None = None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What people know and records do not say.

    ``defined`` is the metric as each company's agreement has it; ``by_performance`` are queues whose contacts go to the
    better agents first; ``left_out`` are days (ids) that are not looked at.
    """

    defined: Mapping[str, str] = field(default_factory=dict)
    by_performance: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    left_out: tuple[int, ...] = ()


def refused(asked: Asked, known: Circumstances, theirs: str) -> list[Refusal]:
    """The reasons, apart from the work itself, for which a company cannot be compared with ours."""
    ours = asked.companies[0]
    found = [
        _definitions(asked.metric, known.defined, ours, theirs),
        *_surveys(asked, ours, theirs),
        _outage(asked, known, theirs),
    ]
    return [one for one in found if one is not None]


def _definitions(metric: str, defined: Mapping[str, str], ours: str, theirs: str) -> Refusal | None:
    """Whether both agreements mean the same: the same reference and the same version of it."""
    our, their = (catalogue.metric(defined.get(name, metric)) for name in (ours, theirs))
    if (our.reference, our.version) == (their.reference, their.version):
        return None
    return refusals.other_definition(ours, _named(our), theirs, _named(their))


def _named(metric: Metric) -> str:
    return f"{metric.reference} (v{metric.version})"


def _surveys(asked: Asked, ours: str, theirs: str) -> list[Refusal | None]:
    """Surveys: the same channels, and answered about as often."""
    metric = catalogue.metric(asked.metric)
    if "surveys" not in metric.tables or metric.name == SURVEYED:
        return []
    found = asked.cells(("company", "channel"), SURVEYED)
    return [_channel(found, ours, theirs), _response(found, ours, theirs)]


def _channel(found: Cells, ours: str, theirs: str) -> Refusal | None:
    our, their = (found.chosen(found.where("company", name)) for name in (ours, theirs))
    used = [name for name in our.names["channel"] if our.denominator[our.where("channel", name)].sum()]
    total = their.denominator.sum()
    share = float(their.denominator[their.where("channel", *used)].sum() / total) if total else 1.0
    listed = [str(name or "-") for name in used]
    return refusals.other_survey_channel(share, ours, theirs, listed) if share < NEEDED else None


def _response(found: Cells, ours: str, theirs: str) -> Refusal | None:
    rates = [_rate(found.chosen(found.where("company", name))) for name in (ours, theirs)]
    if not abs(rates[0] - rates[1]) > refusals.RESPONSE_APART:
        return None
    return refusals.other_response(ours, rates[0], theirs, rates[1])


def _rate(found: Cells) -> float:
    total = found.denominator.sum()
    return float(found.numerator.sum() / total) if total else float("nan")


def _outage(asked: Asked, known: Circumstances, theirs: str) -> Refusal | None:
    """An outage in the window at a site that is the company, and the company the site."""
    struck = [one for one in known.outages if one.day not in known.left_out]
    if not struck:
        return None
    found = asked.cells(("company", "site", "day"))
    pairs = {found.key(place)[:2] for place in np.flatnonzero(found.denominator > 0).tolist()}
    sites = [site for company, site in pairs if company == theirs]
    if len(sites) != 1 or any(site == sites[0] and company != theirs for company, site in pairs):
        return None
    site, days = sites[0], _days(found, theirs)
    hit = sorted({one.day for one in struck if one.site in (None, site) and day_of(one.day).isoformat() in days})
    return refusals.one_site_and_outage(theirs, str(site), [day_of(day).isoformat() for day in hit]) if hit else None


def _days(found: Cells, company: str) -> Sequence[str]:
    mine = found.chosen(found.where("company", company))
    return [str(mine.names["day"][code]) for code in np.unique(mine.codes["day"]).tolist()]
