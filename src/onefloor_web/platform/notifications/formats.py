"""A message as each kind of address understands it, signed as it asks; and how it says that it has taken it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from onefloor_web.platform.notifications.models import Format
from onefloor_web.platform.notifications.sealing import PREFIX

JSON = "application/json; charset=utf-8"
MOST_BYTES = 2048  # of the text of a group robot's message


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: its body, headers, and what is added to the address."""

    body: bytes
    headers: dict[str, str]
    query: str = ""


def message(form: str, payload: Mapping[str, Any], *, number: str, secret: str, at: int) -> Message:
    """One message.

    Args:
        form: of the address.
        payload: ``type``, ``timestamp`` and ``data`` of the event; its ``title`` and ``text`` are in both languages.
        number: the message's own, the same at each try.
        secret: what the address and this installation share; may be empty for a robot without a signature.
        at: seconds of the epoch.
    """
    return _MAKERS[Format(form)](payload, number, secret, at)


def taken(form: str, status: int, answer: str) -> bool:
    """Whether the address took it: robots answer 200 also to what they refuse, and say so in the body."""
    if not 200 <= status < 300:
        return False
    if form == Format.STANDARD:
        return True
    try:
        return bool(json.loads(answer).get("errcode") == 0)
    except (ValueError, AttributeError):
        return False


def _standard(payload: Mapping[str, Any], number: str, secret: str, at: int) -> Message:
    """Standard Webhooks 1.0: HMAC-SHA256 over number, time and body."""
    body = json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signature = _signed(key, f"{number}.{at}.".encode() + body)
    headers = {"webhook-id": number, "webhook-timestamp": str(at), "webhook-signature": f"v1,{signature}"}
    return Message(body, {"Content-Type": JSON, **headers})


def _wecom(payload: Mapping[str, Any], number: str, secret: str, at: int) -> Message:
    """A group robot of WeCom: Markdown; its key is in the address."""
    body = {"msgtype": "markdown", "markdown": {"content": _markdown(payload)}}
    return Message(json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": JSON})


def _dingtalk(payload: Mapping[str, Any], number: str, secret: str, at: int) -> Message:
    """A group robot of DingTalk: Markdown; with a secret the time and its signature are in the address."""
    title = str(payload["data"]["title"]["zh"])
    body = {"msgtype": "markdown", "markdown": {"title": title, "text": _markdown(payload)}}
    query = ""
    if secret:
        moment = at * 1000
        query = urlencode({"timestamp": moment, "sign": _signed(secret.encode(), f"{moment}\n{secret}".encode())})
    return Message(json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": JSON}, query)


def _markdown(payload: Mapping[str, Any]) -> str:
    data = payload["data"]
    parts = [f"**{_plain(data['title']['zh'])}**", _plain(data["text"]["zh"])]
    if data.get("why"):
        parts.append(f"> {_plain(data['why'])}")
    if data.get("url"):
        parts.append(f"[查看]({data['url']})")
    return "\n\n".join(parts).encode()[:MOST_BYTES].decode(errors="ignore")


def _plain(text: str) -> str:
    """Text that makes no links or pictures of its own in a group."""
    return str(text).replace("[", "［").replace("]", "］").replace("<", "＜").replace("\n", " ")


def _signed(key: bytes, content: bytes) -> str:
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


_MAKERS = {Format.STANDARD: _standard, Format.WECOM: _wecom, Format.DINGTALK: _dingtalk}
