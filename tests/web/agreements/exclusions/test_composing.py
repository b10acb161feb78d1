"""What was signed stays word for word; an exclusion goes where the terms of its month are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefloor.agreements.terms.agreement import parse_agreement
from onefloor.agreements.terms.places import Node
from onefloor_web.agreements.exclusions.composing import Entry, composed_text

EXAMPLES = sorted((Path(__file__).parents[4] / "examples" / "agreements").glob("[!p]*.yaml"))
BOTH = (("client", "Li", "2026-10-16"), ("company", "Chen", "2026-10-17"))
OUTAGE = Entry(
    "X-1", "client_outage", "系统中断", "The system was down", "2026-02-10 09:00", "2026-02-10 11:30", approvals=BOTH
)
TWO_VERSIONS = """\
agreement: a
title: t
client: Own
company: North
timezone: Asia/Shanghai
currency: CNY
from: 2026-01-01   # the first day
note: ~
price:
- {id: "1", kind: contact, title: Fee, text: fee, rate: 6.00}
clauses:
- {id: "2", kind: level, title: SL, text: t, metric: service_level, target: ">= 80%", credit: 10% of fee}
- {id: "3", kind: level, title: A, text: t, metric: abandonment, target: "<= 5%", credit: 10% of fee}
amendments:
- from: 2026-06-01
  note:
  remove: "2"
- {from: 2026-04-01, price: [{id: "1", rate: 7.10}]}
"""


def without(node: Node, ids: set[str]) -> Any:
    """The terms less some exclusions."""
    found = node.as_data()
    left = [one for one in found.pop("exclusions", []) if one["id"] not in ids]
    return {**found, **({"exclusions": left} if left else {})}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_was_signed_stays_as_it_was(path: Path):
    source = path.read_text(encoding="utf-8")
    terms = parse_agreement(source)
    first = replace(OUTAGE, start=f"{terms.first}-10 09:00", end=f"{terms.first}-10 11:30")
    written = parse_agreement(composed_text(source, [first]))
    assert [without(node, {"X-1"}) for node in written.nodes] == [without(node, set()) for node in terms.nodes]
    assert [version.exclusions[-1].id for version in written.versions] == ["X-1"] * len(terms.versions)


def test_nothing_to_add_leaves_the_text_as_it_is():
    assert composed_text(TWO_VERSIONS, []) == TWO_VERSIONS
    assert composed_text(TWO_VERSIONS, [replace(OUTAGE, start="2025-12-31 23:00")]) == TWO_VERSIONS


def test_it_is_written_once_and_the_same_each_time():
    once = composed_text(TWO_VERSIONS, [OUTAGE])
    assert composed_text(TWO_VERSIONS, [OUTAGE]) == once
    assert composed_text(once, [OUTAGE]) == once


def test_it_stands_in_the_version_of_its_month_and_in_those_after():
    late = replace(OUTAGE, id="X-2", start="2026-05-03 09:00", end="2026-05-03 10:00")
    versions = parse_agreement(composed_text(TWO_VERSIONS, [OUTAGE, late])).versions
    assert [[one.id for one in version.exclusions] for version in versions] == [["X-1"], ["X-1", "X-2"], ["X-1", "X-2"]]
    assert [one.approved for one in versions[2].exclusions] == [True, True]


def test_a_clause_that_is_dropped_later_is_dropped_from_it():
    some = [replace(OUTAGE, clauses=("2", "3")), replace(OUTAGE, id="X-2", clauses=("2",))]
    versions = parse_agreement(composed_text(TWO_VERSIONS, some)).versions
    assert [{one.id: one.clauses for one in version.exclusions} for version in versions] == [
        {"X-1": ("2", "3"), "X-2": ("2",)}, {"X-1": ("2", "3"), "X-2": ("2",)}, {"X-1": ("3",)},
    ]  # fmt: skip
    assert composed_text(TWO_VERSIONS, [replace(OUTAGE, clauses=("9",))]) == TWO_VERSIONS


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip)


@given(WORDS, WORDS, WORDS)
def test_any_words_read_back_as_they_were_written(zh: str, en: str, person: str):
    entry = replace(OUTAGE, zh=zh, en=en, approvals=(("client", person, "2026-10-16"),))
    (found,) = parse_agreement(composed_text(TWO_VERSIONS, [entry])).versions[0].exclusions
    assert (found.text.zh, found.text.en, found.approvals[0].person) == (zh.strip(), en.strip(), person.strip())
    assert not found.approved
