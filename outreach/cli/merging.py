"""`merge`: two contacts become one."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.pages.answers import MergedObject


def merge(
    keep: Annotated[str, typer.Argument(metavar="KEEP", help="The id of the contact that stays.")],
    other: Annotated[
        str, typer.Argument(metavar="OTHER", help="The id of the contact that becomes part of the first.")
    ],
    go: Annotated[bool, typer.Option("--go", help="Write it. Without it you get a preview.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Make one contact of two, with the history of both."""
    from outreach.tasks.merging import merge as unite

    merged = unite(campaign_root(campaign_dir), keep, other, go=go)
    files = [edit.file for edit in merged.edits if edit.file not in merged.removed]
    if as_json:
        print_object(
            MergedObject(
                keep=merged.keep,
                other=merged.other,
                written=files if go else [],
                to_write=[] if go else files,
                removed=list(merged.removed),
                differs=[{"key": key, "kept": kept, "other": other} for key, kept, other in merged.differs],
            )
        )
        return
    for edit in merged.edits if not go else ():
        say(f"{edit.file}{' (goes away)' if edit.file in merged.removed else ''}")
        for line in edit.difference if not edit.file.endswith("imports.yaml") else ():
            say(f"    {line}")
    for key, kept, gone in merged.differs:
        say(f"They differ on `{key}`: {kept!r} stays, {gone!r} goes.")
    if not go:
        say(f"Preview: {merged.name} ({other}) becomes part of {keep}. Nothing was written.")
        say(f"Next: outreach merge {keep} {other} --go")
        return
    say(f"{merged.name} is now part of {keep}, with the history of both. To undo it, take the files back with Git.")
    say(f"Next: outreach show {keep}")
