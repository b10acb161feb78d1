"""Who of each company is told: at the client whoever looks after it, at the asker who raised it and its managers."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from onefloor.language import Text
from onefloor_web.platform.accounts.models import User
from onefloor_web.platform.accounts.viewers import viewer_for
from onefloor_web.platform.companies.queries import the_client
from onefloor_web.platform.events.models import Event
from onefloor_web.platform.events.registry import on
from onefloor_web.platform.notifications.telling import tell, tell_roles
from onefloor_web.platform.permissions.roles import MANAGERS, Role
from onefloor_web.platform.tenancy.scopes import tenant
from onefloor_web.platform.tenancy.viewer import Viewer
from onefloor_web.trust.requests import events
from onefloor_web.trust.requests.models import Request, Route

TOLD: Final = tuple(events.DID)


def route_of(request: Request) -> Route | None:
    """Who of the bound company looks after it: the route of its class, else that of all others."""
    routes = {one.kind: one for one in Route.objects.filter(kind__in=(request.kind, "")).select_related("user")}
    return routes.get(request.kind) or routes.get("")


def told(viewer: Viewer, event: Event) -> None:
    """Tell the people of both companies, each in its own name."""
    client = the_client().pk
    for company in {client, event.company_id}:
        other = viewer_for(company, name="")
        with tenant(other):
            request = Request.objects.get(pk=event.number or 0)
            if company == client:
                _tell_client(other, request, event)
            if company == event.company_id:
                _tell_asker(other, request, event)


for name in TOLD:
    on(name)(told)


def _tell_client(viewer: Viewer, request: Request, event: Event) -> None:
    if event.name == events.RAISED:
        _routed(request)
    what, but = _words(event), _knows(viewer, event)
    if request.handler:
        tell(viewer, {request.handler} - {but}, event.name, what, event.page)
        return
    route = route_of(request)
    roles = [route.role] if route and route.role else [Role.VENDOR_MANAGER]
    tell_roles(viewer, roles, event.name, what, event.page, but=but)


def _tell_asker(viewer: Viewer, request: Request, event: Event) -> None:
    what, but = _words(event), _knows(viewer, event)
    managers = () if viewer.client else MANAGERS  # the client's are told as those who answer
    tell_roles(viewer, managers, event.name, what, event.page, but=but)
    if request.raiser and request.raiser != but and not _holds(request.raiser, managers):
        tell(viewer, [request.raiser], event.name, what, event.page)


def _routed(request: Request) -> None:
    """Note who looks after a new request; the asker reads the name."""
    route = route_of(request)
    if route is None:
        return
    request.handler = route.user_id
    request.handler_name = str(route.user) if route.user else ""
    Request.objects.filter(pk=request.pk).update(handler=request.handler, handler_name=request.handler_name)


def _holds(user: int, roles: Collection[str]) -> bool:
    return User.objects.filter(pk=user, assignments__role__in=roles, assignments__ends_on=None).exists()


def _knows(viewer: Viewer, event: Event) -> int | None:
    return event.actor if event.actor_company_id == viewer.company else None


def _words(event: Event) -> Text:
    return Text(event.what["zh"], event.what["en"])
