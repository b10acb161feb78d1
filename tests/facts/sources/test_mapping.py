"""Mappings are read whole or refused with every problem, its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from onefloor.facts.sources.formulas import BadFormula, compiled
from onefloor.facts.sources.reading_mappings import read_mapping, schema
from onefloor.problems import MissingFile, Problem, Problems

GOOD = """\
name: calls
target: contacts
columns:
  contact: id
  queued_ms: begin
  wait_ms: {column: wait, format: s}
  outcome: result
"""


def refused(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "calls.mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Problem) as caught:
        read_mapping(path)
    return caught.value.to("en").replace(f"{tmp_path}/", "").splitlines()


def test_a_good_mapping_is_read_and_its_digest_is_of_its_content(tmp_path: Path) -> None:
    path = tmp_path / "calls.mapping.yaml"
    path.write_text(GOOD, encoding="utf-8")
    first = read_mapping(path)
    path.write_text("# a comment\n" + GOOD, encoding="utf-8")
    assert read_mapping(path).digest == first.digest
    path.write_text(GOOD.replace("format: s", "format: ms"), encoding="utf-8")
    assert read_mapping(path).digest != first.digest
    assert first.needed == ("id", "begin", "wait", "result")


def test_a_misspelt_key_is_named_with_line_column_and_the_nearest(tmp_path: Path) -> None:
    assert refused(tmp_path, GOOD.replace("format: s", "fromat: s")) == [
        'calls.mapping.yaml:6:27: "fromat" is not known here. Did you mean "format"?'
    ]


def test_all_problems_are_shown_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = GOOD.replace("wait_ms:", "wiat_ms:").replace("outcome: result", "outcome: {constant: answerd}") + (
        "  talk_ms: {column: talk, format: seconds}\n"
        "  ended_ms: {expression: fact.answered_ms + fact.talk_ms}\n"
        "zone: Asia/Shanghia\n"
    )
    assert [said.removeprefix("calls.mapping.yaml:") for said in refused(tmp_path, text)] == [
        '6:3: "wiat_ms" is not known here. Did you mean "wait_ms"?',
        '7:3: "answerd" is not known here. Did you mean "answered"?',
        '8:27: "seconds" is not known here. Known: s, ms, min, m:ss, h:mm:ss.',
        '9:14: "fact.answered_ms" is not defined before this line. Define it above, or check its spelling.',
        '10:1: There is no time zone "Asia/Shanghia". Use an IANA name, for example Asia/Shanghai.',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("target: contacts\ncolumns: {outcome: x}\n", '"name" is missing. Add "name:".'),
        (GOOD.replace("target: contacts", "target: contact"), '"contact" is not known here. Did you mean "contacts"?'),
        (GOOD.replace("  outcome: result\n", ""), '"contacts" must have the column "outcome". Add "outcome:" under'),
        (GOOD.replace("queued_ms: begin", "talk_ms: {column: b}"), 'Both "started_ms" and "queued_ms" are missing.'),
        (GOOD.replace("contact: id", "contact: {column: id, constant: 1}"), "must be made from exactly one thing"),
        (GOOD.replace("contact: id", "contact: {format: iso}"), "must be made from exactly one thing"),
        (GOOD.replace("contact: id", "contact: {column: id, format: iso}"), "Only times and durations have a format."),
        (GOOD + "file: {encoding: utf-99}\n", 'There is no encoding "utf-99".'),
        (GOOD + "ignore: [{when: value.x, reason: a}]\n", '"value.x" is not defined before this line.'),
        (GOOD + "ignore: [{when: wait > 30, reason: a}]\n", "compare numbers with number(column)"),
        (GOOD + "note: [{when: number(wait), reason: a}]\n", "yields Int64. This place takes Boolean."),
        (GOOD + "note: [{when: open('x'), reason: a}]\n", "\"open('x')\" cannot be used in a formula."),
        (GOOD + "note: [{when: '(((', reason: a}]\n", '"(((" is not a formula.'),
        (GOOD + "require: [{that: wait != '', reason: No waits}]\n", "It must match"),
        (GOOD + "name: again\n", "found duplicate key"),
        ("- a list\n", "It does not hold keys and values."),
        ("a: [\n", "This is not a readable UTF-8 YAML file."),
        ("", "It does not hold keys and values."),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said(tmp_path: Path, text: str, said: str) -> None:
    assert said in " ".join(refused(tmp_path, text))


def test_a_problem_is_said_in_chinese_too(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD.replace("format: s", "fromat: s"), encoding="utf-8")
    with pytest.raises(Problems) as caught:
        read_mapping(path)
    assert caught.value.to("zh").endswith("m.yaml:6:27: 此处不认识“fromat”。是否想写“format”？")


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(MissingFile):
        read_mapping(tmp_path / "none.yaml")


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "a.b", "a[0]", "lambda: 1", "[x for x in a]", "a * 2", "f'{a}'", "1.5", "a == b if", "a in b",
     "column(a)", "column('a', 'b')", "contains(a)", "(" * 500, "a" * 3000, "not", "a is b", "10 ** 9 ** 9",
     "\x00", "-" * 900 + "1"],
)  # fmt: skip
def test_a_formula_of_another_grammar_is_refused(text: str) -> None:
    with pytest.raises(BadFormula):
        compiled(text)


@given(text=st.text(max_size=30))
def test_any_text_is_a_formula_or_refused(text: str) -> None:
    try:
        assert compiled(text).text == text
    except BadFormula as bad:
        said = bad.what
    else:
        return
    assert said.zh != said.en
