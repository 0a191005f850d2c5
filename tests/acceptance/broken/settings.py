"""Mistakes in campaign.yaml and in the papers it names."""

from __future__ import annotations

# ruff: noqa: E501 - one mistake to a row
from pathlib import Path
from typing import Any

from ..campaign import tiny_pdf
from .mistake import Level, Mistake, added, directory_instead, removed, swapped

FILE = "campaign.yaml"
FICHA = "materials/Ficha técnica – ação.pdf"
PERSONS = ("ana-felgares", "per-olav")
TO_PERSONS = "to: \"kind == 'person' and tier < 3\""
NEEDS = "decision('imprensa') in ['sim', 'sim-forte'] and posts['arranque'].likes + posts['arranque'].reposts > 5"


def setting(name: str, old: str, new: str, words: str, level: Level = "error", **more: Any) -> Mistake:
    """One place of campaign.yaml changed; an error there may stop every letter."""
    found: dict[str, Any] = {"line": new, "may_stop": None, **more}
    return Mistake(name=f"campaign: {name}", file=FILE, make=swapped(FILE, old, new), words=words, level=level, **found)


def large_pdf(size: int) -> bytes:
    """A correct one-page PDF with an unused stream of `size` bytes in front of its pages."""
    opening = f"%PDF-1.4\n9 0 obj\n<< /Length {size} >>\nstream\n".encode()
    filler = opening + b"\x00" * size + b"\nendstream\nendobj\n"
    body = tiny_pdf(pages=1).removeprefix(b"%PDF-1.4\n")
    shift = len(filler) - len(b"%PDF-1.4\n")
    lines = []
    for line in body.split(b"\n"):
        moved = line
        if line.endswith(b" 00000 n "):
            moved = f"{int(line[:10]) + shift:010d} 00000 n ".encode()
        elif lines and lines[-1] == b"startxref":
            moved = str(int(line) + shift).encode()
        lines.append(moved)
    return filler + b"\n".join(lines)


def large_ficha(size: int) -> Any:
    def make(folder: Path) -> None:
        (folder / FICHA).write_bytes(large_pdf(size))

    return make


WHOLE = [
    setting("unquoted colon", "title: Rios Vivos – Levende Elver", "title: Rios Vivos: Levende Elver",
            '"Rios Vivos: Levende Elver"|\'Rios Vivos: Levende Elver\''),
    setting("duplicate key", "language: pt\n", "language: pt\nlanguage: nb\n", "language", line="language: nb"),
    setting("unknown key", "approval: required", "aproval: required", "unknown-key.*approval", level=None),
    setting("id missing", "id: rios-vivos\n", "", "\\bid\\b", line=None),
    setting("id that is no slug", "id: rios-vivos", "id: Rios Vivos/..", "\\bid\\b|slug"),
    setting("sender without address", "  email: ines@rios-vivos.example\n", "", "email", line=None),
    setting("sender with a bad address", "email: ines@rios-vivos.example", "email: ines@", "address|email|mail"),
    setting("sender with a hidden header", 'name: "Inês Åkerlund, Rios Vivos"', 'name: "=?utf-8?q?a=0Ab?="', "encoded|=\\?"),
    setting("unknown key of the sender", "  postal_address: Rua", "  postal_adress: Rua", "postal_address", extra=1,
            because="templates/municipio.md then prints a sender.postal_address that nobody gave", level=None,
            line="postal_adress"),
    setting("timezone misspelt", "timezone: Europe/Lisbon", "timezone: Europe/Lisboa", "Europe/Lisbon"),
    setting("language unreadable", "language: pt\n", "language: português europeu\n", "language|BCP 47", line="português"),
    setting("approval unknown", "approval: required", "approval: requird", "required"),
    setting("a password in the campaign", "    transport: outbox\n", "    transport: outbox\n    password: hunter2-geheim\n",
            "password|secret", line="password:", never_said="hunter2"),
    setting("unknown transport", "transport: outbox", "transport: outbux", "outbox"),
    setting("retention unreadable", "keep_for: 2y", "keep_for: two years", "keep_for|duration|2y", level=None),
    setting("digest at no hour", "digest: {at: 08:00}", "digest: {at: 25:00}", "25:00|time|hour", level=None),
    Mistake(name="campaign: Latin-1 bytes", file=FILE, make=swapped(FILE, "agosto", b"agosto \xe9"), words="utf-8", line="agosto",
            level="error", may_stop=None),
    Mistake(name="campaign: an empty file", file=FILE, make=lambda folder: (folder / FILE).write_bytes(b""),
            words="empty|id|mapping", level="error", may_stop=None),
    Mistake(name="campaign: a list", file=FILE, make=lambda folder: (folder / FILE).write_bytes(b"- id: x\n"), words="mapping|key|list",
            line=1, level="error", may_stop=None),
    Mistake(name="campaign: a directory", file=FILE, make=directory_instead(FILE), words="directory|folder|file|found", level="error",
            may_stop=None),
]  # fmt: skip

