"""About documents that are to become a campaign."""

from __future__ import annotations

from outreach.errors.base import NOTHING_DONE, OutreachError


class UnreadableSource(OutreachError):
    """A document cannot be read at all: damaged, too large, of a kind that is not read."""

    exit_code = NOTHING_DONE

    def __init__(self, name: str, reason: str, hint: str) -> None:
        super().__init__(f"{name} cannot be read: {reason}. Nothing was taken from it.", hint=hint)


class NotANewFolder(OutreachError):
    """`init` was asked to make a campaign where there is something already."""

    def __init__(self, folder: str, reason: str, hint: str) -> None:
        super().__init__(f"{folder} {reason}, so nothing was done.", hint=hint)


class NothingToImport(OutreachError):
    """The folders that were named hold no document that can be read."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"{where} has no document that can be imported.",
            hint="It reads notes (.md, .txt, .docx), tables (.csv, .tsv, .xlsx, .xls, .ods) and address cards (.vcf).",
        )


class SourceTooLarge(OutreachError):
    """A source of more bytes or lines than notes and tables of people have."""

    def __init__(self, name: str, size: str, most: str) -> None:
        super().__init__(
            f"{name} has {size}; the most is {most}. Nothing was taken from it.",
            hint="Cut out the part that the campaign needs, and import that.",
        )


class SourceNotText(OutreachError):
    """A source that is no text: a picture, a PDF, an archive."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(
            f"{name} is {what}, not text, so nothing was taken from it.",
            hint="Export it as Markdown, plain text or CSV, and import that.",
        )


class ImportsUnreadable(OutreachError):
    """imports.yaml, or its private part, cannot be read as YAML any more."""

    def __init__(self, line: int, sentence: str, file: str) -> None:
        super().__init__(
            f"{file} cannot be read (line {line}), so nothing was done: {sentence}",
            hint="Fix the line, or remove it: outreach then asks again."
            if "/" in file
            else "Fix the line, or bring the file back from Git.",
        )
