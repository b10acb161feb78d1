"""Forecasts on rolling origins over two real series, against plain averages and statsforecast.

    python benchmarks/planning_forecast.py [--quick] [--origins N] [--peers-every N] [--series 2003|1999]
                                           [--without-automfles] [--only week|weeks]
    python benchmarks/planning_forecast.py --floor FOLDER

Both series in half hours, from the end backwards, one origin a week; one week ahead against other methods (``week``),
and four weeks ahead, week by week, and in all (``weeks``):

- a North American bank, 2003: 164 weekdays, 07:00-21:00; weekdays without data are its holidays (days off are known
  beforehand, what they bring is not);
- the Anonymous Bank, 1999: a year, day and night; Israel's holidays as declared days (``HOLIDAYS``).

Everybody is judged on the days that are not declared, and sees all days before the origin. The mean of the last 8 same
weekdays is that of the 8 days themselves, holidays among them. The peers get the series without gaps (a missing weekday
is the same weekday a week before) and 26 weeks of it; they take minutes, so that the long series asks them at every
sixth origin, and our error is then told at the same origins. Without statsforecast their rows are left out.

``--floor``: limits of handling time of all queues of a floor, by week of four weeks ahead, on weekly origins since the
seventeenth week; half hours in which a contact was handled.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np

from onefloor.planning.forecasting.accuracy import noise_floor
from onefloor.planning.forecasting.calendars import Calendar, Special
from onefloor.planning.forecasting.forecasting import Forecast, Parameters, forecast
from onefloor.planning.forecasting.from_floor import Observed
from onefloor.planning.forecasting.handling import handling
from onefloor.planning.forecasting.history import History

SHARED = Path(__file__).resolve().parents[1] / "../shared/data"
WEEK, PEER_WEEKS, FIRST_WEEKS, WEEKS_AHEAD, FIRST_HANDLING = 7, 26, 12, 4, 17
AGAINST_MEAN, AGAINST_PEERS = 0.95, 1.0
COVERS = {0.8: (0.77, 0.83), 0.95: (0.93, 0.97)}
# Jewish holidays and eves of 1999 on which the bank was closed or half open, and the general election.
HOLIDAYS = (
    "03-02 03-31 04-01 04-02 04-03 04-04 04-05 04-06 04-07 04-20 04-21 05-17 05-20 05-21 07-22 09-10 09-11 09-12 09-19 "
    "09-20 09-24 09-25 09-26 09-27 09-28 09-29 09-30 10-01 10-02"
)


@dataclass(frozen=True)
class Series:
    """A series: all days (nan where there is none), declared days, which slots and weekdays are open."""

    name: str
    history: History
    calendar: Calendar
    slots: slice
    weekdays: tuple[int, ...]
    peers_every: int

    def judged(self, start: int, days: int = WEEK) -> np.ndarray:
        """What came in the days from a row; nan on declared days."""
        came = self.history.values[start : start + days, self.slots].copy()
        declared = [self.history.day(start + n) in self.calendar.days for n in range(len(came))]
        came[declared] = np.nan
        return came


@dataclass
class Tally:
    """Sums of errors by method, and of intervals inside their limits."""

    missed: dict[str, float] = field(default_factory=dict)
    came: dict[str, float] = field(default_factory=dict)
    cpu: dict[str, float] = field(default_factory=dict)
    inside: dict[float, int] = field(default_factory=dict)
    intervals: int = 0

    def add(self, name: str, said: np.ndarray, came: np.ndarray, seconds: float = 0.0) -> None:
        """One origin of one method."""
        known = ~np.isnan(came)
        self.missed[name] = self.missed.get(name, 0.0) + float(np.abs(came - said)[known].sum())
        self.came[name] = self.came.get(name, 0.0) + float(came[known].sum())
        self.cpu[name] = self.cpu.get(name, 0.0) + seconds

    def wape(self, name: str) -> float:
        """Of one method."""
        return self.missed[name] / self.came[name]


def bank_of_2003() -> Series:
    """Half hours from 07:00 to 21:00."""
    first, values = date(2003, 3, 3), np.full((236, 48), np.nan)
    with gzip.open(SHARED / "bank_calls_5min_2003/calls_5min.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            at = datetime.fromisoformat(row["start"])
            day = (at.date() - first).days
            values[day] = np.nan_to_num(values[day])
            if at.hour < 21:
                values[day, at.hour * 2 + at.minute // 30] += int(row["calls"])
    closed = [first + timedelta(n) for n in range(236) if np.isnan(values[n]).any()]
    calendar = Calendar({day: Special("holiday") for day in closed if day.weekday() < 5})
    return Series("bank 2003", History(first, values), calendar, slice(14, 42), (0, 1, 2, 3, 4), 1)


def bank_of_1999() -> Series:
    """Half hours of every day."""
    values = np.zeros((365, 48))
    with gzip.open(SHARED / "anonymous_bank_1999/counts_6min.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"]).timetuple().tm_yday - 1
            hour, minute = (int(part) for part in row["slot_start"].split(":"))
            values[day, hour * 2 + minute // 30] += float(row["calls"])
    days = {date.fromisoformat(f"1999-{one}"): Special("holiday") for one in HOLIDAYS.split()}
    return Series("bank 1999", History(date(1999, 1, 1), values), Calendar(days), slice(0, 48), tuple(range(7)), 6)


def mean_of_eight(series: Series, start: int) -> np.ndarray:
    """The mean of the last 8 same weekdays that have data."""
    values = series.history.values[:start, series.slots]
    found = np.full((WEEK, values.shape[1]), np.nan)
    for n in range(WEEK):
        rows = [row for row in range(start + n - WEEK, -1, -WEEK) if not np.isnan(values[row]).any()][:8]
        if rows:
            found[n] = values[rows].mean(axis=0)
    return found


def without_gaps(series: Series, start: int) -> np.ndarray:
    """Days on open weekdays, a missing one being the same weekday a week before; the newest of 26 weeks."""
    values = series.history.values[:start, series.slots].copy()
    open_days = [n for n in range(start) if series.history.day(n).weekday() in series.weekdays]
    for n in open_days:
        if np.isnan(values[n]).any() and n >= WEEK:
            values[n] = values[n - WEEK]
    return values[open_days][-PEER_WEEKS * len(series.weekdays) :]


def peers(*, slow: bool) -> Mapping[str, Callable[[np.ndarray, int], np.ndarray]]:
    """The other methods by name: past days, days ahead."""
    found: dict[str, Callable[[np.ndarray, int], np.ndarray]] = {"seasonal naive": lambda past, days: past[-days:]}
    try:
        from statsforecast.models import MSTL, AutoETS, AutoMFLES
    except ImportError:
        print("statsforecast is not installed: MSTL + ETS and AutoMFLES are left out")
        return found

    def ran(model: object, past: np.ndarray, days: int) -> np.ndarray:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            said = model.forecast(y=past.ravel(), h=days * past.shape[1])["mean"]  # type: ignore[attr-defined]
        return np.maximum(0.0, said).reshape(days, past.shape[1])

    def seasons(past: np.ndarray, days: int) -> list[int]:
        return [past.shape[1], days * past.shape[1]]

    found["MSTL + ETS"] = lambda past, days: ran(
        MSTL(seasons(past, days), trend_forecaster=AutoETS(model="ZZN")), past, days
    )
    if not slow:
        return found
    found["AutoMFLES"] = lambda past, days: ran(
        AutoMFLES(test_size=days * past.shape[1], season_length=seasons(past, days), n_windows=2), past, days
    )
    return found


def forecast_at(series: Series, start: int, days: int) -> Forecast:
    """Ours, from all days before a row."""
    past = History(series.history.first, series.history.values[:start])
    return forecast(past, series.calendar, days, Parameters(accept_change=True))


def judge(series: Series, origins: int, peers_every: int, *, slow: bool) -> Tally:
    """All methods at all origins."""
    tally, others = Tally(), peers(slow=slow)
    for place, start in enumerate(starts_of(series, origins, WEEK)):
        came = series.judged(start)
        began = time.process_time()
        found = forecast_at(series, start, WEEK)
        said = found.mean[:, series.slots]
        tally.add("ours", said, came, time.process_time() - began)
        tally.add("noise floor", said, came)
        tally.add("mean of 8", mean_of_eight(series, start), came)
        _count(tally, series.slots, found.low, found.high, came)
        if place % peers_every == 0:
            tally.add("ours, where peers were asked", said, came)
            _ask_peers(tally, others, series, start, came)
    return tally


def _count(tally: Tally, slots: slice, low: Mapping[float, np.ndarray], high: Mapping[float, np.ndarray],
           came: np.ndarray) -> None:  # fmt: skip
    known = ~np.isnan(came)
    tally.intervals += int(known.sum())
    for level in COVERS:
        held = (came >= low[level][:, slots]) & (came <= high[level][:, slots]) & known
        tally.inside[level] = tally.inside.get(level, 0) + int(held.sum())


def _ask_peers(tally: Tally, others: Mapping[str, Callable[[np.ndarray, int], np.ndarray]], series: Series,
               start: int, came: np.ndarray) -> None:  # fmt: skip
    past = without_gaps(series, start)
    rows = [n for n in range(WEEK) if series.history.day(start + n).weekday() in series.weekdays]
    for name, method in others.items():
        began = time.process_time()
        said = np.zeros_like(came)
        said[rows] = method(past, len(series.weekdays))
        tally.add(name, said, came, time.process_time() - began)


def judge_weeks(series: Series, origins: int) -> tuple[list[Tally], Tally]:
    """Ours by week of four weeks ahead; and the totals of the four weeks."""
    tallies, whole, days = [Tally() for _ in range(WEEKS_AHEAD)], Tally(), WEEKS_AHEAD * WEEK
    for start in starts_of(series, origins, days):
        found, came = forecast_at(series, start, days), series.judged(start, days)
        for number, tally in enumerate(tallies):
            week = slice(number * WEEK, (number + 1) * WEEK)
            tally.add("ours", found.mean[week, series.slots], came[week])
            low, high = ({level: ends[week] for level, ends in side.items()} for side in (found.low, found.high))
            _count(tally, series.slots, low, high, came[week])
        _count_total(whole, found, came)
    return tallies, whole


def _count_total(tally: Tally, found: Forecast, came: np.ndarray) -> None:
    """The total of a horizon; days that are not judged count as they were forecast."""
    days = came.sum(axis=1)
    total = float(np.where(np.isnan(days), found.mean.sum(axis=1), days).sum())
    tally.intervals += 1
    for level, (low, high) in found.total_limits.items():
        tally.inside[level] = tally.inside.get(level, 0) + int(low <= total <= high)


def starts_of(series: Series, origins: int, days: int) -> list[int]:
    """The newest origins from which so many days are known, a week apart, the oldest first."""
    return list(range(len(series.history) - days, FIRST_WEEKS * WEEK - 1, -WEEK))[:origins][::-1]


def tell_weeks(series: Series, origins: int) -> int:
    """Print the table by week; how many of its coverages miss their goal."""
    tallies, whole = judge_weeks(series, origins)
    print(f"\n{series.name}: four weeks ahead, {whole.intervals} origins")
    return _tell_coverage(tallies, whole)


def _tell_coverage(tallies: Sequence[Tally], whole: Tally) -> int:
    print(f"{'week ahead':<12}{'intervals':>10}{'WAPE':>9}{'80 %':>8}{'95 %':>8}")
    missed = 0
    for number, tally in enumerate(tallies, 1):
        shares = {level: tally.inside[level] / tally.intervals for level in COVERS}
        bad = sum(not low <= shares[level] <= high for level, (low, high) in COVERS.items())
        told = "".join(f"{share:>8.3f}" for share in shares.values())
        print(f"{number:<12}{tally.intervals:>10,}{tally.wape('ours'):>9.2%}{told}{'   MISSED' if bad else ''}")
        missed += bad
    told = "".join(f"{whole.inside[level] / whole.intervals:>8.3f}" for level in COVERS)
    print(f"{'all, total':<12}{whole.intervals:>10,}{'':>9}{told}   (they overlap: no goal)")
    return missed


def floor_of(series: Series, origins: int) -> float:
    """The WAPE of someone who knows every rate: rates are taken from what came, smoothed over three weeks."""
    values = series.history.values[-origins * WEEK :, series.slots]
    weeks = values.reshape(-1, WEEK, values.shape[1])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        rates = np.nanmean([np.roll(weeks, step, axis=0) for step in (-1, 0, 1)], axis=0)
    return noise_floor(rates[~np.isnan(rates)])


def tell(series: Series, tally: Tally, origins: int) -> int:
    """Print the table of a series; how many goals it misses."""
    base, here = tally.wape("mean of 8"), tally.wape("ours, where peers were asked")
    floor = floor_of(series, origins)
    print(f"\n{series.name}: {origins} origins, {tally.intervals:,} intervals; noise floor {floor:.2%}")
    print(f"{'':<32}{'WAPE':>8}{'/ mean of 8':>13}{'CPU s':>9}")
    others = [name for name in tally.missed if name not in ("ours", "mean of 8", "noise floor")]
    for name in ("mean of 8", "ours", *others):
        print(f"{name:<32}{tally.wape(name):>8.2%}{tally.wape(name) / base:>13.3f}{tally.cpu[name]:>9.1f}")
    best = min(tally.wape(name) for name in others if not name.startswith("ours"))
    goals = [("ours / mean of 8", tally.wape("ours") / base, 0.0, AGAINST_MEAN),
             ("ours / best peer, same origins", here / best, 0.0, AGAINST_PEERS)]  # fmt: skip
    goals += [(f"{level:.0%} intervals cover", tally.inside[level] / tally.intervals, *ends)
              for level, ends in COVERS.items()]  # fmt: skip
    missed = 0
    for what, value, low, high in goals:
        good = low <= value <= high
        missed += not good
        print(f"  {what:<32} {value:.3f}  {low:g}..{high:g}{'' if good else '   MISSED'}")
    return missed


def tell_floor(root: Path) -> int:
    """Print how often the limits of handling time hold on a floor's queues; how many weeks miss the goal."""
    from onefloor.floor import open_floor
    from onefloor.metrics.prepare import prepare
    from onefloor.planning.forecasting.from_floor import first_unknown, observed, queues_of

    floor = open_floor(root)
    prepared = prepare(floor)
    until = first_unknown(prepared, floor.clock.offset_ms(prepared.watermark_ms))
    found = observed(prepared, queues_of(prepared, ()), until)
    tallies, whole = [Tally() for _ in range(WEEKS_AHEAD)], Tally()
    for seen in found.values():
        _judge_handling(tallies, whole, seen)
    print(f"\nhandling time of {len(found)} queues, four weeks ahead")
    return _tell_coverage(tallies, whole)


