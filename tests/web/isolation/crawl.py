"""Every address of the site, who may see what, and what of another company is in an answer."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import world
from django.db import transaction
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from world import MARKERS, NAMES, Side, World

from onefloor_web.platform.accounts.second_factors import ALWAYS
from onefloor_web.platform.api.description import the_api
from onefloor_web.platform.permissions.middleware import PolicyMiddleware, action_of
from onefloor_web.platform.permissions.page import PUBLIC, SIGNED_IN
from onefloor_web.platform.permissions.policy import can, rules_for
from onefloor_web.platform.permissions.roles import Role
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.records.floor.scopes import NothingToSee, scope_of

API = "api:"
MARK = re.compile(r"(?:OWN|NORTH|HARBOR)(?:MARKER|SECRET|PERSONAL-[A-Z-]+-)")
LINK = re.compile(rb"""(?:href|src|action|hx-get)=["']?([^"'\s>]+)""")
CLIENT = "Own"

# Addresses whose arguments name no row of a company, with arguments that fit.
NO_ROW: dict[str, dict[str, Any]] = {
    "account_confirm_email": {"key": "no-such-key"},
    "account_reset_password_from_key": {"uidb36": "1", "key": "no-such-key"},
    "calendar_feed": {"signed": "no-such-signature"},
    "gallery_job": {"number": 1},
    "openid_connect_login": {"provider_id": "none"},
    "openid_connect_callback": {"provider_id": "none"},
}


@dataclass(frozen=True, slots=True)
class Address:
    """One pattern of the site's addresses."""

    name: str
    route: str
    arguments: tuple[str, ...]
    view: Any


def addresses() -> list[Address]:
    """All of them, from the resolver itself, so that none can be forgotten."""
    return list(_addresses(get_resolver(), "", ""))


def _addresses(resolver: URLResolver, namespace: str, route: str) -> Iterator[Address]:
    for one in resolver.url_patterns:
        full = route + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one, f"{namespace}{one.namespace}:" if one.namespace else namespace, full)
        elif isinstance(one, URLPattern):
            yield Address(f"{namespace}{one.name or full}", full, tuple(one.pattern.regex.groupindex), one.callback)


def without_case() -> list[str]:
    """Addresses with arguments that nobody has said a row of each company for."""
    cases = world.cases()
    return [one.name for one in addresses() if one.arguments and one.name not in cases and one.name not in NO_ROW]


def paths(side: Side) -> Iterator[tuple[Address, str]]:
    """Each address with this company's own rows."""
    cases = world.cases()
    for one in addresses():
        if one.name in NO_ROW:
            yield one, reverse(one.name, kwargs=NO_ROW[one.name])
        elif one.name in cases:
            for arguments in several(cases[one.name](side)):
                yield one, reverse(one.name, kwargs=arguments)
        elif not one.arguments:
            yield one, f"/{re.sub(r'[$^]', '', one.route)}" if ":" not in one.name else reverse(one.name)


def several(case: Any) -> list[dict[str, Any]]:
    """A case gives the arguments of one row, or of several."""
    return [case] if isinstance(case, dict) else list(case)


def foreign_paths(world_: World, name: str) -> Iterator[tuple[Address, str]]:
    """Each address with rows of other companies that this one must not know of."""
    own = {path for _one, path in paths(world_[name])}
    for other in NAMES:
        for one, path in paths(world_[other]) if other != name else ():
            if one.name in world.cases() and path not in own and not _may_know(name, other, one.name):
                yield one, path


def _may_know(name: str, other: str, address: str) -> bool:
    return (name == CLIENT and address in world.shared()) or (other == CLIENT and address in world.known())


def foreign(text: str, side: Side, role: Role | None, path: str = "") -> set[str]:
    """The marks in a text that this user must not see; those in the address asked for may be repeated."""
    seen = set(MARK.findall(text)) - set(MARK.findall(path))
    if role is None:
        return seen
    allowed = {side.marker, side.secret, side.personal(role)}
    return seen - allowed - (set(MARKERS.values()) if side.company.code == CLIENT else set())


