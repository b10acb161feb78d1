"""A version is proposed, signed by both and then stays; nobody signs for another, also not in SQL."""

from __future__ import annotations

from datetime import date

import pytest
from agreed import TERMS
from django.db import DatabaseError, connection, transaction
from world import World
from worlds.agreements import source_of

from onefloor.agreements.signing import check_signatures, read_envelope
from onefloor.problems import Problem, Problems
from onefloor_web.agreements.register import queries
from onefloor_web.agreements.register.actions import (
    BadCode,
    NoReason,
    OneIsWaiting,
    OtherParties,
    OtherSide,
    Over,
    decline,
    document_of,
    propose,
    sign_version,
    withdraw,
)  # fmt: skip
from onefloor_web.agreements.register.models import Agreement, State, Version
from onefloor_web.agreements.register.overlapping import overlap_words
from onefloor_web.agreements.signatures.actions import NoKey, SamePerson, set_four_eyes, withdraw_key
from onefloor_web.agreements.signatures.models import Intent, PublicKey, Signature
from onefloor_web.agreements.signatures.queries import envelope_of, key_in_use, signatures_of
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer

AMENDED = "amendments:\n  - {from: 2026-07-01, price: [{id: '1', rate: 7.00}]}\n"


@pytest.fixture
def north(world: World) -> Viewer:
    return world["North"].viewer(Role.SIGNATORY)


@pytest.fixture
def own(world: World) -> Viewer:
    return world["Own"].viewer(Role.SIGNATORY)


@pytest.fixture
def version(world: World) -> Version:
    """North has signed it, the client has not."""
    return world["North"].rows["version"]


def refused(statement: str) -> str:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return str(caught.value)


def test_with_the_second_signature_it_is_in_force(own: Viewer, version: Version):
    with tenant(own):
        assert queries.in_force(version.agreement, date(2026, 3, 1)) is None
        assert isinstance(sign_version(own, version), Signature)
        version.refresh_from_db()
        assert (version.state, version.signed_at is not None) == (State.SIGNED, True)
        assert queries.signed_version(version.agreement) == version
        assert queries.waiting_version(version.agreement) is None
        terms = queries.in_force(version.agreement, date(2026, 3, 1))
    assert terms is not None
    assert str(terms.start) == "2026-01-01"


def test_what_is_signed_can_be_checked_with_the_public_keys_alone(own: Viewer, version: Version, tmp_path):
    with tenant(own):
        sign_version(own, version)
        (tmp_path / "signed.json").write_bytes(envelope_of(version) or b"")
        paths = []
        for signature in signatures_of(version):
            path = tmp_path / f"{signature.signer.code}.pub"
            path.write_text(PublicKey.objects.get(key_id=signature.key_id).pem, encoding="ascii")
            paths.append(path)
    checks = check_signatures(read_envelope(tmp_path / "signed.json"), paths)
    assert [(check.name, check.state) for check in checks] == [("North", "valid"), ("Own", "valid")]


def test_signing_twice_changes_nothing(north: Viewer, version: Version):
    with tenant(north):
        first = signatures_of(version)
        assert sign_version(north, version) == first[0]
        assert signatures_of(version) == first


def test_a_signed_version_cannot_be_signed_withdrawn_or_changed_by_anybody(own: Viewer, version: Version):
    with tenant(own):
        sign_version(own, version)
        with pytest.raises(Over):
            sign_version(own, version)
        with pytest.raises(Over):
            decline(own, version, why="a change of mind")
        for change in (
            "source = 'x'",
            "state = 'withdrawn'",
            "state = 'declined', ended_why = 'x'",
            "ended_why = 'x'",
            "signed_at = now()",
            "signed_digest = 'x'",
            "starts = '2020-01-01'",
            "digest = 'x'",
            "number = 9",
        ):
            assert refused(f"update register_version set {change} where id = {version.pk}")
        assert "Cannot delete" in refused(f"delete from register_version where id = {version.pk}")
        assert "append" in refused("update signatures_signature set user_name = 'x'")
        assert "append" in refused("delete from signatures_signature")


def test_sql_cannot_call_a_version_signed_that_is_not(own: Viewer, version: Version):
    with tenant(own):
        assert "not signed by both" in refused(f"update register_version set state = 'signed' where id = {version.pk}")


