"""A floor on disk: one folder with its settings, its facts, what is derived from them, and its keys.

myfloor/
  floor.toml      settings, edited by people
  facts/          Delta tables, append only: what happened
  derived/        measuring tables and cubes: can always be rebuilt from facts/ and floor.toml
  secrets/        the key that turns customer numbers into hashes; never leaves the client
"""

from __future__ import annotations

import json
import os
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onefloor.language import Text, same
from onefloor.periods import Clock, clock, zone
from onefloor.problems import Place, Problem

SETTINGS = "floor.toml"
ENGINES = ("duckdb", "spark", "clickhouse")
RETAINED = (
    "contacts", "agent_states", "surveys", "sales", "complaints", "evaluations", "shifts", "forecasts", "duties",
    "quarantine",
)  # fmt: skip
ZONE_OF_FACTS = "timezone"  # in facts/, beside the tables
INTERVAL_MINUTES = 30


class NoFloor(Problem):
    """The folder is not a floor."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            Text(f"“{root}”不是现场目录：没有 {SETTINGS}。", f'"{root}" is not a floor: it has no {SETTINGS}.'),
            remedy=Text(
                f"请先运行 onefloor init {root} --timezone Asia/Shanghai。",
                f"Run onefloor init {root} --timezone Asia/Shanghai first.",
            ),
        )


class FloorExists(Problem):
    """``init`` on a folder that is in use."""

    def __init__(self, root: Path) -> None:
        super().__init__(
            Text(f"“{root}”已存在且不为空。", f'"{root}" exists and is not empty.'),
            remedy=Text("请换一个新目录。", "Choose a new folder."),
        )


class BadSetting(Problem):
    """A value in floor.toml that cannot be used."""

    def __init__(self, file: Path, what: Text, remedy: Text) -> None:
        super().__init__(what, remedy=remedy, where=Place(str(file)))


class OtherZone(BadSetting):
    """floor.toml names another time zone than the one in which the facts were cut into months and days."""

    def __init__(self, file: Path, wanted: str, held: str) -> None:
        super().__init__(
            file,
            Text(
                f"[floor] timezone = “{wanted}”，但已导入的数据是按 {held} 分月、分日的。",
                f'[floor] timezone = "{wanted}", but what is loaded was cut into months and days of {held}.',
            ),
            Text(
                f'请改回 timezone = "{held}"；若要换时区，请新建现场并重新导入文件。',
                f'Set timezone = "{held}" again; for another zone make a new floor and load the files there.',
            ),
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """What the floor says of a queue: its skill, its topic, and the company it is dedicated to, if any."""

    skill: str | None = None
    topic: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Engine:
    """Where figures are computed: ``duckdb`` (default), ``spark`` or ``clickhouse``, with its own options."""

    name: str = "duckdb"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Floor:
    """A floor's settings and the places of its parts.

    ``retention`` says of fact tables how many whole months their rows are kept; of others they are kept for good.
    ``import_roots`` are the folders and object-store paths from which files may be fetched.
    """

    root: Path
    name: str
    timezone: str
    currency: str = "CNY"
    engine: Engine = field(default_factory=Engine)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    retention: Mapping[str, int] = field(default_factory=dict)
    import_roots: tuple[str, ...] = ()

    @property
    def facts(self) -> Path:
        """Folder of the Delta tables."""
        return self.root / "facts"

    @property
    def derived(self) -> Path:
        """Folder of measuring tables and cubes."""
        return self.root / "derived"

    @property
    def clock(self) -> Clock:
        """The offsets of the floor's zone."""
        return clock(self.timezone)

    def customer_key(self) -> bytes:
        """The 32-byte key of customer hashes; it lies outside the facts and never leaves the client."""
        return bytes.fromhex((self.root / "secrets" / "customer.key").read_text(encoding="ascii").strip())


