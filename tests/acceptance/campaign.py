"""A campaign of somebody else: the federation Rios Vivos writes to forty contacts about river barriers.

`write_campaign` puts it on disk as plain files; the tables below say what a campaigner expects to come of it.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from pathlib import Path

from .campaign_contacts import CONTACT_FILES, RIVERS
from .campaign_plan import CAMPAIGN, PAPERS, POST_FILES
from .campaign_texts import TEMPLATE_FILES

__all__ = [
    "LETTERS",
    "MANUAL",
    "RIVERS",
    "SKIPPED",
    "WAVES_OF_TEMPLATE",
    "Expected",
    "tiny_pdf",
    "write_campaign",
]

SENDER_NAME = "Inês Åkerlund, Rios Vivos"
SENDER_ADDRESS = "ines@rios-vivos.example"


@dataclass(frozen=True)
class Expected:
    """One letter a campaigner expects: who gets it, where, under which subject, with which attachments.

    `subject` is None where the page leaves the language open (a variant that does not exist).
    """

    wave: str
    contact: str
    name: str
    address: str
    subject: str | None
    attachments: tuple[str, ...] = ()
    reply_to: str = "respostas@rios-vivos.example"
    html: bool = True


BRIEF, MAP, FICHA = "policy-brief.pdf", "mapa.png", "Ficha técnica – ação.pdf"
LONG_NAME = (
    "Associação Intermunicipal para a Recuperação Ecológica, Paisagística e Hidrológica da Bacia do Alto Longarela"
    " e Afluentes"
)
PT, NB, EN = (
    "Rios vivos: uma proposta para ",
    "Levende elver: et forslag til ",
    "Living rivers: a proposal for ",
)
TORDELA = "Câmara Municipal de Tordela & Vale <Norte>"
QUELMIRA = '"Águas de Quelmira", Lda.'
BARROSMAR = "Freguesia \\ Barrosmar _de Cima_ (50% *serra*)"
GJELBEKK = "Elv*stjerne* _Gjelbekk_ `kode`"
HEMRASK = "Straßenfluß e. V. Hemrask, Öffentlichkeit"
STILFJEL = 'Stilfjel "Frie Elver" lag'
PILOT = {"attachments": (BRIEF, FICHA), "reply_to": "piloto@rios-vivos.example"}

LETTERS: list[Expected] = [
    Expected("municipios", "camara-arruzela", "Município de Arruzela", "presidencia@arruzela.example",
             "Município de Arruzela: município-piloto?", **PILOT),
    Expected("municipios", "camara-tordela", TORDELA, "geral@tordela.example", PT + TORDELA, (BRIEF,)),
    Expected("municipios", "aguas-quelmira", QUELMIRA, "geral@quelmira.example", QUELMIRA + ": município-piloto?",
             **PILOT),
    Expected("municipios", "vasconde-rio-limpo", "Vasconde 🐟 Rio Limpo", "rio+limpo@vasconde.example",
             PT + "Vasconde 🐟 Rio Limpo", (BRIEF,)),
    Expected("municipios", "camara-peneda-longarela", LONG_NAME, "geral@longarela.example", PT + "AI Longarela",
             (BRIEF,)),
    Expected("municipios", "freguesia-barrosmar", BARROSMAR, "junta@barrosmar.example", PT + BARROSMAR, (BRIEF,)),
    Expected("kommuner", "brimelva-kommune", "Brimelva kommune", "postmottak@brimelva.example",
             NB + "Brimelva kommune 🐟", (BRIEF, MAP)),
    Expected("kommuner", "skarvaa", "Skarvaa kommune", "post@skarvaa.example", NB + "Skarvaa kommune 🐟", (BRIEF,)),
    Expected("kommuner", "blaelv", "Blåelv kommune – Øvre Ælvdal", "post@xn--blelv-nra.example",
             NB + "Blåelv kommune – Øvre Ælvdal 🐟", (BRIEF,)),
    Expected("kommuner", "torrelva", "Torrelva kommune", "post@torrelva.example", None, (BRIEF,)),
    Expected("kommuner", "gjelbekk", GJELBEKK, "elv@gjelbekk.example", NB + GJELBEKK + " 🐟", (BRIEF,)),
    Expected("kommuner", "nordvassa", "Nordvassa fylke", "post@nordvassa.example", EN + "Nordvassa fylke", (BRIEF,)),
    Expected("ngos", "amigos-mirante", "Amigos do Mirante", "ola@mirante.example",
             "Amigos do Mirante e os rios sem barreiras"),
    Expected("ngos", "zarqamar", "جمعية نهر Zarqamar", "info@zarqamar.example",
             "جمعية نهر Zarqamar and rivers without barriers", (MAP,)),
    Expected("ngos", "yarkelet", "עמותת נחל Yarkelet", "info@yarkelet.example",
             "עמותת נחל Yarkelet and rivers without barriers", (MAP,)),
    Expected("ngos", "hemrask", HEMRASK, "post@hemrask.example", HEMRASK + " and rivers without barriers", (MAP,)),
    Expected("ngos", "glenmorva", "O'Brien's River Trust Glenmorva", "hello@glenmorva.example",
             "O'Brien's River Trust Glenmorva and rivers without barriers", (MAP,)),
    Expected("ngos", "vindalsel", "Vindalsel elveforum", "post@vindalsel.example",
             "Vindalsel elveforum og frie elver"),
    Expected("ngos", "stilfjel", STILFJEL, "lag@stilfjel.example", STILFJEL + " og frie elver"),
    Expected("ngos", "ribalume", "Ribalume Associação 🦦", "lontra@ribalume.example",
             "Ribalume Associação 🦦 e os rios sem barreiras"),
    Expected("ngos", "uniao-rios", "União dos Rios Ibéricos", "geral@umbralis.example",
             "União dos Rios Ibéricos e os rios sem barreiras"),
    Expected("ngos", "quintelar-amigos", "Quintelar Amigos", "ola@quintelar.example",
             "Quintelar Amigos e os rios sem barreiras"),
    Expected("imprensa", "diario-corvelo", "Diário do Corvelo", "redacao@corvelo.example",
             "Para Diário do Corvelo: 1 200 000 barreiras nos rios", (BRIEF, MAP)),
    Expected("imprensa", "radio-alvorim", "Rádio Alvorim", "ouvintes@alvorim.example",
             "Para Rádio Alvorim: 1 200 000 barreiras nos rios", (BRIEF, MAP)),
    Expected("imprensa", "fjordposten-sandvika", "Fjordposten Sandvikar", "redaksjon@sandvikar.example",
             "Para Fjordposten Sandvikar: 1 200 000 barreiras nos rios", (BRIEF, MAP)),
    Expected("ciencia", "instituto-fluvarim", "Instituto Fluvarim <I&D>", "lab@fluvarim.example",
             "Dados de Instituto Fluvarim <I&D>"),
    Expected("ciencia", "elveforsk", "Elveforsk Grunnvik", "post@grunnvik.example", "Dados de Elveforsk Grunnvik"),
    Expected("ciencia", "inst-paludra", "Institute Paludra", "office@paludra.example", "Dados de Institute Paludra"),
    Expected("ciencia", "eu-hidralux", "Hidralux Agency for Inland Waters", "info@hidralux.example",
             "Dados de Hidralux Agency for Inland Waters"),
    Expected("pessoas", "ana-felgares", "Ana Felgares", "ana@felgares.example", "Olá Ana Felgares", html=False),
    Expected("pessoas", "per-olav", "Per Olav Mjøsund", "per@mjosund.example", "Olá Per Olav Mjøsund", html=False),
]  # fmt: skip

MANUAL: dict[str, tuple[str, str]] = {  # contact -> (wave, how)
    "camara-lizandra": ("municipios", "form"),
    "lysfoss": ("kommuner", "form"),
    "tagarrelo": ("ngos", "mastodon"),
    "serpenova": ("ngos", "form"),
}

SKIPPED: dict[str, str] = {  # contact -> wave: selected, and not to be written to
    "camara-montelar": "municipios",
    "empresa-vilacota": "municipios",
    "krokbrua": "kommuner",
    "revista-ondamar": "imprensa",
}

WAVES_OF_TEMPLATE: dict[str, tuple[str, ...]] = {
    "municipio": ("municipios", "kommuner"), "piloto": ("municipios",), "ong": ("ngos",),
    "imprensa": ("imprensa",), "ciencia": ("ciencia",), "pessoa": ("pessoas",), "seguimento": (),
}  # fmt: skip


def write_campaign(folder: Path) -> Path:
    """Write the whole campaign below `folder` (made if missing) and return the folder."""
    texts = {"campaign.yaml": CAMPAIGN, **CONTACT_FILES, **TEMPLATE_FILES, **POST_FILES, **PAPERS}
    for path, text in texts.items():
        _write(folder / path, text.encode("utf-8"))
    _write(folder / "materials/policy-brief.pdf", tiny_pdf(pages=3))
    _write(folder / "materials/Ficha técnica – ação.pdf", tiny_pdf(pages=1))
    _write(folder / "materials/mapa.png", tiny_png(width=4, height=3))
    return folder


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def tiny_pdf(pages: int) -> bytes:
    """Return a correct PDF of `pages` empty A4 pages, with a cross-reference table (ISO 32000-1, 7.5)."""
    kids = " ".join(f"{number} 0 R" for number in range(3, 3 + pages))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>"]
    objects += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>"] * pages
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out + trailer.encode()


def tiny_png(width: int, height: int) -> bytes:
    """Return a black RGB picture of `width` x `height` pixels as PNG (ISO/IEC 15948)."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\x00" + b"\x00\x00\x00" * width) * height
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body
