"""The files that letters carry: read once, looked into once."""

from __future__ import annotations

import hashlib
import io
import logging
from pathlib import Path, PurePath

from outreach import storage
from outreach.errors import LeadsOut, NotAFolder, Refused, TooLarge
from outreach.model.attached import AttachedFile, FileFacts
from outreach.model.campaign import Attachment, Campaign
from outreach.model.problem import Problem

LARGEST = 19_000_000
"""Bytes that come to 25 MB and more after base64, which common servers refuse."""


_PDF = b"%PDF-"


class _Damaged(Exception):
    """A PDF that no program can show."""


def read_attachments(root: Path, campaign: Campaign) -> tuple[dict[str, AttachedFile], list[Problem]]:
    """The attachments of the campaign by name, and a Problem for each that cannot be sent."""
    read: dict[str, AttachedFile] = {}
    problems: list[Problem] = []
    for name, attachment in campaign.attachments.items():
        found = _read(root, campaign, attachment)
        if isinstance(found, Problem):
            problems.append(found)
        else:
            read[name] = found
    return read, problems


def _read(root: Path, campaign: Campaign, attachment: Attachment) -> AttachedFile | Problem:
    def problem(code: str, message: str, hint: str) -> Problem:
        return Problem(
            file=campaign.file,
            line=attachment.line,
            code=code,
            message=f"The attachment {attachment.file!r} {message}.",
            hint=hint,
            about=f"attachment:{attachment.name}",
        )

    path = PurePath(attachment.file)
    try:
        content = storage.read(root, path, LARGEST)
    except LeadsOut:
        return problem(
            "attachment-missing",
            "is outside the campaign folder",
            "Copy it into the folder; only that is in Git.",
        )
    except TooLarge as error:
        return problem(
            "attachment-too-large",
            f"has {error.size / 1_000_000:.0f} MB, and more than 25 MB after encoding, which common servers refuse",
            "Put the file online and write its link.",
        )
    except (FileNotFoundError, NotAFolder):
        return problem("attachment-missing", "does not exist", "Paths are relative to the campaign folder.")
    except OSError as error:
        hint = error.hint if isinstance(error, Refused) else "Fix its permissions."
        return problem("attachment-missing", f"cannot be read: {error.strerror}", hint)
    if not content:
        return problem("attachment-damaged", "is empty", "Save the file again.")
    pages = None
    if path.suffix.casefold() == ".pdf" or content.startswith(_PDF):
        if _PDF not in content[:1024]:
            return problem("attachment-damaged", "is not a PDF", "Export the document as PDF again.")
        try:
            pages = _pages(content)
        except _Damaged:
            return problem(
                "attachment-damaged", "is a damaged PDF that cannot be opened", "Export the document as PDF again."
            )
    facts = FileFacts(size=len(content), sha256=hashlib.sha256(content).hexdigest(), pages=pages)
    return AttachedFile(name=path.name, facts=facts, content=content)


def _pages(content: bytes) -> int | None:
    """The number of pages of a PDF, or None if it is encrypted. Raises _Damaged."""
    # Called by name: pypdf takes a tenth of a second to import, and most commands count no pages.
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    encrypted = False
    try:
        reader = PdfReader(io.BytesIO(content))
        encrypted = reader.is_encrypted
        pages = len(reader.pages)
    except (DependencyError, FileNotDecryptedError):
        return None
    except Exception as error:  # pypdf raises whatever a broken file makes its code run into
        if encrypted:
            return None
        raise _Damaged from error
    if not pages:
        raise _Damaged
    return pages
