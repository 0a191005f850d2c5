"""Where a campaign is: found from anywhere inside it, without reading anything of it."""

from __future__ import annotations

import os
from pathlib import Path

from outreach.errors import NoCampaign
from outreach.storage import entries

FILE = "campaign.yaml"
_LISTS = (".xlsx", ".ods", ".csv", ".vcf", ".xls")
"""Files from which people usually start a campaign."""


def find_root(start: Path) -> Path:
    """The nearest folder at or above `start` that holds `campaign.yaml`. Raises NoCampaign."""
    begin = start.resolve()
    for folder in (begin, *begin.parents):
        if _is_written(folder):
            return folder
    raise NoCampaign(str(start), example=_list_in(begin), below=_campaigns_in(begin))


def campaign_in(folder: Path) -> Path:
    """`folder` itself, which must hold `campaign.yaml`: one that was named is not searched for.

    Raises NoCampaign.
    """
    if not _is_written(folder):
        raise NoCampaign(str(folder), named=True)
    return folder.resolve()


def _list_in(folder: Path) -> str:
    """A spreadsheet or address cards that are here; "" for none, or a folder that cannot be read."""
    try:
        return next((each.name for each in entries(folder) if each.name.lower().endswith(_LISTS)), "")
    except OSError:
        return ""


def _campaigns_in(folder: Path) -> list[str]:
    """The folders right below this one that are campaigns, at most three."""
    try:
        return [each.name for each in entries(folder) if each.is_folder and _is_written(folder / each.name)][:3]
    except OSError:
        return []


def _is_written(folder: Path) -> bool:
    """Whether `campaign.yaml` is in `folder`, be it readable or not: that is said when it is read."""
    return os.path.lexists(folder / FILE)
