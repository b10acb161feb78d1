"""What a request gets when the database is away or busy: 503 and when to come back, not a fault."""

from __future__ import annotations

import json
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse

from onefloor_web.platform.pages import errors

SECONDS = 5
PAGE = """<!doctype html>
<html lang="zh-Hans">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>请稍候 · One moment</title></head>
<body>
<h1>请稍候</h1>
<p>数据库正在启动或暂时繁忙。刚才的操作没有保存，数据没有丢失。请几秒后刷新本页。</p>
<div lang="en">
<h1>One moment</h1>
<p>The database is starting or busy. What you just did was not saved, nothing else is lost. Reload this page in a few
seconds.</p>
</div>
</body>
</html>
"""
PROBLEM = {
    "type": "about:blank",
    "title": "The database is starting or busy",
    "status": 503,
    "detail": "Nothing was saved by this request. Send it again in a few seconds.",
}


def failed(request: HttpRequest) -> HttpResponse:
    """The answer to a request that failed: 503 for the database's sake, otherwise the page of faults."""
    if not isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return errors.failed(request)
    headers = {"Retry-After": str(SECONDS), "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        body, kind = json.dumps(PROBLEM), "application/problem+json"
    else:
        body, kind = PAGE, "text/html; charset=utf-8"
    return HttpResponse(body, status=503, content_type=kind, headers=headers)
