"""Two agreements of one company at a time: whoever signs is told what both would count."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from onefloor_web.agreements.register.models import Agreement
from onefloor_web.agreements.register.queries import in_force
from onefloor_web.platform.pages.formats import day as written


def overlapping(agreement: Agreement, day: date) -> list[Agreement]:
    """Other agreements of its company with terms on that day: what both count is paid and credited twice."""
    others = Agreement.objects.filter(company=agreement.company_id, shadow=agreement.shadow).exclude(pk=agreement.pk)
    return [one for one in others.order_by("code") if in_force(one, day) is not None]


def overlap_words(agreement: Agreement, day: date) -> list[str]:
    """A sentence for each of them."""
    told = _(
        "Agreement %(code)s of the same company has terms in force on %(day)s too: a contact or a missed duty that "
        "both count is settled twice. Limit the clauses and prices of each to its own queues."
    )
    return [told % {"code": one.code, "day": written(day)} for one in overlapping(agreement, day)]
