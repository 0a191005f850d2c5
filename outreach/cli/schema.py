"""`outreach schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json
from outreach.cli.output import print_object
from outreach.errors import UnknownName


def schema(
    kind: Annotated[
        str | None,
        typer.Argument(
            metavar="[KIND]", help="campaign, contacts, templates, posts, lookups; or a command, with --output."
        ),
    ] = None,
    output: Annotated[bool, typer.Option("--output", help="What commands print with --json, instead.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Print JSON Schemas for editors and scripts."""
    from outreach.tasks.schemas import file_schemas, output_schemas

    schemas = output_schemas() if output else file_schemas()
    if kind is None:
        print_object(schemas)
        return
    if kind not in schemas:
        raise UnknownName("schema", kind, None, schemas)
    print_object(schemas[kind])
