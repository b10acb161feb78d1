"""Drafts are one company's until they are shared; two people never overwrite each other; two ways to write one text."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from world import World
from worlds.agreements import source_of

from onefloor.agreements.terms import parse_agreement
from onefloor_web.agreements.drafts import actions
from onefloor_web.agreements.drafts.models import LONGEST, Comment, Draft, State
from onefloor_web.agreements.drafts.samples import SAMPLES, sample_text
from onefloor_web.agreements.register.actions import sign_version
from onefloor_web.agreements.register.models import Version
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer

LEVEL = """clauses:
  # how fast
  - {id: "2", kind: level, title: Speed, text: Fast., metric: csat, target: ">= 80%", credit: 2% of fee}
"""


@pytest.fixture
def north(world: World) -> Client:
    return world["North"].client(Role.PROJECT_MANAGER)


@pytest.fixture
def own(world: World) -> Client:
    return world["Own"].client(Role.VENDOR_MANAGER)


@pytest.fixture
def manager(world: World) -> Viewer:
    return world["North"].viewer(Role.PROJECT_MANAGER)


@pytest.fixture
def kept(world: World) -> Draft:
    """North's own, which nobody else has seen."""
    return world["North"].rows["kept draft"]


def at(draft: Draft, rest: str = "") -> str:
    return f"/agreements/drafts/{draft.pk}/{rest}"


def now(draft: Draft, viewer: Viewer) -> Draft:
    with tenant(viewer):
        return Draft.objects.get(pk=draft.pk)


def saved(client: Client, draft: Draft, text: str, stamp: str = "") -> int:
    return client.post(at(draft, "text/"), {"text": text, "stamp": stamp or draft.digest}).status_code


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_the_other_company_sees_only_what_was_shared(world: World, own: Client, north: Client, kept: Draft):
    assert own.get(at(kept)).status_code == 404
    assert b"NORTHSECRET" not in own.get("/agreements/drafts/").content
    north.post(at(kept, "sharing/"))
    answer = own.get(at(kept))
    assert answer.status_code == 200
    assert b'id="draft-part-form"' not in answer.content
    assert own.post(at(kept, "text/"), {"text": "x", "stamp": kept.digest}).status_code == 404
    assert world["Harbor"].client(Role.PROJECT_MANAGER).get(at(kept)).status_code == 404


def test_sql_cannot_change_the_others_draft_or_give_it_away(world: World, kept: Draft):
    given = world["North"].rows["draft"]
    with tenant(world["Own"].viewer(Role.VENDOR_MANAGER)):
        said = refused(f"update drafts_draft set text = 'x' where id = {given.pk}")
        assert "only its author" in said
        with connection.cursor() as cursor:
            cursor.execute(f"update drafts_draft set given_at = now() where id = {kept.pk}")
            assert cursor.rowcount == 0
    with tenant(world["North"].viewer(Role.PROJECT_MANAGER)):
        assert refused(f"update drafts_draft set given_at = null where id = {given.pk}")
        assert refused(f"delete from drafts_draft where id = {given.pk}")
        own = world["Own"].company.pk
        assert "keeps its author" in refused(f"update drafts_draft set author_id = {own} where id = {given.pk}")


def test_a_closed_draft_stays_as_it_is_also_in_sql(north: Client, kept: Draft, manager: Viewer):
    north.post(at(kept, "discarding/"))
    assert now(kept, manager).state == State.DISCARDED
    assert saved(north, kept, "agreement: other\n") == 422
    with tenant(manager):
        assert refused(f"update drafts_draft set text = 'x' where id = {kept.pk}")
        assert refused(f"update drafts_draft set state = 'open' where id = {kept.pk}")


def test_what_is_typed_is_saved_and_says_by_whom(north: Client, kept: Draft, manager: Viewer):
    answer = north.post(
        at(kept, "text/"), {"text": kept.text + LEVEL, "stamp": kept.digest}, headers={"HX-Request": "true"}
    )
    after = now(kept, manager)
    assert after.text == kept.text + LEVEL
    assert after.saved_by == manager.name
    assert manager.name in answer.content.decode()
    assert after.digest in answer.content.decode()  # the next save knows what it was made from


