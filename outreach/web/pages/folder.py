"""The campaign's folder: where it is, and whether Git keeps the old versions of its files."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from outreach.tasks.git_versions import keep, versions_of
from outreach.web.visit import Visit, again, reading


@reading
def show(visit: Visit) -> Response:
    """Where the files are, and the button that keeps a version of them."""
    return _page(visit)


def _page(visit: Visit) -> Response:
    root = visit.dashboard.root
    return visit.page("folder.html", live="none", versions=versions_of(root), folder=str(root))


@again(lambda visit, form: _page(visit))
def keep_version(visit: Visit, form: Mapping[str, str]) -> Response:
    """Keep all files as they are now. Raises CannotTell where Git does not do it, or nothing changed since."""
    if not versions_of(visit.dashboard.root).changed and form.get("act") != "begin":
        return visit.back_to("/folder", visit.words("Nothing changed since the last version."))
    keep(visit.dashboard.root, "outreach: a version from the dashboard")
    return visit.back_to("/folder", visit.words("This version is kept."))
