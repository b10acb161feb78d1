"""The mapping as a form: what is missing is said at its field, not by lines of a text that nobody sees."""

from __future__ import annotations

import pytest
from django.utils.translation import override
from import_steps import choose, import_of, manager, send, text
from world import Side, World

from onefloor.floor import Floor
from onefloor_web.records.imports.mapping_form import MappingForm, content_of, needed, plain_words


@pytest.fixture
def own(world: World, floor: Floor) -> Side:
    return world["Own"]


def test_a_missing_column_is_said_with_a_link_to_its_field_and_the_entries_stay(own: Side) -> None:
    client = manager(own)
    at = send(client, "id;begin;result\nK-1;2026-11-21 09:00:00;answered\n", "calls.csv")
    choose(client, at, "table")
    before = import_of(own, at).mapping
    form = {"try": "1", "target": "contacts", "identity": ["id"], "c-queue": "result"}
    said = text(client.post(f"{at}mapping/", form))
    assert '<a href="#id_c-outcome">outcome</a>: Choose the column of the file that says this.' in said
    assert '<a href="#id_c-queued_ms">enters the queue</a>: Choose a column for this, or for when' in said
    assert ("mapping:" in said, "under columns" in said) == (False, False)
    assert '<option value="result" selected>' in said
    assert import_of(own, at).mapping == before
    assert "once the columns that are needed are chosen" in text(client.post(f"{at}preview/", form))


def test_needed_columns_come_first_and_are_marked() -> None:
    content = content_of("name: x\ntarget: contacts\ncolumns: {queued_ms: begin, outcome: result}\n")
    form = MappingForm(header=["begin", "result"], content=content)
    marked = [(name, must) for name, _column, _format, must in form.rows]
    assert (marked[0], {must for _name, must in marked[1:]}) == (("outcome", True), {False})
    assert needed("sales") == {"started_ms", "accepted"}


def test_a_form_of_time_is_told_by_an_example_and_a_fact_by_words() -> None:
    form = MappingForm(header=["begin"], content=content_of("name: x\ntarget: contacts\ncolumns: {}\n"))
    words = [str(label) for _value, label in form.fields["f-queued_ms"].choices]
    assert ("2026-11-30 14:05:09" in words, [word for word in words if "%" in word]) == (True, [])
    with override("en"):
        names = [plain_words(name) for name in ("at_ms", "call", "event", "parameters")]
    assert names == ["time of the line", "call of the log", "event of the log", "details of the event"]