def test_two_people_at_once_overwrite_nothing_and_see_both_versions(north: Client, kept: Draft, manager: Viewer):
    theirs, yours = kept.text.replace("6.00", "7.11"), kept.text.replace("6.00", "8.22")
    assert saved(north, kept, theirs) == 302
    answer = north.post(at(kept, "text/"), {"text": yours, "stamp": kept.digest})
    assert answer.status_code == 409
    assert [part in answer.content.decode() for part in ("7.11", "8.22")] == [True, True]
    assert now(kept, manager).text == theirs
    assert saved(north, kept, yours, now(kept, manager).digest) == 302
    assert now(kept, manager).text == yours


def test_a_form_of_an_older_text_overwrites_nothing_either(north: Client, kept: Draft, manager: Viewer):
    saved(north, kept, kept.text.replace("6.00", "7.11"))
    posted = {"part": "price:1", "stamp": kept.digest, "f.rate": "8.22"}
    answer = north.post(at(kept, "parts/"), posted)
    assert answer.status_code == 409
    assert [part in answer.content.decode() for part in ("7.11", "8.22")] == [True, True]
    assert "rate: 7.11" in now(kept, manager).text


def test_a_field_changes_its_own_line_and_no_comment(north: Client, kept: Draft, manager: Viewer):
    saved(north, kept, kept.text + LEVEL)
    before = now(kept, manager)
    north.post(at(kept, "parts/"), {"part": "clauses:2", "stamp": before.digest, "f.target": ">= 75%"})
    assert now(kept, manager).text == before.text.replace(">= 80%", ">= 75%")


def test_parts_are_added_moved_and_removed(north: Client, kept: Draft, manager: Viewer):
    saved(north, kept, kept.text + LEVEL)

    def post(**said: str) -> list[str]:
        north.post(at(kept, "parts/"), {"stamp": now(kept, manager).digest, **said})
        text = now(kept, manager).text
        return [line.strip() for line in text.splitlines() if "- " in line]

    assert len(post(add="clauses:event")) == 3
    moved = post(part="clauses:3", act="up")
    assert "3" in moved[1]
    assert len(post(part="clauses:3", act="remove")) == 2
    assert "# how fast" in now(kept, manager).text
    for section in (
        "forecast",
        "calendar",
        "procedure",
        "renewal",
        "pools",
        "duties",
        "earn_back",
        "requests",
        "clocks",
    ):
        post(add=f"{section}:")
        assert f"\n{section}:" in now(kept, manager).text
        assert north.get(at(kept) + f"?part={section}").status_code == 200


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "no terms"),
        ("[]", "no terms"),
        ("a: [", "well-formed"),
        ("a: 1\na: 2\n", "written twice"),
        (BOMB, "anchors"),
        ("a: !!python/object/apply:os.system [ls]\n", "is missing"),
        ("[" * 5000, ""),
        ("agreement: x\nprice: 5\n", "name: value"),
        ("agreement: \u202e\u2028\n", ""),
    ],
)
def test_bad_text_is_kept_and_told_with_its_remedy(north: Client, kept: Draft, manager: Viewer, text: str, word: str):
    assert saved(north, kept, text) == 302
    answer = north.get(at(kept), headers={"Accept-Language": "en"})
    north.cookies["language"] = "en"
    page = north.get(at(kept)).content.decode()
    assert answer.status_code == 200
    assert word in page
    assert "problem" in page
    for path in ("changes/", "replays/", "proposal/"):
        assert north.get(at(kept, path)).status_code == 200
    assert north.post(at(kept, "proposal/"), {"stamp": now(kept, manager).digest}).status_code == 422


def test_a_text_of_a_megabyte_is_refused_and_nothing_lost(north: Client, kept: Draft, manager: Viewer):
    assert saved(north, kept, "a" * 1_000_000) == 422
    assert now(kept, manager).text == kept.text
    assert LONGEST < 1_000_000


def test_a_draft_may_not_name_another_company(north: Client, kept: Draft, manager: Viewer):
    saved(north, kept, kept.text.replace("company: North", "company: Harbor"))
    assert north.post(at(kept, "proposal/"), {"stamp": now(kept, manager).digest}).status_code == 422
    north.post(at(kept, "replays/"))
    with tenant(manager):
        assert Version.objects.filter(proposed_by=manager.name).count() == 0


