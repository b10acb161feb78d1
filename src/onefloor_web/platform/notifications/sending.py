"""One request to one checked address: no redirects, little patience, and only the beginning of the answer is read."""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass

from onefloor_web.platform.notifications.addresses import Target
from onefloor_web.platform.notifications.formats import Message
from onefloor_web.platform.notifications.models import ANSWER_LENGTH

PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; status 0 if nothing did, and then why."""

    status: int
    text: str


def post(target: Target, message: Message) -> Answer:
    """Send it; whatever goes wrong on the way is an answer too."""
    path = target.path
    if message.query:
        path += ("&" if "?" in path else "?") + message.query
    headers = {**message.headers, "User-Agent": "Onefloor", "Host": _host(target)}
    connection = _Pinned(target)
    try:
        connection.request("POST", path, body=message.body, headers=headers)
        answer = connection.getresponse()
        return Answer(answer.status, _text(answer.read(ANSWER_LENGTH)))
    except (OSError, http.client.HTTPException, ValueError) as error:
        return Answer(0, f"{type(error).__name__}: {error}"[:ANSWER_LENGTH])
    finally:
        connection.close()


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, in the name of its host."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=PATIENCE)
        self.target = target

    def connect(self) -> None:
        self.sock = socket.create_connection((self.target.ip, self.target.port), timeout=PATIENCE)
        if self.target.tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.target.host)


def _host(target: Target) -> str:
    name = f"[{target.host}]" if ":" in target.host else target.host
    return name if target.port == (443 if target.tls else 80) else f"{name}:{target.port}"


def _text(body: bytes) -> str:
    """Readable, and nothing a database refuses."""
    return body.decode("utf-8", errors="replace").replace("\x00", "")[:ANSWER_LENGTH]
