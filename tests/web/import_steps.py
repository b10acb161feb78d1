"""The steps of the wizard as a browser takes them, with jobs run in this process."""

from __future__ import annotations

import io
from typing import Any

from django.db import transaction
from django.test import Client
from job_runs import run_waiting
from world import Side

from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import working_for
from onefloor_web.records.imports.models import Import


def manager(side: Side) -> Client:
    with transaction.atomic():
        client = side.client(Role.VENDOR_MANAGER if side.company.code == "Own" else Role.PROJECT_MANAGER)
    client.cookies["language"] = "en"
    client.post("/privacy/purpose/", {"purpose": "import"})
    return client


def file(content: bytes | str, name: str) -> io.BytesIO:
    made = io.BytesIO(content.encode() if isinstance(content, str) else content)
    made.name = name
    return made


def send(client: Client, content: bytes | str, name: str) -> str:
    """Upload one file; the address of the import."""
    answer = client.post("/imports/new/", {"files": [file(content, name)]})
    assert answer.status_code == 302, answer.content.decode()
    return answer.url.removesuffix("kind/")


def choose(client: Client, at: str, name: str) -> None:
    assert client.post(f"{at}kind/", {"kind": name}).url == f"{at}mapping/"


def tried(client: Client, side: Side, at: str, **form: Any) -> Any:
    """Ask for the dry run and have it run; the page with its result."""
    answer = client.post(f"{at}mapping/", {"try": "1", **form})
    assert answer.status_code == 302, answer.content.decode()
    run_waiting(side.company.pk)
    return client.get(f"{at}dry-run/")


def loaded(client: Client, side: Side, at: str) -> Any:
    client.post(f"{at}load/")
    run_waiting(side.company.pk)
    return client.get(f"{at}report/")


def import_of(side: Side, at: str) -> Import:
    with transaction.atomic(), working_for(side.viewer(Role.ADMINISTRATOR)):
        return Import.objects.get(pk=int(at.rstrip("/").rsplit("/", 1)[-1]))


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())
