"""Sites, teams, people and employments as the roster among the facts has them: made equal to it, never edited apart.

The database adds what files cannot: nobody works for two companies on one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django_scopes import scopes_disabled

from onefloor.facts import roster
from onefloor.floor import Floor
from onefloor_web.platform.companies.models import Company, Employment, Person, PersonName, Site, Team
from onefloor_web.platform.tenancy.scopes import bound

EPOCH = date(1970, 1, 1)
Key = tuple[str, str, str | None, str | None, date | None, date | None]
"""Code, form, site, team, first day, day after the last: what makes an employment the same."""


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What became different, and companies of the roster that the floor does not have.

    ``described`` counts sites, teams and names of people that came or became others.
    """

    people: int = 0
    began: int = 0
    ended: int = 0
    described: int = 0
    unknown: tuple[str, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was not as the roster has it."""
        return bool(self.people or self.began or self.ended or self.described)


def day_of(number: int) -> date:
    """A day of the facts, counted from 1970, as a date."""
    return EPOCH + timedelta(days=number)


def mirror(floor: Floor) -> Mirrored:
    """Make the rows of all companies equal to the roster that counts now, in one transaction.

    Old employments go before new ones come: somebody who moved between companies is in neither twice.
    """
    rows = roster.current(floor)
    with transaction.atomic(), scopes_disabled():
        with bound(client=True):
            companies = {one.code: one for one in Company.objects.select_for_update()}
        wanted = {code: rows.filter(pl.col("company") == code) for code in companies}
        ended = sum(_end(company, wanted[code]) for code, company in companies.items())
        made = [_fill(company, wanted[code]) for code, company in companies.items()]
    unknown = sorted(set(rows["company"].unique()) - set(companies))
    people, began, described = (sum(counts) for counts in zip(*made, strict=True)) if made else (0, 0, 0)
    return Mirrored(people, began, ended, described, tuple(unknown))


def _keys(rows: pl.DataFrame) -> Iterator[Key]:
    for row in rows.iter_rows(named=True):
        until = None if row["until_day"] is None else day_of(row["until_day"])
        yield row["agent"], row["employment"], row["site"], row["team"], day_of(row["from_day"]), until


def _held(company: Company) -> dict[Key, int]:
    """The employments there are, by what makes them the same."""
    rows = Employment.objects.filter(company=company).values_list(
        "code", "form", "site__name", "team__name", "days", "pk"
    )
    return {(code, form, site, team, days.lower, days.upper): pk for code, form, site, team, days, pk in rows}


def _end(company: Company, rows: pl.DataFrame) -> int:
    with bound(company=company.pk):
        wanted = set(_keys(rows))
        gone = [pk for key, pk in _held(company).items() if key not in wanted]
        Employment.objects.filter(pk__in=gone).delete()
        return len(gone)


def _fill(company: Company, rows: pl.DataFrame) -> tuple[int, int, int]:
    """How many people and employments came, and how many sites, teams and names came or became others."""
    with bound(company=company.pk):
        sites, opened = _sites(company, rows)
        teams, formed = _teams(company, rows, sites)
        people, came = _people(company, rows)
        named = _names(company, rows, people)
        held = _held(company)
        keys = [key for key in dict.fromkeys(_keys(rows)) if key not in held]
        new = [_employment(company, key, people[key[0]], sites, teams) for key in keys]
        Employment.objects.bulk_create(new)
        return came, len(new), opened + formed + named


def _employment(company: Company, key: Key, person: int, sites: dict[str, int], teams: dict[str, int]) -> Employment:
    code, form, site, team, first, until = key
    return Employment(
        company=company, person_id=person, code=code, form=form, days=DateRange(first, until),
        site_id=sites[site] if site else None, team_id=teams[team] if team else None,
    )  # fmt: skip


def _sites(company: Company, rows: pl.DataFrame) -> tuple[dict[str, int], int]:
    there = dict(Site.objects.filter(company=company).values_list("name", "pk"))
    made = Site.objects.bulk_create(Site(company=company, name=name) for name in _new(rows["site"], there))
    return there | {one.name: one.pk for one in made}, len(made)


def _teams(company: Company, rows: pl.DataFrame, sites: dict[str, int]) -> tuple[dict[str, int], int]:
    """A team is at the site of its latest row."""
    latest = rows.drop_nulls("team").sort("from_day").group_by("team", maintain_order=True).last()
    site_of = {team: sites.get(site) for team, site in latest.select("team", "site").iter_rows()}
    there = {one.name: one for one in Team.objects.filter(company=company)}
    moved = [team for name, team in there.items() if name in site_of and team.site_id != site_of[name]]
    for team in moved:
        team.site_id = site_of[team.name]
        team.save(update_fields=["site"])
    made = Team.objects.bulk_create(
        Team(company=company, name=name, site_id=site_of[name]) for name in _new(rows["team"], there)
    )
    return {name: one.pk for name, one in there.items()} | {one.name: one.pk for one in made}, len(moved) + len(made)


def _people(company: Company, rows: pl.DataFrame) -> tuple[dict[str, int], int]:
    there = dict(Person.objects.filter(company=company).values_list("code", "pk"))
    made = Person.objects.bulk_create(Person(company=company, code=code) for code in _new(rows["agent"], there))
    return there | {one.code: one.pk for one in made}, len(made)


def _names(company: Company, rows: pl.DataFrame, people: dict[str, int]) -> int:
    """The name of somebody's latest row; a row without a name leaves the one there is. How many came or changed."""
    named = rows.drop_nulls("name").sort("from_day").group_by("agent", maintain_order=True).last()
    wanted = {people[agent]: name for agent, name in named.select("agent", "name").iter_rows()}
    there = {one.person_id: one for one in PersonName.objects.filter(company=company)}
    other = [one for person, one in there.items() if person in wanted and one.name != wanted[person]]
    for one in other:
        one.name = wanted[one.person_id]
        one.save(update_fields=["name"])
    made = PersonName.objects.bulk_create(
        PersonName(company=company, person_id=person, name=name)
        for person, name in wanted.items()
        if person not in there
    )
    return len(other) + len(made)


def _new(names: Iterable[Any], there: dict[str, Any]) -> list[str]:
    """Names that are not there yet, each once, in order."""
    return sorted({name for name in names if name is not None} - set(there))
