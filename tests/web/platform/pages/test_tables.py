"""Tables: order and page come from the address, and an empty one says how it is filled."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from onefloor_web.platform.pages.blocks import Empty
from onefloor_web.platform.pages.tables import Column, Table

NOTHING = Empty("还没有人员。", "导入人员名册", "/rosters/", ("N2031", "1,043"))


@dataclass(frozen=True)
class Agent:
    code: str
    contacts: int | None


AGENTS = [Agent("N3", 7), Agent("N1", None), Agent("N2", 9)]
COLUMNS = (
    Column("坐席", lambda row: row.code, sort="code", url=lambda row: f"/people/{row.code}/", panel=True),
    Column("话务", lambda row: row.contacts, sort="contacts", number=True, unit="个"),
)


def table(address: str = "/", rows: list[Agent] = AGENTS, **options: object) -> Table:
    options = {"caption": "人员", "empty": NOTHING, "order": "code"} | options
    return Table.of(RequestFactory().get(address), rows, COLUMNS, **options)


def html(made: Table) -> str:
    with translation.override("zh-hans"):
        return Template("{% load pages %}{% table made %}").render(Context({"made": made}))


def codes(made: Table) -> list[str]:
    return [row.code for row in made.page.object_list]


@pytest.mark.parametrize(
    ("address", "order"),
    [
        ("/", ["N1", "N2", "N3"]),
        ("/?sort=-code", ["N3", "N2", "N1"]),
        ("/?sort=contacts", ["N3", "N2", "N1"]),
        ("/?sort=-contacts", ["N2", "N3", "N1"]),
        ("/?sort=password", ["N1", "N2", "N3"]),
    ],
)
def test_the_address_sorts_by_known_columns_only_and_rows_without_a_value_come_last(address: str, order: list[str]):
    assert codes(table(address)) == order


def test_a_head_leads_to_the_other_direction_and_keeps_the_filter_but_not_the_page():
    heads = table("/?queue=tax&queue=water&sort=code&page=2", per_page=1).heads
    assert [head.url for head in heads] == ["?queue=tax&queue=water&sort=-code", "?queue=tax&queue=water&sort=contacts"]
    assert [head.direction for head in heads] == ["ascending", ""]


def test_all_rows_stand_on_one_page_for_paper_where_they_are_not_too_many():
    paged = table("/?a=1&page=2", per_page=2)
    assert paged.whole == "?a=1&rows=all"
    whole = table(f"/{paged.whole}", per_page=2)
    assert (codes(whole), whole.pages, whole.whole) == (["N1", "N2", "N3"], [], "")
    assert "显示全部 3 行（打印用）" in html(paged)
    many = table("/?rows=all", [Agent(f"N{number}", number) for number in range(2_001)], per_page=2)
    assert (len(codes(many)), many.whole) == (2_000, "")
    assert [url for _text, url, _now in many.pages] == ["?page=1", "?page=2"]


def test_pages_are_links_and_a_page_that_is_not_there_is_the_last():
    assert codes(table("/?page=99", per_page=2)) == ["N3"]
    assert codes(table("/?page=x", per_page=2)) == ["N1", "N2"]
    assert table("/?page=2&a=1", per_page=2).pages == [("1", "?a=1&page=1", False), ("2", "?a=1&page=2", True)]
    assert table().pages == []


def test_two_tables_of_a_page_do_not_disturb_each_other():
    address = "/?leftsort=-code&rightpage=2"
    assert codes(table(address, name="left")) == ["N3", "N2", "N1"]
    assert codes(table(address, name="right", per_page=2)) == ["N3"]


def test_heads_have_scopes_and_the_first_cell_names_the_row():
    page = html(table())
    assert page.count('<th scope="col"') == 2
    assert page.count('<th scope="row"') == 3
    assert page.count('aria-sort="ascending"') == 1
    assert re.findall(r'<a href="/people/N1/"([^>]*)>', page) == [" data-row data-panel"]


def test_an_empty_table_says_what_fills_it_and_shows_a_sample():
    page = html(table(rows=[]))
    assert [part in page for part in ("还没有人员。", 'href="/rosters/"', '<tr class="sample">')] == [True] * 3


def test_cells_are_escaped():
    assert "<script>" not in html(table(rows=[Agent("<script>", 1)]))
