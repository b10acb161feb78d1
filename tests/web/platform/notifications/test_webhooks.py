"""Webhooks: where they may lead, what they carry, how they are signed, and what happens when nobody answers."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import timezone
from job_runs import run_waiting
from world import World

from onefloor.language import Text
from onefloor_web.platform.events import registry
from onefloor_web.platform.events.actions import record
from onefloor_web.platform.jobs.models import Job, State
from onefloor_web.platform.notifications import addresses, sealing, webhooks
from onefloor_web.platform.notifications.addresses import BadAddress
from onefloor_web.platform.notifications.models import Delivery, Format, Notification, Outcome, Webhook
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import tenant, working_for
from onefloor_web.platform.tenancy.viewer import Viewer

WHAT = Text("北方已签署", "North has signed")


@dataclass
class Receiver:
    """A real server on loopback: keeps what it gets, answers as told."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok"}'
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
            self.send_response(receiver.status)
            for key, value in receiver.headers.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(receiver.answer)))
            self.end_headers()
            self.wfile.write(receiver.answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook?key=topsecret"
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def viewer(world: World) -> Viewer:
    return world["North"].viewer(Role.ADMINISTRATOR)


@pytest.fixture(autouse=True)
def kinds(world: World, monkeypatch):
    monkeypatch.setattr(registry, "_KINDS", {})
    for name in ("tests.signed", "tests.other"):
        registry.declare(name, name)


def made(viewer: Viewer, url: str, form: str = Format.STANDARD, **more) -> tuple[Webhook, str]:
    with working_for(viewer):
        return webhooks.make(viewer, name=f"group of {form}", form=form, url=url, events=[], **more)


def only_delivery(viewer: Viewer) -> Delivery:
    with tenant(viewer):
        return Delivery.objects.select_related("webhook").get(webhook__disabled_at=None)


def test_an_event_arrives_signed_as_standard_webhooks_ask(viewer: Viewer, receiver: Receiver):
    _webhook, secret = made(viewer, receiver.url)
    with working_for(viewer):
        record(viewer, "tests.signed", None, WHAT, why="all agreed", page="/statements/1/")
    run_waiting(viewer.company)
    (path, headers, body), delivery = receiver.got[0], only_delivery(viewer)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == f"v1,{base64.b64encode(digest).decode()}"
    assert (path, headers["webhook-id"]) == ("/hook?key=topsecret", delivery.message)
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    told = json.loads(body)
    assert (told["type"], told["data"]["text"], told["data"]["company"]) == ("tests.signed", WHAT.as_json(), "North")
    assert (delivery.outcome, delivery.status, delivery.attempts) == (Outcome.DELIVERED, 200, 1)


def test_a_wecom_robot_gets_markdown(viewer: Viewer, receiver: Receiver):
    webhook, _secret = made(viewer, receiver.url, Format.WECOM)
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    told = json.loads(receiver.got[0][2])
    assert (told["msgtype"], "测试消息" in told["markdown"]["content"]) == ("markdown", True)


def test_a_dingtalk_robot_gets_time_and_signature_in_the_address(viewer: Viewer, receiver: Receiver):
    webhook, _secret = made(viewer, receiver.url, Format.DINGTALK, secret="SECabc")
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    path, _headers, body = receiver.got[0]
    query = {key: values[0] for key, values in parse_qs(urlsplit(path).query).items()}
    content = f"{query['timestamp']}\nSECabc".encode()
    expected = base64.b64encode(hmac.new(b"SECabc", content, hashlib.sha256).digest()).decode()
    assert (query["key"], query["sign"], len(query["timestamp"])) == ("topsecret", expected, 13)
    assert json.loads(body)["markdown"]["title"] == "测试消息"


def test_a_robot_that_refuses_with_200_has_not_taken_it(viewer: Viewer, receiver: Receiver):
    receiver.answer = b'{"errcode":310000,"errmsg":"sign not match"}'
    webhook, _secret = made(viewer, receiver.url, Format.DINGTALK)
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    delivery = only_delivery(viewer)
    assert (delivery.outcome, "sign not match" in delivery.answer) == (Outcome.WAITING, True)


def test_a_failure_is_tried_again_later_with_growing_pauses_and_then_given_up(viewer: Viewer, receiver: Receiver):
    receiver.status = 503
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    pauses = []
    while True:
        run_waiting(viewer.company)
        delivery = only_delivery(viewer)
        if delivery.outcome != Outcome.WAITING:
            break
        pauses.append(round((delivery.next_at - delivery.tried_at).total_seconds()))
        with working_for(viewer):  # time passes
            Job.objects.filter(state=State.WAITING).update(not_before=None)
    assert (delivery.outcome, delivery.attempts, delivery.status) == (Outcome.FAILED, 8, 503)
    assert pauses == [5, 60, 300, 1800, 7200, 14400, 28800]
    assert len({headers["webhook-id"] for _path, headers, _body in receiver.got}) == 1


def test_a_webhook_that_fails_on_and_on_is_switched_off_and_administrators_are_told(
    viewer: Viewer, receiver: Receiver, monkeypatch
):
    monkeypatch.setattr(webhooks, "MOST_FAILURES", 3)
    receiver.status = 500
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        for _ in range(4):
            webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    with tenant(viewer):
        webhook.refresh_from_db()
        told = list(Notification.objects.filter(user=viewer.user, read_at=None).values_list("kind", flat=True))
    assert (webhook.disabled_at is not None, len(receiver.got), told) == (True, 3, ["webhooks.disabled"])


def test_a_redirect_is_not_followed(viewer: Viewer, receiver: Receiver):
    receiver.status, receiver.headers = 302, {"Location": receiver.url}
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    assert (len(receiver.got), only_delivery(viewer).status) == (1, 302)


def test_a_closed_port_is_an_answer_too(viewer: Viewer, settings):
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        webhook, _secret = made(viewer, f"http://127.0.0.1:{free.getsockname()[1]}/")
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    delivery = only_delivery(viewer)
    assert (delivery.status, delivery.outcome) == (None, Outcome.WAITING)
    assert "ConnectionRefusedError" in delivery.answer


def test_it_is_sent_again_by_hand_as_a_message_of_its_own(viewer: Viewer, receiver: Receiver):
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        first = webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    with working_for(viewer):
        second = webhooks.send_again(viewer, first)
    run_waiting(viewer.company)
    assert first.message != second.message
    assert [json.loads(body)["type"] for _path, _headers, body in receiver.got] == ["webhooks.test"] * 2


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/", "https://localhost/", "https://10.1.2.3/", "https://192.168.0.1/", "https://169.254.169.254/",
        "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/",
        "https://0.0.0.0/", "https://224.0.0.1/", "https://2130706433/", "http://93.184.216.34/", "ftp://93.184.216.34/",
        "https://li:secret@93.184.216.34/", "https://93.184.216.34:99999/", "https:///x", "no address",
        "https://this.name.does.not.exist.invalid/",
    ],
)  # fmt: skip
def test_addresses_that_lead_inside_or_nowhere_are_refused(url: str):
    with pytest.raises(BadAddress):
        addresses.target(url)


