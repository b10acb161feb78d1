"""The client's locked forecast for each company, waiting for it; and a draft of the client's own."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.utils import timezone
from world import Side

from onefloor_web.agreements.forecasts.models import Acknowledgement, Lock
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.models import Company, Kind
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer

FIRST = 1_798_763_400_000  # 2027-01-01 08:30 in Shanghai
ACCOUNT = {"lines": 3, "taken": 2, "ignored": {"blank": 1}, "bad": 0, "listed": []}


def fill(side: Side, viewer: Viewer) -> None:
    """Only the client locks: each row is written in its name, the acknowledgement in the company's."""
    client = Company.objects.get(kind=Kind.CLIENT)
    agreement = side.rows["agreement"]
    content = f"{FIRST},{side.marker} queue,40\n{FIRST + 1_800_000},{side.marker} queue,60\n"
    common = {
        "company": side.company, "author": client, "agreement": agreement, "content": content,
        "digest": sha256(content.encode()).hexdigest(), "contacts": 100, "account": ACCOUNT, "user_number": 1,
    }  # fmt: skip
    given = {"given_at": timezone.now(), "answer_by": timezone.now() + timedelta(days=4), "horizon": 41}
    with tenant(viewer_for(client.pk, name="")):
        for key, version, month in (("lock", 1, "2027-01"), ("acknowledged lock", 1, "2027-02")):
            name = f"{side.marker} {key}"
            side.rows[key] = Lock.objects.create(
                **common, **given, month=month, version=version, file=f"{side.marker}.csv", user_name=name
            )
        if side.company == client:
            side.rows["draft lock"] = Lock.objects.create(
                **common, month="2027-01", file=f"{side.secret}.csv", user_name=side.secret
            )
    Acknowledgement.objects.create(
        company=side.company, author=side.company, given_at=timezone.now(), lock=side.rows["acknowledged lock"],
        user_number=2, user_name=f"{side.marker} manager",
    )  # fmt: skip


def _agreement(side: Side) -> dict[str, object]:
    return {"code": side.rows["agreement"].code}


def _lock(side: Side) -> dict[str, object]:
    return {"code": side.rows["agreement"].code, "number": side.rows["lock"].pk}


CASES = {
    "api:forecast_lock": lambda side: {"number": side.rows["lock"].pk},
    "api:forecast_acknowledgement": lambda side: {"number": side.rows["lock"].pk},
    "api:forecast_locking": lambda side: {"number": side.rows["lock"].pk},
    "api:forecast_removal": lambda side: {"number": side.rows["lock"].pk},
    "forecast_locks": _agreement, "forecast_lock_new": _agreement, "forecast_lock_template": _agreement,
    "forecast_lock": _lock, "forecast_lock_rows": _lock, "forecast_lock_locking": _lock,
    "forecast_lock_acknowledgement": _lock, "forecast_lock_removal": _lock,
}  # fmt: skip
SHARED = {
    "api:forecast_lock", "api:forecast_acknowledgement", "api:forecast_locking", "api:forecast_removal",
    "forecast_locks", "forecast_lock", "forecast_lock_rows", "forecast_lock_acknowledgement", "forecast_lock_new",
    "forecast_lock_template", "forecast_lock_locking", "forecast_lock_removal",
}  # fmt: skip
CLIENT_ONLY = {
    "forecast_lock_new", "forecast_lock_template", "forecast_lock_locking", "forecast_lock_removal",
    "api:forecast_locking", "api:forecast_removal",
}  # fmt: skip
