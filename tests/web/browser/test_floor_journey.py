"""From the sign-in over a damaged log to opened files, and what the other company sees at the same addresses.

One way is gone to its end, with every number held against the log; on the other screens and in the other language each
page is gone to in its order and looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from world import SECRETS

from web.browser.files_of_pages import both_files, csv_of, downloaded, number_of
from web.browser.looks import look
from web.browser.signing_in import from_menu, sign_in

PATIENCE = 90  # times a page is loaded again while the worker is at it; other processes share the machine
PRIMARY = "main form button.btn-primary"
IN_TIME_S = 20
QUEUE = "water"
OWN_FIGURE = "#scorecard tbody a[href*='service_level'][href*='company:Own']"
FIGURE = "#scorecard tbody a[href*='service_level'], #scorecard .figures a[href*='service_level']"


def test_a_damaged_log_is_mended_and_every_figure_and_file_is_that_of_the_log(
    browse: Any, examples: Path, tmp_path: Path
):
    log, page = (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True), browse()
    sign_in(page, "walker-own-en-desk")
    at = bring(page, written(tmp_path / "damaged_log", damaged(log, "whole")))
    assert account(page)["lines"] == len(log)
    mend(page, at, log[9].decode().rstrip(), tmp_path)
    bring(page, written(tmp_path / "queue_log", log), glance)
    assert account(page) == {"lines": len(log), "loaded": 3, "duplicates": len(log) - 3, "ignored": 0, "aside": 0}
    roster = grow_roster(page, examples / "asterisk_run" / "roster.csv", tmp_path)
    scorecard = scorecard_of_queue(page)
    files_say_what_the_scorecard_says(page, tmp_path)
    figure = open_figure(page, OWN_FIGURE)
    own, theirs = from_log(log, "agent1"), from_log(log, "agent2")
    expect(page.locator(".equation")).to_have_text(f"{own[0]} / {own[1]} = {100 * own[0] / own[1]:.2f}%")
    rows = open_rows(page)
    change_purpose(page)
    files_say_what_the_rows_say(page, own[0], tmp_path)
    contact = open_contact(page)
    other = browse("North", "project_manager")
    parts = (at, *(f"{at}{part}" for part in ("report/", "quarantine/", "quarantine/0/", "quarantine/lines/")), roster)
    files = (rows.replace("rows/", f"rows.{kind}") for kind in ("csv", "xlsx"))
    for address in (*parts, figure, rows, *files, contact):
        assert other.goto(address).status == 404, address
    look(other)
    sees_its_own(other, scorecard, theirs, tmp_path)


@pytest.mark.parametrize("way", ["zh-hans-desk", "zh-hans-phone", "en-phone"])
def test_every_page_of_the_way_in_the_other_language_and_on_a_phone(
    browse: Any, examples: Path, tmp_path: Path, way: str
):
    language, _, device = way.rpartition("-")
    page = browse(language=language, phone=device == "phone")
    log = (examples / "asterisk_run" / "queue_log").read_bytes().splitlines(keepends=True)[:60]
    sign_in(page, f"walker-own-{way}")
    at = bring(page, written(tmp_path / f"log-{way}", damaged(log, way)))
    page.goto(f"{at}quarantine/")
    expect(page.locator("main tbody code")).to_have_count(4)
    look(page)
    page.locator(f"main a[href^='{at}quarantine/0/?']").click()
    expect(page.locator("main textarea, main input[type=text]").first).to_be_editable()
    look(page)
    same_roster_again(page, tmp_path)
    scorecard_of_month(page)
    open_figure(page, FIGURE)
    open_rows(page)
    open_contact(page)


@pytest.mark.parametrize("way", ["zh-hans-desk", "zh-hans-phone", "en-desk", "en-phone"])
def test_the_other_company_goes_the_same_way_among_its_own(browse: Any, tmp_path: Path, way: str):
    language, _, device = way.rpartition("-")
    page = browse(language=language, phone=device == "phone")
    sign_in(page, f"walker-north-{way}")
    assert page.goto(f"/imports/{browse.house.world['Own'].rows['import'].pk}/report/").status == 404
    page.goto("/today/")
    from_menu(page, "/contacts/")
    from_menu(page, "/imports/")
    hides_others(page)
    from_menu(page, "/rosters/")
    hides_others(page)
    scorecard_of_month(page)
    hides_others(page)
    open_figure(page, FIGURE)
    hides_others(page)
    open_rows(page)
    assert page.locator("main a[href^='/contacts/']").count() == 0
    page.locator("main .note .btn-primary").click()
    state_purpose(page, "audit")
    hides_others(page)
    told, rows = csv_of(downloaded(page, page.get_by_role("link", name="CSV"), tmp_path))
    assert len(rows) > 20
    assert foreign_in(f"{told} {rows}") == set()
    open_contact(page)
    hides_others(page)


def from_log(log: list[bytes], agents: str) -> tuple[int, int]:
    """How many contacts of the queue these agents took in time, and how many at all, as the log's CONNECT lines say."""
    lines = [line.decode().split("|") for line in log]
    waits = [int(line[5]) for line in lines if (line[2], line[4]) == (QUEUE, "CONNECT") and line[3].startswith(agents)]
    return sum(wait <= IN_TIME_S for wait in waits), len(waits)


