"""Records of each company on the floor's disk: contacts of its people, in queues and on topics that carry its marker.

Made once a process, when the first world is; every world has the same companies and the same codes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import environment
from hand_made import MINUTE, at, load, stay

from onefloor.facts import roster
from onefloor.facts.load import load_files
from onefloor.floor import Floor, open_floor
from onefloor.metrics.cubes import build_cubes
from onefloor.metrics.prepare import prepare
from onefloor_web.platform.tenancy.viewer import Viewer

if TYPE_CHECKING:
    from world import Side

DAYS = range(2, 20)
A_DAY = 3
PASSED_ON = 77  # the customer of the contact that passes from North to Own, and then calls Harbor


def fill(_side: Side, _viewer: Viewer) -> None:
    """The files know all companies at once."""
    made()


@cache
def made() -> Floor:
    """The floor of the tests with its records, ready to be measured."""
    from world import MARKERS

    floor = open_floor(environment.prepare() / "floor")
    contacts = [row for name, mark in MARKERS.items() for row in _contacts(floor, name, mark)]
    load(
        floor,
        contacts=[*contacts, *_passed_on(floor)],
        roster=[_stay(name, mark, n) for name, mark in MARKERS.items() for n in (0, 1)],
    )
    for name in MARKERS:
        _set_aside(floor, name)
    build_cubes(floor, prepare(floor))
    return open_floor(floor.root)


def set_aside(name: str) -> Path:
    """A roster file of a company of which no line can be used; it is loaded, and its line set aside."""
    from world import MARKERS, SECRETS

    path = environment.prepare() / f"{SECRETS[name]} roster.csv"
    line = f"{code(name, MARKERS[name], 0)},{SECRETS[name]} person,{name},own,,,,no date,"
    path.write_text(f"agent,name,company,employment,site,team,hired,from,to\n{line}\n", encoding="utf-8")
    return path


def _set_aside(floor: Floor, name: str) -> None:
    account = load_files(floor, roster.SOURCE, roster.read, [set_aside(name)])
    assert account.quarantined == 1


def code(name: str, mark: str, number: int) -> str:
    """The code of a person, as ``world.py`` gives it."""
    return f"{name[0]}200{number}-{mark}"


def _stay(name: str, mark: str, number: int) -> Any:
    form = "own" if name == "Own" else "outsourced"
    return stay(code(name, mark, number), name, site=f"{mark} site", team=f"{mark} team", employment=form)


def _contacts(floor: Floor, name: str, mark: str) -> list[dict[str, Any]]:
    """Some a day of each person; of every third the wait is long."""
    return [
        _leg(floor, mark, f"{mark}-{day}-{number}-{turn}", code(name, mark, number), day, 9 + turn + 4 * number)
        | {"customer": 1000 + day}
        for day in DAYS
        for number in (0, 1)
        for turn in range(A_DAY)
    ]


def _leg(floor: Floor, mark: str, contact: str, agent: str, day: int, hour: int) -> dict[str, Any]:
    start = at(floor, f"2026-11-{day:02d} {hour:02d}:00")
    wait = 40_000 if (day + hour) % 3 == 0 else 5_000
    return {
        "contact": contact, "started_ms": start, "queued_ms": start, "answered_ms": start + wait, "wait_ms": wait,
        "ring_ms": 2_000, "talk_ms": 3 * MINUTE, "hold_ms": 0, "wrap_ms": 20_000, "ended_ms": start + 4 * MINUTE,
        "outcome": "answered", "agent": agent, "queue": f"{mark} queue", "topic": f"{mark} topic",
    }  # fmt: skip


def _passed_on(floor: Floor) -> list[dict[str, Any]]:
    """A contact that North passes on to Own; the same customer calls Harbor two days later."""
    from world import MARKERS

    north, own, harbor = (MARKERS[name] for name in ("North", "Own", "Harbor"))
    first = _leg(floor, north, f"{north}-passed", code("North", north, 0), 10, 20) | {"transferred_to": "second line"}
    second = _leg(floor, own, f"{north}-passed", code("Own", own, 0), 10, 21) | {"leg": 2}
    later = _leg(floor, harbor, f"{harbor}-later", code("Harbor", harbor, 0), 12, 20)
    return [one | {"customer": PASSED_ON} for one in (first, second, later)]


CASES = {
    "contact": lambda side: {"code": f"{side.marker}-5-0-0"},
    "figure": lambda _side: [
        {"reference": "service_level", "span": "2026-11"}, {"reference": "aht", "span": "2026-11-05..2026-11-09"},
    ],
    "figure-rows": lambda _side: [{"reference": "service_level", "span": "2026-11"}],
    "figure-export": lambda _side: [
        {"reference": "service_level", "span": "2026-11", "kind": kind} for kind in ("csv", "xlsx")
    ],
    "metric": lambda _side: {"name": "service_level", "version": 1},
}  # fmt: skip
SHARED = {"contact"}