def test_sql_cannot_make_one_signature_enough(world: World, own: Viewer, north: Viewer, version: Version):
    """Whether an agreement is a shadow one follows from its company, and nobody calls a vendor the client."""
    signed = f"update register_version set state = 'signed', signed_at = now() where id = {version.pk}"
    columns = "company_id, code, title, made_at, shadow"
    for by in (own, north):
        with tenant(by):
            for change in ("shadow = true", "code = 'other'", f"company_id = {world['Own'].company.pk}"):
                told = refused(f"update register_agreement set {change} where id = {version.agreement_id}")
                assert "Cannot update" in told
            told = refused(
                f"insert into register_agreement ({columns}) values ({north.company}, 'alone', '{{}}', now(), true)"
            )
            assert "a shadow one where it is the client's" in told
            assert refused(f"update companies_company set kind = 'client' where id = {north.company}")
            assert "not signed by both" in refused(signed)
    with tenant(own):
        assert "Cannot update" in refused(f"update companies_company set kind = 'vendor' where id = {own.company}")
        assert refused(
            f"insert into register_agreement ({columns}) values ({own.company}, 'paid', '{{}}', now(), false)"
        )


def test_sql_cannot_sign_for_the_other_company(own: Viewer, north: Viewer, version: Version):
    insertion = (
        "insert into signatures_signature (company_id, signer_id, about, number, payload, digest, key_id, signature,"
        ' "user", user_name, confirmed_by, at)'
        " values ({company}, {signer}, 'register.version', {number}, '', '', '', '', 1, 'x', '', now())"
    )
    fitting = insertion.replace("'', '', '', '', 1", "'', encode(sha256(''), 'hex'), {key}, '', 1")
    for by, signer in ((own, north.company), (north, own.company)):
        with tenant(by):
            said = refused(insertion.format(company=north.company, signer=signer, number=version.pk + 1000))
            assert "with a key of its signer" in said
            key = f"(select key_id from signatures_publickey where company_id = {signer} and withdrawn_at is null)"
            said = refused(fitting.format(company=north.company, signer=signer, number=version.pk + 1000, key=key))
            assert "row-level security" in said


def test_the_next_version_waits_for_the_one_before(world: World, own: Viewer, version: Version):
    changed = source_of(world["North"], more=AMENDED)
    with tenant(own):
        with pytest.raises(OneIsWaiting):
            propose(own, changed)
        sign_version(own, version)
        made = propose(own, changed)
        assert (made.number, made.state, str(made.starts)) == (3, State.PROPOSED, "2026-07-01")
        assert queries.signed_version(made.agreement) == version


def test_who_proposed_withdraws_and_the_other_declines_with_a_reason(
    world: World, own: Viewer, north: Viewer, version: Version
):
    with tenant(own), pytest.raises(OtherSide):
        withdraw(own, version, why="not ours")
    with tenant(north), pytest.raises(OtherSide):
        decline(north, version, why="not theirs")
    with tenant(own), pytest.raises(NoReason):
        decline(own, version, why=" ")
    with tenant(own):
        decline(own, version, why="too dear")
        event = Event.objects.get(name="agreements.declined", number=version.pk)
    with tenant(north):
        version.refresh_from_db()
        assert (version.state, version.ended_why, event.why) == (State.DECLINED, "too dear", "too dear")
        assert (queries.waiting_version(version.agreement), len(signatures_of(version))) == (None, 1)
        with pytest.raises(Over):
            sign_version(north, version)
        assert propose(north, source_of(world["North"])).number == 3


def test_sql_cannot_end_a_version_for_the_other_side(own: Viewer, north: Viewer, version: Version):
    changed = f"update register_version set {{change}} where id = {version.pk}"
    for by, change in (
        (own, "state = 'withdrawn', ended_why = 'x'"), (north, "state = 'declined', ended_why = 'x'"),
        (own, "state = 'declined'"), (own, "ended_why = 'x'"), (north, "signed_at = now()"),
    ):  # fmt: skip
        with tenant(by):
            assert "version" in refused(changed.format(change=change)), change
    columns = "company_id, agreement_id, number, starts, source, digest, note, proposed_at, proposed_by, ended_why"
    copied = columns.replace("number", "9")
    for by, proposer in ((own, north.company), (north, own.company)):
        made = f"insert into register_version ({columns}, signed_digest, state, proposer_id) select {copied}"
        with tenant(by):
            end = f"from register_version where id = {version.pk}"
            assert "by its proposer" in refused(f"{made}, signed_digest, 'proposed', {proposer} {end}")
            assert "by its proposer" in refused(f"{made}, signed_digest, 'withdrawn', {by.company} {end}")


