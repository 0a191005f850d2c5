"""A correction as a reply, where readers would not see an edit."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from typing import Any

from outreach.model.publication import Part, Published, ReadyPart
from outreach.model.records import dataclass
from outreach.networks.freezing import alts

_WORDS = {"de": "Korrektur:", "fr": "Correction :", "es": "Corrección:", "it": "Correzione:", "nl": "Correctie:"}
_LEFT_OUT = ("embed", "facets", "labels")


_PICTURES = {
    "de": "Bildbeschreibung:", "fr": "Description de l'image :", "es": "Descripción de la imagen:",
    "it": "Descrizione dell'immagine:", "nl": "Beschrijving van de afbeelding:",
}  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """One thing that a correction says; `facets` are by its own bytes."""

    text: str
    facets: tuple[Mapping[str, Any], ...] = ()


def correction_id(post: str, number: int) -> str:
    """What the n-th correction of a post is called in claims and receipts; no post of the files has such a name."""
    return f"{post}~{number}"


def is_correction_of(id: str, post: str) -> bool:
    """Whether an id is that of a correction of `post`."""
    return id.startswith(f"{post}~")


def correction_word(language: str) -> str:
    """The word before the corrected text, in English where we do not know it."""
    return _WORDS.get(language.partition("-")[0].casefold(), "Correction:")


def _picture_word(language: str) -> str:
    return _PICTURES.get(language.partition("-")[0].casefold(), "Image description:")


def pieces_of(part: Part, then: ReadyPart | None, said: str, language: str) -> list[Piece]:
    """What has to be said about a part: its words, where readers see others, and alt texts that changed."""
    words = [Piece(text=part.text, facets=tuple(part.record.get("facets", ())))] if said != part.text else []
    before = alts(then) if then is not None else alts(part)
    new = [alt for number, alt in enumerate(alts(part)) if before[number : number + 1] != [alt]]
    return [*words, *(Piece(text=f"{_picture_word(language)} {alt}") for alt in new)]


def corrected_pieces(reply: str, language: str) -> list[str]:
    """What a correction says, by its words: runs of its paragraphs, since a text may have several."""
    paragraphs = reply.removeprefix(correction_word(language)).strip().split("\n\n")
    ends = range(1, len(paragraphs) + 1)
    return ["\n\n".join(paragraphs[begin:end]) for end in ends for begin in range(end)]


def with_corrections(seen: ReadyPart, part: Part, said: Container[str], language: str) -> ReadyPart:
    """What readers see of a part where corrections below it `said` more: the words and alt texts that these say now."""
    media = tuple(
        replace(there, alt=new.alt) if f"{_picture_word(language)} {new.alt}" in said else there
        for there, new in zip(seen.media, part.media, strict=False)
    )
    return replace(seen, text=part.text if part.text in said else seen.text, media=media)


def correction_of(part: Part, pieces: Sequence[Piece], out: Published, root: Published, language: str) -> Part:
    """One reply to the part that is `out`, which says all the `pieces`; facets move with their text."""
    text, facets = correction_word(language), []
    for number, piece in enumerate(pieces):
        text += "\n\n" if number else " "
        shift = len(text.encode())
        for facet in piece.facets:
            index = {name: facet["index"][name] + shift for name in ("byteStart", "byteEnd")}
            facets.append({**facet, "index": {**facet["index"], **index}})
        text += piece.text
    record = {name: value for name, value in part.record.items() if name not in _LEFT_OUT}
    reply = {name: {"uri": each.id, "cid": each.mark} for name, each in (("root", root), ("parent", out))}
    record |= {"text": text, "reply": reply, **({"facets": facets} if facets else {})}
    return replace(part, number=1, text=text, record=record, media=())
