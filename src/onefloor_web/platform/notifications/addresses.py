"""Where a webhook may lead: to the open internet by TLS, unless the administrator of the server allows more.

A name is resolved and every address it has is checked, when it is entered and again at each delivery; the connection
goes to the address that was checked, so that a name cannot change its meaning in between.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from onefloor.language import Text, same
from onefloor.problems import Problem
from onefloor_web.platform.notifications.links import absolute

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class BadAddress(Problem):
    """An address no message may be sent to."""

    def __init__(self, why: Text) -> None:
        super().__init__(
            Text("不能向该地址发送消息。", "No message can be sent to this address."),
            why=why,
            remedy=Text(
                "请填写以 https:// 开头的公网地址；内网地址需由服务器管理员放行。",
                "Enter an address of the open internet that begins with https://; an internal one has to be allowed by "
                "the administrator of the server.",
            ),
        )


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart, and one checked internet address of its host."""

    tls: bool
    host: str
    port: int
    path: str
    ip: str


def target(url: str) -> Target:
    """Where a message goes.

    Raises:
        BadAddress: not by TLS, with a name and password, unknown, or leading inside.
    """
    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        raise BadAddress(Text("端口不正确。", "Its port is no port.")) from None
    if parts.scheme not in ("https", "http") or not parts.hostname:
        raise BadAddress(Text("地址不完整。", "It is no complete address."))
    if parts.username is not None or parts.password is not None:
        raise BadAddress(Text("地址中不能有用户名和密码。", "It holds a user name or a password."))
    own = settings.DEMO and url == absolute(
        reverse("demo_received")
    )  # the demonstration sends to itself, and there only
    found = [str(ip) if own else _checked(ip, parts.scheme == "https") for ip in _resolved(parts.hostname, port)]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme == "https", parts.hostname, port, path, found[0])


def allowed_networks() -> list[Network]:
    """Networks the administrator of the server has opened to webhooks: ``ONEFLOOR_WEBHOOK_NETWORKS``."""
    return [ipaddress.ip_network(text.strip()) for text in settings.WEBHOOK_NETWORKS if text.strip()]


def _resolved(host: str, port: int) -> list[IpAddress]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise BadAddress(Text(f"找不到主机“{host}”。", f'The host "{host}" is not known.')) from None
    return [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]


def _checked(ip: IpAddress, tls: bool) -> str:  # noqa: FBT001
    """The address, if it may be used."""
    inner = _inner(ip)
    if any(inner in network for network in allowed_networks() if network.version == inner.version):
        return str(ip)
    if not inner.is_global or inner.is_multicast:
        raise BadAddress(Text("该地址指向内部网络", "It leads to an inner network") + same(f"({inner})"))
    if not tls:
        raise BadAddress(Text("该地址没有使用 https。", "It does not use https."))
    return str(ip)


def _inner(ip: IpAddress) -> IpAddress:
    """The IPv4 address that an IPv6 address is a wrapping of."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in TRANSLATED:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip
