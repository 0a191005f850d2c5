"""`outreach init`: a new campaign's folder, empty or filled from documents."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex

import outreach
from outreach.campaign.writing import scalar
from outreach.errors import NotANewFolder, raising_cannot_write
from outreach.ledger.address_keys import address_key
from outreach.ledger.git_attributes import ATTRIBUTES, UNION
from outreach.model.imported import FileChange, Imported
from outreach.tasks.importing.history import record_history, suppress_addresses
from outreach.tasks.importing.importing import decided, write
from outreach.words.slugs import slug_of

_CAMPAIGN = """\
# Who writes what to which contacts, and when. Every key: outreach help format

id: {id}
title: {title}
language: {language}
timezone: UTC                      # yours, for example Europe/Brussels

sender:
  name: "[Your name]"              # shown as the sender; emails wait until it is yours
  email: you@example.org           # your address
  signature: |
    [Your name]

calendar:
  days: [tue, wed, thu]
  hours: 09:00-17:00

# Why you may write to people who did not ask for it (GDPR Art. 6):
# legal: {{basis: legitimate-interest, interest: ...}}
"""
_IGNORED = """\
.outreach/
contacts/private/
drafts/
outbox/
mailbox/
"""
_ASIDE = ".outreach-new-"
"""What a run that was killed leaves behind begins so; the next one does not mind."""
_FOLDERS = ("contacts", "templates", "posts", "checklists", "notes", "materials")


def init(
    folder: Path,
    paths: Sequence[Path],
    *,
    answers: Mapping[str, str] | None = None,
    go: bool = True,
    language: str = "en",
) -> Imported:
    """Make a campaign in `folder`, out of the documents in `paths` where there are any, and write it.

    `language` (BCP 47) is the one of its emails: their greetings and dates follow it.

    Raises NotANewFolder if something is there, and what `import_documents` raises; then nothing was made.
    """
    _refuse_what_stands(folder)
    name = folder.resolve().name or "campaign"
    slug = slug_of(name)
    title = " ".join(word[:1].upper() + word[1:] for word in name.replace("_", " ").replace("-", " ").split())
    text = _CAMPAIGN.format(id=scalar(slug), title=scalar(title or slug), language=language)
    if paths:
        imported = decided(folder, paths, campaign_text=text, before=None, zone="UTC", answers=answers or {})
    else:
        new = FileChange(path="campaign.yaml", before=None, after=text)
        imported = Imported(changes=(new,), unchanged=(), passages=(), documents={})
    ignored = FileChange(path=".gitignore", before=None, after=_IGNORED)
    attributes = FileChange(path=ATTRIBUTES, before=None, after=UNION)
    imported = replace(imported, changes=(ignored, attributes, *imported.changes))
    if not go:
        return imported

    def fill(aside: Path) -> None:
        for each in _FOLDERS:
            (aside / each).mkdir()
        write(aside, imported)
        address_key(aside)  # two clones that each made one before they met would have two

    _make(folder, fill)
    suppress_addresses(folder, (listed for listed, _ in imported.no_mail.values()))
    record_history(folder, imported.happened)
    return imported


def put_example(folder: Path) -> None:
    """Put the finished example campaign into `folder`. It has no account, so nothing in it can reach anybody.

    Raises NotANewFolder, CannotWrite.
    """
    _refuse_what_stands(folder)
    example = _example()

    def fill(aside: Path) -> None:
        for name in ("campaign.yaml", *_FOLDERS):
            source = example / name
            shutil.copytree(source, aside / name) if source.is_dir() else shutil.copy(source, aside / name)
        (aside / "mailbox").mkdir()  # which its campaign.yaml names: `outreach sync` finds it empty
        (aside / ".gitignore").write_text(_IGNORED, encoding="utf-8")
        (aside / ATTRIBUTES).write_text(UNION, encoding="utf-8")
        address_key(aside)

    _make(folder, fill)


def _example() -> Path:
    """Where the example lies: in the package as it is installed, beside the package in a checkout."""
    package = Path(outreach.__file__).parent
    return package / "example" if (package / "example").is_dir() else package.parent


def _refuse_what_stands(folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        raise NotANewFolder(str(folder), "is a link that leads nowhere", "Name another folder.")
    if folder.exists() and not folder.is_dir():
        raise NotANewFolder(str(folder), "is a file", "Name a folder that does not exist yet.")
    if folder.is_dir() and any(not entry.name.startswith(_ASIDE) for entry in folder.iterdir()):
        if (folder / "campaign.yaml").exists():
            hint = f"Go into it and use: outreach import PATH (outreach check shows what is wrong in {folder.name})."
            raise NotANewFolder(str(folder), "is a campaign already", hint)
        raise NotANewFolder(str(folder), "is not empty", "Name a folder that does not exist yet, or an empty one.")


def _make(folder: Path, fill: Callable[[Path], None]) -> None:
    """The whole folder or none: it is filled aside, and then takes its place. Raises CannotWrite."""
    with raising_cannot_write(str(folder)):
        is_new, place = not folder.exists(), folder.resolve()
        aside = (place.parent if is_new else place) / f"{_ASIDE}{token_hex(4)}"
        aside.mkdir(parents=True)
        try:
            fill(aside)
            if is_new:
                aside.rename(place)
            else:
                for entry in sorted(aside.iterdir(), key=lambda entry: entry.name == "campaign.yaml"):
                    entry.rename(place / entry.name)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