def _judge_handling(tallies: Sequence[Tally], whole: Tally, seen: Observed) -> None:
    days = WEEKS_AHEAD * WEEK
    for start in range(FIRST_HANDLING * WEEK, len(seen.handled) - days + 1, WEEK):
        found = handling(seen.seconds[:start], seen.handled[:start], days)
        seconds, calls = (part[start : start + days] for part in (seen.seconds, seen.handled))
        came = np.divide(seconds, calls, out=np.full_like(calls, np.nan), where=calls > 0)
        for number, tally in enumerate(tallies):
            week = slice(number * WEEK, (number + 1) * WEEK)
            low, high = ({level: ends[week] for level, ends in side.items()} for side in (found.low, found.high))
            tally.add("ours", calls[week] * found.seconds[week], seconds[week])
            _count(tally, slice(None), low, high, came[week])
        whole.intervals += 1
        for level in COVERS:
            low_end, high_end = found.mean_limits(calls, level)
            whole.inside[level] = whole.inside.get(level, 0) + int(low_end <= seconds.sum() / calls.sum() <= high_end)


def main() -> int:
    """Print the tables; 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--quick", action="store_true", help="few origins, without AutoMFLES; its coverage means little"
    )
    parser.add_argument("--origins", type=int, default=34)
    parser.add_argument("--peers-every", type=int, help="ask the peers at every so many origins only")
    parser.add_argument("--series", choices=("2003", "1999"), help="one of the two only")
    parser.add_argument("--only", choices=("week", "weeks"), help="one week ahead, or four")
    parser.add_argument("--without-automfles", action="store_true", help="it takes most of the time")
    parser.add_argument("--floor", type=Path, help="handling time of this floor's queues, and nothing else")
    asked = parser.parse_args()
    if asked.floor is not None:
        return int(tell_floor(asked.floor) > 0)
    if not SHARED.exists():
        print("the series are not beside the checkout: nothing is measured")
        return 0
    missed = 0
    made = {"2003": bank_of_2003, "1999": bank_of_1999}
    for series in (make() for year, make in made.items() if asked.series in (None, year)):
        origins = 2 if asked.quick else asked.origins
        if asked.only != "weeks":
            every, slow = asked.peers_every or series.peers_every, not (asked.quick or asked.without_automfles)
            missed += tell(series, judge(series, origins, every, slow=slow), len(starts_of(series, origins, WEEK)))
        if asked.only != "week":
            missed += tell_weeks(series, origins)
    return 1 if missed and not asked.quick else 0


if __name__ == "__main__":
    sys.exit(main())
