"""Definitions in words: every metric of the catalogue, without a name only programs know."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest

from onefloor.metrics import catalogue
from onefloor.metrics.spoken import FLAGS, NUMBERS, TABLES, counted, source_words, spoken
from onefloor.metrics.tables import COMMON, MEASURING

COMMON_NAMES = {field.name for field in COMMON}
NO_WORDS = {"outcome", "customer", "end_ms", "duty", "nth_ppm", "interval_ppm", "nth_in_month"}


def test_every_column_a_metric_may_count_has_words():
    fields = [field for schema in MEASURING.values() for field in schema if field.name not in COMMON_NAMES | NO_WORDS]
    flags = {field.name for field in fields if field.type == pa.bool_()}
    assert (flags, {field.name for field in fields} - flags) == (set(FLAGS), set(NUMBERS))


def test_every_table_has_a_name():
    assert set(TABLES) == set(MEASURING)


@pytest.mark.parametrize("name", catalogue.names())
def test_a_metric_of_the_catalogue_is_said_without_code(name: str):
    metric = catalogue.metric(name)
    sides = [counted(side) for side in (metric.numerator, metric.denominator) if side]
    texts = [*sides, *(spoken(one.where) for one in metric.exclusions)]
    assert [text.zh for text in texts if re.search(r"[a-z]", text.zh)] == []
    assert [text.en for text in texts if re.search(r"_|==|<|>|\bNone\b", text.en)] == []


@pytest.mark.parametrize("name", catalogue.names())
def test_a_source_is_said_in_chinese_but_for_names_and_addresses(name: str):
    said = source_words(catalogue.metric(name).source)
    assert re.findall(r"\b(?:own|usage|definition|field|second-hand|copies|only|documentation)\b", said.zh) == []


@pytest.mark.parametrize(
    ("predicate", "zh", "en"),
    [
        ("", "全部", "all"),
        (
            "offered and (answered or wait_ms > 20000 or wait_ms is None)",
            "进入队列，且（接通，或等待时长大于 20 秒，或没有等待记录）",
            "entered a queue and (answered or wait over 20 seconds or without a recorded wait)",
        ),
        ("late_ms is not None and late_ms <= 0", "已履行，且迟延不超过 0", "done and delay at most 0"),
        (
            "gap_any_ms > 86400000",
            "距同一客户下次来电的间隔大于 1 天",
            "time to the customer's next contact over 1 day",
        ),
        ("offered and abandoned and (wait_ms <= -1)", "无（未设时限）", "none (no limit is set)"),
        ("not (taken or canceled)", "不满足（坐席应答，或已撤回）", "not (taken by the agent or withdrawn)"),
        ("elsewhere == 3", "elsewhere等于 3", "elsewhere is 3"),
    ],
)
def test_a_predicate_in_words(predicate: str, zh: str, en: str):
    assert (spoken(predicate).zh, spoken(predicate).en) == (zh, en)
