"""Text columns into instants, clocks and durations, whole columns at a time and without floats.

Every function takes a text column and returns an int64 column of milliseconds, null where the text cannot be read.
"""

from __future__ import annotations

import re

import numpy as np
import polars as pl

from onefloor.periods import MS_PER_DAY, MS_PER_HOUR, MS_PER_SECOND, Clock

ISO = (
    r"^(?<date>\d{4}[-/]\d{1,2}[-/]\d{1,2})"
    r"(?:[T ]+(?<clock>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)\s*(?<zone>Z|[+-]\d{2}:?\d{2})?)?$"
)
CLOCK = r"^(?<h>\d{1,2}):(?<m>[0-5]\d)(?::(?<s>[0-5]\d)(?:[.,](?<f>\d{1,9}))?)?$"
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d")
FIRST_MS, LAST_MS = 631_152_000_000, 2_840_140_800_000  # 1990 to 2060: the years the zone's clock covers
_CLOCK_PARTS = re.compile(r"%[HIMSTRXcpPrf]")


def _whole(column: pl.Expr) -> pl.Expr:
    return column.cast(pl.Int64, strict=False)


def _thousandths(fraction: pl.Expr) -> pl.Expr:
    """Decimal digits after the point as thousandths; more digits are cut off."""
    return _whole(fraction.fill_null("").str.pad_end(3, "0").str.slice(0, 3))


def clock_ms(text: pl.Series) -> pl.Series:
    """``7:41``, ``07:41:26`` or ``07:41:26.250`` as ms since midnight; ``24:00:00`` is the end of the day."""
    part = text.str.extract_groups(CLOCK).struct.unnest()
    found = part.select(
        _whole(pl.col("h")) * MS_PER_HOUR
        + _whole(pl.col("m")) * 60_000
        + _whole(pl.col("s").fill_null("0")) * MS_PER_SECOND
        + _thousandths(pl.col("f"))
    ).to_series()
    return found.set(found > MS_PER_DAY, None)


def date_days(text: pl.Series, formats: tuple[str, ...] = DATE_FORMATS) -> pl.Series:
    """Dates as day ids; the first format that fits counts. The ``00:00:00`` that spreadsheets append is dropped."""
    bare = text.str.replace(r"[T ]0?0:00(:00(\.0+)?)?$", "")
    found = pl.Series([None] * len(text), dtype=pl.Int64)
    for wanted in formats:
        dates = bare.str.to_date(wanted, strict=False)
        if not re.sub(r"%[A-Za-z]", "", wanted):  # without separators every digit must be there
            dates = dates.set(dates.dt.strftime(wanted) != bare, None)
        found = found.fill_null(dates.cast(pl.Int32).cast(pl.Int64)) if len(text) else found
    return found


