"""An agreement is read with the place of every word; what is wrong is told at once, each with a remedy."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from agreements import worked
from onefloor.agreements.references import check_metrics
from onefloor.agreements.terms import (
    Agreement,
    NotInForce,
    parse_agreement,
    parse_amendment,
    read_agreement,
    read_amendment,
)  # fmt: skip
from onefloor.agreements.terms.clauses import Bands
from onefloor.agreements.terms.schema import agreement_schema, schema_text
from onefloor.periods import Month
from onefloor.problems import MissingFile, Problem, Problems

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "examples" / "agreements" / "sample.yaml"
TEXT = SAMPLE.read_text(encoding="utf-8")
VALIDATOR = jsonschema.Draft202012Validator(agreement_schema())


def said(text: str) -> list[str]:
    """Every problem of a text, in English."""
    with pytest.raises(Problem) as caught:
        check_metrics(parse_agreement(text, "a.yaml"))
    found = caught.value
    return [str(problem) for problem in found.problems] if isinstance(found, Problems) else [str(found)]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_sample_reads_and_its_metrics_are_known() -> None:
    agreement = read_agreement(SAMPLE)
    check_metrics(agreement)
    assert [str(terms.start) for terms in agreement.versions] == ["2026-01-01", "2026-07-01"]
    assert [clause.id for clause in agreement.versions[1].clauses] == ["4.1", "4.2", "4.3"]


def test_an_amendment_changes_only_what_it_says() -> None:
    before, after = read_agreement(SAMPLE).versions
    clause = after.clauses[0]
    assert isinstance(clause, Bands)
    assert [band.start.written for band in clause.bands[:2] if band.start] == ["86%", "80%"]
    assert (before.price, before.duties, before.clauses[1:]) == (after.price, after.duties, after.clauses[1:])
    assert before.digest != after.digest


def test_the_version_in_force_is_that_of_the_month() -> None:
    agreement = read_agreement(SAMPLE)
    assert [agreement.terms_for(Month(2026, month)).start.month for month in (1, 6, 7, 12)] == [1, 1, 7, 7]
    with pytest.raises(NotInForce, match="no terms in force in 2025-12"):
        agreement.terms_for(Month(2025, 12))


def test_an_agreement_ends_on_its_last_day() -> None:
    agreement = parse_agreement(TEXT.replace("from: 2026-01-01 ", "until: 2027-01-01\nfrom: 2026-01-01 "))
    assert [agreement.in_force(month) for month in (Month(2026, 12), Month(2027, 1))] == [True, False]


def test_a_wrong_share_is_told_with_line_and_remedy() -> None:
    text = TEXT.replace("credit: 60%}", "credit: 60% of pool}", 1)
    line = line_of(text, "60% of pool")
    assert said(text) == [f'a.yaml:{line}:27: "60% of pool" is not known here. Write 60%.']


def test_a_misspelt_name_is_told_with_the_nearest_one() -> None:
    text = TEXT.replace("rate: 6.00", "rates: 6.00")
    line = line_of(text, "rates")
    assert said(text) == [
        f"a.yaml:{line - 4}:5: rate is missing (rate of one unit). Add rate:.",
        f'a.yaml:{line}:5: "rates" is not known here. Write rate.',
    ]


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        TEXT.replace("at_risk: 10%", "at_risk: ten")
        .replace("kind: bands", "kind: band")
        .replace("within: 6", "within: 0")
    )
    assert [problem.split(":", 2)[1] for problem in said(text)] == [
        str(line_of(text, part)) for part in ("at_risk: ten", "kind: band", "within: 0")
    ]


CASES = {
    "the day must be a month's first": ("from: 2026-01-01 ", "from: 2026-01-15 ", "Write 2026-01-01."),
    "a zone must exist": ("Asia/Shanghai ", "Asia/Shanhai ", "Use an IANA name"),
    "two parts may not share a number": ('id: "4.2"', 'id: "4.1"', "The number 4.1 is used twice."),
    "a pool must exist": ("pool: quality\n    allocation", "pool: qality\n    allocation", "Write quality."),
    "allocations stop at 100 %": ("allocation: 50%", "allocation: 60%", "add up to more than 100 %"),
    "a named clause must exist": ('["4.1", "4.2", "4.3"]', '["4.1", "4.2", "9.3"]', '"9.3" is not known here.'),
    "bands may not overlap": ("{from: 78%, to: 80%,", "{from: 78%, to: 81%,", "Bands overlap"),
    "a band runs upwards": ("{from: 78%, to: 80%,", "{from: 80%, to: 78%,", "from is not below its to"),
    "bands keep one unit": ("{from: 78%, to: 80%,", "{from: 78s, to: 80%,", "The bands mix units."),
    "an exclusion ends after it begins": ("to: 2026-10-14 11:30", "to: 2026-10-14 09:30", "It ends before it begins."),
    "a metric must exist": ("metric: csat", "metric: csta", 'There is no metric "csta".'),
    "a parameter must exist": ("fcr:within=7d", "fcr:withn=7d", "has no parameter"),
    "a target has the metric's unit": ('target: "<= 5%"', 'target: "<= 5s"', "Write it like 80%."),
    "better may not cost more": ("{from: 80%, to: 85%}", "{from: 80%, to: 85%, credit: 40%}", "costs more"),
    "the error rule needs a share": ("metric: csat", "metric: aht", "no share of counted rows"),
    "at-risk shares need an at-risk amount": ("at_risk: 10% ", "# at_risk: 10% ", "Add at_risk: 10%"),
    "quotes around a comparison": ('target: ">= 70%"', "target: >= 70%", "needs quotes"),
    "a key stands once": ("currency: CNY", "currency: CNY\ncurrency: EUR", "is written twice"),
    "no anchors": ("currency: CNY", "currency: &c CNY\nnote: *c", "does not use anchors"),
    "a text with a comma needs quotes": ("en: Each handled", "en: Each, handled", "with a comma needs quotes"),
    "a multiplier does not shrink": ("times: 1.5", "times: 0.5", "may not be below 1"),
    "a date is a date": ("date: 2026-10-20", "date: 20 October", "Write 2026-10-14."),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_contradiction_is_refused(name: str) -> None:
    old, new, message = CASES[name]
    assert old in TEXT
    assert [problem for problem in said(TEXT.replace(old, new)) if message in problem] != []


@pytest.mark.parametrize("text", ["", "[]", "a", "agreement: x", "a: {b: [", "\x00", "? [a]\n: b", "a: " + "[" * 500])
def test_what_is_no_agreement_is_refused_and_never_crashes(text: str) -> None:
    assert said(text) != []


@settings(max_examples=50)
@given(st.integers(0, len(TEXT) - 1), st.integers(0, 12), st.text("ab1%:,{}[]-\n \"'&*>", max_size=4))
def test_any_edit_reads_or_is_refused_with_a_place(at: int, cut: int, put: str) -> None:
    try:
        found: Any = parse_agreement(TEXT[:at] + put + TEXT[at + cut :], "a.yaml")
    except Problem as problem:
        found = problem
    assert isinstance(found, Agreement) or "a.yaml" in str(found)


def test_a_missing_file_and_a_wrong_encoding_are_told(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        read_agreement(tmp_path / "none.yaml")
    (tmp_path / "gb.yaml").write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(Problem, match="not UTF-8"):
        read_agreement(tmp_path / "gb.yaml")


PROPOSAL = 'amends: own-north\nat_risk: 12%\nclauses: [{id: "4.1", target: ">= 82%"}]\nremove: ["4.3"]\n'


def test_a_proposal_without_a_date_holds_in_every_version(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PROPOSAL, encoding="utf-8")
    changed = read_amendment(tmp_path / "p.yaml", parse_agreement(TEXT.replace('["4.1", "4.2", "4.3"]', '["4.1"]')))
    assert [terms.at_risk.share for terms in changed.versions] == [Fraction(12, 100)] * 2
    assert [[clause.id for clause in terms.clauses] for terms in changed.versions] == [["4.1", "4.2"]] * 2


def test_a_proposal_with_a_date_is_a_new_version() -> None:
    changed = parse_amendment("amends: own-north\nfrom: 2027-01-01\nat_risk: 12%\n", parse_agreement(TEXT))
    assert [terms.at_risk.share for terms in changed.versions] == [Fraction(1, 10), Fraction(1, 10), Fraction(12, 100)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("at_risk: 12%", "amends is missing"),
        ("amends: own-south\nat_risk: 12%", "Write own-north"),
        ("amends: own-north\nat_rsk: 12%", "Write at_risk"),
        ('amends: own-north\nremove: ["9"]', '"9" is not known here'),
    ],
)
def test_a_proposal_that_does_not_fit_is_refused(text: str, message: str) -> None:
    with pytest.raises(Problem) as caught:
        parse_amendment(text, parse_agreement(TEXT))
    assert message in str(caught.value)


def test_a_clause_of_another_kind_replaces_the_old_one_as_a_whole() -> None:
    late = "{id: '4.1', kind: event, title: Late, text: Late, metric: duty_late, credit: 10%}"
    change = f"amends: own-north\nclauses: [{late}]\n"
    clause = parse_amendment(change, parse_agreement(TEXT)).versions[0].clauses[0]
    assert (type(clause).__name__, clause.consecutive) == ("Event", ())


def test_layout_and_comments_do_not_change_the_digest() -> None:
    other = "\n".join(line for line in TEXT.splitlines() if not line.startswith("#")) + "\n\n"
    assert [t.digest for t in parse_agreement(other).versions] == [t.digest for t in parse_agreement(TEXT).versions]


@pytest.mark.parametrize(
    "price",
    [
        {"kind": "fte_month", "rate": "1", "hours": "0"},
        {"kind": "seat_month", "rate": "1", "seats": "1", "people_per_seat": "0.0"},
    ],
)
def test_nothing_is_divided_by_zero(price: dict[str, Any]) -> None:
    with pytest.raises(Problem, match="Write a number above 0"):
        worked.agreement_of({"price": [{"id": "1", "title": "Price", **price}]})


def as_data(text: str) -> Any:
    return json.loads(json.dumps(YAML(typ="safe").load(text), default=str))


def test_the_published_schema_is_the_one_of_the_code() -> None:
    kept = ROOT / "src" / "onefloor" / "agreements" / "agreement.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text()
    jsonschema.Draft202012Validator.check_schema(agreement_schema())


def test_the_schema_accepts_what_the_reader_accepts() -> None:
    documents = [
        TEXT,
        *(worked.as_yaml({**worked.HEAD, **worked.read(p)["terms"]}) for p in worked.FOLDER.glob("*.yaml")),
    ]
    for document in documents:
        parse_agreement(document)
        VALIDATOR.validate(as_data(document))


@pytest.mark.parametrize(
    "name", ["rate: 6.00", "kind: bands", "good_months: 3", "client: Own", "reason: client_outage"]
)
def test_the_schema_refuses_a_missing_or_misspelt_part(name: str) -> None:
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(as_data(TEXT.replace(name, f"x{name}", 1)))
