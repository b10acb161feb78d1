"""What the core makes of an import's files: the viewer's limits are part of how they are read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from onefloor.facts.detecting import Fit, detect
from onefloor.facts.kinds import NAMES, TABLE, Kind, kind
from onefloor.facts.ownership import ALLOWED, limited
from onefloor.facts.remedies import MEND_MAPPING, Group
from onefloor.facts.sources.reading_mappings import mapping_of
from onefloor.facts.store import scan
from onefloor.facts.trial import DryRun
from onefloor.language import Text
from onefloor.problems import MissingFile, Place, Problem, Problems
from onefloor_web.platform.floor import floor
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports.masking import is_number, masked_word
from onefloor_web.records.imports.models import Import

KINDS: Final = tuple(NAMES)
MOST_EXAMPLES: Final = 200  # problems kept of a dry run: those with most lines
OF_THE_MAPPING: Final = Text(
    "该列的内容像是电话号码，请检查字段映射是否对应了别的列。",
    "The cells look like telephone numbers: see whether the mapping reads another column than it should.",
)


class OtherSource(Problem):
    """A vendor's mapping under a name that is not its own."""

    def __init__(self, prefix: str) -> None:
        super().__init__(
            Text(f"映射名称须以“{prefix}”开头。", f'The name of the mapping must begin with "{prefix}".'),
            why=Text("每家公司的数据来源彼此分开。", "The sources of each company are kept apart."),
            remedy=Text(f"请写成“name: {prefix}calls”。", f'Write "name: {prefix}calls".'),
        )


class NoKindChosen(Problem):
    """Going on without a kind; ``theirs`` is what was recognised that only the client may load."""

    def __init__(self, theirs: Text | None) -> None:
        super().__init__(
            Text("尚未选择文件类型。", "No kind is chosen."),
            why=Text(
                f"该文件是{theirs.zh}，由甲方导入。",
                f"The file is of the kind {theirs.en}, which the client brings in.",
            )
            if theirs
            else None,
            remedy=Text("请选择一种类型，再继续。", "Choose one of the kinds, then go on.")
            if theirs is None
            else Text("请把文件交给甲方，或选择另一种类型。", "Give the file to the client, or choose another kind."),
        )


class FileGone(Problem):
    """The copy of an upload is not on the server any more."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Text(f"服务器上已没有“{name}”。", f'"{name}" is no longer on the server.'),
            why=Text(
                "文件可能已按保存期限清理，或备份恢复时没有带上。",
                "It was removed, or was not part of a restored backup.",
            ),
            remedy=Text("请放弃本次导入，再重新上传文件。", "Discard this import and bring the file in again."),
        )


def prefix(viewer: Viewer) -> str:
    """What the names of a vendor's mappings begin with, so that no two companies have one of the same name."""
    return "" if viewer.client else f"c{viewer.company}-"


def kinds_for(viewer: Viewer) -> list[str]:
    """The kinds that this viewer's company may load."""
    return [name for name in KINDS if viewer.client or name in ALLOWED]


def reader_of(viewer: Viewer, made: Import) -> Kind:
    """What reads the files of an import for this viewer.

    Raises:
        Problem: the mapping cannot be used, or is another company's.
    """
    mapping = mapping_of(made.mapping) if made.kind == TABLE else None
    if mapping is not None and not mapping.name.startswith(prefix(viewer)):
        raise OtherSource(prefix(viewer))
    found = kind(made.kind, mapping)
    return found if viewer.client else limited(found, viewer.code)


def fits_of(made: Import) -> list[Fit]:
    """The kinds that fit the first file, also those that its company may not load."""
    with without_folders():
        return list(detect(made.paths[0]))


def strangers(made: Import) -> list[str]:
    """Agents of an import that its dry run found on no roster, and that none names since."""
    new = (made.tried or {}).get("new_names", {}).get("agent", [])
    if not new:
        return []
    known = {masked_word(agent) for agent in scan(floor(), "roster").select("agent").unique().collect()["agent"]}
    return [agent for agent in new if agent not in known]


@contextmanager
def without_folders() -> Iterator[None]:
    """Problems of a file name the file, not where on the server its copy lies.

    Raises:
        FileGone: the copy is not there.
    """
    try:
        yield
    except FileNotFoundError as error:
        raise FileGone(Path(error.filename or "").name) from error
    except MissingFile as problem:
        raise FileGone(problem.path.name) from problem
    except Problem as problem:
        for one in problem.problems if isinstance(problem, Problems) else [problem]:
            if one.where is not None:
                one.where = Place(Path(one.where.file).name, one.where.line, one.where.column)
        raise


def as_json(tried: DryRun) -> dict[str, Any]:
    """A dry run as it is kept."""
    return {
        "account": tried.account.as_json(),
        "files": [{"name": name, **account.as_json()} for name, account in tried.files],
        "problems": [group_json(group) for group in tried.problems[:MOST_EXAMPLES]],
        "more_problems": max(0, len(tried.problems) - MOST_EXAMPLES),
        "new_names": {name: [masked_word(one) for one in names] for name, names in tried.new_names.items()},
    }


def group_json(group: Group) -> dict[str, Any]:
    """A group of lines that one act mends, as it is kept."""
    unsaid = group.word is not None and is_number(group.word)  # customers' numbers stay out of the database
    return {
        "reason": group.reason,
        "act": MEND_MAPPING if unsaid else group.act,
        "lines": group.lines,
        "what": {language: masked_word(text) for language, text in group.what.as_json().items()},
        "remedy": (OF_THE_MAPPING if unsaid else group.remedy).as_json(),
        "examples": [[file, line] for file, line, _raw in group.examples],
        "column": group.column,
        "word": None if unsaid else group.word,
        "known": list(group.known),
    }
