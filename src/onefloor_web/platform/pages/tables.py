"""Tables: caption, heads with scope, sorting by links, paging, an empty state with the one step that fills it.

    COLUMNS = (
        Column(_("Agent"), lambda row: row.code, sort="code", url=lambda row: reverse("person", args=[row.code])),
        Column(_("Contacts"), lambda row: number(row.contacts), sort="contacts", number=True),
    )

    def people(request):
        rows = only_visible(request.viewer, "people.view", Person.objects.all())
        table = Table.of(request, rows, COLUMNS, caption=_("People"), empty=Empty(_("No people yet. ..."), ...))
        return render(request, "people/people.html", {"table": table})         # {% table table %}

Sorting and page are in the address, so a link is the view.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from onefloor_web.platform.pages.blocks import Empty, Words
from onefloor_web.platform.pages.formats import number

PER_PAGE = 50
ALL, MOST = "all", 2_000  # what the address says to have all rows on one page, and how many that may be
Rows = QuerySet[Any] | Sequence[Any]


class Listing(Sequence[Any]):
    """Rows of which only those of one page are fetched: the paginator of a list that is never there as a whole."""

    def __init__(self, count: int, rows: Sequence[Any]) -> None:
        self._count, self._rows = count, rows

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, _at: Any) -> Any:
        return self._rows


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, and how a row's cell is made.

    Attributes:
        head: what it is; ``unit`` stands below, so that cells hold bare numbers.
        cell: the cell of a row: text, or safe HTML such as a mark or a figure.
        sort: the field, lookup or (for plain rows) key it sorts by; empty where sorting makes no sense.
        number: right aligned, tabular digits.
        url: where the cell leads. In the first column with one, it is the link that ``j`` and ``k`` walk along.
        panel: whether the link opens in the side panel.
    """

    head: Words
    cell: Callable[[Any], object]
    sort: str = ""
    number: bool = False
    unit: Words = ""
    url: Callable[[Any], str] | None = None
    panel: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head as shown: where a click leads, and which way it is sorted now."""

    column: Column
    url: str
    direction: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell as shown."""

    value: object
    url: str
    column: Column
    walks: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A page of rows with everything around it. ``name`` keeps several tables of one page apart."""

    caption: Words
    columns: tuple[Column, ...]
    page: Page[Any]
    empty: Empty
    order: str
    query: tuple[tuple[str, str], ...]
    name: str = ""
    hidden_caption: bool = False

    @classmethod
    def of(
        cls,
        request: HttpRequest,
        rows: Rows,
        columns: Sequence[Column],
        *,
        caption: Words,
        empty: Empty,
        order: str = "",
        per_page: int = PER_PAGE,
        name: str = "",
        hidden_caption: bool = False,
    ) -> Table:
        """The page the address asks for, in the order it asks for; ``order`` is the one without a wish (``-code``)."""
        wished = request.GET.get(f"{name}sort", "")
        known = {column.sort for column in columns if column.sort}
        order = wished if wished.removeprefix("-") in known else order
        whole = request.GET.get(f"{name}rows") == ALL
        page = Paginator(ordered(rows, order), MOST if whole else per_page).get_page(request.GET.get(f"{name}page"))
        query = tuple((key, value) for key, values in request.GET.lists() for value in values)
        return cls(caption, tuple(columns), page, empty, order, query, name, hidden_caption)

    @property
    def heads(self) -> list[Head]:
        """The heads with their links."""
        return [Head(column, self._sorted_by(column), self._direction(column)) for column in self.columns]

    @property
    def lines(self) -> list[list[Shown]]:
        """The cells of each row."""
        walks = next((at for at, column in enumerate(self.columns) if column.url), None)
        return [
            [
                Shown(column.cell(row), column.url(row) if column.url else "", column, at == walks)
                for at, column in enumerate(self.columns)
            ]
            for row in self.page.object_list
        ]

    @property
    def sample(self) -> list[tuple[str, bool]]:
        """The sample row of an empty table: each cell, and whether it is a number."""
        return [(text, column.number) for text, column in zip(self.empty.sample, self.columns, strict=True)]

    @property
    def id(self) -> str:
        """The element's id."""
        return f"table-{self.name or 'rows'}"

    @property
    def total(self) -> str:
        """All rows, on every page."""
        return number(self.page.paginator.count)

    @property
    def whole(self) -> str:
        """The address of this list with all rows on one page, for paper; empty where it is, or would be too long."""
        paged = self.page.paginator
        return self._with(rows=ALL) if paged.num_pages > 1 and paged.count <= MOST else ""

    @property
    def pages(self) -> list[tuple[str, str, bool]]:
        """``(text, address, current)`` for each link of the pager; a gap has neither text nor address."""
        if self.page.paginator.num_pages < 2:
            return []
        numbers = self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1)
        return [
            (number(at), self._with(page=str(at)), at == self.page.number) if isinstance(at, int) else ("", "", False)
            for at in numbers
        ]

    def _direction(self, column: Column) -> str:
        if not column.sort or self.order.removeprefix("-") != column.sort:
            return ""
        return "descending" if self.order.startswith("-") else "ascending"

    def _sorted_by(self, column: Column) -> str:
        if not column.sort:
            return ""
        return self._with(sort=f"-{column.sort}" if self._direction(column) == "ascending" else column.sort)

    def _with(self, **changes: str) -> str:
        """This address with another page or order; another order begins on the first page."""
        dropped = {f"{self.name}{key}" for key in (*changes, "page", *(["rows"] if "page" in changes else []))}
        kept = [(key, value) for key, value in self.query if key not in dropped]
        return "?" + urlencode([*kept, *((f"{self.name}{key}", value) for key, value in changes.items())])


def ordered(rows: Rows, order: str) -> Rows:
    """Rows by a field; those without a value come last, whichever way."""
    if not order:
        return rows
    field, descending = order.removeprefix("-"), order.startswith("-")
    if isinstance(rows, QuerySet):
        return rows.order_by(f"-{field}" if descending else field, "pk")
    known = [row for row in rows if _value(row, field) is not None]
    unknown = [row for row in rows if _value(row, field) is None]
    return [*sorted(known, key=lambda row: _value(row, field), reverse=descending), *unknown]


def _value(row: Any, field: str) -> Any:
    return row[field] if isinstance(row, dict) else getattr(row, field)
