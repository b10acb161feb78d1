"""From a draft to an amendment: two companies, each at its browsers, in Chinese; and every page in English."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import expect, sync_playwright
from processes import onefloor

from web.browser.conftest import ARGUMENTS, CHROMIUM, Browsers, House
from web.browser.story_people import PATIENCE, PRIMARY, Looks, Person
from web.browser.story_site import AGENT, PEOPLE, ZONE, Clock, Site, make_site

TERMS = """\
agreement: hotline
title: {zh: 热线外包服务协议, en: Hotline services agreement}
client: Own
company: North
timezone: Asia/Shanghai
currency: CNY
from: 2036-09-01
at_risk: 10%
minimum_sample: 1
price:
  - {id: "3.1", kind: contact, title: {zh: 话务费, en: Fee}, text: {zh: 每通 6 元, en: 6.00 a contact}, rate: 6.00}
clauses:
  - {id: "4.2", kind: level, title: {zh: 服务水平, en: Service level}, text: {zh: 20 秒内接通八成。, en: 80% in 20 s.},
     metric: "service_level:formula=F4,within=20s", target: ">= 80%", credit: 40%}
duties:
  - {id: "6.1", title: {zh: 甲方按时答复, en: Answers in time}, metric: "duty_late:duty=answer",
     text: {zh: 当月答复逾期的，扣罚减免 50%。, en: With a late answer half of the credits falls away.},
     bands: [{from: 1, relief: 50%}]}
requests:
  - {id: problem, title: {zh: 新问题, en: New problem}, within: 4 working hours}
