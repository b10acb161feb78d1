"""What a statement looks like: every amount is there, nothing is fetched, nothing runs, both languages are marked."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sample_statement import LINES, statement

from onefloor.agreements.rendering import fonts
from onefloor.agreements.rendering.conditions import condition_words
from onefloor.agreements.rendering.html import minus_signs, statement_html
from onefloor.agreements.rendering.pdf import statement_pdf
from onefloor.agreements.rendering.waterfall import waterfall
from onefloor.agreements.rendering.words import COLUMNS
from onefloor.agreements.rendering.xlsx import statement_xlsx
from onefloor.language import Text, same
from onefloor.metrics.tables import DIMENSIONS, MEASURING

EVIL = "<script>alert(1)</script>\"'&"
FORMULA = '=HYPERLINK("x","y")'


class Page(HTMLParser):
    """Tags with attributes, and the visible text of each language."""

    VOID = frozenset({"meta", "input", "br", "line", "rect"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[tuple[str, str | None]] = []
        self.said: dict[str | None, list[str]] = {"zh-Hans": [], "en": [], None: []}
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open[-1][0] == tag, f"{tag} closes {self.open[-1]}"
            self.open.pop()

    def handle_data(self, data):
        marked = [lang for tag, lang in self.open if lang is not None and tag != "html"]
        if not any(tag in ("style", "title") for tag, _ in self.open):
            self.said[marked[-1] if marked and marked[-1] else None].append(data)


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(statement_html(statement(), language="zh", rows={(2, 0): "rows/figure-02.html"}, zone_rules="2026.3"))


def with_text(text: str):
    """The sample statement with one text in every place a person can write into."""
    line = replace(
        LINES[1], title=same(text), words=same(text), clause_text=same(text), clause=text, band=same(text),
        steps=(replace(LINES[1].steps[0], text=same(text), formula=text),),
    )  # fmt: skip
    sample = statement(lines=(line,))
    left_out = tuple(replace(item, reason=same(text), predicate=text, name=text) for item in sample.left_out)
    return replace(sample, client=text, company=text, agreement=text, title=same(text), left_out=left_out)


def test_every_tag_is_closed_and_the_page_says_its_language(page):
    assert page.open == []
    assert page.tags[0] == ("html", {"lang": "zh-Hans"})
    assert Page(statement_html(statement(), language="en")).tags[0] == ("html", {"lang": "en"})


def test_nothing_runs_and_nothing_is_fetched(page):
    names = {tag for tag, _ in page.tags}
    assert names & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert {name for name in attributes if name.startswith("on")} | (attributes & {"style", "src"}) == set()
    assert {attrs["href"] for tag, attrs in page.tags if tag == "a"} == {"rows/figure-02.html"}


def test_the_policy_allows_the_one_style_by_its_hash():
    text = statement_html(statement())
    style = re.search("<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = b64encode(sha256(style.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in text
    assert "url(http" not in style
    assert "@import" not in style


def test_a_text_stands_in_both_languages_each_marked(page):
    zh, en = "".join(page.said["zh-Hans"]), "".join(page.said["en"])
    for line in LINES:
        assert line.words.zh in zh
        assert line.words.en in en
        assert line.clause_text.zh in zh
        assert line.clause_text.en in en
    assert not re.search("[\u4e00-\u9fff]", en)


def test_every_amount_and_both_atoms_are_shown_with_true_minus_and_commas(page):
    shown = "".join(page.said[None])
    for amount in ("277,080.00", "−8,312.40", "4,156.20", "−312.00", "272,611.80", "34,705 / 43,986"):
        assert amount in shown
    assert "-8,312.40" not in shown


def test_states_are_words_and_only_an_unfinished_statement_is_stamped():
    assert "暂估" in statement_html(statement(provisional=True))
    assert 'class="stamp"' in statement_html(statement(provisional=True))
    assert 'class="stamp"' in statement_html(statement(shadow=True))
    assert 'class="stamp"' not in statement_html(statement())
    assert "暂估" not in statement_html(statement())


def test_what_people_write_is_text_and_never_markup():
    found = statement_html(with_text(EVIL))
    assert "<script" not in found
    assert "&lt;script&gt;" in found
    assert Page(found).open == []


def test_left_out_rows_show_local_times_reasons_and_both_approvals(page):
    text = "".join(page.said["en"] + page.said[None])
    assert "time from 2026-10-14 09:58 to 2026-10-14 11:30" in text
    assert "Client 2026-11-03; Vendor 2026-11-04" in text
    assert "not approved by both: without effect" in text


def test_every_column_of_the_measuring_tables_has_a_name_in_both_languages():
    columns = {name for schema in MEASURING.values() for name in schema.names} - set(DIMENSIONS)
    assert sorted(columns - set(COLUMNS)) == []
    assert [name for name, words in COLUMNS.items() if words.zh == words.en] == []


def test_a_condition_is_told_in_words():
    article = "(start_ms >= 1791943080000 and start_ms < 1791950280000) and topic in ('bill_dispute', 'refund')"
    assert condition_words(article, "Asia/Shanghai") == Text(
        "时间自 2026-10-14 09:58 至 2026-10-14 11:58，且业务类型：bill_dispute、refund",
        "time from 2026-10-14 09:58 to 2026-10-14 11:58, and topic bill_dispute, refund",
    )
    assert condition_words("nth_ppm > 1100000", "UTC").zh == "在本时段的次序与锁定预测之比 > 110%"
    assert condition_words("not answered or wait_ms >= 20000", "UTC").en == 'not "answered", or wait ≥ 0:20'
    assert condition_words("no predicate at all", "UTC") == same("no predicate at all")


def test_a_bar_begins_where_the_one_before_ended_and_the_net_begins_at_zero():
    drawn = waterfall(statement())
    assert [bar.number for bar in drawn.bars] == [1, 2, 4, 5, None]
    assert [bar.direction for bar in drawn.bars] == ["plus", "minus", "plus", "minus", "net"]
    ends = [bar.left + bar.width if bar.direction == "plus" else bar.left for bar in drawn.bars]
    starts = [bar.left if bar.direction == "plus" else bar.left + bar.width for bar in drawn.bars]
    assert starts[1:-1] == ends[:-2]
    assert (drawn.bars[-1].left, drawn.bars[-1].left + drawn.bars[-1].width) == (drawn.zero, ends[-2])
    assert drawn.bars[0].width == Decimal("100.00")


def test_a_statement_below_zero_has_its_zero_inside_the_chart():
    drawn = waterfall(statement(lines=(LINES[1], LINES[3])))
    assert drawn.zero == Decimal("100.00")
    assert all(Decimal(0) <= bar.left <= bar.left + bar.width <= Decimal("100.00") for bar in drawn.bars)


def test_a_statement_without_amounts_or_lines_can_be_shown():
    empty = replace(statement(lines=()), left_out=(), order=(), facts_through_ms=0)
    assert "0.00" in statement_html(empty)
    assert statement_pdf(empty).startswith(b"%PDF")
    assert load_workbook(BytesIO(statement_xlsx(empty))).sheetnames[0] == "对账单 Statement"


def test_a_formula_is_written_with_the_signs_of_print():
    assert minus_signs("27,708.00 x 30% - 5 = -8,312.40") == "27,708.00 × 30% − 5 = −8,312.40"
    assert minus_signs("fee-2 x 3") == "fee-2 × 3"


def test_the_workbook_has_numbers_as_numbers():
    book = load_workbook(BytesIO(statement_xlsx(statement())))
    assert [sheet.title.split()[-1] for sheet in book] == ["Statement", "Arithmetic", "Figures", "out", "Versions"]
    amounts = [row[5].value for row in book.worksheets[0].iter_rows() if isinstance(row[0].value, int)]
    assert [Decimal(str(amount)) for amount in amounts] == [line.amount for line in LINES]
    numerators = [row[4].value for row in book.worksheets[2].iter_rows(min_row=2)]
    assert numerators == [46_180, 34_705, 311_000 * 46_180, 1_778]


def test_a_row_of_the_workbook_is_as_high_as_its_longest_text():
    long = replace(LINES[0], words=Text("很长的说明，" * 20, "A long explanation. " * 12))
    sheet = load_workbook(BytesIO(statement_xlsx(statement(lines=(LINES[0], long))))).worksheets[0]
    first, second = (row[0].row for row in sheet.iter_rows() if isinstance(row[0].value, int))
    assert sheet.row_dimensions[second].height > sheet.row_dimensions[first].height >= 2 * 15


def test_a_whole_number_of_the_workbook_has_no_decimals():
    sheet = load_workbook(BytesIO(statement_xlsx(statement()))).worksheets[2]
    assert {sheet.cell(2, column).number_format for column in (1, 5, 6)} == {"#,##0;−#,##0"}


def test_the_workbook_prints_on_a4_with_its_head_on_every_page():
    for sheet in load_workbook(BytesIO(statement_xlsx(statement()))):
        assert (sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == ("9", 1) or sheet.page_setup.paperSize == 9
        assert sheet.freeze_panes is not None


@pytest.mark.parametrize("text", [FORMULA, "+1+1", "-1+1", "@SUM(A1)", "\x00\x01=1"])
def test_text_in_the_workbook_is_never_a_formula(text):
    book = load_workbook(BytesIO(statement_xlsx(with_text(text))))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    written = text.replace("\x00", "").replace("\x01", "")
    assert all(cell.quotePrefix for cell in cells if cell.value == written)
    assert [cell for cell in cells if cell.value == written] != []


def test_an_integer_too_large_for_a_workbook_is_kept_as_text():
    huge = replace(LINES[1].figures[0], figure=replace(LINES[1].figures[0].figure, numerator=10**17 + 1))
    book = load_workbook(BytesIO(statement_xlsx(statement(lines=(replace(LINES[1], figures=(huge,)),)))))
    assert book.worksheets[2]["E2"].value == "100000000000000001"


@pytest.mark.parametrize("form", [statement_xlsx, statement_pdf, statement_html])
def test_the_same_statement_gives_the_same_bytes(form):
    assert form(statement()) == form(statement())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pdf_has_numbered_pages_in_each_language(language):
    pdf = statement_pdf(statement(provisional=True), language=language, zone_rules="2026.3")
    assert pdf.startswith(b"%PDF-1.")
    assert re.search(rb"/Count (\d+)", pdf)[1] == b"2"


def test_very_long_texts_still_make_a_pdf():
    long = "x" * 3_000
    words = Text("很长的说明，" * 500, "A very long explanation. " * 200)
    line = replace(LINES[1], words=words, title=same(long[:300]), clause_text=words)
    assert statement_pdf(statement(lines=(line,) * 30)).startswith(b"%PDF")
    assert statement_pdf(with_text(long[:1_000]), language="en").startswith(b"%PDF")
    assert statement_pdf(with_text(EVIL)).startswith(b"%PDF")


def test_a_chinese_font_must_be_embeddable_and_know_chinese(tmp_path):
    latin_only = Path(fonts.__file__)
    broken = tmp_path / "simhei.ttf"
    broken.write_bytes(b"no font")
    assert list(fonts.font_files([tmp_path])) == [broken]
    assert fonts.chinese_font([broken, latin_only]) == fonts.BUILT_IN


def test_a_pdf_carries_the_chinese_font_that_the_machine_has():
    if not list(fonts.font_files(fonts.font_folders())):
        pytest.skip("no Chinese font with TrueType outlines is installed")
    pdf = statement_pdf(statement(), language="zh")
    assert fonts.BUILT_IN.encode() not in pdf
    assert pdf.count(b"/FontFile2") > 2  # the two Latin fonts and the Chinese one


def test_a_text_is_set_in_the_latin_font_but_for_what_it_lacks():
    fonts.register_latin()
    assert fonts.runs("净额 1,0−", "Chinese") == [("Chinese", "净额"), ("Vera", " 1,0−")]
