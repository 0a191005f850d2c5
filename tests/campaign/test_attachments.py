"""Attachments: a PDF that no program can open is noticed before anybody gets it."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pypdf import PdfWriter

from outreach.campaign.attachments import AttachedFile, read_attachments
from outreach.model.campaign import Attachment, Campaign, Sender
from outreach.model.problem import Problem


def read(root: Path, name: str, content: bytes) -> tuple[dict[str, AttachedFile], list[Problem]]:
    (root / name).write_bytes(content)
    campaign = Campaign(
        id="c",
        title="C",
        sender=Sender(name="A", email="a@example.org"),
        attachments={"brief": Attachment(name="brief", file=name)},
    )
    return read_attachments(root, campaign)


def pdf(pages: int = 2, password: str | None = None) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(100, 100)
    if password is not None:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("name", ["brief.pdf", "brief.PDF", "brief"])
def test_the_pages_of_a_pdf_are_counted_whatever_its_name(tmp_path: Path, name: str) -> None:
    read_files, problems = read(tmp_path, name, pdf(pages=2))
    assert (read_files["brief"].facts.pages, problems) == (2, [])


@pytest.mark.parametrize("name", ["brief.pdf", "brief.bin"])
@pytest.mark.parametrize(
    "content",
    [b"%PDF-1.4", b"%PDF-1.7\nno pdf at all\n%%EOF\n", b"%PDF-" + bytes(range(256)) * 20, pdf()[:60], pdf(pages=0)],
    ids=["a head only", "words", "noise", "cut off", "without pages"],
)
def test_a_pdf_that_cannot_be_read_is_damaged(tmp_path: Path, name: str, content: bytes) -> None:
    read_files, problems = read(tmp_path, name, content)
    assert read_files == {}
    assert [problem.code for problem in problems] == ["attachment-damaged"]


def test_a_file_that_only_calls_itself_a_pdf_is_damaged(tmp_path: Path) -> None:
    assert [problem.code for problem in read(tmp_path, "brief.pdf", b"<html></html>")[1]] == ["attachment-damaged"]


def test_an_encrypted_pdf_is_sent_though_its_pages_cannot_be_told(tmp_path: Path) -> None:
    read_files, problems = read(tmp_path, "brief.pdf", pdf(password="secret"))
    assert (read_files["brief"].facts.pages, problems) == (None, [])


def test_anything_else_is_not_looked_into(tmp_path: Path) -> None:
    read_files, problems = read(tmp_path, "map.png", b"\x89PNG and no more")
    assert (read_files["brief"].facts.pages, problems) == (None, [])