@pytest.mark.parametrize("sample", [one.name for one in SAMPLES])
def test_a_draft_begins_with_a_sample_that_has_no_problem(north: Client, world: World, sample: str):
    company = world["North"].company.pk
    said = {"how": "sample", "sample": sample, "company": company, "from_": "2027-01-01", "name": "From a sample"}
    page = north.post("/agreements/drafts/new/", said, follow=True)
    north.cookies["language"] = "en"
    assert "No problem" in north.get(page.redirect_chain[-1][0]).content.decode()


def test_the_samples_use_every_kind_of_clause_and_price():
    from onefloor.agreements.terms.clauses import CLAUSES
    from onefloor.agreements.terms.prices import PRICES

    terms = [parse_agreement(sample_text(one.name)).versions[0] for one in SAMPLES]
    assert {type(clause) for one in terms for clause in one.clauses} == set(CLAUSES.values())
    assert {type(price) for one in terms for price in one.price} == set(PRICES.values())


def test_an_amendment_is_the_signed_text_with_one_entry_more(world: World, north: Client, manager: Viewer):
    version = world["North"].rows["version"]
    owner = world["Own"].viewer(Role.SIGNATORY)
    with tenant(owner):
        sign_version(owner, version)
    north.post("/agreements/drafts/new/", {"how": "amendment", "amends": "north-agreement", "from_": "2027-01-01"})
    with tenant(manager):
        draft = Draft.objects.get(base=version.pk)
    assert draft.text.startswith(version.source.rstrip("\n"))
    north.post(at(draft, "parts/"), {"part": "price:1", "stamp": draft.digest, "f.rate": "7.50"})
    text = now(draft, manager).text
    assert text.startswith(version.source.rstrip("\n"))
    amended = parse_agreement(text).versions
    assert [str(one.price[0].rate) for one in amended] == ["6", "15/2"]
    north.cookies["language"] = "en"
    assert "7.50" in north.get(at(draft, "changes/")).content.decode()
    answer = north.post(at(draft, "proposal/"), {"stamp": now(draft, manager).digest})
    assert answer.status_code == 302
    assert now(draft, manager).state == State.PROPOSED


def test_an_amendment_that_changes_the_past_is_not_proposed(world: World, north: Client, manager: Viewer):
    version, owner = world["North"].rows["version"], world["Own"].viewer(Role.SIGNATORY)
    with tenant(owner):
        sign_version(owner, version)
    with tenant(manager):
        draft = actions.amend(manager, version.agreement, version.starts.replace(year=2027))
    saved(north, draft, draft.text.replace("rate: 6.00", "rate: 9.00"))
    assert north.post(at(draft, "proposal/"), {"stamp": now(draft, manager).digest}).status_code == 422


def test_a_proposal_takes_the_text_that_was_read(north: Client, kept: Draft, manager: Viewer):
    saved(north, kept, kept.text + LEVEL)
    assert north.post(at(kept, "proposal/"), {"stamp": kept.digest}).status_code == 422
    assert north.post(at(kept, "proposal/"), {"stamp": now(kept, manager).digest}).status_code == 302
    after = now(kept, manager)
    with tenant(manager):
        assert Version.objects.get(pk=after.version_id).source == after.text
    assert after.given_at is not None  # what both shall sign both can read


def test_comments_are_given_with_the_draft_and_notes_never(world: World, north: Client, own: Client, kept: Draft):
    for words, private in (("Said to you", ""), ("Kept to us", "1")):
        north.post(at(kept, "comments/"), {"part": "price:1", "words": words, "private": private})
    north.post(at(kept, "sharing/"))
    page = own.get(at(kept) + "?part=price:1").content.decode()
    assert ("Said to you" in page, "Kept to us" in page) == (True, False)
    own.post(at(kept, "comments/"), {"part": "price:1", "words": "Answered"})
    page = north.get(at(kept) + "?part=price:1").content.decode()
    assert "Answered" in page
    with tenant(world["Own"].viewer(Role.VENDOR_MANAGER)):
        answered = Comment.objects.get(words="Answered")
    assert (
        north.post(at(kept, f"comments/{answered.pk}/resolution/")).status_code == 404
    )  # its author's side settles it
    assert own.post(at(kept, f"comments/{answered.pk}/resolution/")).status_code == 302
    with tenant(world["Own"].viewer(Role.VENDOR_MANAGER)):
        assert Comment.objects.get(pk=answered.pk).resolved_at is not None