def test_an_open_address_is_taken_apart():
    found = addresses.target("https://93.184.216.34:8443/hook?key=1")
    assert (found.tls, found.port, found.path, found.ip) == (True, 8443, "/hook?key=1", "93.184.216.34")


def test_the_administrator_of_the_server_opens_inner_networks(settings):
    settings.WEBHOOK_NETWORKS = ["10.1.0.0/16", " fd00::/8"]
    assert addresses.target("http://10.1.2.3/").ip == "10.1.2.3"
    assert addresses.target("https://[fd00::1]/").ip == "fd00::1"
    with pytest.raises(BadAddress):
        addresses.target("http://10.2.0.1/")


def test_an_address_that_changes_its_meaning_is_checked_again_at_delivery(viewer: Viewer, receiver: Receiver, settings):
    webhook, _secret = made(viewer, receiver.url)
    settings.WEBHOOK_NETWORKS = []
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    run_waiting(viewer.company)
    assert receiver.got == []
    assert "inner network" in only_delivery(viewer).answer


def test_secrets_are_not_in_the_database_nor_in_its_history(viewer: Viewer, receiver: Receiver):
    webhook, secret = made(viewer, receiver.url)
    with tenant(viewer), connection.cursor() as cursor:
        cursor.execute(
            "select to_jsonb(w)::text from notifications_webhook w union all"
            " select to_jsonb(e)::text from notifications_webhookevent e"
        )
        kept = " ".join(row[0] for row in cursor.fetchall())
    assert webhook.name in kept
    assert not [word for word in (secret, secret.removeprefix("whsec_"), "topsecret") if word in kept]
    assert sealing.opened(webhook.sealed_secret) == secret


