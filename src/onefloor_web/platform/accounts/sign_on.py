"""Companies' own sign-on (OpenID Connect, or SAML), set by the administrator of the server in a file:

    [[sign_on]]
    id = "north"                                # part of the address the provider sends people back to
    company = "North"                           # the company's name in the records: only its users sign in here
    name = "North 统一登录"                      # on the button
    server = "https://id.north.example"         # the issuer
    client_id = "onefloor"
    secret_file = "/etc/onefloor/north.secret"  # the client's secret, a file only the server may read

    [[sign_on]]
    kind = "saml"                               # needs the extra: pip install 'onefloor[web,saml]'
    id = "harbor"
    company = "Harbor"
    name = "Harbor 统一登录"
    entity = "https://id.harbor.example/saml"   # the provider's entity id
    server = "https://id.harbor.example/sso"    # where it takes requests (HTTP-Redirect)
    certificate_file = "harbor.pem"             # what it signs assertions with

The address to give to an OpenID provider is ``/sign-in/company/<id>/callback/``, to a SAML provider
``/sign-in/saml/<id>/metadata/``. Only invited users come in: the provider
has to vouch for the e-mail address, and a user of that company has to have it. A SAML provider vouches for every
address it sends.
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

NEEDED = {
    "openid": ("id", "company", "name", "server", "client_id", "secret_file"),
    "saml": ("id", "company", "name", "server", "entity", "certificate_file"),
}
SAML = "allauth.socialaccount.providers.saml"
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class BadSignOn(Problem):
    """The file of sign-ons cannot be used."""

    def __init__(self, file: Path, what: Text, remedy: Text) -> None:
        super().__init__(what, remedy=remedy, where=Place(str(file)))


@dataclass(frozen=True, slots=True)
class SignOn:
    """One company's provider; ``client_id`` and ``secret`` of OpenID, ``entity`` and ``certificate`` of SAML."""

    id: str
    company: str
    name: str
    server: str
    client_id: str = ""
    secret: str = ""
    entity: str = ""
    certificate: str = ""

    @property
    def saml(self) -> bool:
        """Whether it speaks SAML."""
        return bool(self.entity)


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
    found = tuple(_sign_on(file, entry) for entry in entries)
    for one in found:
        if sum(one.id == other.id for other in found) > 1:
            raise BadSignOn(
                file,
                Text(f"id“{one.id}”出现多次。", f'The id "{one.id}" is there more than once.'),
                Text("每个 [[sign_on]] 使用不同的 id。", "Give each [[sign_on]] an id of its own."),
            )
    return found


def settings_of(sign_ons: tuple[SignOn, ...]) -> dict[str, Any]:
    """``SOCIALACCOUNT_PROVIDERS`` for them."""
    openid, saml = [one for one in sign_ons if not one.saml], [one for one in sign_ons if one.saml]
    made = {"openid_connect": [_openid_app(one) for one in openid], "saml": [_saml_app(one) for one in saml]}
    return {kind: {"APPS": apps} for kind, apps in made.items() if apps}


def apps_of(sign_ons: tuple[SignOn, ...]) -> list[str]:
    """Further ``INSTALLED_APPS`` they need."""
    return [SAML] if any(one.saml for one in sign_ons) else []


def _openid_app(one: SignOn) -> dict[str, Any]:
    own = {"server_url": one.server, "company": one.company, "oauth_pkce_enabled": True}
    known = {"client_id": one.client_id, "secret": one.secret}
    return {"provider_id": one.id, "name": one.name, **known, "settings": own}


def _saml_app(one: SignOn) -> dict[str, Any]:
    """Assertions have to be signed, and to answer a request this browser made."""
    idp = {"entity_id": one.entity, "sso_url": one.server, "x509cert": one.certificate}
    strict = {"want_assertion_signed": True, "reject_idp_initiated_sso": True, "strict": True}
    own = {"company": one.company, "idp": idp, "advanced": strict, "verified_email": True}
    return {"provider_id": one.id, "name": one.name, "client_id": one.id, "settings": own}


def origins(sign_ons: tuple[SignOn, ...]) -> list[str]:
    """Where the sign-in form may lead, for the content security policy."""
    return sorted({"{0.scheme}://{0.netloc}".format(urlsplit(one.server)) for one in sign_ons})


def _sign_on(file: Path, entry: dict[str, Any]) -> SignOn:
    kind = entry.get("kind", "openid")
    if kind not in NEEDED:
        raise BadSignOn(
            file,
            Text(f"kind“{kind}”不可用。", f'There is no kind "{kind}".'),
            Text("请写 openid 或 saml。", 'Write "openid" or "saml".'),
        )
    for name in NEEDED[kind]:
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise BadSignOn(
                file,
                Text(f"[[sign_on]] 缺少“{name}”。", f'A [[sign_on]] has no "{name}".'),
                Text(f"请填写 {name}。", f"Write {name}."),
            )
    _check_id(file, entry["id"])
    _check_server(file, entry["server"])
    where = (entry["id"], entry["company"], entry["name"], entry["server"])
    if kind == "openid":
        return SignOn(*where, client_id=entry["client_id"], secret=_content(file, "secret_file", entry))
    _check_installed(file)
    return SignOn(*where, entity=entry["entity"], certificate=_content(file, "certificate_file", entry))


def _check_installed(file: Path) -> None:
    if find_spec("onelogin") is None:
        raise BadSignOn(
            file,
            Text("没有安装 SAML 所需的软件包。", "The packages that SAML needs are not installed."),
            Text("请安装 onefloor[web,saml]。", "Install onefloor[web,saml]."),
        )


def _content(file: Path, name: str, entry: dict[str, Any]) -> str:
    try:
        return Path(file.parent, entry[name]).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as wrong:
        raise BadSignOn(
            file,
            Text(f"无法读取 {name}“{entry[name]}”：{wrong}。", f'{name} "{entry[name]}" cannot be read: {wrong}.'),
            Text(
                f"请改正 {name}，并允许服务器用户读取。", f"Mend {name}; the server's user has to be able to read it."
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
