"""The texts a draft can begin with: whole agreements of three kinds of hotlines, shipped with the package."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import Final

from onefloor.agreements.terms.writing import rewritten
from onefloor.language import Text
from onefloor_web.platform.companies.models import Company

FOLDER: Final = "templates_of_terms"


@dataclass(frozen=True, slots=True)
class Sample:
    """A text to begin with."""

    name: str
    title: Text
    about: Text


SAMPLES: Final = (
    Sample(
        "telecom",
        Text("电信呼入", "Telecom inbound"),
        Text(
            "按话务量计价、浮动区间、权重池、前置条件、扣罚返还；接通、一次性解决率、满意度。",
            "Priced by the contact, with a forecast band, weight pools, gates, earn-back: access, resolution, opinion.",
        ),
    ),
    Sample(
        "it-product",
        Text("IT 产品热线", "IT product hotline"),
        Text(
            "席位与全职人月计价、爬坡期、预设水平、逐件扣罚、按质量分两档。",
            "Seats and FTE-months, a ramp, presumptive levels, events, two rates decided by quality.",
        ),
    ),
    Sample(
        "government",
        Text("政务热线（GB/T 33358）", "Government hotline (GB/T 33358)"),
        Text(
            "基础费加增减量、工时计价、评分表按季考核；接通、满意度、办结的要求参照 GB/T 33358。",
            "A base fee with extra and missing units, hours, a scoring table by the quarter, after GB/T 33358.",
        ),
    ),
)


def sample_text(name: str) -> str:
    """The text of a sample as it is shipped.

    Raises:
        KeyError: there is no such sample.
    """
    if name not in {one.name for one in SAMPLES}:
        raise KeyError(name)
    return resources.files(__package__).joinpath(FOLDER, f"{name}.yaml").read_text(encoding="utf-8")


def begun(name: str, company: Company, client: str, *, code: str, timezone: str, currency: str, starts: str) -> str:
    """A sample filled with the parties of this floor."""
    text = sample_text(name)
    for term, value in (
        ("agreement", code), ("client", client), ("company", company.code), ("timezone", timezone),
        ("currency", currency), ("from", starts),
    ):  # fmt: skip
        text = rewritten(text, (term,), value)
    return rewritten(
        text, ("shadow",), "true" if company.is_client else None, order=("agreement", "title", "client", "company")
    )


def code_for(company: Company, sample: str) -> str:
    """A code to begin with: letters and digits of the company's name, and the sample's."""
    plain = re.sub(r"[^a-z0-9]+", "-", company.code.lower()).strip("-") or "vendor"
    return f"{plain}-{sample}"[:64]