def test_a_secret_sealed_with_another_key_is_no_secret(settings):
    sealed = sealing.seal("x")
    settings.SECRET_KEY = "another"
    with pytest.raises(sealing.Unreadable):
        sealing.opened(sealed)


def test_each_company_gets_only_what_it_sees(world: World, receiver: Receiver):
    for name in world.sides:
        made(world[name].viewer(Role.ADMINISTRATOR), receiver.url + name)
    north = world["North"].viewer(Role.PROJECT_MANAGER)
    with working_for(north):
        record(north, "tests.other", world["North"].team, WHAT)
        record(north, "tests.signed", world["North"].team, WHAT, shared=True)
    for side in world.sides.values():
        run_waiting(side.company.pk)
    got = sorted((path.rpartition("topsecret")[2], json.loads(body)["type"]) for path, _headers, body in receiver.got)
    assert got == [("North", "tests.other"), ("North", "tests.signed"), ("Own", "tests.signed")]


def test_only_chosen_events_are_sent(viewer: Viewer, receiver: Receiver):
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        Webhook.objects.filter(pk=webhook.pk).update(chosen=["tests.signed"])
        for name in ("tests.signed", "tests.other"):
            record(viewer, name, None, WHAT)
    run_waiting(viewer.company)
    assert [json.loads(body)["type"] for _path, _headers, body in receiver.got] == ["tests.signed"]


def test_the_pages_make_test_switch_and_send_again(world: World, receiver: Receiver):
    client = world["North"].client(Role.ADMINISTRATOR)
    made_page = client.post("/webhooks/new/", {"name": "group", "form": "standard", "url": receiver.url, "secret": ""})
    text = made_page.content.decode()
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    with tenant(viewer):
        webhook = Webhook.objects.get(name="group")
    secret = sealing.opened(webhook.sealed_secret)
    at = f"/webhooks/{webhook.pk}/"
    assert secret in text
    assert secret not in client.get(at).content.decode()
    assert "topsecret" not in client.get(at).content.decode()
    assert client.post(f"{at}tests/").status_code == 302
    run_waiting(viewer.company)
    delivery = only_delivery(viewer)
    assert delivery.message in client.get(f"/deliveries/{delivery.pk}/").content.decode()
    assert client.post(f"/deliveries/{delivery.pk}/redelivery/").status_code == 302
    for act in ("disabling", "enabling"):
        assert client.post(f"{at}{act}/").status_code == 302
        assert client.get(at).status_code == 200


def test_a_form_says_why_an_address_is_refused(world: World):
    client = world["North"].client(Role.ADMINISTRATOR)
    page = client.post("/webhooks/new/", {"name": "inner", "form": "standard", "url": "https://10.0.0.1/"})
    assert "该地址指向内部网络" in page.content.decode()


def change_page(client: Client, at: str) -> str:
    """The stamp of the version that the form shows."""
    text = client.get(f"{at}change/").content.decode()
    assert "topsecret" not in text
    return text.split('name="stamp" value="')[1].split('"')[0]


def test_a_changed_name_keeps_the_key_of_the_address_and_the_secret(world: World, receiver: Receiver):
    client, viewer = world["North"].client(Role.ADMINISTRATOR), world["North"].viewer(Role.ADMINISTRATOR)
    webhook, secret = made(viewer, receiver.url)
    at = f"/webhooks/{webhook.pk}/"
    said = {"name": "renamed", "address": webhook.address, "chosen": ["tests.signed"], "stamp": change_page(client, at)}
    assert client.post(f"{at}change/", said).status_code == 302
    with tenant(viewer):
        webhook.refresh_from_db()
    assert (webhook.name, webhook.chosen) == ("renamed", ["tests.signed"])
    assert (sealing.opened(webhook.sealed_query), sealing.opened(webhook.sealed_secret)) == ("key=topsecret", secret)


def test_another_address_gets_no_key_of_the_former_one(world: World, receiver: Receiver):
    client, viewer = world["North"].client(Role.ADMINISTRATOR), world["North"].viewer(Role.ADMINISTRATOR)
    webhook, _secret = made(viewer, receiver.url, Format.DINGTALK, secret="SECold")
    at, other = f"/webhooks/{webhook.pk}/", webhook.address.replace("/hook", "/elsewhere")
    said = {"name": webhook.name, "address": other, "secret": "SECnew", "stamp": change_page(client, at)}
    assert client.post(f"{at}change/", said).status_code == 302
    with tenant(viewer):
        webhook.refresh_from_db()
    assert (webhook.address, sealing.opened(webhook.sealed_query)) == (other, "")
    assert sealing.opened(webhook.sealed_secret) == "SECnew"


