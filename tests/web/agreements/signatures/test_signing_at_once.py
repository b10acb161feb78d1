"""Two clicks and two companies at the same moment: one signature of each, and the version in force once."""

from __future__ import annotations

import threading

from crawl import viewer
from django.db import connections, transaction
from django.test import Client
from world import Role, World, confirmed

from onefloor_web.agreements.register.models import State, Version
from onefloor_web.agreements.signatures.models import Signature
from onefloor_web.platform.tenancy.scopes import working_for

SIGN = "/agreements/north-agreement/versions/2/signatures/new/"


def test_two_who_sign_at_once_make_one_signature_of_their_company(committed: World):
    side = committed["North"]
    with transaction.atomic():
        clients = [confirmed(committed["Own"].client(Role.SIGNATORY)) for _ in range(3)]
    answers: list[int] = []

    def click(client: Client) -> None:
        answers.append(client.post(SIGN).status_code)
        connections.close_all()

    threads = [threading.Thread(target=click, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302, 302, 302]
    with working_for(viewer(side, Role.SIGNATORY)):
        version = Version.objects.get(pk=side.rows["version"].pk)
        signers = Signature.objects.filter(about="register.version", number=version.pk).values_list(
            "signer__code", flat=True
        )
        assert (sorted(signers), version.state) == (["North", "Own"], State.SIGNED)
