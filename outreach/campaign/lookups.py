"""`lookups.yaml`: what `outreach lookup` found on the network, with its dates. In Git, and read by drafting."""

from __future__ import annotations

from pathlib import Path

from outreach import storage
from outreach.campaign.definitions.lookups import LookupsKeys
from outreach.campaign.findings import as_problems, too_much_to_read
from outreach.campaign.strict_yaml import read_yaml
from outreach.campaign.text import normal, read_text
from outreach.errors import BEYOND_REACH
from outreach.model.lookups import Lookups
from outreach.model.problem import Problem

FILE = "lookups.yaml"


def load_lookups(root: Path) -> tuple[Lookups, list[Problem]]:
    """What was looked up, and what is wrong with the file. No file is nothing looked up."""
    if not storage.exists(root, FILE):
        return Lookups(), []
    source, findings = read_text(root, FILE)
    if source is None:
        return Lookups(), as_problems(findings, FILE, "lookups")
    try:
        lookups, found = read_lookups(source)
    except BEYOND_REACH:
        lookups, found = Lookups(), as_problems([too_much_to_read()], FILE, "lookups")
    return lookups, [*as_problems(findings, FILE, "lookups"), *found]


def read_lookups(source: str) -> tuple[Lookups, list[Problem]]:
    """What the text of `lookups.yaml` says, and what is wrong with it."""
    node, findings = read_yaml(normal(source))
    given = LookupsKeys.read(node, findings, FILE) if node is not None else None
    return given.lookups() if given else Lookups(), as_problems(findings, FILE, "lookups")