def test_a_proposal_gives_the_comments_with_the_draft(world: World, north: Client, own: Client, kept: Draft):
    north.post(at(kept, "comments/"), {"part": "price:1", "words": "Said before"})
    north.post(at(kept, "comments/"), {"part": "price:1", "words": "Kept to us", "private": "1"})
    assert north.post(at(kept, "proposal/"), {"stamp": kept.digest}).status_code == 302
    page = own.get(at(kept) + "?part=price:1").content.decode()
    assert ("Said before" in page, "Kept to us" in page) == (True, False)


def test_a_comment_waits_on_today_until_it_is_answered(world: World, north: Client, own: Client, kept: Draft):
    def waiting() -> bool:
        return f"comments on {kept.name}" in north.get("/today/").content.decode()

    north.cookies["language"] = "en"
    north.post(at(kept, "sharing/"))
    own.post(at(kept, "comments/"), {"part": "price:1", "words": "Why?"})
    assert waiting()
    north.post(at(kept, "comments/"), {"part": "price:1", "words": "To ourselves", "private": "1"})
    assert waiting()
    north.post(at(kept, "comments/"), {"part": "price:1", "words": "Because."})
    assert not waiting()


def test_sql_cannot_give_a_comment_before_its_draft(kept: Draft, manager: Viewer):
    with tenant(manager):
        comment = actions.comment(manager, kept, "price:1", "too early", private=False)
        assert "before its draft" in refused(f"update drafts_comment set given_at = now() where id = {comment.pk}")


def test_the_other_company_copies_and_changes_its_copy(world: World, own: Client, north: Client, kept: Draft):
    north.post(at(kept, "sharing/"))
    own.post(at(kept, "copies/"))
    viewer = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(viewer):
        copy = Draft.objects.get(author=viewer.company, company=world["North"].company, name=kept.name)
    assert (copy.text, copy.given_at) == (kept.text, None)
    assert north.get(at(copy)).status_code == 404
    assert saved(own, copy, copy.text + "\n") == 302


def test_a_file_becomes_a_draft_also_with_windows_line_ends(north: Client, world: World, manager: Viewer):
    from django.core.files.uploadedfile import SimpleUploadedFile

    text = source_of(world["North"]).replace("\n", "\r\n")
    file = SimpleUploadedFile("ours.yaml", b"\xef\xbb\xbf" + text.encode())
    said = {"how": "file", "company": world["North"].company.pk, "file": file}
    answer = north.post("/agreements/drafts/new/", said)
    assert answer.status_code == 302
    with tenant(manager):
        assert Draft.objects.order_by("-pk").first().text == source_of(world["North"])
    binary = SimpleUploadedFile("ours.yaml", b"\xff\xfe\x00")
    assert north.post("/agreements/drafts/new/", {**said, "file": binary}).status_code == 200


def test_the_api_lists_reads_begins_and_checks(north: Client, kept: Draft):
    listed = north.get("/api/v1/drafts").json()["items"]
    assert kept.pk in [one["number"] for one in listed]
    assert north.get(f"/api/v1/drafts/{kept.pk}").json()["text"] == kept.text
    assert north.get(f"/api/v1/drafts/{kept.pk}/checks").json()["problems"] == []
    sent = {"company": "North", "text": "agreement: x\n"}
    problems = north.post("/api/v1/drafts/checks", sent, content_type="application/json").json()["problems"]
    assert problems[0]["line"] == 1
    made = north.post("/api/v1/drafts", {**sent, "name": "By program"}, content_type="application/json")
    assert made.status_code == 201
    other = north.post("/api/v1/drafts", {**sent, "company": "Harbor", "name": "x"}, content_type="application/json")
    assert other.status_code == 422
