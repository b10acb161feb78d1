"""A form changes one place of an agreement's text; comments and layout stay, and what is read is what was written."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onefloor.agreements.terms.places import parsed_yaml
from onefloor.agreements.terms.writing import CannotEdit, emitted, moved, rewritten

NORTH = Path("examples/agreements/north.yaml").read_text(encoding="utf-8")
COMMENTED = """# on top
agreement: a   # its code
# why ten
at_risk: 10%
price:
  # the first
  - id: "1"  # one
    rate: 6.00

  # the second
  - {id: "2", rate: 7.00}
clauses:
  - id: "3"
    # its aim
    target: ">= 80%"
    text: >-
      Folded
      lines
"""


def data(text: str) -> dict:
    return parsed_yaml(text, "").as_data()


def difference(before: str, after: str) -> list[str]:
    """The lines that went and came."""
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_a_changed_value_changes_its_line_alone():
    assert difference(NORTH, rewritten(NORTH, ("clauses", 0, "bands", 1, "credit"), "40%")) == [
        "-       - {from: 75%, to: 80%, credit: 50%}",
        "+       - {from: 75%, to: 80%, credit: 40%}",
    ]


def test_a_value_keeps_its_comment_and_its_quotes():
    assert rewritten(COMMENTED, ("agreement",), "b") == COMMENTED.replace("agreement: a ", "agreement: b ")
    assert rewritten(COMMENTED, ("clauses", 0, "target"), ">= 75%") == COMMENTED.replace(">= 80%", ">= 75%")
    assert rewritten(COMMENTED, ("price", 0, "id"), "1.5") == COMMENTED.replace('"1"', '"1.5"')


def test_a_new_name_stands_where_the_order_has_it():
    made = rewritten(COMMENTED, ("cap",), "5%", order=("agreement", "at_risk", "cap", "price"))
    assert difference(COMMENTED, made) == ["+ cap: 5%"]
    assert made.index("at_risk") < made.index("cap") < made.index("price")


def test_what_goes_takes_its_own_comment_along_and_no_other():
    assert difference(COMMENTED, rewritten(COMMENTED, ("at_risk",), None)) == ["- # why ten", "- at_risk: 10%"]
    assert difference(COMMENTED, rewritten(COMMENTED, ("price", 1), None)) == [
        "- ", "-   # the second", '-   - {id: "2", rate: 7.00}',
    ]  # fmt: skip


def test_an_item_moves_with_its_comments():
    made = moved(COMMENTED, ("price",), 1, 0)
    assert [item["id"] for item in data(made)["price"]] == ["2", "1"]
    assert "  # the second\n  - {id" in made
    assert sorted(made.splitlines()) == sorted(COMMENTED.splitlines())


def test_a_long_text_stays_in_folded_lines():
    words = " ".join(["words"] * 40)
    made = rewritten(COMMENTED, ("clauses", 0, "text"), words)
    assert data(made)["clauses"][0]["text"] == words
    assert max(map(len, made.splitlines())) <= 120


def test_numbers_of_clauses_are_written_as_text():
    assert '- id: "4.10"' in rewritten(NORTH, ("clauses", 0, "id"), "4.10")
    assert 'clauses: ["4.10"]' in emitted({"clauses": ["4.10"]})


def test_lists_inside_brackets_stay_there():
    assert difference(NORTH, rewritten(NORTH, ("duties", 1, "clauses"), ["4.1", "4.2", "4.3"])) == [
        '-     clauses: ["4.1", "4.2"]', '+     clauses: ["4.1", "4.2", "4.3"]',
    ]  # fmt: skip


def test_what_cannot_be_changed_alone_is_refused_and_nothing_is_guessed():
    with pytest.raises(CannotEdit) as caught:
        rewritten("a: {b: 1}\n", ("a",), {"c": "2"})
    assert caught.value.remedy.en == "Change it in the YAML."


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
written = st.one_of(
    texts.map(str.strip).filter(bool),
    st.sampled_from(
        ["10%", ">= 80%", "4.1", "null", "~", "- x", "a: b", "#", "it's", '"', "2026-01-01", "[", "为 、,"]
    ),
)
names = st.sampled_from(["alpha", "beta", "gamma", "delta", "from", "2026-10"])
values = st.recursive(
    written,
    lambda inner: (
        st.dictionaries(names, inner, min_size=1, max_size=4) | st.lists(inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)  # fmt: skip
documents = st.dictionaries(names, values, min_size=1, max_size=5)


@given(documents)
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_reads_the_same(document: dict):
    assert data(emitted(document)) == document


@given(documents, documents)
@settings(max_examples=60, deadline=None)
def test_one_document_becomes_another_or_nothing_happens(before: dict, after: dict):
    text = emitted(before)
    try:
        assert data(rewritten(text, (), after)) == after
    except CannotEdit:
        assert data(text) == before


def leaves(found: object, path: tuple = ()):
    """Every single value with its place."""
    parts = found.items() if isinstance(found, dict) else enumerate(found) if isinstance(found, list) else None
    if parts is None:
        yield path, found
    else:
        for name, part in parts:
            yield from leaves(part, (*path, name))


LEAVES = dict(leaves(data(NORTH)))
COMMENTS = [line for line in NORTH.splitlines() if line.lstrip().startswith("#")]


@given(st.sampled_from(list(LEAVES)), written)
@settings(max_examples=25, deadline=None)
def test_a_value_anywhere_in_an_agreement_becomes_any_other(path: tuple, value: str):
    """Every single value of a real agreement, and any text for it."""
    made = rewritten(NORTH, path, value)
    assert dict(leaves(data(made))) == {**LEAVES, path: value}
    assert [line for line in made.splitlines() if line.lstrip().startswith("#")][: len(COMMENTS)] == COMMENTS
