"""Every part of an agreement as a sentence in both languages, and what one version changes in another."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from onefloor.agreements.rendering.amended import changes
from onefloor.agreements.rendering.options import OPTIONS
from onefloor.agreements.rendering.sentences import part_words
from onefloor.agreements.terms import Agreement, Terms, parse_agreement, read_agreement
from onefloor.agreements.terms.reading import Kind, terms_of
from onefloor.language import Text

EXAMPLES = sorted(Path("examples/agreements").glob("[!p]*.yaml"))
NORTH = Path("examples/agreements/north.yaml")


def kinds(form: type) -> Iterator[Kind]:
    """The kinds of all terms of a dataclass and of what it is made of."""
    for field in terms_of(form).values():
        kind = field.metadata["kind"]
        while kind.item:
            kind = kind.item
        yield kind
        for inner in kind.forms.values():
            yield from kinds(inner)


def parts(agreement: Agreement) -> list[object]:
    return [
        part
        for terms in agreement.versions
        for part in (*terms.parts, *terms.pools, *terms.exclusions, *terms.incidents, *terms.requests, *terms.clocks)
    ]


def test_every_choice_has_words_in_both_languages():
    codes = {code for kind in kinds(Terms) for code in kind.options}
    assert sorted(codes - set(OPTIONS)) == []
    assert [code for code in codes if not (OPTIONS[code].zh and OPTIONS[code].en)] == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_part_of_every_example_is_one_sentence_or_more(path: Path):
    for part in parts(read_agreement(path)):
        words = part_words(part)
        assert words.zh.endswith("。")
        assert words.en.endswith(".")
        assert words.en[0] == words.en[0].upper()


def test_a_sentence_says_what_the_engine_will_do():
    by_id = {part.id: part_words(part) for part in read_agreement(NORTH).versions[0].parts}
    assert by_id["4.4"] == Text(
        "满意度目标 ≥ 85%：未达标，扣罚该项考核金额的 100%；达标，奖励该项考核金额的 20%。最小样本：100；"
        "误差规则：整个可能范围都越过目标才算；权重池：quality；池内权重：30%。",
        "Satisfaction (top 2), target ≥ 85%: if missed, a credit of 100% of its at-risk amount; if reached, a "
        "reward of 20% of its at-risk amount. Minimum sample: 100; error: only if the whole 95 % interval says so; "
        "pool: quality; allocation: 30%.",
    )


def test_no_term_that_was_written_is_left_out_of_the_sentence():
    """Whatever is changed in a clause changes its sentence: a reader of sentences misses nothing."""
    clause = next(part for part in read_agreement(NORTH).versions[0].clauses if part.id == "4.4")
    changed = {
        "metric": "aht", "minimum_sample": 7, "too_few": "as_met", "compare": "rounded", "error": "none",
        "window": "quarter", "terminate_after": 9, "pool": "access", "surplus": "counted",
    }  # fmt: skip
    said = {name: part_words(dataclasses.replace(clause, **{name: value})) for name, value in changed.items()}
    assert [name for name, words in said.items() if words == part_words(clause)] == []


def test_an_amendment_is_told_by_part_and_term():
    before, after = read_agreement(NORTH).versions
    found = {(change.section, change.number): change for change in changes(before, after)}
    assert set(found) == {("", ""), ("price", "3.1")}
    price = found["price", "3.1"]
    assert price.kind == "changed"
    assert [(one.name.en, one.before.en, one.after.en) for one in price.terms][-1] == ("rate", "6.80", "6.90")
    assert [one.name.zh for one in found["", ""].terms] == ["生效日"]


def test_what_is_new_and_what_is_gone_is_told_whole():
    text = (
        NORTH.read_text(encoding="utf-8")
        + "    remove: ['7.1']\n    renewal: {months: 12, notice: 90 days}\n    until: 2028-01-01\n"
    )
    before, after = parse_agreement(text).versions
    told = {(change.kind, change.section): change for change in changes(before, after)}
    gone, new = told["removed", "earn_back"], told["added", "renewal"]
    assert (gone.after, new.before) == (None, None)
    assert gone.before == part_words(before.earn_back[0])
    assert new.after == part_words(after.renewal)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_changes_between_a_version_and_itself(path: Path):
    for terms in read_agreement(path).versions:
        assert changes(terms, terms) == []
