"""Reading table mappings: a YAML file that says what the columns of a table mean.

The grammar is ``mapping.schema.json``; what it cannot say (columns that do not exist in the target, formulas that do
not fit together, references to something defined later) is checked here. All problems are shown at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from importlib import resources
from pathlib import Path
from typing import Any, cast

import polars as pl

from onefloor.facts.schemas import TABLES
from onefloor.facts.sources.columns import (
    DTYPES,
    FAIL,
    VOCABULARIES,
    Column,
    Kind,
    reference,
)
from onefloor.facts.sources.documents import (
    BadDocument,
    place,
    plain,
    read_yaml,
    schema_problems,
    unknown_word,
    yaml_of,
)
from onefloor.facts.sources.formulas import COLUMN, FACT, VALUE, BadFormula, Formula, checked, compiled
from onefloor.facts.sources.mapping import (
    DEFAULTS,
    DERIVED,
    Layout,
    Rule,
    TableMapping,
    fact_columns,
    kind_of,
)
from onefloor.language import Text
from onefloor.periods import UnknownZone, zone
from onefloor.problems import Place, Problem, Problems

_INPUTS = ("column", "columns", "constant", "expression", "date")
_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000}
_DURATION_UNITS = ("s", "ms", "min", "m:ss", "h:mm:ss")


def read_mapping(path: Path) -> TableMapping:
    """Read and check a mapping.

    Raises:
        MissingFile: there is no such file.
        Problems: everything that is wrong with it, each with line, column and remedy.
    """
    return _checked(read_yaml(path), path)


def mapping_of(text: str, name: str = "mapping") -> TableMapping:
    """The same of a text that is in no file; ``name`` is what problems call it.

    Raises:
        Problems, BadDocument: as ``read_mapping``.
    """
    return _checked(yaml_of(text, Path(name)), Path(name))


def _checked(document: Any, path: Path) -> TableMapping:
    problems = schema_problems(document, schema(), path)
    if problems:
        raise Problems(problems)
    return _Reading(path, document).mapping()


def schema() -> dict[str, Any]:
    """The published JSON Schema of mappings."""
    text = resources.files("onefloor.facts.sources").joinpath("mapping.schema.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


class _Reading:
    """One mapping on its way in: collects problems instead of stopping at the first."""

    def __init__(self, path: Path, document: Any) -> None:
        self.path, self.document, self.text = path, document, plain(document)
        self.problems: list[Problem] = []
        self.types: dict[str, pl.DataType] = {}
        self.places: dict[str, Place] = {}

    def mapping(self) -> TableMapping:
        text = self.text
        target = text["target"]
        self._zone(text.get("zone"), ["zone"])
        values = tuple(self._values(text.get("values", {})))
        columns = tuple(self._columns(target, text["columns"]))
        found = TableMapping(
            name=text["name"],
            target=target,
            columns=columns,
            digest=blake2b(json.dumps(text, sort_keys=True).encode(), digest_size=16).hexdigest(),
            version=text.get("version", 1),
            layout=self._layout(text.get("file", {})),
            zone=text.get("zone"),
            missing=tuple(_word(word) for word in text.get("missing", [])),
            values=values,
            identity=tuple(self._identity(text.get("identity", []))),
            revision=self._revision(text.get("revision")),
            ignore=self._rules("ignore", "when"),
            require=self._rules("require", "that"),
            note=self._rules("note", "when"),
            places=self.places,
        )
        if self.problems:
            raise Problems(sorted(self.problems, key=lambda p: (p.where.line or 0) if p.where else 0))
        return found

    def _bad(self, path: list[str | int], what: Text, remedy: Text) -> None:
        self.problems.append(BadDocument(what, remedy=remedy, where=place(self.document, path, self.path)))

    def _zone(self, name: str | None, path: list[str | int]) -> None:
        try:
            if name is not None:
                zone(name)
        except UnknownZone as unknown:
            self._bad(path, unknown.what, unknown.remedy)

    def _layout(self, text: Mapping[str, Any]) -> Layout:
        header = tuple(text["header"]) if "header" in text else None
        encoding = text.get("encoding")
        if encoding is not None:
            try:
                "".encode(encoding)
                if encoding.lower().replace("-", "_") in ("utf_7", "punycode", "idna", "unicode_escape"):
                    raise LookupError
            except (LookupError, ValueError):
                self._bad(
                    ["file", "encoding"],
                    Text(f"没有名为“{encoding}”的编码。", f'There is no encoding "{encoding}".'),
                    Text("例如 utf-8、gb18030、utf-16。", "Use for example utf-8, gb18030 or utf-16."),
                )
        return Layout(**{**text, "header": header})

    def _values(self, text: Mapping[str, Any]) -> Iterator[Column]:
        for name, entry in text.items():
            kind: Kind = entry.get("type", "text")
            column = self._column(["values", name], VALUE + name, kind, entry)
            if column:
                yield column
            self.types[VALUE + name] = DTYPES[kind]

    def _columns(self, target: str, text: Mapping[str, Any]) -> Iterator[Column]:
        known = fact_columns(target)
        for name, entry in text.items():
            if name not in known:
                self.problems.append(unknown_word(name, known, place(self.document, ["columns", name], self.path)))
                continue
            column = self._column(["columns", name], FACT + name, kind_of(target, name), entry)
            if column:
                yield column
            self.types[FACT + name] = DTYPES[kind_of(target, name)]
        for name in known:
            given = name in text or name in DERIVED.get(target, ()) or name in DEFAULTS.get(target, {})
            if not (given or TABLES[target].field(name).nullable):
                self._bad(
                    ["columns"],
                    Text(f"“{target}”必须有“{name}”列。", f'"{target}" must have the column "{name}".'),
                    Text(f"请在 columns 下加上“{name}:”。", f'Add "{name}:" under columns.'),
                )
        if target == "contacts" and not {"queued_ms", "started_ms"} & set(text):
            self._bad(
                ["columns"],
                Text("缺少“started_ms”和“queued_ms”。", 'Both "started_ms" and "queued_ms" are missing.'),
                Text("请至少写一个。", "Give at least one of them."),
            )

    def _column(self, path: list[str | int], name: str, kind: Kind, entry: Any) -> Column | None:
        parts: dict[str, Any] = {"column": entry} if isinstance(entry, str) else entry
        given = [one for one in _INPUTS if one in parts]
        if len(given) != 1 or ("date" in parts) != ("clock" in parts):
            self._bad(
                path,
                Text(f"“{name[2:]}”须恰有一个来源。", f'"{name[2:]}" must be made from exactly one thing.'),
                Text(
                    "请写 column、columns、constant、expression 之一，或同时写 date 和 clock。",
                    "Give one of column, columns, constant, expression, or date together with clock.",
                ),
            )
            return None
        self._formats(path, kind, parts)
        if "date" in parts and (kind != "time" or self.types.get(reference(parts["date"]), pl.String()) != pl.String()):
            self._bad([*path, "date"], _NO_DATE, _NO_DATE_REMEDY)
        self._zone(parts.get("zone"), [*path, "zone"])
        sources = parts["columns"] if "columns" in parts else [parts[key] for key in ("column", "date") if key in parts]
        column = Column(
            name=name,
            kind=kind,
            sources=tuple(self._reference(path, given[0], source) for source in sources),
            join=parts.get("join", ""),
            constant=_word(parts["constant"]) if "constant" in parts else None,
            formula=self._formula(path, "expression", parts.get("expression"), kind),
            clock=self._reference(path, "clock", parts["clock"]) if "clock" in parts else None,
            formats=_several(parts.get("format", [])),
            after=self._reference(path, "next_day_after", parts["next_day_after"])
            if "next_day_after" in parts
            else None,
            slack_ms=_slack_ms(parts.get("slack", "0ms")),
            words={key: _word_or_none(value) for key, value in parts["words"].items()} if "words" in parts else None,
            otherwise=_word_or_none(parts["otherwise"]) if "otherwise" in parts else FAIL,
            missing=tuple(_word(word) for word in parts.get("missing", [])),
            when=self._test([*path, "when"], parts.get("when")),
            zone=parts.get("zone"),
            places=parts.get("places", 2),
        )
        self._vocabulary(path, column)
        return column

    def _formats(self, path: list[str | int], kind: Kind, parts: Mapping[str, Any]) -> None:
        formats = _several(parts.get("format", []))
        if formats and kind not in ("time", "duration"):
            self._bad([*path, "format"], _NO_FORMAT, _NO_FORMAT_REMEDY)
        if kind == "duration" and any(one not in _DURATION_UNITS for one in formats):
            where = place(self.document, [*path, "format"], self.path)
            self.problems.append(unknown_word(formats[0], _DURATION_UNITS, where))
        if kind == "time" and any("%" not in one and one not in ("iso", "epoch_s", "epoch_ms") for one in formats):
            where = place(self.document, [*path, "format"], self.path)
            self.problems.append(unknown_word(formats[0], ("iso", "epoch_s", "epoch_ms", "%Y-%m-%d %H:%M:%S"), where))

    def _vocabulary(self, path: list[str | int], column: Column) -> None:
        """Words and constants that the fact's column cannot hold."""
        known = VOCABULARIES.get(column.plain_name) if column.name.startswith(FACT) else None
        if known is None:
            return
        given = [
            column.constant,
            *(column.words or {}).values(),
            None if column.otherwise == FAIL else column.otherwise,
        ]
        for word in given:
            if word is not None and word not in known:
                self.problems.append(unknown_word(str(word), known, place(self.document, path, self.path)))

    def _time_before(self, path: list[str | int], text: str | None) -> str | None:
        if text is None:
            return None
        name = self._reference(path, "next_day_after", text)
        if self.types.get(name) != pl.Int64():
            self._bad(
                [*path, "next_day_after"],
                Text(f"“{text}”不是时间。", f'"{text}" is not a time.'),
                Text("请写 value. 或 fact. 开头的时间列。", "Name a time that begins with value. or fact."),
            )
        return name

    def _reference(self, path: list[str | int], key: str, text: str) -> str:
        name = reference(text)
        self._uses(name, [*path, key])
        return name

    def _uses(self, name: str, path: list[str | int]) -> None:
        if name.startswith(COLUMN):
            self.places.setdefault(name[2:], place(self.document, path, self.path))
        elif name not in self.types:
            shown = ("value." if name.startswith(VALUE) else "fact.") + name[2:]
            self._bad(
                path,
                Text(f"“{shown}”在此处尚未定义。", f'"{shown}" is not defined before this line.'),
                Text("请把它写在前面，或检查拼写。", "Define it above, or check its spelling."),
            )
            self.types[name] = pl.String()

    def _formula(self, path: list[str | int], key: str, text: str | None, kind: Kind) -> Formula | None:
        wanted = {pl.String(), pl.Null()} if kind == "customer" else {pl.String(), pl.Null(), DTYPES[kind]}
        return self._compiled([*path, key], text, wanted)

    def _test(self, path: list[str | int], text: str | None) -> Formula | None:
        return self._compiled(path, text, {pl.Boolean()})

    def _compiled(self, path: list[str | int], text: str | None, wanted: set[Any]) -> Formula | None:
        if text is None:
            return None
        try:
            formula = compiled(text)
            before = len(self.problems)
            for name in sorted(formula.names):
                self._uses(name, path)
            if len(self.problems) > before:
                return None
            found = checked(formula, {name: self.types.get(name, pl.String()) for name in formula.names})
        except BadFormula as bad:
            self._bad(path, bad.what, _FORMULA_REMEDY)
            return None
        if found not in wanted and not (found.is_integer() and pl.Int64() in wanted):
            self._bad(
                path,
                Text(f"“{text}”得到的类型是 {found}。", f'"{text}" yields {found}.'),
                Text(f"此处需要 {_listed(wanted)}。", f"This place takes {_listed(wanted)}."),
            )
        return formula

    def _identity(self, names: list[str]) -> Iterator[str]:
        for name in names:
            self._uses(COLUMN + name, ["identity"])
            yield name

    def _revision(self, entry: Any) -> Column | None:
        if entry is None:
            return None
        kind: Kind = "time" if isinstance(entry, dict) and ("format" in entry or "date" in entry) else "integer"
        return self._column(["revision"], VALUE + "revision", kind, entry)

    def _rules(self, key: str, test: str) -> tuple[Rule, ...]:
        found = []
        for i, rule in enumerate(self.text.get(key, [])):
            formula = self._test([key, i, test], rule[test])
            if formula is None:
                continue
            if key == "ignore" and any(not name.startswith(COLUMN) for name in formula.names):
                self._bad([key, i, test], _IGNORE_WHAT, _IGNORE_REMEDY)
            found.append(Rule(formula, rule["reason"]))
        return tuple(found)


_FORMULA_REMEDY = Text(
    "写法见 docs/reference/sources/table.md。", "See docs/reference/sources/table.md for the language."
)
_NO_FORMAT = Text("只有时间和时长才有 format。", "Only times and durations have a format.")
_NO_FORMAT_REMEDY = Text("请删除 format。", "Remove format.")
_NO_DATE = Text("date 只能用于时间列，且须是文本。", "date belongs to a time, and must be text.")
_NO_DATE_REMEDY = Text("请改用 column 或 expression。", "Use column or expression.")
_IGNORE_WHAT = Text("ignore 只能使用文件的列。", "ignore can only read columns of the file.")
_IGNORE_REMEDY = Text("请改用文件的列，或改写为 require。", "Use columns of the file, or write a require rule.")


def _listed(types: set[Any]) -> str:
    return ", ".join(sorted(str(one) for one in types if one != pl.Null()))


def _several(value: str | list[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _word_or_none(value: Any) -> str | None:
    return None if value is None else _word(value)


def _slack_ms(text: str) -> int:
    unit = text.lstrip("0123456789")
    return int(text[: -len(unit)]) * _UNITS[unit]
