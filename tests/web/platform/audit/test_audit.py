"""The audit trail: every change by whom, from what to what; never changed; own rows, and for the client shared ones."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection
from django.template import Context, Template
from django.test import RequestFactory
from job_runs import run_waiting
from world import World

from onefloor_web.platform.audit import queries, words
from onefloor_web.platform.audit.queries import Wanted
from onefloor_web.platform.audit.tables import tracked
from onefloor_web.platform.companies.models import Team
from onefloor_web.platform.jobs.actions import enqueue
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for
from onefloor_web.platform.tenancy.trail import by
from onefloor_web.records.rosters.models import RosterFile


def rename(world: World, name: str, to: str) -> None:
    """By way of the model."""
    side = world[name]
    with by(page="/teams/"), working_for(side.viewer(Role.ADMINISTRATOR)):
        side.team.name = to
        side.team.save()


def lines(world: World, name: str, wanted: Wanted = Wanted(), role: Role = Role.AUDITOR) -> list[words.Line]:  # noqa: B008
    with tenant(world[name].viewer(role)):
        return words.lines(queries.changes(wanted))


def test_a_change_says_who_where_and_both_values(world: World):
    rename(world, "North", "Night")
    line = lines(world, "North", Wanted(table="companies.team"))[0]
    assert (line.who, line.whose, line.by, line.act) == ("NORTHMARKER administrator", "North", "/teams/", "修改")
    assert (line.table, line.subject, line.company) == ("班组", "Night", "North")
    assert [(one.before, one.after) for one in line.differences] == [("NORTHMARKER team", "Night")]


def test_bulk_and_raw_changes_are_there_too(world: World):
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    with working_for(viewer):
        Team.objects.all().update(name="bulk")
        with connection.cursor() as cursor:
            cursor.execute("update companies_team set name = 'raw'")
    found = lines(world, "North", Wanted(table="companies.team"))
    assert [(one.after, line.who) for line in found[:2] for one in line.differences] == [
        ("raw", viewer.name),
        ("bulk", viewer.name),
    ]


def test_a_removed_row_shows_what_it_was(world: World):
    with working_for(world["North"].viewer(Role.ADMINISTRATOR)):
        Team.objects.create(company=world["North"].company, name="short-lived").delete()
    line = lines(world, "North", Wanted(table="companies.team"))[0]
    assert ("short-lived", "—") in [(one.before, one.after) for one in line.differences]


def test_a_job_s_changes_name_the_job(world: World):
    viewer = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(viewer):
        job = enqueue(viewer, "tests.write", text="by a job")
    run_waiting(viewer.company)
    line = lines(world, "North", Wanted(table="companies.site"))[0]
    assert (line.subject, line.who, line.by) == ("by a job", viewer.name, f"任务 {job.pk}")


def test_filters_narrow_by_table_object_person_and_day(world: World):
    rename(world, "North", "Night")
    team = world["North"].team
    assert {line.name for line in lines(world, "North", Wanted(table="companies.team"))} == {"companies.team"}
    of_team = Wanted(table="companies.team", number=team.pk)
    assert len(lines(world, "North", of_team)) == 2
    assert lines(world, "North", Wanted(person="no such person")) == []
    assert lines(world, "North", Wanted(until=date(2020, 1, 1))) == []
    assert len(lines(world, "North", Wanted(since=date(2020, 1, 1)))) > 2


@pytest.mark.parametrize(
    "query", [{"table": "accounts_user; drop"}, {"number": "x"}, {"since": "2026-13-45"}, {"before": "9-x-1"}]
)
def test_a_filter_that_makes_no_sense_is_left_out(query: dict[str, str]):
    assert Wanted.of(query) == Wanted()


def test_a_person_is_looked_for_by_letters_not_by_patterns(world: World):
    assert lines(world, "North", Wanted(person="%")) == []


def test_every_history_table_can_be_read_and_holds_nothing_of_others(world: World):
    for name, side in world.sides.items():
        for table in tracked():
            found = str(lines(world, name, Wanted(table=table)))
            foreign = {"Own": (), "North": ("OWNMARKER", "HARBORMARKER"), "Harbor": ("OWNMARKER", "NORTHMARKER")}[name]
            assert not [marker for marker in foreign if marker in found], (name, table)
        assert side.marker in str(lines(world, name))


def test_the_client_reads_shared_changes_of_its_vendors_and_no_own_ones(world: World):
    found = lines(world, "Own", Wanted(table="companies.team"))
    assert {line.company for line in found} == {"Own", "North", "Harbor"}
    assert {line.company for line in lines(world, "Own", Wanted(table="accounts.assignment"))} == {"Own"}


@pytest.mark.parametrize("verb", ["update {table} set pgh_label = 'x'", "delete from {table}", "truncate {table}"])
def test_nobody_changes_a_history_table(world: World, verb: str):
    rename(world, "North", "Night")
    for one in tracked().values():
        with pytest.raises(DatabaseError) as refused, working_for(world["North"].viewer(Role.ADMINISTRATOR)):
            _change(verb.format(table=one.table), must_fail=bool(lines(world, "North", Wanted(table=one.name))))
        assert refused.value


def _change(statement: str, *, must_fail: bool) -> None:
    """Rows that are not there cannot be refused by a trigger of rows; then the statement changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        if not must_fail and cursor.rowcount <= 0:
            raise DatabaseError("nothing to change")


