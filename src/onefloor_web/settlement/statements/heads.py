"""The witness: each company keeps the head of the chain as both signed it, and its signatories have it by mail.

Whoever changed a signed statement in the database afterwards would have to change what the other company keeps, and
the mails that its people have.
"""

from __future__ import annotations

from typing import Any

from django.core.mail import send_mail
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation

from onefloor_web.agreements.signatures.queries import signatures_of
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.floor import floor, today
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.notifications.links import absolute
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.settlement.statements import events
from onefloor_web.settlement.statements.models import Head, Statement

MAIL = "statements.witness"


def keep_heads(viewer: Viewer, statement: Statement) -> None:
    """Have each of the two keep the head, and ask for the mails to its signatories."""
    signed = [_signed(one) for one in signatures_of(statement)]
    client = the_client()
    for company in sorted({statement.company_id, client.pk}):
        other = viewer_for(company, name=viewer.name)
        with tenant(other):
            mailed = [user.email for user in signatories(company) if user.email]
            head = Head.objects.create(
                company_id=company, agreement=statement.agreement.code, statement=statement.pk, month=statement.month,
                revision=statement.revision, digest=statement.digest, manifest_digest=statement.manifest_digest,
                previous_digest=statement.previous_digest, signatures=signed, mailed=mailed,
            )  # fmt: skip
            enqueue(other, MAIL, key=str(head.pk), page=events.page_of(statement), head=head.pk)


def mail_head(head: Head) -> int:
    """Send a head to whoever signs for the company; returns how many were sent."""
    users = [user for user in signatories(head.company_id) if user.email in head.mailed]
    for user in users:
        with translation.override(user.language), timezone.override(None):
            rows = {"head": head, "floor": floor().name, "url": absolute("/statements/chain/")}
            subject = render_to_string("statements/mail_head_subject.txt", rows)
            send_mail(" ".join(subject.split()), render_to_string("statements/mail_head.txt", rows), None, [user.email])
    return len(users)


def signatories(company: int) -> list[User]:
    """Who may sign for a company today."""
    on = today()
    held = Assignment.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), company=company, role=Role.SIGNATORY, starts_on__lte=on
    )
    return list(User.objects.filter(pk__in=held.values("user"), company=company, is_active=True).order_by("pk"))


def _signed(one: Any) -> dict[str, str]:
    return {"signer": one.signer.code, "key": one.key_id, "signature": one.signature, "at": one.at.isoformat()}