def test_what_was_signed_must_be_this_version(own: Viewer, north: Viewer, version: Version):
    """A signature under other words, or under none, does not put a version in force; also not in SQL."""
    columns = (
        'company_id, signer_id, about, number, payload, digest, key_id, signature, "user", user_name, confirmed_by, at'
    )
    with tenant(own), connection.cursor() as cursor:
        key = key_in_use(own)
        assert key is not None
        cursor.execute(
            f"insert into signatures_signature ({columns}) values ({north.company}, {own.company}, 'register.version',"
            f" {version.pk}, '\\x00', encode(sha256('\\x00'), 'hex'), '{key.key_id}', '', 1, 'x', '', now())"
        )
        assert version.signed_digest == document_of(version).digest
        assert "not signed by both" in refused(f"update register_version set state = 'signed' where id = {version.pk}")


def test_a_withdrawn_version_gives_way(world: World, north: Viewer, version: Version):
    with tenant(north):
        withdraw(north, version, why="a slip")
        made = propose(north, source_of(world["North"]))
        assert made.number == 3
        assert Version.objects.get(pk=version.pk).ended_why == "a slip"


def test_own_staffs_shadow_agreement_needs_the_client_alone(world: World):
    shadow = world["Own"].rows["version"]
    with tenant(world["Own"].viewer(Role.SIGNATORY)):
        assert Version.objects.get(pk=shadow.pk).state == State.SIGNED


def test_under_the_four_eyes_rule_two_people_sign(world: World, own: Viewer, version: Version):
    second = world["Own"].viewer(Role.VENDOR_MANAGER)
    with tenant(own):
        set_four_eyes(own, on=True)
        assert isinstance(sign_version(own, version), Intent)
        with pytest.raises(SamePerson):
            sign_version(own, version)
    with tenant(second):
        signature = sign_version(second, version)
        assert isinstance(signature, Signature)
        assert (signature.user_name, signature.confirmed_by) == (own.name, second.name)


def test_without_a_key_nothing_is_signed(own: Viewer, version: Version):
    with tenant(own):
        key = key_in_use(own)
        assert key is not None
        withdraw_key(own, key, why="lost")
        with pytest.raises(NoKey):
            sign_version(own, version)
        assert version.state == State.PROPOSED


def test_a_vendor_neither_sees_nor_proposes_for_another(world: World, north: Viewer):
    with tenant(north):
        assert list(Agreement.objects.values_list("code", flat=True)) == ["north-agreement"]
        assert {version.company_id for version in Version.objects.all()} == {north.company}
        with pytest.raises(OtherParties):
            propose(north, source_of(world["Harbor"]))


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("client: Own", "client: Stranger", OtherParties),
        ("shadow: false", "shadow: true", OtherParties),
        ("company: North", "company: Nobody", OtherParties),
        ("agreement: north-agreement", "agreement: north agreement/2", BadCode),
    ],
)
def test_what_does_not_fit_the_floor_is_refused(world: World, own: Viewer, old: str, new: str, problem: type):
    with tenant(own), pytest.raises(problem):
        propose(own, source_of(world["North"]).replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"), [("service_level", "no_such_level"), ("from: 80%", "from: 80s"), ("duty_late", "service_level")]
)
def test_terms_that_no_statement_could_be_computed_from_are_not_proposed(world: World, own: Viewer, old: str, new: str):
    source = source_of(world["North"], more=TERMS.replace(old, new))
    with tenant(own), pytest.raises((Problem, Problems)) as found:
        propose(own, source)
    assert not isinstance(found.value, OneIsWaiting)


def test_who_signs_is_told_of_another_agreement_that_counts_the_same_work(own: Viewer, north: Viewer, version: Version):
    with tenant(north):
        sign_version(north, version)
    with tenant(own):
        sign_version(own, version)
        assert overlap_words(version.agreement, version.starts) == []
        other = propose(own, version.source.replace(version.agreement.code, "second-agreement", 1))
        (told,) = overlap_words(other.agreement, other.starts)
        assert f"同一公司的协议 {version.agreement.code} 在 2026-01-01 也有生效条款" in told
        before = overlap_words(other.agreement, date(2000, 1, 1))
        assert before == [], "nothing holds yet"
