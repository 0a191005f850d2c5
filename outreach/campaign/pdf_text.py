"""The words of a PDF, for whoever looks for a name in it."""

from __future__ import annotations

import io
import logging


def pdf_text(content: bytes) -> str:
    """The text of all pages, as far as it can be read; "" where it cannot. Never raises for bad input."""
    # Called by name: pypdf takes a tenth of a second to import.
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        said = [str(value) for value in (reader.metadata or {}).values()]
        return "\n".join([*said, *(page.extract_text() for page in reader.pages)])
    except Exception:  # pypdf raises whatever a broken file makes its code run into
        return ""
