"""Digests by content: one changed value is found and its old value recovered, whatever the table holds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from onefloor.agreements.differences import SHOWN, row_differences
from onefloor.agreements.digests import BLOCK, CHUNK, chunks_of, chunks_of_file, digests, sidecar

INT64 = st.integers(-(2**63) + 1, 2**63 - 1)
SCHEMA = {"row_id": pl.Int64, "wait_ms": pl.Int64, "day": pl.Int32, "answered": pl.Boolean, "agent": pl.String}
ROW = st.tuples(
    INT64, INT64 | st.none(), st.integers(-(2**31), 2**31 - 1), st.booleans() | st.none(), st.text(max_size=3)
)
SHOWN_AS = {None: "null", True: "true", False: "false"}


def frame(rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def shown(value: object) -> str:
    return SHOWN_AS[value] if value is None or isinstance(value, bool) else str(value)


@given(st.lists(ROW, min_size=1, max_size=40, unique_by=lambda row: row[0]), st.data())
def test_any_one_changed_value_is_named_with_what_it_was(rows, data):
    before = digests(chunks_of(frame(rows)), list(SCHEMA))
    place, column = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.sampled_from(range(1, 4)))
    new = data.draw(ROW)[column]
    assume(new != rows[place][column])
    changed = [list(row) for row in rows]
    changed[place][column] = new
    (found,) = row_differences("f", frame(changed), before.rows, before.sums)
    assert (found.row, found.column) == (place + 1, list(SCHEMA)[column])
    assert (found.expected, found.found) == (shown(rows[place][column]), shown(new))


@given(st.lists(ROW, max_size=30))
def test_an_unchanged_table_has_no_differences_and_its_sidecar_reads_back(rows):
    found = digests(chunks_of(frame(rows)), list(SCHEMA))
    row_digests, sums = sidecar(found.to_bytes(), len(rows), len(SCHEMA))
    assert (row_digests.tolist(), sums.tolist()) == (found.rows.tolist(), found.sums.tolist())
    assert row_differences("f", frame(rows), row_digests, sums) == []


@given(st.lists(ROW, min_size=1, max_size=30, unique_by=lambda row: row[0]), st.data())
def test_a_removed_row_and_an_added_row_are_named(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    whole, less = frame(rows), frame(rows[:place] + rows[place + 1 :])
    before, fewer = digests(chunks_of(whole), list(SCHEMA)), digests(chunks_of(less), list(SCHEMA))
    (removed,) = row_differences("f", less, before.rows, before.sums)
    (added,) = row_differences("f", whole, fewer.rows, fewer.sums)
    assert (removed.row, removed.row_id, added.row, added.row_id) == (place + 1, str(rows[place][0])) * 2


def test_the_digests_of_a_long_table_do_not_depend_on_how_it_is_cut(tmp_path):
    chance = np.random.default_rng(1)
    rows = pl.DataFrame({"row_id": chance.integers(0, 2**62, CHUNK + 3 * BLOCK + 7), "agent": ["a", "b", "c"][0]})
    whole = digests(chunks_of(rows), rows.columns)
    path = tmp_path / "rows.parquet"
    rows.write_parquet(path, row_group_size=1_000)
    cut = digests(chunks_of_file(path, rows.columns), rows.columns)
    assert cut.columns == whole.columns
    assert cut.to_bytes() == whole.to_bytes()
    assert len(whole.sums) == CHUNK // BLOCK + 4


@pytest.mark.parametrize("place", [0, BLOCK - 1, BLOCK, CHUNK - 1, CHUNK, CHUNK + 2 * BLOCK])
def test_a_change_at_the_edge_of_a_block_is_found(place):
    rows = pl.DataFrame({"row_id": range(CHUNK + 2 * BLOCK + 1), "wait_ms": 5})
    before = digests(chunks_of(rows), rows.columns)
    changed = rows.with_columns(pl.when(pl.col("row_id") == place).then(6).otherwise(5).alias("wait_ms"))
    now = digests(chunks_of(changed), rows.columns)
    assert now.columns["row_id"] == before.columns["row_id"]
    (found,) = row_differences("f", changed.cast(pl.Int64), before.rows, before.sums)
    assert (found.row, found.expected, found.found) == (place + 1, "5", "6")


def test_a_table_that_changed_everywhere_is_told_in_few_differences():
    rows = pl.DataFrame({"row_id": range(10_000)})
    before = digests(chunks_of(rows), rows.columns)
    assert len(row_differences("f", rows + 10**6, before.rows, before.sums)) == SHOWN
    assert len(row_differences("f", rows[:3_000], before.rows, before.sums)) == SHOWN
