"""One import in each company: loaded, with a line set aside; and one that was only begun."""

from __future__ import annotations

from django.utils import timezone
from world import Side
from worlds.facts import set_aside

from onefloor.facts import roster
from onefloor.facts.load import load_id_of
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.imports.models import Import, Mapping, State


def fill(side: Side, viewer: Viewer) -> None:
    """Names carry the mark of what only the company itself sees."""
    account = {
        "source": "roster",
        "lines": 2,
        "loaded": 1,
        "duplicates": 0,
        "ignored": 0,
        "quarantined": 1,
        "reasons": {},
    }
    common = {"company_id": viewer.company, "begun_by_id": viewer.user, "begun_name": viewer.name, "kind": "roster"}
    side.rows["import"] = Import.objects.create(
        **common, name=f"{side.secret} roster.csv", state=State.LOADED, files=[{"name": "roster.csv", "bytes": 10}],
        report={"account": account, "files": []}, loaded_at=timezone.now(),
        loads=[load_id_of(roster.SOURCE, set_aside(side.company.code))],
    )  # fmt: skip
    side.rows["begun import"] = Import.objects.create(
        **common, name=f"{side.secret} begun.csv", files=[{"name": "begun.csv", "bytes": 10}]
    )
    Mapping.objects.create(company_id=viewer.company, name="kept", text=f"# {side.secret}", changed_by=viewer.name)


def _loaded(side: Side) -> dict[str, int]:
    return {"number": side.rows["import"].pk}


def _begun(side: Side) -> dict[str, int]:
    return {"number": side.rows["begun import"].pk}


CASES = {
    "import": _loaded,
    "import-report": _loaded,
    "import-quarantine": _loaded,
    "import-lines": _loaded,
    "import-mendings": _loaded,
    "import-words": _loaded,
    "import-line": lambda side: {**_loaded(side), "nth": 0},
    "import-kind": _begun,
    "import-mapping": _begun,
    "import-preview": _begun,
    "import-dry-run": _begun,
    "import-load": _begun,
    "import-removal": _begun,
}