procedure: {sign: 5 working days, dispute: 5 working days, rule: 5 working days}
"""


@pytest.fixture
def site(own_database: Any, settings: Any, monkeypatch: Any, request: Any, tmp_path: Path) -> Iterator[Site]:
    """The site before the story begins."""
    floor = tmp_path / "floor"
    settings.FLOOR, settings.STATE, settings.MEDIA_ROOT = floor, floor / "web", floor / "web" / "media"
    with ThreadPoolExecutor(1) as thread:
        yield make_site(floor, request.getfixturevalue("live_site"), Clock(monkeypatch), thread)


@pytest.fixture
def people(site: Site) -> Iterator[dict[str, Person]]:
    """Each at a browser, in Chinese."""
    looks = Looks()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        browsers = Browsers(chromium, House(site.url, None, {(name, "story"): site.cookies[name] for name in PEOPLE}))
        made = {name: Person(name, browsers(name, "story", language="zh-hans"), looks) for name in PEOPLE}
        for person in made.values():
            person.page.goto("/today/")
        yield made
        chromium.close()
    assert (browsers.complaints, looks.wrong) == ([], [])


def calls(month: str, days: range, hours: dict[int, int]) -> str:
    """A log of a telephone system: at each hour of each day a call that waits so many seconds."""
    lines = []
    for day in days:
        for hour, wait in hours.items():
            queued = int(datetime.fromisoformat(f"{month}-{day:02d} {hour:02d}:00").replace(tzinfo=ZONE).timestamp())
            call, taken = f"{queued}.1", queued + wait
            lines += [
                f"{queued}|{call}|service|NONE|ENTERQUEUE||19900000278|1",
                f"{taken}|{call}|service|{AGENT}|CONNECT|{wait}|{queued}.2|1",
                f"{taken + 180}|{call}|service|{AGENT}|COMPLETECALLER|{wait}|180|1",
            ]
    return "\n".join(lines) + "\n"


def test_a_month_from_a_draft_to_an_amendment(site: Site, people: dict[str, Person], tmp_path: Path):
    client, second, vendor, signatory = (
        people[name] for name in ("client", "client's second", "vendor", "vendor's signatory")
    )
    make_keys(people)
    write_a_draft(client, vendor, tmp_path)
    for person in (client, second, vendor):
        sign_version(person, 1)
    vendor.sees("onefloor check")
    miss_an_answer(site, client, vendor)
    site.clock.set_to("2036-10-08 09:00")
    whole = calls("2036-09", range(1, 31), {9: 5, 12: 5, 15: 40}) + calls("2036-10", range(1, 2), {9: 5})
    bring(site, client, tmp_path / "queue_log", whole)
    exclude_rows(site, client, vendor)
    settle(site, client, "2036-09")
    dispute(client, vendor, tmp_path)
    settle(site, client, "2036-09")
    client.sees("537.40", "5.50")
    sign_statement((client, second, signatory), "2036-09")
    late = calls("2036-09", range(10, 11), {17: 60, 18: 60, 19: 60})
    see_a_correction(site, client, vendor, tmp_path / "late_queue_log", late)
    site.clock.set_to("2036-11-04 09:00")
    whole = calls("2036-10", range(2, 32), {9: 5, 12: 5, 15: 40}) + calls("2036-11", range(1, 2), {9: 5})
    bring(site, client, tmp_path / "october_queue_log", whole)
    settle(site, client, "2036-10")
    client.sees("540.00", "558.00", "2036-09")
    sign_statement((client, second, signatory), "2036-10")
    verify_the_bundle(vendor, tmp_path)
    try_other_terms(site, vendor)
    amend(client, vendor)
    for person in (vendor, client, second):
        sign_version(person, 2)
    second.sees("onefloor check")
    for person in people.values():
        person.read_in("en")


def make_keys(people: dict[str, Person]) -> None:
    """Each company makes its key; the client has two people sign."""
    for name in ("client's administrator", "vendor's administrator"):
        person = people[name]
        person.menu("/keys/")
        person.follow("/keys/new/")
        person.confirm()
        person.press()
    people["client's administrator"].follow("/keys/rule/")
    people["client's administrator"].press()


def write_a_draft(client: Person, vendor: Person, folder: Path) -> None:
    """The client writes, the vendor comments on a clause, the client changes it and proposes."""
    file = folder / "hotline.yaml"
    file.write_text(TERMS, encoding="utf-8")
    client.menu("/agreements/drafts/")
    client.follow("/agreements/drafts/new/")
    client.fill({"how": "=file", "name": "Hotline"})
    client.page.locator("main [name=company]").select_option(label="North")
    client.attach("file", file)
    client.press()
    client.follow("/sharing/")
    client.press()
    vendor.menu("/agreements/drafts/")
    vendor.page.locator("main tbody a").first.click()
    vendor.look()
    to_part(vendor, "clauses:4.2")
    vendor.fill({"words": "40% → 30%"})
    vendor.press("#comments form button")
    vendor.sees("40% → 30%")
    client.menu("/agreements/drafts/")
    client.page.locator("main tbody a").first.click()
    to_part(client, "clauses:4.2")
    client.sees("40% → 30%")
    client.fill({"f.credit": "30%"})
    expect(client.page.locator(".cm-content")).to_contain_text("credit: 30%")
    client.follow("/proposal/")
    client.press()


def to_part(person: Person, part: str) -> None:
    """To one part of a draft, by its link."""
    person.page.locator(f"#draft-outline a[href='?part={quote(part)}']").click()
    expect(person.page.locator(f"#draft-form[data-part='{part}']")).to_be_visible(timeout=PATIENCE)
    person.look()


def sign_version(person: Person, number: int) -> None:
    """From Today to the page of signatures, by password and code where they are asked for, to the click."""
    person.today(f"/versions/{number}/signatures/")
    person.follow("/signatures/new/")
    person.confirm()
    person.press()


def miss_an_answer(site: Site, client: Person, vendor: Person) -> None:
    """The vendor asks for a decision within four working hours; the client takes four days."""
    site.clock.set_to("2036-09-10 16:00")
    vendor.menu("/requests/")
    vendor.follow("/requests/new/")
    vendor.fill({"kind": "=problem", "subject": "R1", "text": "Which rule holds for refunds?"})
    vendor.press()
    vendor.sees("50%")
    site.clock.set_to("2036-09-15 10:00")
    site.work()
    client.today("/requests/1/")
    client.follow("/requests/1/answers/")
    client.fill({"text": "That of 1 September."})
    client.press()
    site.work()
    vendor.today("/requests/1/")
    vendor.follow("/requests/1/acceptance/")
    vendor.press()


def bring(site: Site, client: Person, file: Path, log: str) -> None:
    """Facts go in by the wizard."""
    file.write_text(log, encoding="utf-8")
    client.menu("/imports/")
    client.follow("/imports/new/")
    client.page.locator("main input[type=file]").set_input_files(file)
    client.press()
    client.press()  # the kind is guessed
    client.fill({"purpose": "=import"})  # rows are shown
    client.press()
    client.press()  # the mapping is as it is for every file of this kind
    site.work()
    client.page.reload()
    client.press("main form[action$='/load/'] button")
    site.work()
    client.page.reload()
    expect(client.page.locator("main .account")).to_be_visible()


def exclude_rows(site: Site, client: Person, vendor: Person) -> None:
    """The vendor proposes two exclusions; the client refuses one and approves the other."""
    for day, words in (("14", "系统故障"), ("20", "高温")):
        vendor.menu("/agreements/")
        vendor.follow("/agreements/hotline/")
        vendor.follow("/exclusions/")
        vendor.follow("/exclusions/new/")
        times = {"starts": f"2036-09-{day}T00:00", "ends": f"2036-09-{day}T18:00"}
        vendor.fill({"reason": "=client_outage", "zh": words, "en": f"E{day}", **times})
        vendor.press()
        site.work()
        vendor.page.reload()
        vendor.follow("/proposal/")
        vendor.press()
    client.today("/exclusions/2/")
    client.follow("/answer/")
    client.fill({"verdict": "=refuse", "why": "It was 24 degrees."})
    client.press()
    client.today("/exclusions/1/")
    client.follow("/answer/")
    client.fill({"verdict": "=approve"})
    client.press()
    vendor.page.reload()


def settle(site: Site, client: Person, month: str) -> None:
    """The client has a month settled and opens the statement."""
    client.menu("/statements/")
    client.follow("/statements/run/")
    client.fill({"month": month})
    client.press()
    site.work()
    client.page.reload()
    client.follow(f"/statements/{month}/hotline/")


def dispute(client: Person, vendor: Person, folder: Path) -> None:
    """The vendor disputes line 2 with a file; the client accepts a part."""
    file = folder / "notice.txt"
    file.write_text("The CRM was down.", encoding="utf-8")
    vendor.today("/statements/2036-09/hotline/")
    vendor.follow("/lines/2/dispute/", "#line-2")
    vendor.fill({"by": "=amount", "amount": "12.00", "reason": "CRM down"})
    vendor.attach("files", file)
    vendor.press("main form button[value=send]")
    vendor.press()
    client.today("/lines/2/dispute/")
    client.sees("CRM down", "notice.txt")
    client.fill({"kind": "=part", "by": "=amount", "amount": "5.50", "reason": "Half of the time"})
    client.press("main form button[value=send]")
    client.sees("5.50")
    client.press()
    client.follow("/credit-notes/1/")
    client.sees("5.50", "CRM down")


def sign_statement(signers: tuple[Person, ...], month: str) -> None:
    """Who has not signed for a quarter of an hour is asked for password and code; the last signature locks."""
    for person in signers:
        person.today(f"/statements/{month}/hotline/")
        person.follow("/signature/")
        person.confirm()
        person.press()
    assert person.page.locator("a[href$='/signature/']").count() == 0
    expect(person.page.locator("section[aria-labelledby=evidence] ol strong")).to_have_text(month)  # the chain's end


def see_a_correction(site: Site, client: Person, vendor: Person, file: Path, log: str) -> None:
    """Facts come when the month is locked; both companies see what they change, and that it waits."""
    site.clock.set_to("2036-10-20 09:00")
    bring(site, client, file, log)
    for person in (client, vendor):
        person.menu("/statements/adjustments/")
        person.sees("540.00", "558.00")


def verify_the_bundle(vendor: Person, folder: Path) -> None:
    """What is downloaded from the page is verified by the command, with the keys from the page of keys."""
    vendor.menu("/statements/")
    vendor.follow("/statements/2036-10/hotline/")
    vendor.page.locator("a[href*='/file.zip']").first.click()
    vendor.page.locator("input[name=purpose][value=settlement]").check()
    bundle = download(vendor, PRIMARY, folder / "bundle.zip")
    vendor.menu("/keys/")
    links = vendor.page.locator("main a[href$='.pub']")
    keys = [download(vendor, f"main a[href$='.pub'] >> nth={n}", folder / f"{n}.pub") for n in range(links.count())]
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder / "downloaded")
    said = onefloor("verify", folder / "downloaded" / "bundle", *(part for key in keys for part in ("--key", key)))
    assert (said.returncode, len(keys)) == (0, 2), said.stdout + said.stderr


def download(person: Person, link: str, file: Path) -> Path:
    """A file behind a link."""
    with person.page.expect_download() as loading:
        person.page.locator(link).first.click()
    loading.value.save_as(file)
    return file


def try_other_terms(site: Site, vendor: Person) -> None:
    """The vendor has both months settled under another rate."""
    vendor.menu("/what-ifs/")
    vendor.follow("/what-ifs/new/hotline/")
    vendor.fill({"name": "6.50", "first": "2036-09", "last": "2036-10", "term:price:3.1:rate": "6.50"})
    vendor.press()
    site.work()
    vendor.page.reload()
    vendor.look()
    vendor.sees("45.80", "44.13")


def amend(client: Person, vendor: Person) -> None:
    """What was tried becomes a draft, which the client reads and proposes for signature."""
    vendor.follow("/drafting/")
    vendor.fill({"starts": "2036-12-01"})
    vendor.press()
    vendor.follow("/sharing/")
    vendor.press()
    client.menu("/agreements/drafts/")
    client.page.locator("main tbody a").first.click()
    client.page.locator("main nav a[href$='/changes/'], main a[href$='/changes/']").first.click()
    client.sees("6.50")
    vendor.follow("/proposal/")
    vendor.press()
