"""Companies' own sign-on (OpenID Connect), set by the administrator of the server in a file:

    [[sign_on]]
    id = "north"                                # part of the address the provider sends people back to
    company = "North"                           # the company's name in the records: only its users sign in here
    name = "North 统一登录"                      # on the button
    server = "https://id.north.example"         # the issuer
    client_id = "onefloor"
    secret_file = "/etc/onefloor/north.secret"  # the client's secret, a file only the server may read

The address to give to the provider is ``/sign-in/company/<id>/callback/``. Only invited users come in: the provider
has to vouch for the e-mail address, and a user of that company has to have it.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from onefloor.language import Text
from onefloor.problems import Place, Problem

NEEDED = ("id", "company", "name", "server", "client_id", "secret_file")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class BadSignOn(Problem):
    """The file of sign-ons cannot be used."""

    def __init__(self, file: Path, what: Text, remedy: Text) -> None:
        super().__init__(what, remedy=remedy, where=Place(str(file)))


@dataclass(frozen=True, slots=True)
class SignOn:
    """One company's provider."""

    id: str
    company: str
    name: str
    server: str
    client_id: str
    secret: str


def read(path: str | None) -> tuple[SignOn, ...]:
    """The sign-ons in a file; none without one.

    Raises:
        BadSignOn: the file is no TOML, a value is missing, or a provider would be asked without TLS.
    """
    if not path:
        return ()
    file = Path(path)
    try:
        entries = tomllib.loads(file.read_text(encoding="utf-8")).get("sign_on", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise BadSignOn(
            file,
            Text(f"无法读取公司登录设置：{wrong}。", f"The file of sign-ons cannot be read: {wrong}."),
            Text("请改正文件，或去掉 ONEFLOOR_SIGN_ON。", "Mend the file, or leave ONEFLOOR_SIGN_ON out."),
        ) from wrong
    return tuple(_sign_on(file, entry) for entry in entries)


def settings_of(sign_ons: tuple[SignOn, ...]) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS`` for them."""
    apps = [
        {
            "provider_id": one.id,
            "name": one.name,
            "client_id": one.client_id,
            "secret": one.secret,
            "settings": {"server_url": one.server, "company": one.company, "oauth_pkce_enabled": True},
        }
        for one in sign_ons
    ]
    return {"openid_connect": {"APPS": apps}} if apps else {}


def origins(sign_ons: tuple[SignOn, ...]) -> list[str]:
    """Where the sign-in form may lead, for the content security policy."""
    return sorted({"{0.scheme}://{0.netloc}".format(urlsplit(one.server)) for one in sign_ons})


def saml_installed() -> bool:
    """Whether the optional packages for SAML (``onefloor[saml]``) are there."""
    return find_spec("onelogin") is not None


def _sign_on(file: Path, entry: dict[str, Any]) -> SignOn:
    for name in NEEDED:
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise BadSignOn(
                file,
                Text(f"[[sign_on]] 缺少“{name}”。", f'A [[sign_on]] has no "{name}".'),
                Text(f"请填写 {name}。", f"Write {name}."),
            )
    _check_id(file, entry["id"])
    _check_server(file, entry["server"])
    secret = _secret(file, entry["secret_file"])
    return SignOn(entry["id"], entry["company"], entry["name"], entry["server"], entry["client_id"], secret)


def _secret(file: Path, name: str) -> str:
    try:
        return (file.parent / name).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadSignOn(
            file,
            Text(f"无法读取密钥文件“{name}”：{wrong}。", f'The secret file "{name}" cannot be read: {wrong}.'),
            Text(
                "请改正 secret_file，并允许服务的系统用户读取。", "Mend secret_file, and let the server's user read it."
            ),
        ) from wrong


def _check_id(file: Path, name: str) -> None:
    if not re.fullmatch(r"[a-z0-9-]{1,40}", name):
        raise BadSignOn(
            file,
            Text(f"id“{name}”不能用作地址。", f'The id "{name}" cannot stand in an address.'),
            Text("请只用小写字母、数字和连字符。", "Use small letters, digits and hyphens only."),
        )


def _check_server(file: Path, server: str) -> None:
    parts = urlsplit(server)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        raise BadSignOn(
            file,
            Text(f"“{server}”没有使用 TLS。", f'"{server}" does not use TLS.'),
            Text("请写成 https://…。", "Write https://…."),
        )
