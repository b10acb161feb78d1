"""People who are signed in to a site that runs as other processes, and what they send: whole, slowly, again."""

from __future__ import annotations

import http.client
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from processes import Site, onefloor

# A client with managers, who may bring files and keep views; each is signed in and has a second factor.
SIGN_IN = """
import sys
from datetime import date
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction
from django.test import Client
from django_scopes import scopes_disabled
from onefloor_web.platform.accounts.models import Assignment, User
from onefloor_web.platform.companies.actions import add_company
from onefloor_web.platform.companies.models import Kind
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.scopes import bound
since = date(2026, 1, 1)
for number in range({people}):
    with transaction.atomic(), scopes_disabled():
        own = add_company("Own", kind=Kind.CLIENT, joined_on=since) if number == 0 else own
        with bound(company=own.pk):
            user = User.objects.create_user(f"writer-{{number}}", None, company=own, name=f"Writer {{number}}")
            Assignment.objects.create(company=own, user=user, role=Role.VENDOR_MANAGER, starts_on=since)
        with bound(user=user.pk):
            TOTP.activate(user, "JBSWY3DPEHPK3PXP")
            browser = Client()
            browser.force_login(user)
    print("session", browser.cookies[settings.SESSION_COOKIE_NAME].value)
"""
HEAD = "agent,name,company,employment,site,team,hired,from,to\n"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: 302 with the address it leads to, or a page."""

    status: int
    location: str
    text: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form filled in, to be sent as often as it takes: the same every time."""

    path: str
    fields: Mapping[str, str]
    file: tuple[str, str, bytes] | None = None  # the field's name, the file's name, its content
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def name(self) -> str:
        """How the row is called that comes of it."""
        return self.file[1] if self.file else self.fields["name"]

    def sent_as(self, session: str) -> tuple[bytes, dict[str, str]]:
        """The body and the headers with which a browser sends it."""
        edge = "edge-" + self.token
        said = {"csrfmiddlewaretoken": self.token, **self.fields}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode()
                 for name, text in said.items()]  # fmt: skip
        if self.file:
            name, called, content = self.file
            head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
            parts += [head.encode(), b"Content-Type: text/csv\r\n\r\n", content, b"\r\n"]
        body = b"".join([*parts, f"--{edge}--\r\n".encode()])
        cookies = f"session={session}; csrf={self.token}"
        return body, {"Content-Type": f"multipart/form-data; boundary={edge}", "Cookie": cookies}


def roster_file(name: str, lines: int = 1) -> Form:
    """A roster file, whose first line has its name in it."""
    rows = (f"{name}-{n},,Own,own,Nanjing,O one,2024-01-01,2024-01-01,\n" for n in range(lines))
    return Form("/rosters/uploads/", {}, ("file", f"{name}.csv", (HEAD + "".join(rows)).encode()))


def import_file(name: str, lines: int = 1) -> Form:
    """A file to import."""
    rows = (f"K-{name}-{n};tech;2026-11-21 09:00;answered;1001\n" for n in range(lines))
    return Form(
        "/imports/new/", {}, ("files", f"{name}.csv", ("id;queue;begin;result;agent\n" + "".join(rows)).encode())
    )


def saved_view(name: str) -> Form:
    """A view to keep."""
    return Form("/saved-views/", {"name": name, "query": "by=team&metric=aht"})


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who is signed in."""

    site: Site
    session: str

    def send(self, form: Form) -> Answer | None:
        """Send a form and wait for what comes back; None if the connection ended without an answer."""
        body, headers = form.sent_as(self.session)
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=120)
        try:
            connection.request("POST", form.path, body, headers)
            came = connection.getresponse()
            return Answer(came.status, came.headers.get("Location", ""), came.read().decode())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def sending(self, form: Form) -> Sending:
        """Send it meanwhile."""
        sending = Sending(lambda: self.send(form))
        sending.start()
        return sending

    def begin(self, form: Form) -> socket.socket:
        """Send the first half of a form."""
        body, headers = form.sent_as(self.session)
        lines = [f"POST {form.path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {text}" for name, text in headers.items()]
        opened = socket.create_connection(("127.0.0.1", self.site.port), timeout=120)
        opened.sendall("\r\n".join([*lines, "", ""]).encode() + body[: len(body) // 2])
        return opened


class Sending(threading.Thread):
    """A form under way; ``answer`` once it has been joined."""

    def __init__(self, send: Callable[[], Answer | None]) -> None:
        super().__init__()
        self.answer: Answer | None = None
        self._send = send

    def run(self) -> None:
        """Send it."""
        self.answer = self._send()


def signed_in(site: Site, floor: Path, people: int, **settings: str) -> list[Writer]:
    """Managers of the client, made on a floor that is being served."""
    made = onefloor("manage", floor, "shell", "--command", SIGN_IN.format(people=people), **settings)
    sessions = [line.split()[1] for line in made.stdout.splitlines() if line.startswith("session ")]
    assert len(sessions) == people, made.stderr
    return [Writer(site, session) for session in sessions]
