"""What a request gets when the database is away or busy: 503 and when to come back, not a fault."""

from __future__ import annotations

import json
import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from onefloor.language import Text
from onefloor_web.platform.pages import errors
from onefloor_web.platform.tenancy.middleware import SAVING

SECONDS: Final = 5
NOT_SAVED: Final = Text(
    "刚才的操作没有保存，数据没有丢失。请几秒后刷新本页。",
    "What you just did was not saved, nothing else is lost. Reload this page in a few seconds.",
)
UNKNOWN: Final = Text(
    "保存时连接中断，刚才的操作可能已保存，也可能没有。请几秒后先查看结果，需要时再提交一次。",
    "The connection broke while it was being saved: what you just did may be saved or not. Look in a few seconds, and"
    " send it again if it is not there.",
)
PAGE = """<!doctype html>
<html lang="zh-Hans">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>请稍候 · One moment</title></head>
<body>
<h1>请稍候</h1>
<p>数据库正在启动或暂时繁忙。{0.zh}</p>
<div lang="en">
<h1>One moment</h1>
<p>The database is starting or busy. {0.en}</p>
</div>
</body>
</html>
"""
DETAILS: Final = {
    NOT_SAVED: "Nothing was saved by this request. Send it again in a few seconds.",
    UNKNOWN: "Whether this request was saved is not known. Look in a few seconds before it is sent again.",
}


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to a request that failed: 503 for the database's sake, otherwise the page of faults."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return errors.failed(request)
    headers = {"Retry-After": str(SECONDS), "Cache-Control": "no-store"}
    outcome = UNKNOWN if SAVING in request.META else NOT_SAVED
    if request.path.startswith("/api/"):
        body, kind = json.dumps(_problem(DETAILS[outcome])), "application/problem+json"
    else:
        body, kind = PAGE.format(outcome), "text/html; charset=utf-8"
    return HttpResponse(body, status=503, content_type=kind, headers=headers)


def _problem(detail: str) -> dict[str, object]:
    return {"type": "about:blank", "title": "The database is starting or busy", "status": 503, "detail": detail}
