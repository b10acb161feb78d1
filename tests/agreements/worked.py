"""Worked examples: YAML that a manager can read, and how it becomes an agreement, answers and expectations.

An example's ``terms`` are put on a common head. A figure is ``12`` (a quantity) or ``34,705 / 43,986``; by month if it
is a mapping of months; ``{all, less}`` tells the figure with and without left-out rows apart.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from onefloor.agreements.settlement import questions, settle
from onefloor.agreements.statement import Statement
from onefloor.agreements.terms import Agreement, parse_agreement
from onefloor.findings import Figure, Question
from onefloor.periods import Month

FOLDER = Path(__file__).parents[1] / "examples" / "settlements"
HEAD = {
    "agreement": "example", "title": "Example", "client": "Own", "company": "North", "timezone": "Asia/Shanghai",
    "currency": "CNY", "from": "2026-01-01",
}  # fmt: skip
FAR = 4_000_000_000_000
WORDED = ("price", "clauses", "duties", "earn_back")


def read(path: Path) -> dict[str, Any]:
    """An example with every scalar as it is written."""
    return YAML(typ="safe").load(path.read_text(encoding="utf-8"))


def agreement_of(terms: Mapping[str, Any]) -> Agreement:
    """Short terms on the common head; a part without words of its own takes its title as text."""
    return parse_agreement(as_yaml({**HEAD, **terms}), "example.yaml")


def as_yaml(document: Mapping[str, Any]) -> str:
    """The document as YAML (which JSON is), titles doubling as texts."""
    full = dict(document)
    for section in WORDED:
        full[section] = [{"text": part.get("title", "-"), **part} for part in document.get(section, [])]
    if "forecast" in full:
        full["forecast"] = {"text": full["forecast"]["title"], **full["forecast"]}
    return json.dumps(full, default=str, ensure_ascii=False)


def answer(figures: Mapping[str, Any], question: Question) -> Figure:
    """The figure an example gives for a question."""
    name = question.metric.partition(":")[0]
    found = figures.get(name, 0)
    if isinstance(found, Mapping) and str(question.last) in found:
        found = found[str(question.last)]
    if isinstance(found, Mapping):
        found = found.get("less" if question.without else "all", 0)
    up, _, down = str(found).replace(",", "").partition("/")
    return Figure(int(up), int(down or 1))


def settled(agreement: Agreement, figures: Mapping[str, Any], month: Month, history: Any = None) -> Statement:
    """The statement of a month from an example's figures."""
    answers = {question: answer(figures, question) for question in questions(agreement, month, history)}
    return settle(agreement, month, answers, history, data_version="example", facts_through_ms=FAR)
