"""`init`, `import`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.asking import answered, asks
from outreach.cli.options import CampaignDir, Json, campaign_root
from outreach.cli.output import print_object, say, showing_progress
from outreach.errors import DONE, NEEDS_A_HUMAN
from outreach.model.imported import Imported
from outreach.pages.answers import FolderObject

_Ask = Annotated[bool | None, typer.Option("--ask/--no-ask", help="Answer the questions now (default: on a terminal).")]
_Documents = Annotated[
    list[Path] | None, typer.Argument(metavar="PATH...", help="Notes, tables, address cards, or folders.")
]


def import_(
    paths: _Documents = None,
    suppress: Annotated[
        list[Path] | None,
        typer.Option("--suppress", metavar="FILE", help="A list of addresses that must never be written to."),
    ] = None,
    go: Annotated[bool, typer.Option("--go", help="Write it. Without it you get a preview.")] = False,
    ask: _Ask = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Add contacts and texts from your files."""
    from outreach.pages.import_objects import import_object
    from outreach.pages.imports import diff_lines
    from outreach.tasks.importing import import_documents, keep_answers

    if not paths and not suppress:
        raise typer.BadParameter("Name documents, or a list with --suppress.", param_hint="PATH...")
    root, named, no_mail = campaign_root(campaign_dir), paths or [], suppress or []
    answers: dict[str, str] = {}
    if asks(ask, as_json):
        answers = answered(lambda given: import_documents(root, named, go=False, answers=given, suppress=no_mail))
        with showing_progress():
            imported = import_documents(root, named, go=go, answers=answers, suppress=no_mail)
        if not go:
            keep_answers(root, answers)
    else:
        with showing_progress():
            imported = import_documents(root, named, go=go, suppress=no_mail)
    if as_json:
        print_object(import_object(imported, written=go))
    else:
        for line in diff_lines(imported.changes, imported.copies) if not go else ():
            say(line)
        again = _again(named, no_mail, campaign_dir)
        _account(imported, written=go, again=f"{again} --ask{' --go' * go}")
        if answers and not go:
            say("Your answers are in imports.yaml, and are not asked for again.")
        waits = not go and (imported.paths or imported.no_mail)
        say(f"Nothing was written. Next: {again} --go" if waits else "Next: outreach check")
    raise typer.Exit(_code(imported))


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    documents: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="PATH...", help="Notes, tables, address cards, or folders to fill it from."),
    ] = None,
    more: Annotated[list[Path] | None, typer.Argument(metavar="", hidden=True)] = None,
    ask: _Ask = None,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Start a campaign, empty or from your files."""
    from outreach.pages.import_objects import import_object
    from outreach.tasks.importing import init as begin

    named = [*(documents or []), *(more or [])]
    given: dict[str, str] = {}
    if named and asks(ask, as_json):
        given = answered(lambda answers: begin(folder, named, answers=answers, go=False))
    with showing_progress():
        imported = begin(folder, named, answers=given)
    if as_json:
        print_object(import_object(imported, written=True))
    else:
        _account(imported, written=True, again=f"{_again(named, [], folder)} --ask --go")
        if folder.resolve() == Path.cwd():
            say("The campaign is here. Next:")
        else:
            say(f"The campaign is in {folder}. Next:")
            say(f"  cd {shlex.quote(str(folder))}")
        say("  outreach dashboard       go on in your browser: your name, your mailbox, the text")
        say("Or here: write your name and address into campaign.yaml, then")
        say("  outreach help templates  how to write the text, and say who gets it")
        say("  outreach check           find what is still missing")
        say("  outreach login mail      connect your mailbox, to send and to read answers")
    raise typer.Exit(_code(imported))


def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or is empty.")],
    as_json: Json = False,
) -> None:
    """Put a finished example campaign into a folder."""
    from outreach.tasks.importing.beginning import put_example

    put_example(folder)
    if as_json:
        print_object(FolderObject(folder=str(folder)))
        return
    say(f"The example campaign is in {folder}. Nothing in it can reach anybody.")
    say(f"  cd {shlex.quote(str(folder))}")
    say("  export OUTREACH_NOW=2026-01-02T09:00:00+01:00   its dates are in January 2026: take this day for today")
    say("  outreach dashboard       look around in your browser")
    say("  outreach                 or here: what there is to do today")
    say("  outreach draft           write all its emails into drafts/, to read them")


def _again(documents: list[Path], suppress: list[Path], campaign_dir: Path | None) -> str:
    """The import of the same documents, as a line that can be pasted."""
    words = ["outreach", "import", *(str(each) for each in documents)]
    words += [word for each in suppress for word in ("--suppress", str(each))]
    return shlex.join([*words, *(["--campaign", str(campaign_dir)] if campaign_dir else [])])


def _account(imported: Imported, *, written: bool, again: str) -> None:
    from outreach.pages.imports import account_lines, written_line

    for line in account_lines(imported, again):
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
    waits = imported.open_questions or imported.open_refusals or imported.remarks
    return NEEDS_A_HUMAN if lost or waits or imported.disagreements or imported.edited else DONE
