from __future__ import annotations

import random

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measuring_tables import NAMES, full_row, random_tables

from onefloor.metrics.engines import Aggregate, DuckDB, Polars, Sum
from onefloor.metrics.expressions import BadExpression, both, bound, checked, neither, parsed, quoted_names, to_polars
from onefloor.metrics.tables import DIMENSIONS, LEGS

COMPARED = st.builds(
    "{} {} {}".format,
    st.sampled_from(["wait_ms", "talk_ms + hold_ms", "wait_ms - 5", "hour", "-interval"]),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    st.sampled_from(["0", "-1", "300", "5000", "2147483648", "ring_ms", "hour + 100"]),
)
LEAVES = st.one_of(
    COMPARED,
    st.sampled_from(["answered", "offered", "wait_ms is None", "wait_ms is not None", "wait_ms in (0, 5000, -1)",
                     "queue in ('tax', 'water')",
                     "queue not in ('tax',)", "queue == ''", "queue in ()", "answered is None"]),
)  # fmt: skip
PREDICATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("not ({})".format, inner),
        st.builds("({}) and ({})".format, inner, inner),
        st.builds("({}) or ({})".format, inner, inner),
        st.builds("(({}) is None)".format, inner),
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, ...]:
    """Legs of which any measure may be missing, which the language must bear though real legs are whole."""
    chance, path = random.Random(5), tmp_path_factory.mktemp("expressions") / "legs.parquet"
    rows = [full_row("legs", number, row) for number, row in enumerate(random_tables(5, 200)["legs"], 1)]
    measures = [name for name in LEGS.names if name not in (*DIMENSIONS, "row_id", "start_ms")]
    holed = [row | {name: None for name in measures if chance.random() < 0.1} for row in rows]
    pq.write_table(pa.Table.from_pylist(holed, schema=LEGS), path)
    return (str(path),)


@settings(max_examples=40)
@given(predicate=PREDICATES)
def test_duckdb_and_polars_agree_on_any_predicate(files: tuple[str, ...], predicate: str) -> None:
    sums = (Sum(predicate), Sum(predicate, "wait_ms - ring_ms"), Sum(neither(predicate)))
    query = Aggregate("legs", LEGS, files, (), "", sums)
    assert DuckDB().aggregate(query, NAMES.id).row(0) == Polars().aggregate(query, NAMES.id).row(0)


@settings(max_examples=40)
@given(predicate=PREDICATES)
def test_every_row_is_either_taken_or_left_out(files: tuple[str, ...], predicate: str) -> None:
    query = Aggregate("legs", LEGS, files, (), "", (Sum(predicate), Sum(neither(predicate))))
    taken, left = Polars().aggregate(query, NAMES.id).row(0)
    assert taken + left == sum(pq.read_metadata(file).num_rows for file in files)


def test_names_stay_names_in_tables_that_hold_names() -> None:
    frame = pl.DataFrame({"queue": ["tax", "water", ""]})
    assert frame.filter(to_polars("queue in ('tax', '')"))["queue"].to_list() == ["tax", ""]


@pytest.mark.parametrize(
    "text",
    ["open('x')", "a.b", "a < b < c", "a * 2", "1.5 < a", "[a]", "a in b", "lambda: a", "a is b", "", "a and", "~a",
     "a == 99999999999999999999", "a in (1, None)"],
)  # fmt: skip
def test_nothing_else_can_be_said(text: str) -> None:
    with pytest.raises(BadExpression):
        parsed(text)


@pytest.mark.parametrize(
    "text", ["wait > 1", "n and flag", "flag + 1 > 2", "name == 3", "n == 'x'", "name < 'x'", "n", "not n", "flag > 1"]
)
def test_what_cannot_be_compared_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        checked(text, {"n": "number", "flag": "flag", "name": "name"})


def test_predicates_are_bound_and_joined_in_canonical_spelling() -> None:
    assert bound("answered and wait_ms<=within", {"within": 5}) == "answered and wait_ms <= 5"
    assert both("a or b", "", "c") == "(a or b) and c"
    assert both() == neither() == ""
    assert quoted_names("queue != 'it\\'s'") == [("queue", "it's")]
