"""Where an import is: the rail of its steps, and the page of each."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from onefloor.facts.kinds import TABLE
from onefloor_web.platform.pages.blocks import Step
from onefloor_web.records.imports.models import Import, State

NAMES: Final = {
    "import-new": _("File"),
    "import-kind": _("Kind"),
    "import-mapping": _("Map"),
    "import-dry-run": _("Dry run"),
    "import-load": _("Load"),
    "import-report": _("Report"),
}


def rail(made: Import | None, current: str) -> list[Step]:
    """The six steps; those that can be taken back lead there."""
    names = list(NAMES)
    at = names.index(current)
    return [_step(made, name, names.index(name), at) for name in names]


def step_of(made: Import) -> str:
    """The page an import is at."""
    if made.state == State.LOADED:
        return "import-report"
    if made.state == State.TRIED:
        return "import-dry-run"
    return "import-mapping" if made.kind else "import-kind"


def _step(made: Import | None, name: str, nth: int, at: int) -> Step:
    back = made is not None and made.open and name in ("import-kind", "import-mapping", "import-dry-run")
    again = back and nth < at and not (name == "import-mapping" and made is not None and made.kind != TABLE)
    url = reverse(name, args=[made.pk]) if again and made is not None else ""
    return Step(NAMES[name], url=url, done=nth < at, current=nth == at)
