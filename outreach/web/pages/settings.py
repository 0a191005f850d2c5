"""The page's own settings, for this browser and as long as the dashboard runs."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.web.catalogue import LANGUAGES
from outreach.web.visit import Visit, writing


@writing
def change(visit: Visit, form: Mapping[str, str]) -> Response:
    """Another language, or single keys on and off (WCAG 2.2, 2.1.4)."""
    if form.get("language") in LANGUAGES:
        visit.session.language = form["language"]
    if form.get("keys") in ("on", "off"):
        visit.session.has_keys = form["keys"] == "on"
    return visit.back_to(form.get("back", "/"))
