"""The demonstration's agreements, signed by both, and its last months: locked, one to be signed, one going on.

Nothing of it is written past the rules: keys are made, versions proposed and signed, months run and signed by the users
of the demonstration, as anybody would. It is a job, so the first start does not wait for it.
"""

from __future__ import annotations

from typing import Final

from django.db import transaction

from onefloor.demo.examples import example
from onefloor.demo.floor import YEAR_AGREEMENTS
from onefloor.language import same
from onefloor.periods import Month
from onefloor.problems import Problem
from onefloor_web.agreements.register.actions import propose, sign_version
from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.models import State as VersionState
from onefloor_web.agreements.register.queries import terms_of, waiting_version
from onefloor_web.agreements.signatures.actions import make_key
from onefloor_web.agreements.signatures.queries import key_in_use
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_of
from onefloor_web.platform.companies.models import Company
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.demo.beginnings import beginning
from onefloor_web.platform.demo.people import username
from onefloor_web.platform.floor import today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.jobs.models import Job
from onefloor_web.platform.jobs.registry import Progress
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound, tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.questions import months
from onefloor_web.settlement.statements.issuing import sign_statement
from onefloor_web.settlement.statements.jobs import signed_agreements
from onefloor_web.settlement.statements.models import CURRENT, State, Statement
from onefloor_web.settlement.statements.running import run_month

JOB: Final = "settlement.demo"
LAST, OPEN = 5, 2  # months that are settled, and how many of them nobody signs


def declare() -> None:
    """Have the demonstration begin with it."""
    beginning(ask)


def ask(viewer: Viewer) -> None:
    """The client's manager asks for the job, once."""
    if viewer.client and not Job.objects.filter(company_id=viewer.company, kind=JOB).exists():
        enqueue(viewer, JOB, key="demo")


def register() -> None:
    """The agreements of the generated year, signed by both, unless they are registered already."""
    client = the_client()
    for name in YEAR_AGREEMENTS:
        source = example(f"agreements/{name}.yaml").read_text(encoding="utf-8")
        terms = terms_of(source)
        company = Company.objects.filter(code=terms.parties.company).first()
        if company is None or terms.parties.client != client.code or Agreement.objects.filter(code=terms.code).exists():
            continue
        for one in dict.fromkeys((company.code, client.code)):
            sign_text(signatory(one), source, terms.code)


def settle_last_months(viewer: Viewer, progress: Progress) -> int:
    """Settle the last months of every signed agreement, oldest first; all but the newest two are signed by both."""
    known = [month for month in months(viewer) if month.id <= Month(today().year, today().month).id][-LAST:]
    made = 0
    agreements = list(signed_agreements())
    for place, agreement in enumerate(agreements):
        progress(place, len(agreements), same(agreement.code))
        for month in known:
            if not Statement.objects.filter(agreement=agreement, month=str(month), state__in=CURRENT).exists():
                made += _settle(viewer, agreement, month, sign=month in known[:-OPEN])
    progress(len(agreements), len(agreements))
    return made


def signatory(company: str) -> Viewer:
    """Who signs for a company of the demonstration."""
    with bound(signing_in=True):
        user = User.objects.get(username=username(company, Role.SIGNATORY))
    return viewer_of(user, today())


def sign_text(viewer: Viewer, source: str, code: str) -> None:
    """The first to come proposes; each signs with a key of its company."""
    with tenant(viewer):
        if key_in_use(viewer) is None:
            make_key(viewer)
        agreement = Agreement.objects.filter(code=code).first()
        version = waiting_version(agreement) if agreement else propose(viewer, source)
        if version is not None and version.state == VersionState.PROPOSED:
            sign_version(viewer, version)


def _settle(viewer: Viewer, agreement: Agreement, month: Month, *, sign: bool) -> int:
    """Settle one month; one that cannot be settled (no terms in force, no facts) is left out."""
    try:
        with transaction.atomic():
            made = run_month(viewer, agreement, month)
    except Problem:
        return 0
    if sign and made.state == State.ISSUED:
        for code in dict.fromkeys((agreement.company.code, viewer.code)):
            other = signatory(code)
            with tenant(other):
                sign_statement(other, made)
    return 1