ATTACHMENTS = [
    Mistake(name="attachment missing", file=FILE, make=removed(FICHA), words="Ficha", line="ficha:",
            stops=("camara-arruzela", "aguas-quelmira"), may_stop=None, level="error"),
    Mistake(name="attachment that is a directory", file=FILE, make=directory_instead(FICHA), words="Ficha", line="ficha:",
            stops=("camara-arruzela", "aguas-quelmira"), may_stop=None, level="error"),
    Mistake(name="attachment of 26 MB", file=FILE, make=large_ficha(26_000_000), words="25|MB|large",
            at=(FILE, "templates/piloto.md", FICHA), may_stop=None),
    Mistake(name="attachment over 25 MB once encoded", file=FILE, make=large_ficha(19_500_000), words="25|MB|large",
            at=(FILE, "templates/piloto.md", FICHA), may_stop=None),
    Mistake(name="document of fill_links missing", file=FILE, make=removed("README.md"), words="README", line="fill_links:",
            may_stop=None),
    Mistake(name="assessment missing", file=FILE, make=removed("docs/assessment.md"), words="assessment", line="assessment:",
            may_stop=None),
]  # fmt: skip

CALENDAR = [
    setting("day misspelt", "days: [tue, wed, thu]", "days: [tue, wednes]", "wed"),
    setting("hours that run backwards", "hours: 09:00-17:00", "hours: 17:00-09:00", "hours|17:00"),
    setting("hours beyond midnight", "hours: 09:00-17:00", "hours: 09:00-25:00", "hours|25:00"),
    setting("holidays of nowhere", "holidays: [PT, NO]", "holidays: [PT, QQ]", "QQ"),
    setting("a day of no month", "{from: 12-20, to: 01-06, why: Natal}", "{from: 13-20, to: 01-06, why: Natal}", "13-20"),
    setting("pace in words", "per_hour: 12", "per_hour: many", "per_hour|number"),
    setting("pace misspelt", "pace: {per_hour: 12", "pace: {per_hours: 12", "per_hour\\b", level=None),
    setting("gap that runs backwards", "gap: 60s-120s", "gap: 120s-60s", "gap"),
    setting("gap without a unit", "gap: 60s-120s", "gap: 60-soon", "gap"),
]  # fmt: skip

WAVES = [
    setting("unknown key of a wave", "    start: 2026-03-24\n", "    starts: 2026-03-24\n", "start", level=None),
    setting("wave without template", "    template: pessoa\n", "", "template", line=None),
    setting("wave with an unknown template", "template: pessoa\n", "template: pesoa\n", "pessoa"),
    setting("two waves of one name", "  - id: pessoas", "  - id: ciencia", "ciencia", line=None),
    setting("wave to nobody", TO_PERSONS, "to: \"kind == 'person' and tier == 99\"", "pessoas|nobody|no contact",
            level=None, line=None, stops=PERSONS),
    setting("wave by an unknown key", TO_PERSONS, "to: \"kind == 'person' and teir < 3\"", "teir|nobody|no contact",
            level=None, stops=PERSONS),
    setting("wave by half an expression", TO_PERSONS, "to: \"kind == 'person' and\"", "expression|syntax|end|read"),
    setting("wave by an escape", TO_PERSONS, "to: \"''.__class__.__mro__\"", "__class__|unsafe|not allowed|attribute|nobody", level=None),
    setting("a contact in two waves", TO_PERSONS, "to: \"kind == 'person' and tier < 3 or id == 'uniao-rios'\"", "uniao-rios|União",
            level=None, line=None, at=(FILE, "contacts/ngos.yaml")),
    setting("template choice without end", "use: municipio}]", "use: municpio}]", "municipio"),
    setting("template choice by half a condition", "{if: \"'piloto' in tags\"", "{if: \"'piloto' in\"", "expression|syntax|end|read"),
    setting("start on no day", "start: 2026-03-24", "start: 2026-02-30", "2026-02-30"),
    setting("start in words", "start: 2026-03-24", "start: soon", "soon|date|start"),
    setting("end before the start", "until: 2026-06-30", "until: 2026-03-01", "until"),
    setting("after an unknown wave", "{wave: municipios, delay", "{wave: municipio, delay", "municipios"),
    setting("delay without a unit", "delay: 5d", "delay: five", "delay|5d|duration"),
    setting("waves that wait for one another", "    start: 2026-03-03\n", "    after: {wave: ngos, delay: 1d}\n",
            "ngos|municipios|circle|cycle|each other", line=None),
    setting("unknown key of a follow-up", "times: 2", "times: 2, tiems: 3", "unknown-key.*times", level=None),
    setting("follow-up template missing", "{after: 14d, template: seguimento, times: 1", "{after: 14d, template: seguimnto, times: 1",
            "seguimento"),
    setting("follow-up after nothing", "follow_up: {after: 14d, template: seguimento, times: 1",
            "follow_up: {after: two weeks, template: seguimento, times: 1", "after|duration|14d"),
    setting("follow-up many times", "times: 2", "times: -2", "times"),
]  # fmt: skip