def test_the_page_shows_changes_side_by_side_and_leads_to_older_ones(world: World):
    rename(world, "North", "Night")
    client = world["North"].client(Role.AUDITOR)
    page = client.get("/audit/", {"table": "companies.team"}).content.decode()
    assert "<td>NORTHMARKER team</td><td>Night</td>" in page
    assert client.get("/audit/", {"before": "1-companies.team-1"}).status_code == 200


def test_no_change_is_lost_between_two_pages_though_many_are_of_one_moment(world: World):
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    with working_for(viewer):
        Team.objects.bulk_create(Team(company_id=viewer.company, name=f"team {number}") for number in range(70))
    everything = lines_of_all_pages(world, 10_000)
    assert len(everything) > 70
    assert lines_of_all_pages(world, 7) == everything


def lines_of_all_pages(world: World, size: int) -> list[tuple[str, int]]:
    found: list[queries.Change] = []
    with tenant(world["North"].viewer(Role.AUDITOR)):
        while page := queries.changes(Wanted(before=found[-1].place if found else None), most=size):
            found += page
    return [(one.of.name, one.row) for one in found]


def test_only_administrators_and_auditors_read_it(world: World):
    allowed = {Role.ADMINISTRATOR, Role.AUDITOR}
    for role in world["North"].users:
        expected = 200 if role in allowed else 404
        assert world["North"].client(role).get("/audit/").status_code == expected, role
        assert world["North"].client(role).get("/audit/export/").status_code == expected, role


def test_the_export_has_the_same_rows_and_no_formulas(world: World):
    rename(world, "North", "=cmd()")
    answer = world["North"].client(Role.AUDITOR).get("/audit/export/", {"table": "companies.team"})
    text = answer.content.decode("utf-8-sig")
    assert answer["Content-Type"].startswith("text/csv")
    assert ",'=cmd()" in text
    assert ",=cmd()" not in text
    assert "HARBORMARKER" not in text


def test_an_object_s_own_history_stands_on_its_page(world: World):
    rename(world, "North", "Night")
    shown = {}
    for role in (Role.AUDITOR, Role.AGENT):
        request = RequestFactory().get("/")
        request.viewer = world["North"].viewer(role)
        with tenant(request.viewer):
            template = Template("{% load audit %}{% changes_of team %}")
            shown[role] = template.render(Context({"request": request, "team": world["North"].team}))
    assert "<td>Night</td>" in shown[Role.AUDITOR]
    assert "Night" not in shown[Role.AGENT]


def test_the_page_asks_few_queries(world: World, django_assert_max_num_queries):
    client = world["North"].client(Role.AUDITOR)
    client.get("/audit/")
    with django_assert_max_num_queries(35):  # the names of what was changed: one a kind of thing on the page
        client.get("/audit/")


def test_what_was_kept_together_is_said_in_words():
    account = {"lines": 1200, "changed": 3, "set_aside": 0, "names": ["a"], "final": True}
    field = RosterFile._meta.get_field("account")
    assert (words.value(field, account, {}), words.value(field, {}, {})) == ("行 1,200、新增或变更 3、待修复 0", "—")


def test_a_field_without_words_of_its_own_has_some(world: World):
    line = lines(world, "North", Wanted(table="rosters.rosterfile"))[0]
    assert {"用户", "逐行去向"} <= {one.field for one in line.differences}


def test_what_has_no_name_goes_by_the_person_it_is_of(world: World):
    found = lines(world, "North", Wanted(table="accounts.assignment"))
    names = {user.name for user in world["North"].users.values()}
    assert found
    assert [line.subject for line in found if not any(line.subject.startswith(name) for name in names)] == []
