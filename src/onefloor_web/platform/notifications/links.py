"""Addresses and names for readers outside the pages: mails, webhooks, robots."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise

from onefloor.language import Text


def absolute(page: str) -> str:
    """``/jobs/17/`` with the site's address before it; the bare path where the installation does not name it."""
    return f"{settings.SITE.rstrip('/')}{page}"


def both(words: str | Promise) -> Text:
    """A name in both languages, whichever the reader turns out to speak."""
    told = {}
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            told[language] = str(words)
    return Text(told["zh"], told["en"])
