"""Which records are new: identity, revision and content against everything loaded before.

Of a record (``group_id``) the highest revision counts. A record that comes again is a duplicate, one that comes in an
older revision too; another content under the same identity and revision is a conflict and never overwrites anything.
"""

from __future__ import annotations

import polars as pl

from onefloor.facts.identity import stable_ids
from onefloor.facts.store import scan
from onefloor.floor import Floor

LOAD, DUPLICATE, OLDER, CONFLICT = "load", "duplicate", "older_revision", "conflict"
_SHAPE = {"group_id": pl.Int64, "revision": pl.Int64, "digest": pl.Int64, "content": pl.Int64}


class Known:
    """The newest revision of every record of one source: 32 bytes each.

    ``content`` is the digest without the customer, whose hash differs from floor to floor: what is the same on two
    floors has the same content, so their data versions can be compared.
    """

    def __init__(self, rows: pl.DataFrame) -> None:
        self._rows = rows.select(list(_SHAPE))

    @classmethod
    def of(cls, floor: Floor, table: str, source: str) -> Known:
        """What a fact table holds of a source."""
        rows = scan(floor, table).filter(pl.col("source") == source)
        content = pl.col("digest") ^ pl.col("customer").fill_null(0) if table == "contacts" else pl.col("digest")
        newest = rows.select("group_id", "revision", "digest", content.alias("content"))
        return cls(newest.group_by("group_id").agg(pl.all().sort_by("revision").last()).collect())

    def settle(self, records: pl.DataFrame) -> pl.DataFrame:
        """Judge records (``group_id, revision, digest, content``) in their order, and remember those to load.

        Returns:
            one row a record, in order: ``verdict`` and ``replaced``, the content that a loaded one supersedes.
        """
        numbered = records.select(list(_SHAPE)).with_row_index("i")
        first = numbered.sort("group_id", "revision", "i", descending=[False, True, False]).group_by("group_id").first()
        known = self._rows.join(first.select("group_id"), on="group_id", how="semi")
        known = known.rename({"revision": "known_revision", "digest": "known_digest", "content": "known_content"})
        best = first.join(known, on="group_id", how="left").with_columns(
            stays=(pl.col("known_revision") >= pl.col("revision")).fill_null(value=False)
        )
        best = best.select(
            "group_id",
            pl.when("stays").then("known_revision").otherwise("revision").alias("best_revision"),
            pl.when("stays").then("known_digest").otherwise("digest").alias("best_digest"),
            pl.when("stays").then(None).otherwise("i").alias("winner"),
            pl.when("stays").then(None).otherwise("known_content").alias("replaced"),
        )
        judged = numbered.join(best, on="group_id", how="left", maintain_order="left").with_columns(_verdict())
        self._remember(judged.filter(pl.col("verdict") == LOAD))
        return judged.select(
            "verdict", pl.when(pl.col("verdict") == LOAD).then("replaced").otherwise(None).alias("replaced")
        )

    def _remember(self, loaded: pl.DataFrame) -> None:
        others = self._rows.join(loaded.select("group_id"), on="group_id", how="anti")
        self._rows = pl.concat([others, loaded.select(list(_SHAPE))])


def with_digests(facts: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Facts with ``content``, the digest of some columns without the customer, and ``digest``, which has it too."""
    texts = [pl.col(name).cast(pl.String).fill_null("\x00") for name in columns if name != "customer"]
    joined = facts.select(pl.concat_str(texts, separator="\x1f")).to_series()
    content = pl.Series("content", stable_ids(joined), dtype=pl.Int64)
    customer = (
        facts["customer"].fill_null(0)
        if "customer" in facts.columns
        else pl.Series([0]).new_from_index(0, facts.height)
    )
    return facts.with_columns(content, (content ^ customer).alias("digest"))


def _verdict() -> pl.Expr:
    return (
        pl.when(pl.col("i").eq_missing(pl.col("winner")))
        .then(pl.lit(LOAD))
        .when(pl.col("revision") < pl.col("best_revision"))
        .then(pl.lit(OLDER))
        .when(pl.col("digest") == pl.col("best_digest"))
        .then(pl.lit(DUPLICATE))
        .otherwise(pl.lit(CONFLICT))
        .alias("verdict")
    )
