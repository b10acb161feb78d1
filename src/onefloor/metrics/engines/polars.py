"""Polars: the verifier. It shares no line of compilation with the SQL engines, only the text of the predicates."""

from __future__ import annotations

import polars as pl

from onefloor.metrics.engines.queries import RECENT, Aggregate, Select, Sum, integers
from onefloor.metrics.expressions import Resolve, to_polars


class Polars:
    """Evaluates queries lazily over the Parquet files; tables may hold names instead of ids."""

    name = "polars"

    def aggregate(self, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        return aggregated(pl.scan_parquet(list(query.files), hive_partitioning=False), query, resolve)

    def select(self, query: Select, resolve: Resolve) -> pl.DataFrame:
        """See ``Engine``."""
        amount = to_polars(query.amount, resolve).cast(pl.Int64) if query.amount else pl.lit(1, dtype=pl.Int64)
        rows = pl.scan_parquet(list(query.files), hive_partitioning=False).filter(to_polars(query.where, resolve))
        ordered = rows.select(*query.columns, amount.alias("amount")).sort("start_ms", "row_id")
        return ordered.slice(query.offset, query.limit).collect()


def aggregated(rows: pl.LazyFrame, query: Aggregate, resolve: Resolve) -> pl.DataFrame:
    """The sums of a query over any frame; ``query.files`` is not looked at."""
    sums = [_sum(part, resolve).alias(f"s{number}") for number, part in enumerate(query.sums)]
    kept = rows.filter(to_polars(query.where, resolve)) if query.where else rows
    groups = [pl.col(name) for name in query.by]
    if query.cuts:
        groups.append(pl.sum_horizontal((pl.col("day") >= cut).cast(pl.Int64) for cut in query.cuts).alias(RECENT))
    found = kept.group_by(groups).agg(sums) if groups else kept.select(sums)
    return integers(found.collect())


def _sum(part: Sum, resolve: Resolve) -> pl.Expr:
    # int64 first: Polars sums an int32 column in int32 and wraps without a word.
    value = to_polars(part.of, resolve).cast(pl.Int64) if part.of else pl.lit(1, dtype=pl.Int64)
    if not part.where:
        return value.sum() if part.of else pl.len()
    return pl.when(to_polars(part.where, resolve)).then(value).otherwise(pl.lit(0, dtype=pl.Int64)).sum()