def _iso_ms(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Local ms, and the stated offset in ms where there is one."""
    part = text.str.extract_groups(ISO).struct.unnest()
    days = date_days(part["date"].str.replace_all("/", "-"), ("%Y-%m-%d",))
    clock = clock_ms(part["clock"].fill_null("0:00"))
    hours = part["zone"].str.replace("Z", "+00:00").str.extract_groups(r"^(?<sign>[+-])(?<h>\d{2}):?(?<m>\d{2})$")
    offset = hours.struct.unnest().select(
        (_whole(pl.col("h")) * MS_PER_HOUR + _whole(pl.col("m")) * 60_000)
        * pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    )
    return days * MS_PER_DAY + clock, offset.to_series()


def _formatted_ms(text: pl.Series, wanted: str) -> tuple[pl.Series, pl.Series]:
    none = pl.Series([None] * len(text), dtype=pl.Int64)
    if wanted == "iso":
        return _iso_ms(text)
    if wanted in ("epoch_s", "epoch_ms"):
        return duration_ms(text, "s" if wanted == "epoch_s" else "ms"), none.fill_null(0)
    if not _CLOCK_PARTS.search(wanted):
        return date_days(text, (wanted,)) * MS_PER_DAY, none
    moments = text.str.to_datetime(wanted, strict=False, time_unit="ms")
    return moments.cast(pl.Int64), (none.fill_null(0) if "%z" in wanted else none)


def local_or_utc_ms(text: pl.Series, formats: tuple[str, ...]) -> tuple[pl.Series, pl.Series]:
    """Times in the first format that fits: ms as written, and the offset from UTC in ms where the text states one."""
    written = offset = pl.Series([None] * len(text), dtype=pl.Int64)
    for wanted in formats:
        ms, stated = _formatted_ms(text, wanted)
        fits = written.is_null() & ms.is_not_null()
        written, offset = ms.zip_with(fits, written), stated.zip_with(fits, offset)
    return written, offset


def instants(local_ms: pl.Series, clock: Clock) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Local times of a zone as epoch ms; where clocks are set back the earlier of the two instants.

    Returns:
        the instants, null where the local time does not exist or lies outside 1990-2060;
        whether the local time does not exist (clocks were set forward over it);
        whether it exists twice.
    """
    starts = np.array(clock.starts_ms[1:], dtype=np.int64)
    offsets = np.array(clock.offsets_ms, dtype=np.int64)
    local = local_ms.fill_null(0).to_numpy()
    segment = np.searchsorted(starts + offsets[:-1], local, side="right")
    begins = np.concatenate(([np.iinfo(np.int64).min], starts + offsets[1:]))
    nexts = np.concatenate((starts + offsets[1:], [np.iinfo(np.int64).max]))
    found = local - offsets[segment]
    gone, twice = local < begins[segment], local >= nexts[segment]
    outside = (local < FIRST_MS) | (local >= LAST_MS)
    unknown = local_ms.is_null().to_numpy()
    instant = pl.Series(found, dtype=pl.Int64).set(pl.Series(gone | outside | unknown), None)
    return instant, pl.Series(gone & ~unknown), pl.Series(twice & ~unknown & ~gone)


def duration_ms(text: pl.Series, unit: str) -> pl.Series:
    """Durations as ms. Units: ``ms``, ``s``, ``min``, ``m:ss``, ``h:mm:ss``; ``s`` may have decimals (cut at ms)."""
    if unit in ("m:ss", "h:mm:ss"):
        return _colon_ms(text, hours=unit == "h:mm:ss")
    part = text.str.extract_groups(r"^(?<sign>-?)(?<whole>\d{1,13})(?:[.,](?<f>\d{1,9}))?$").struct.unnest()
    scale = {"ms": 1, "s": MS_PER_SECOND, "min": 60_000}[unit]
    sign = pl.when(pl.col("sign") == "-").then(-1).otherwise(1)
    value = part.select(sign * (_whole(pl.col("whole")) * scale + _thousandths(pl.col("f")) * scale // 1000))
    return value.to_series()


def _colon_ms(text: pl.Series, *, hours: bool) -> pl.Series:
    pattern = r"^(?<sign>-?)(?<h>\d{1,6}):(?<m>[0-5]\d):(?<s>[0-5]\d)(?:[.,](?<f>\d{1,9}))?$"
    if not hours:
        pattern = pattern.replace(r"(?<h>\d{1,6}):(?<m>[0-5]\d)", r"(?<m>\d{1,6})")
    part = text.str.extract_groups(pattern).struct.unnest()
    hour = _whole(pl.col("h")) * MS_PER_HOUR if hours else pl.lit(0)
    seconds = hour + _whole(pl.col("m")) * 60_000 + _whole(pl.col("s")) * MS_PER_SECOND + _thousandths(pl.col("f"))
    return part.select(pl.when(pl.col("sign") == "-").then(-1).otherwise(1) * seconds).to_series()


def decimal_units(text: pl.Series, places: int) -> pl.Series:
    """``12.5`` with two places as 1250; null where there are more decimals than places."""
    pattern = rf"^(?<sign>-?)(?<whole>\d{{1,{17 - places}}})(?:\.(?<f>\d{{0,{places}}})0*)?$"
    part = text.str.extract_groups(pattern).struct.unnest()
    digits = pl.concat_str("whole", pl.col("f").fill_null("").str.pad_end(places, "0"))
    return part.select(pl.when(pl.col("sign") == "-").then(-1).otherwise(1) * _whole(digits)).to_series()
