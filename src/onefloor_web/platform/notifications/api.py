"""Operations of webhooks: where messages go, and how each of them went. Secrets are never given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Field, Query, Schema

from onefloor_web.platform.notifications.models import Delivery, Webhook
from onefloor_web.platform.permissions.page import ViewerRequest, found
from onefloor_web.platform.permissions.policy import only_visible
from onefloor_web.platform.rest.operations import operation, router
from onefloor_web.platform.rest.paging import Many, Wanted, paged
from onefloor_web.platform.rest.tags import shown

routes = router("Webhooks")
ONE = "/webhooks/{int:number}"


class WebhookOut(Schema):
    """An address of the company's own."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[3])
    name: str = Field(examples=["Operations group"])
    format: str = Field(description="standard, wecom or dingtalk", examples=["standard"])
    address: str = Field(description="Without the part after ?, where robots have their key")
    events: list[str] = Field(alias="chosen", serialization_alias="events", description="The events it is told of")
    disabled_at: datetime | None = None
    disabled_why: str = ""


class DeliveryOut(Schema):
    """One message to one address."""

    number: int = Field(alias="pk", serialization_alias="number", examples=[12])
    message: str = Field(description="The number of the message, the same at every attempt")
    event: str = Field(alias="kind", serialization_alias="event")
    outcome: str = Field(description="waiting, delivered or failed")
    attempts: int
    status: int | None = Field(None, description="What the address answered last")
    asked_at: datetime
    tried_at: datetime | None = None


@operation(routes, "GET", "/webhooks", action="webhooks.view", gives=Many[WebhookOut])
def webhooks(request: ViewerRequest, page: Query[Wanted]) -> dict[str, Any]:
    """The webhooks of one's own company."""
    return paged(only_visible(request.viewer, "webhooks.view", Webhook.objects.all()), page, order=["pk"])


@operation(routes, "GET", ONE, action="webhooks.view", gives=WebhookOut)
def webhook(request: ViewerRequest, number: int, response: HttpResponse) -> WebhookOut:
    """One webhook."""
    return shown(response, WebhookOut.from_orm(_of(request, number)))


@operation(routes, "GET", f"{ONE}/deliveries", action="webhooks.view", gives=Many[DeliveryOut])
def webhook_deliveries(request: ViewerRequest, number: int, page: Query[Wanted]) -> dict[str, Any]:
    """What was sent there and how it went, the latest first."""
    return paged(Delivery.objects.filter(webhook=_of(request, number)), page, order=["-pk"])


def _of(request: ViewerRequest, number: int) -> Webhook:
    return found(request.viewer, "webhooks.view", Webhook.objects.all(), pk=number)