GATES = [
    setting("gate on an unknown decision", "decision('imprensa') in", "decision('imprenssa') in", "imprensa\\b"),
    setting("gate on an unknown choice", "['sim', 'sim-forte']", "['sim', 'sim-fort']", "sim-forte", level=None),
    setting("gate on an unknown post", "posts['arranque'].likes +", "posts['aranque'].likes +", "arranque"),
    setting("gate on an unknown contact", "contacts['uniao-rios'].answered", "contacts['uniao-rio'].answered", "uniao-rios"),
    setting("gate on an unknown fact of a contact", "contacts['uniao-rios'].answered", "contacts['uniao-rios'].anwsered", "answered"),
    setting("gate on an unknown checklist", "checklist('lancamento')", "checklist('lançamento')", "lancamento"),
    setting("gate on an unknown state", "count('answered', tier=0) >= 1", "count('answred', tier=0) >= 1", "answered"),
    setting("gate on a state without quotes", "count('answered', tier=0) >= 1", "count(answered, tier=0) >= 1", "answered"),
    setting("gate by an unknown word", "checklist('lancamento') and", "checklst('lancamento') and", "checklist"),
    setting("gate on no day", "date('2026-04-01')", "date('2026-04-31')", "2026-04-31"),
    setting("gate by half an expression", f'needs: "{NEEDS}"', f'needs: "{NEEDS} and ("', "expression|syntax|read|end"),
    setting("decision after an unknown post", "after: arranque + 3d", "after: aranque + 3d", "arranque"),
    setting("decision without choices", ", choices: [nao, rever, sim, sim-forte]", "", "choices", line="id: imprensa, ask", extra=1,
            because="the gate then names choices that do not exist"),
    setting("decision by no day", "by: 2026-03-09", "by: 2026-03-99", "2026-03-99"),
    setting("goal on an unknown state", "count('contacted')", "count('contcted')", "contacted", level=None),
    setting("goal without a number", "target: 20", "target: twenty", "target"),
    setting("no transparency number for an EU agency", 'transparency_id: "123456789012-34"', "transparency_id: null",
            "transparency", level=None, line=None, at=(FILE, "contacts/ciencia.yaml", "templates/ciencia.md"), stops=("eu-hidralux",),
            extra=1, because="templates/ciencia.md prints the number, which is then nothing"),
]  # fmt: skip

UNUSED_CHECKLIST = Mistake(
    name="checklist that is a directory", file="checklists/lancamento.md", make=directory_instead("checklists/lancamento.md"),
    words="folder|lancamento", may_stop=None, at=("checklists/lancamento.md", FILE),
)  # fmt: skip

EMPTY_CONTACTS = Mistake(
    name="a contact file with nothing in it but a list sign", file="contacts/vazio.yaml", make=added("contacts/vazio.yaml", "-\n"),
    words="contact|empty|mapping|name",
)  # fmt: skip

IN_SETTINGS: list[Mistake] = [
    *WHOLE,
    *ATTACHMENTS,
    *CALENDAR,
    *WAVES,
    *GATES,
    UNUSED_CHECKLIST,
    EMPTY_CONTACTS,
]
