"""`init`, `import`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say
from outreach.errors import DONE, NEEDS_A_HUMAN
from outreach.model.imported import Imported

_Documents = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Notes, tables, address cards, or folders.")]


def import_(
    paths: _Documents,
    go: Annotated[bool, typer.Option("--go", help="Write it.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Add contacts and texts from your files."""
    from outreach.pages.imports import diff_lines, import_object
    from outreach.tasks.importing import import_documents

    imported = import_documents(campaign_root(campaign_dir), paths, go=go)
    if as_json:
        print_object(import_object(imported, written=go))
    else:
        for line in diff_lines(imported.changes, imported.copies) if not go else ():
            say(line)
        _account(imported, written=go)
        if not imported.paths:
            say("Next: outreach check")
        else:
            say("Next: outreach check" if go else "Nothing was written. Next: the same command with --go")
    raise typer.Exit(_code(imported))


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    documents: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="PATH...", help="Notes, tables, address cards, or folders to fill it from."),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Start a campaign, empty or from your files."""
    from outreach.pages.imports import import_object
    from outreach.tasks.importing import init as begin

    imported = begin(folder, [*(documents or []), *(more or [])])
    if as_json:
        print_object(import_object(imported, written=True))
    else:
        _account(imported, written=True)
        say(f"The campaign lies in {folder}. Write your name and address into its campaign.yaml.")
        say(f"Next: outreach check --campaign {folder}")
    raise typer.Exit(_code(imported))


def _account(imported: Imported, *, written: bool) -> None:
    from outreach.pages.imports import account_lines, written_line

    for line in account_lines(imported):
        say(line)
    if imported.paths or not imported.edited:
        say(written_line(imported, written=written))
    for path in imported.edited:
        say(f"{path} was edited while this ran. The edit was kept, and nothing was written to the file.")
    if imported.edited:
        say("Run the same command again: it starts from your edit.")


def _code(imported: Imported) -> int:
    """1 where a person should look: lines not understood, values that differ, questions."""
    lost = any(passage.kind == "not-understood" for passage in imported.passages)
    return NEEDS_A_HUMAN if lost or imported.disagreements or imported.remarks or imported.edited else DONE
