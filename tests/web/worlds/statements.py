"""A provisional statement of each company, as the core computes it, and a kept head."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from worlds import facts

from onefloor.agreements.adjustments import digest_of
from onefloor.agreements.settling import settle_month
from onefloor.agreements.statement import Statement as Settled
from onefloor.periods import Month
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.jobs.actions import cancel
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.heads import MAIL
from onefloor_web.settlement.statements.issuing import issue, sign_statement
from onefloor_web.settlement.statements.models import Adjustment, Head, Statement
from onefloor_web.settlement.statements.reading import out_of
from onefloor_web.settlement.statements.running import keep

if TYPE_CHECKING:
    from world import Side

MONTH = Month(2026, 11)


def client_viewer() -> Viewer:
    """The client's own work, which makes statements."""
    return viewer_for(Company.objects.get(kind=Kind.CLIENT).pk, name="monthly run")


def fill(side: Side, viewer: Viewer) -> None:
    """A month that goes on, as the client's work has computed it."""
    with working_for(client_viewer()):
        statement = make_statement(side)
        line = statement.lines.get(number=1)
    head = Head.objects.create(
        company=side.company, agreement=f"{side.secret}-agreement", statement=0, month="2026-09", revision=1,
        digest="0" * 64, manifest_digest="0" * 64,
    )  # fmt: skip
    side.rows |= {"statement": statement, "line": line, "head": head}
    if side.company.is_client:
        side.rows["correction"] = corrected(side, viewer)


def corrected(side: Side, viewer: Viewer) -> Adjustment:
    """Own staff has nobody to dispute with: what stands beside its lines is a correction of a month that is locked."""
    locked = make_statement(side, "2026-06", provisional=False)
    issue(viewer, locked)
    sign_statement(viewer, locked)
    for job in Job.objects.filter(kind=MAIL):
        cancel(viewer, job)  # nothing waits in the queue of a test that has asked for nothing
    line = locked.lines.get(number=1)
    source = {
        "statement": locked.digest, "locked": {"data_version": locked.data_version, "line": line.document},
        "now": {"data_version": f"{side.marker} other facts", "line": None}, "differences": [],
    }  # fmt: skip
    return Adjustment.objects.create(
        company=side.company, agreement=locked.agreement, line=line, kind=Adjustment.Kind.CORRECTION,
        amount=-line.amount, before=line.amount, after=Decimal(0), source=source,
        reason={"zh": f"{side.marker} 更正", "en": f"{side.marker} correction"},
        digest=digest_of(source), author=side.company, made_by=f"{side.marker} maker",
    )  # fmt: skip


def make_statement(side: Side, month: str = str(MONTH), *, provisional: bool = True) -> Statement:
    """November so far; or a whole month."""
    version = side.rows["version"]
    made = Statement(
        company=side.company, agreement=version.agreement, version=version, month=month, revision=1,
        shadow=side.company.is_client, run_by=f"{side.marker} run",
    )  # fmt: skip
    settled, folder = computed(side.company.code, version.source)
    shutil.rmtree(made.folder, ignore_errors=True)
    shutil.copytree(folder, out_of(made))
    keep(made, settled if provisional else replace(settled, provisional=False), version.source, None, ())
    events.tell_run(client_viewer(), made, None)
    return made


@cache
def computed(company: str, source: str) -> tuple[Settled, Path]:
    """What the core writes for a company's terms; once a process."""
    folder = Path(tempfile.mkdtemp(prefix=f"onefloor-statement-{company}-"))
    (folder / "agreement.yaml").write_text(source, encoding="utf-8")
    return settle_month(facts.made(), folder / "agreement.yaml", MONTH, folder / "out"), folder / "out"


def _place(side: Side) -> dict[str, str]:
    statement = side.rows["statement"]
    return {"period": statement.month, "code": statement.agreement.code}


CASES = {
    "statement": _place,
    "statement_signature": _place,
    "statement_verification": _place,
    "statement_file": lambda side: [{**_place(side), "kind": kind} for kind in ("json", "pdf", "xlsx", "zip")],
    "api:statement": lambda side: {"number": side.rows["statement"].pk},
    "api:document": lambda side: {"number": side.rows["statement"].pk},
    "api:signatures": lambda side: {"number": side.rows["statement"].pk},
    "api:pdf": lambda side: {"number": side.rows["statement"].pk},
    "api:verify": lambda side: {"number": side.rows["statement"].pk},
}
SHARED = set(CASES)