def test_a_change_is_refused_where_a_new_webhook_would_be(world: World, receiver: Receiver):
    client, viewer = world["North"].client(Role.ADMINISTRATOR), world["North"].viewer(Role.ADMINISTRATOR)
    webhook, _secret = made(viewer, receiver.url)
    other, _secret = made(viewer, receiver.url, Format.WECOM)
    at = f"/webhooks/{webhook.pk}/"
    said = {"name": other.name, "address": "https://10.0.0.1/", "stamp": change_page(client, at)}
    text = client.post(f"{at}change/", said).content.decode()
    assert ("该地址指向内部网络" in text, "已有同名的 Webhook" in text) == (True, True)
    with tenant(viewer):
        assert Webhook.objects.get(pk=webhook.pk).address == webhook.address


def test_two_people_who_change_a_webhook_see_both_versions(world: World, receiver: Receiver):
    client, viewer = world["North"].client(Role.ADMINISTRATOR), world["North"].viewer(Role.ADMINISTRATOR)
    webhook, _secret = made(viewer, receiver.url)
    at = f"/webhooks/{webhook.pk}/"
    stamp = change_page(client, at)
    said = {"address": webhook.address, "chosen": ["tests.other"], "stamp": stamp}
    assert client.post(f"{at}change/", {**said, "name": "first"}).status_code == 302
    answer = client.post(f"{at}change/", {**said, "name": "second"})
    text = answer.content.decode()
    assert (answer.status_code, "first" in text, "second" in text) == (409, True, True)
    with tenant(viewer):
        assert Webhook.objects.get(pk=webhook.pk).name == "first"


def test_a_webhook_is_removed_after_a_look_and_the_audit_trail_keeps_it(world: World, receiver: Receiver):
    client, viewer = world["North"].client(Role.ADMINISTRATOR), world["North"].viewer(Role.ADMINISTRATOR)
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        webhooks.send_test(viewer, webhook)
    assert webhook.name in client.get(f"/webhooks/{webhook.pk}/removal/").content.decode()
    with tenant(viewer):
        assert Webhook.objects.filter(pk=webhook.pk).exists()
    assert client.post(f"/webhooks/{webhook.pk}/removal/").status_code == 302
    run_waiting(viewer.company)
    with tenant(viewer):
        assert list(Webhook.objects.filter(pk=webhook.pk)) == list(Delivery.objects.filter(webhook=webhook.pk)) == []
        kept = apps.get_model("notifications.WebhookEvent").objects.filter(pgh_obj_id=webhook.pk)
        assert [one.pgh_label for one in kept.order_by("pgh_id")] == ["insert", "delete"]
    assert (client.get(f"/webhooks/{webhook.pk}/").status_code, receiver.got) == (404, [])


def test_an_auditor_reads_webhooks_and_changes_none(world: World, receiver: Receiver):
    webhook, _secret = made(world["North"].viewer(Role.ADMINISTRATOR), receiver.url)
    client = world["North"].client(Role.AUDITOR)
    acts = ("change", "removal")
    assert [client.post(f"/webhooks/{webhook.pk}/{act}/").status_code for act in acts] == [404, 404]
    assert "removal/" not in client.get(f"/webhooks/{webhook.pk}/").content.decode()


def test_another_company_s_webhooks_and_deliveries_do_not_exist(world: World, receiver: Receiver):
    viewer = world["North"].viewer(Role.ADMINISTRATOR)
    webhook, _secret = made(viewer, receiver.url)
    with working_for(viewer):
        delivery = webhooks.send_test(viewer, webhook)
    paths = [f"/webhooks/{webhook.pk}/", f"/deliveries/{delivery.pk}/"]
    acts = [f"/webhooks/{webhook.pk}/{act}/" for act in ("change", "removal", "tests", "disabling", "enabling")]
    for name in ("Own", "Harbor"):
        client = world[name].client(Role.ADMINISTRATOR)
        assert [client.get(path).status_code for path in paths] == [404, 404]
        answers = [client.post(path).status_code for path in [*acts, f"/deliveries/{delivery.pk}/redelivery/"]]
        assert answers == [404] * 6
        assert webhook.name not in client.get("/webhooks/").content.decode()
