"""What the web needs to know of the demonstration's floor: companies, sites, teams, people, users. Twice is as once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl
from django.db import transaction
from django.db.models import Count
from django_scopes import scopes_disabled

from onefloor.demo.truth import TRUTH
from onefloor.facts import roster
from onefloor.facts.store import scan
from onefloor.floor import Floor
from onefloor.periods import zone
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.companies.actions import add_company
from onefloor_web.platform.companies.mirroring import day_of, mirror
from onefloor_web.platform.companies.models import Company, Employment, Kind, Person, Team
from onefloor_web.platform.demo.people import roles_in, username
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound

LATELY: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Filled:
    """How many there are afterwards, and the codes of the companies."""

    companies: int
    people: int
    users: int
    codes: tuple[str, ...]


def fill(floor: Floor, today: date) -> Filled:
    """Companies of the roster (the first of the generated truth is the client), their rows, and a user of each role."""
    rows = roster.current(floor)
    with transaction.atomic(), scopes_disabled():
        companies = _companies(rows)
        mirror(floor)
        busy = _busy(floor, today)
        users = sum(_users(company, today, busy) for company in companies)
        with bound(client=True):
            codes = tuple(company.code for company in companies)
            return Filled(len(companies), Person.objects.count(), users, codes)


def _companies(rows: pl.DataFrame) -> list[Company]:
    with bound(client=True):
        there = {one.code: one for one in Company.objects.all()}
    client = TRUTH.companies[0].name
    known = [company.name for company in TRUTH.companies]
    codes = sorted(
        rows["company"].unique(), key=lambda code: (code not in known, known.index(code) if code in known else 0, code)
    )
    for code in codes:
        if code not in there:
            first = day_of(rows.filter(pl.col("company") == code)["from_day"].min())  # type: ignore[arg-type]
            kind = Kind.CLIENT if code == client else Kind.VENDOR
            there[code] = add_company(code, kind=kind, joined_on=first)
    return [there[code] for code in codes]


def _busy(floor: Floor, today: date) -> set[str]:
    """Who has answered somebody lately."""
    since = int(datetime.combine(today - LATELY, time(), zone(floor.timezone)).timestamp() * 1000)
    answered = scan(floor, "contacts").filter(pl.col("started_ms") >= since, pl.col("agent").is_not_null())
    return set(answered.select("agent").unique().collect()["agent"])


def _users(company: Company, today: date, busy: set[str]) -> int:
    """A user of every role; the leader leads a real team, the agent is one of its people."""
    with bound(company=company.pk):
        team, person = _team_and_person(company, today, busy)
        roles = roles_in(company.code, client=company.kind == Kind.CLIENT)
        for role, name in roles:
            user = User.objects.filter(username=username(company.code, role)).first()
            user = user or User.objects.create_user(username(company.code, role), None, company=company, name=name)
            if role == Role.AGENT and user.person_id is None and person is not None:
                user.person = person
                user.save(update_fields=["person"])
            if not Assignment.objects.filter(user=user, role=role).exists():
                Assignment.objects.create(
                    company=company, user=user, role=role, starts_on=company.joined_on,
                    team=team if role == Role.LEADER else None,
                )  # fmt: skip
        return len(roles)


def _team_and_person(company: Company, today: date, busy: set[str]) -> tuple[Team | None, Person | None]:
    """The team with the most people today, and the first of them by code, of those who have figures if anybody has."""
    there = Employment.objects.filter(company=company, days__contains=today)
    biggest = there.exclude(team=None).values("team").annotate(people=Count("pk")).order_by("-people", "team").first()
    team = Team.objects.get(pk=biggest["team"]) if biggest else None
    people = list(there.filter(team=team).select_related("person").order_by("code"))
    first = next((one for one in people if one.code in busy), next(iter(people), None))
    return team, first.person if first else None