def create_floor(root: Path, *, timezone: str, name: str | None = None, currency: str = "CNY") -> Floor:
    """Make a new floor in an empty or missing folder.

    Raises:
        FloorExists: the folder holds something already.
        UnknownZone: the time zone is not known.
    """
    zone(timezone)
    if root.exists() and any(root.iterdir()):
        raise FloorExists(root)
    for part in ("facts", "derived", "secrets"):
        (root / part).mkdir(parents=True)
    key = root / "secrets" / "customer.key"
    with os.fdopen(os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    (root / SETTINGS).write_text(_settings_text(name or root.name, timezone, currency), encoding="utf-8")
    return open_floor(root)


def open_floor(root: Path) -> Floor:
    """Read a floor's settings.

    Raises:
        NoFloor: the folder has no floor.toml.
        BadSetting: floor.toml cannot be used; says which value and what to write.
        OtherZone: its time zone is not the one of the facts.
    """
    file = root / SETTINGS
    if not file.is_file():
        raise NoFloor(root)
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(
            file, same(str(error)), Text("请改正该行的 TOML 语法。", "Mend the TOML on that line.")
        ) from None
    floor = _floor(root, file, settings)
    held = _zone_of_facts(floor)
    if held not in (None, floor.timezone):
        raise OtherZone(file, floor.timezone, held)
    return floor


def keep_zone(floor: Floor) -> None:
    """Note the zone in which facts are cut into months and days; called before the first ones are written."""
    if _zone_of_facts(floor) is None:
        pending = floor.facts / f"{ZONE_OF_FACTS}.pending"
        pending.write_text(floor.timezone + "\n", encoding="ascii")
        pending.replace(floor.facts / ZONE_OF_FACTS)


def _zone_of_facts(floor: Floor) -> str | None:
    """The zone of the facts; None while there are none, so that a slip can be mended before the first load."""
    file = floor.facts / ZONE_OF_FACTS
    if not file.is_file() or not any(part.is_dir() and any(part.iterdir()) for part in floor.facts.iterdir()):
        return None
    return file.read_text(encoding="ascii").strip()


def _floor(root: Path, file: Path, settings: dict[str, Any]) -> Floor:
    general = settings.get("floor", {})
    timezone = general.get("timezone")
    if not isinstance(timezone, str):
        raise BadSetting(
            file,
            Text("[floor] 缺少 timezone。", "[floor] has no timezone."),
            Text('请加上 timezone = "Asia/Shanghai"。', 'Add timezone = "Asia/Shanghai".'),
        )
    zone(timezone)
    engine = dict(settings.get("engine", {}))
    engine_name = engine.pop("name", "duckdb")
    if engine_name not in ENGINES:
        raise BadSetting(
            file,
            Text(f"[engine] 不认识 name = “{engine_name}”。", f'[engine] name = "{engine_name}" is not known.'),
            Text(f"可用：{'、'.join(ENGINES)}。", f"Use one of {', '.join(ENGINES)}."),
        )
    return Floor(
        root=root,
        name=str(general.get("name", root.name)),
        timezone=timezone,
        currency=str(general.get("currency", "CNY")),
        engine=Engine(engine_name, engine),
        queues={name: _queue(file, name, values) for name, values in settings.get("queues", {}).items()},
        retention=_retention(file, settings.get("retention", {})),
        import_roots=_import_roots(file, settings.get("imports", {})),
    )


def _retention(file: Path, values: Any) -> dict[str, int]:
    good = isinstance(values, dict) and all(
        name in RETAINED and isinstance(months, int) and not isinstance(months, bool) and months >= 1
        for name, months in values.items()
    )
    if not good:
        raise BadSetting(
            file,
            Text("[retention] 中有无法使用的值。", "[retention] holds a value that cannot be used."),
            Text(
                f"请写成“contacts = 24”（保留的整月数）；可用：{'、'.join(RETAINED)}。",
                f'Write "contacts = 24", in whole months; known: {", ".join(RETAINED)}.',
            ),
        )
    return dict(values)


def _import_roots(file: Path, values: Any) -> tuple[str, ...]:
    roots = values.get("roots", []) if isinstance(values, dict) else None
    if not isinstance(roots, list) or not all(isinstance(root, str) and root for root in roots):
        raise BadSetting(
            file,
            Text("[imports] 的 roots 无法使用。", "[imports] roots cannot be used."),
            Text(
                '请写成 roots = ["/srv/drop", "s3://bucket/folder"]。',
                'Write roots = ["/srv/drop", "s3://bucket/folder"].',
            ),
        )
    return tuple(roots)


def _queue(file: Path, name: str, values: object) -> Queue:
    if not isinstance(values, dict) or (unknown := set(values) - {"skill", "topic", "company"}):
        named = f"[queues.{name}]"
        raise BadSetting(
            file,
            Text(f"{named} 只能有 skill、topic、company。", f"{named} may only have skill, topic and company."),
            Text(
                f"请删除 {sorted(unknown) if isinstance(values, dict) else values!r}。",
                f"Remove {sorted(unknown) if isinstance(values, dict) else values!r}.",
            ),
        )
    return Queue(**{key: str(value) for key, value in values.items()})


def _settings_text(name: str, timezone: str, currency: str) -> str:
    return f"""[floor]
name = {json.dumps(name, ensure_ascii=False)}
timezone = "{timezone}"      # where the floor's days begin
currency = {json.dumps(currency)}

[engine]
name = "duckdb"              # or "spark", "clickhouse": same definitions, same numbers

# What the floor knows of a queue. A queue that is dedicated to one company also gives that company its abandoned
# contacts; in a shared queue they belong to nobody.
# [queues.water]
# skill = "water"
# topic = "bills"
# company = "North"
"""