def damaged(log: list[bytes], mark: str) -> list[bytes]:
    """A copy with a line that was cut, one without its bars, one that is no text, one whose columns slipped."""
    lines, note = list(log), mark.encode()
    lines[9] = lines[9][:14] + note + b"\n"
    lines[19] = lines[19].replace(b"|", b"\t").rstrip() + note + b"\n"
    lines[29] = b"\xe4\xff" + note + lines[29]
    lines[43] = re.sub(rb"\|\|(\d+)\|", rb"|\1|" + note + b"|", lines[43])
    return lines


def written(file: Path, lines: list[bytes]) -> Path:
    file.write_bytes(b"".join(lines))
    return file


def glance(page: Any) -> None:
    """Instead of ``look`` at pages that were looked at before."""
    expect(page.locator("h1")).to_be_visible()


def bring(page: Any, file: Path, look: Callable[[Any], None] = look) -> str:
    """Through the wizard from its first step to the report, each page looked at; the address of the import."""
    from_menu(page, "/contacts/")
    from_menu(page, "/imports/")
    look(page)
    page.locator("main a[href='/imports/new/']").first.click()
    page.locator("input[type=file]").set_input_files(file)
    look(page)
    page.locator(PRIMARY).first.click()
    expect(page.locator("#kind-asterisk-queue-log")).to_be_checked()
    look(page)
    at = re.search(r"/imports/\d+/", page.url)[0]
    page.locator(PRIMARY).click()
    page.wait_for_url(re.compile("/purpose/|/mapping/"))
    if "/purpose/" in page.url:
        state_purpose(page, "import")
    expect(page.locator("#preview tbody tr").first).to_be_visible()
    look(page)
    page.locator(PRIMARY).first.click()
    until(page, f"{at}dry-run/", lambda: page.locator("main .account").count() == 1)
    look(page)
    tried = account(page)
    page.locator(f"main form[action='{at}load/'] button").click()
    until(page, f"{at}report/", lambda: page.locator("main .account").count() == 1)
    look(page)
    assert account(page) == tried
    return at


def until(page: Any, path: str, there: Callable[[], bool]) -> None:
    """Load a page again until the worker has done what is wanted."""
    for _ in range(PATIENCE):
        page.goto(path)
        if there():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{path} did not come to what was wanted")


def account(page: Any) -> dict[str, int]:
    """The account of every line, which adds up."""
    counts = [int(one.replace(",", "")) for one in re.findall(r"[\d,]+", page.locator("main .account").inner_text())]
    lines, loaded, duplicates, ignored, aside = counts
    assert lines == loaded + duplicates + ignored + aside
    return {"lines": lines, "loaded": loaded, "duplicates": duplicates, "ignored": ignored, "aside": aside}


def mend(page: Any, at: str, line: str, folder: Path) -> None:
    """All damaged lines are shown as they were; one is corrected, the others stay."""
    page.locator(f"main a[href='{at}quarantine/']").first.click()
    codes = page.locator("main tbody code")
    expect(codes).to_have_count(4)
    look(page)
    kept = codes.all_text_contents()
    assert [text[:12] for text in kept] == ["1795294512|1", "1795294562\tM", r"\xe4\xffwhol", "1795294583|1"]
    file = downloaded(page, page.locator(f"main a[href='{at}quarantine/lines/']"), folder)
    assert file.read_text(encoding="utf-8").splitlines() == kept
    page.locator(f"main a[href^='{at}quarantine/0/?']").click()
    look(page)
    page.locator("main textarea, main input[type=text]").first.fill(line)
    page.locator(PRIMARY).first.click()
    until(page, f"{at}quarantine/", lambda: codes.all_text_contents() == kept[1:])
    page.goto(f"{at}quarantine/?mended=1")
    assert codes.all_text_contents() == kept[:1]


