"""`outreach schema`: the JSON Schemas of the campaign's files and of what commands print."""

from __future__ import annotations

from typing import Any

from outreach.campaign.schema import KINDS, json_schema
from outreach.pages.output_schemas import OUTPUT_SCHEMAS


def file_schemas() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of each kind of file."""
    return {kind: json_schema(kind) for kind in KINDS}


def output_schemas() -> dict[str, Any]:
    """JSON Schema of what each command prints with `--json`."""
    return dict(OUTPUT_SCHEMAS)