def text_of(response: Any) -> str:
    """Everything an answer says: headers, address, body; workbooks, archives and PDF files unpacked."""
    body = body_of(response)
    headers = "\n".join(f"{key}: {value}" for key, value in response.items())
    cookies = response.cookies.output()
    return "\n".join([headers, cookies, *(part.decode("utf-8", "replace") for part in unpacked(body))])


def body_of(response: Any) -> bytes:
    """The whole body; a file that is streamed is closed."""
    if not response.streaming:
        return bytes(response.content)
    body = b"".join(response.streaming_content)
    response.close()
    return body


def unpacked(body: bytes) -> Iterator[bytes]:
    """The body, and what is packed inside it."""
    yield body
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))
    if body.startswith(b"%PDF"):
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", body, re.DOTALL):
            try:
                yield zlib.decompress(stream)
            except zlib.error:
                yield stream
    if body.startswith(b"\x1f\x8b"):
        yield zlib.decompress(body, wbits=31)


def links(body: bytes) -> Iterator[str]:
    """The addresses with a question part that a page offers: filters, orders, exports, further pages."""
    for link in LINK.findall(body):
        text = link.decode("utf-8", "replace").replace("&amp;", "&")
        if text.startswith(("/", "?")) and "?" in text and not text.startswith("//"):
            yield text


@cache
def actions_of_operations() -> dict[str, frozenset[str]]:
    """The actions of the API's operations by the address's route."""
    schema = the_api().get_openapi_schema()["paths"]
    return {
        re.sub(r"{\w+}", "{}", path): frozenset(one["x-action"] for one in methods.values())
        for path, methods in schema.items()
    }


def actions(one: Address) -> frozenset[str]:
    """What somebody must be allowed for this address to answer: any of these."""
    if one.name.startswith(API):
        return actions_of_operations().get("/" + re.sub(r"<[^>]*>", "{}", one.route), frozenset({PUBLIC}))
    return frozenset({action_of(one.view)})


def viewer(side: Side, role: Role) -> Viewer:
    """Who this user is, outside a transaction."""
    with transaction.atomic():
        return side.viewer(role)


def may_open(viewer: Viewer, one: Address) -> bool:
    """Whether the policy lets somebody open this address at all."""
    return any(action in (PUBLIC, SIGNED_IN) or can(viewer, action) for action in actions(one))


def refused(viewer: Viewer, one: Address, path: str) -> bool:
    """Whether the middleware, asked itself, keeps somebody out of an address before its view runs."""
    request = RequestFactory().get(path)
    request.viewer = viewer
    try:
        return PolicyMiddleware(lambda _request: None).process_view(request, one.view, (), {}) is not None
    except Http404:
        return True


def rights(viewer: Viewer, role: Role, one: Address) -> object:
    """What an answer about a row of another company can depend on: users of a company with equal rights are one."""
    try:
        scope: object = scope_of(viewer)
    except NothingToSee:
        scope = None
    held = [rule for action in actions(one) - {PUBLIC, SIGNED_IN} for rule in rules_for(viewer, action)]
    return one.name, frozenset((rule.action, rule.rows) for rule in held), scope, role in ALWAYS


def of_another_package(one: Address) -> bool:
    """Pages of sign-in that know users, and no roles but those that need a second factor."""
    return action_of(one.view) == PUBLIC and not one.name.startswith(API)


def signed_in(side: Side, role: Role) -> Client:
    """A browser of this user that has said what it opens personal data for, and given the password once more."""
    client = just_signed_in(side, role)
    with transaction.atomic():
        world.confirmed(client)
    client.post("/privacy/purpose/", {"purpose": "audit"})
    return client


def just_signed_in(side: Side, role: Role) -> Client:
    """A browser of this user that was asked nothing yet: no purpose is stated, no password given again."""
    with transaction.atomic():
        client = side.client(role)
    client.raise_request_exception = False
    return client