def state_purpose(page: Any, purpose: str) -> None:
    page.locator(f"input[name=purpose][value={purpose}]").check()
    look(page)
    page.locator(PRIMARY).click()
    page.wait_for_url(lambda url: "/purpose/" not in url)


def upload_roster(page: Any, file: Path, look: Callable[[Any], None] = look) -> list[int]:
    """Bring a roster file; the numbers of its account."""
    page.locator("main a[href='/rosters/uploads/']").click()
    look(page)
    page.locator("input[type=file]").set_input_files(file)
    page.locator(PRIMARY).click()
    expect(page).to_have_url(re.compile(r"/rosters/\d+/$"))
    look(page)
    return [int(one) for one in re.findall(r"\d+", page.locator("main .card p").first.inner_text())]


def roster_file(page: Any, folder: Path, look: Callable[[Any], None] = look) -> Path:
    from_menu(page, "/contacts/")
    from_menu(page, "/rosters/")
    look(page)
    return downloaded(page, page.locator("main a[href*='rosters/file.csv']").first, folder)


def grow_roster(page: Any, more: Path, folder: Path) -> str:
    """The roster goes out, comes back with people of the log in it, goes out again and changes nothing."""
    file = roster_file(page, folder)
    before, added = file.read_text(encoding="utf-8-sig").splitlines(), more.read_text(encoding="utf-8").splitlines()[1:]
    grown = folder / "grown.csv"
    grown.write_text("\n".join([*before, *added]), encoding="utf-8-sig")
    lines = len(before) - 1 + len(added)
    assert upload_roster(page, grown) == [lines, len(added), len(before) - 1, 0, 0]
    at = re.search(r"/rosters/\d+/", page.url)[0]
    page.locator(f"main form[action='{at}loading/'] button").click()
    until(page, at, lambda: page.locator("main a[href='/jobs/']").count() == 0)
    look(page)
    again = roster_file(page, folder, glance)
    assert len(again.read_text(encoding="utf-8-sig").splitlines()) == lines + 1
    assert upload_roster(page, again, glance) == [lines, 0, lines, 0, 0]
    page.locator("main form[action$='/discarding/'] button").click()
    expect(page).to_have_url(re.compile("/rosters/versions/"))
    look(page)
    return at


def same_roster_again(page: Any, folder: Path) -> None:
    """The file as it came, in the language of the page, changes nothing."""
    file = roster_file(page, folder)
    lines = len(file.read_text(encoding="utf-8-sig").splitlines()) - 1
    assert upload_roster(page, file) == [lines, 0, lines, 0, 0]
    page.locator("main form[action$='/discarding/'] button").click()
    expect(page).to_have_url(re.compile("/rosters/versions/"))


def scorecard_of_queue(page: Any) -> str:
    """The scorecard of the log's month and one of its queues, once the figures are up to date; its address."""
    from_menu(page, "/scorecards/")
    page.locator("#scorecard .links a[href='/scorecards/delivery/']").click()
    page.locator("#period").select_option("2026-11")
    expect(page).to_have_url(re.compile("period=2026-11"))
    page.locator("#add").select_option(f"queue:{QUEUE}")
    expect(page.locator("#scorecard .chips")).to_contain_text(QUEUE)
    address = page.url
    until(page, address, lambda: page.locator(OWN_FIGURE).count() == 1)
    look(page)
    return address


def scorecard_of_month(page: Any) -> None:
    from_menu(page, "/scorecards/")
    page.locator("#scorecard .links a[href='/scorecards/delivery/']").click()
    page.locator("#period").select_option("2026-10")
    expect(page).to_have_url(re.compile("period=2026-10"))
    expect(page.locator(FIGURE).first).to_be_visible()
    look(page)


def files_say_what_the_scorecard_says(page: Any, folder: Path) -> None:
    """Each value of the table is the file's, in the same order; a value that is refused is empty there."""
    heads = page.locator("#scorecard tbody tr th[scope=row]").all_inner_texts()
    shown = [[number_of(cell) for cell in row.locator(".figure-value").all_inner_texts()]
             for row in page.locator("#scorecard tbody tr").all()]  # fmt: skip
    told, (titles, *rows) = both_files(page, folder)
    values = [at for at, title in enumerate(titles) if at % 6 == 1]
    assert [row[0] for row in rows] == [head.strip() for head in heads]
    assert [[_whole(row[at], titles[at]) for at in values] for row in rows] == shown
    assert QUEUE in told["Scope"]
    assert told["Data version"] in page.locator("footer, main").last.inner_text()


