"""What gunicorn reads as its settings: what a process of the web server does before it takes requests."""

from __future__ import annotations

from typing import Any


def post_worker_init(worker: Any) -> None:
    """Load what the first page needs: nobody should wait for it who only happens to come first."""
    from django.template.loader import get_template
    from django.urls import reverse
    from django.utils import translation

    from onefloor_web.records.floor.warming import warm

    try:
        for language in ("zh-hans", "en"):
            with translation.override(language):
                translation.gettext("Today")
        reverse("today")
        for template in ("today/today.html", "scorecards/scorecard.html", "pages/figure.html"):
            get_template(template)
        warm()
    except Exception:  # a process that could not warm up still serves; the page that fails will say why
        worker.log.exception("The process could not be warmed up.")
