"""Mistakes in contacts kept as CSV."""

from __future__ import annotations

# ruff: noqa: E501 - one mistake to a row
from typing import Any

from .mistake import Level, Mistake, added, swapped

FILE = "contacts/ngos.csv"
ROW = "vindalsel,Vindalsel elveforum,,project,1,ngo,NO,nb,post@vindalsel.example,general,,,"
ALL_ROWS = (
    "amigos-mirante", "zarqamar", "yarkelet", "hemrask", "glenmorva", "vindalsel", "stilfjel", "ribalume",
)  # fmt: skip


def row(name: str, old: str, new: str | bytes, words: str, level: Level = "error", **more: Any) -> Mistake:
    """One place of Vindalsel's row (the seventh line) changed."""
    found: dict[str, Any] = {"line": 7, "stops": ("vindalsel",), **more}
    return Mistake(name=f"CSV: {name}", file=FILE, make=swapped(FILE, old, new), words=words, level=level, **found)


IN_TABLES: list[Mistake] = [
    row("a cell too many", "Vindalsel er sur.,1975,", "Vindalsel er sur.,1975,,for mye", "column|cell|field|value"),
    row("a comma without quotes", "Vindalsel fikk ørreten tilbake.", "Vindalsel fikk, endelig, ørreten tilbake.",
        "column|cell|field|value"),
    row("name missing", "Vindalsel elveforum", "", "name"),
    row("tier in words", "project,1,ngo,NO,nb,post@vind", "project,en,ngo,NO,nb,post@vind", "tier"),
    row("kind misspelt", "vindalsel,Vindalsel elveforum,,project", "vindalsel,Vindalsel elveforum,,projet", "project"),
    row("bad address", "post@vindalsel.example", "post@@vindalsel.example", "address|email|mail"),
    row("unknown country", "project,1,ngo,NO,nb,post@vind", "project,1,ngo,NOR,nb,post@vind", "country|ISO 3166"),
    row("hidden header in a name", "Vindalsel elveforum", "=?UTF-8?Q?Eve=0ABcc:_e@x.example?= é", "encoded|=\\?"),
    row("line break in a name", "Vindalsel elveforum", '"Vindalsel\nBcc: eve@x.example"', "line|control", line=None),
    row("Latin-1 bytes", "ørreten", "ørreten".encode("latin-1"), "utf-8", may_stop=ALL_ROWS),
    row("a NUL byte", "ørreten", b"\x00rreten", "nul|control|character|\\\\x00", may_stop=ALL_ROWS),
    row("a value that the template needs is missing", "Vindalsel fikk ørreten tilbake.", "", "personal_text", line=None,
        at=("templates/ong.nb.md", FILE)),
    row("a name of another contact", "Vindalsel fikk", "Skarvaa kommune og Vindalsel fikk", "Skarvaa kommune"),
    Mistake(name="CSV: the same column twice", file=FILE, make=swapped(FILE, "founded,motto", "founded,founded"),
            words="founded", line=1, stops=(), may_stop=ALL_ROWS),
    Mistake(name="CSV: no column for names", file=FILE, make=swapped(FILE, "id,name,short", "id,navn,short"),
            words="name", line=1, level="error", stops=ALL_ROWS),
    Mistake(name="CSV: a quote left open", file=FILE, make=added(FILE, 'nylag,"Nytt lag,,project,1\n'), words="quot|row|line|column|cell",
            level="error", may_stop=ALL_ROWS),
    Mistake(name="CSV: the same id twice", file=FILE, words="vindalsel", line=10,
            make=added(FILE, "vindalsel,Annet lag,,project,1,ngo,NO,nb,post@annet.example,general,,,Hei.,,1975,\n"),
            level="error", may_stop=("vindalsel",)),
]  # fmt: skip