def _whole(cell: str, title: str) -> Any:
    """A number as the page shows it: seconds without their parts."""
    value = number_of(cell)
    return value.__round__() if value is not None and title.endswith("(s)") else value


def open_figure(page: Any, wanted: str) -> str:
    """A figure opens beside the list; from there its page, with a chart or why there is none; its address."""
    page.locator(wanted).first.click()
    expect(page.locator("#panel h1, #panel h2").first).to_be_visible()
    look(page)
    page.locator("#panel [data-panel-page]").click()
    expect(page).to_have_url(re.compile("/figures/service_level"))
    expect(page.locator("main .chart svg, main .chart-block > .quiet").first).to_be_visible()
    look(page)
    return str(page.url)


def open_rows(page: Any) -> str:
    page.locator("main .page-head a.btn-primary").click()
    expect(page).to_have_url(re.compile("/rows/"))
    expect(page.locator("main [data-rows] tr, main tbody tr").first).to_be_visible()
    look(page)
    return str(page.url)


def change_purpose(page: Any) -> None:
    """What was said for the import is not what rows are opened for."""
    page.locator("main a[href^='/privacy/purpose/']").first.click()
    state_purpose(page, "audit")
    expect(page.locator("main")).to_contain_text("Purpose: Audit.")


def files_say_what_the_rows_say(page: Any, count: int, folder: Path) -> None:
    """As many rows as the figure counts; those on the page are the first of the file."""
    equation = page.locator("main .equation a").inner_text()
    shown = [row.locator("th, td").all_inner_texts() for row in page.locator("main tbody tr").all()]
    heads = [one.partition("\n")[0] for one in page.locator("main thead th").all_inner_texts()]
    told, rows = both_files(page, folder)
    assert told["Figure"] == equation
    assert len(rows) - 1 == count
    assert len(shown) == 50
    lengths = [at for at, title in enumerate(rows[0]) if title.endswith("(s)")]
    assert [title.removesuffix(" (s)") for title in rows[0]] == heads
    for row, cells in zip(rows[1:], shown, strict=False):
        assert [number_of(one) if at in lengths else one for at, one in enumerate(row)] == [
            number_of(one) if at in lengths else one for at, one in enumerate(cells)
        ]


def open_contact(page: Any) -> str:
    """A contact opens beside the rows; from there its page, with its legs; its address."""
    page.locator("main a[href^='/contacts/']").first.click()
    expect(page.locator("#panel .leg li").first).to_be_visible()
    look(page)
    page.locator("#panel [data-panel-page]").click()
    expect(page).to_have_url(re.compile("/contacts/[^/]+/"))
    expect(page.locator("main .leg li").first).to_be_visible()
    look(page)
    return str(page.url)


def sees_its_own(page: Any, scorecard: str, counted: tuple[int, int], folder: Path) -> None:
    """The other company at the address of the scorecard: one row, its own rows, its own people in the file."""
    page.goto(scorecard)
    hides_others(page)
    expect(page.locator("#scorecard tbody tr")).to_have_count(1)
    open_figure(page, FIGURE)
    expect(page.locator(".equation")).to_contain_text(f"{counted[0]} / {counted[1]} =")
    assert page.locator("main .chart").count() == 0  # too few contacts for a value: no empty scale is drawn
    open_rows(page)
    _told, (heads, *rows) = csv_of(downloaded(page, page.get_by_role("link", name="CSV"), folder))
    assert len(rows) == counted[0]
    assert {row[heads.index("Agent")][:6] for row in rows} == {"agent2"}
    open_contact(page)
    hides_others(page)


def hides_others(page: Any) -> None:
    """Nothing of the page, its menus and lists of choices among it, is the client's or another vendor's."""
    assert foreign_in(page.content()) == set()


def foreign_in(text: str) -> set[str]:
    """Names, codes and marks of the companies other than North."""
    others = "|".join(mark for name, mark in SECRETS.items() if name != "North")
    return set(
        re.findall(rf"\b(?:Own|Harbor)(?: \d)?\b|OWNMARKER|HARBORMARKER|{others}|\bagent1\d\d\d\b|\b[13]00\d\d\b", text)
    )
