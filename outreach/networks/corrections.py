"""A correction as a reply, where readers would not see an edit."""

from __future__ import annotations

from dataclasses import replace

from outreach.model.publication import Part, Published

_WORDS = {"de": "Korrektur:", "fr": "Correction :", "es": "Corrección:", "it": "Correzione:", "nl": "Correctie:"}
_LEFT_OUT = ("embed", "facets")


def correction_id(post: str, number: int) -> str:
    """What the n-th correction of a post is called in claims and receipts; no post of the files has such a name."""
    return f"{post}~{number}"


def is_correction_of(id: str, post: str) -> bool:
    """Whether an id is that of a correction of `post`."""
    return id.startswith(f"{post}~")


def correction_word(language: str) -> str:
    """The word before the corrected text, in English where we do not know it."""
    return _WORDS.get(language.partition("-")[0].casefold(), "Correction:")


def correction_of(part: Part, out: Published, root: Published, language: str) -> Part:
    """A reply to the part that is `out`, which says what its text should have been; facets move with the text."""
    before = f"{correction_word(language)} "
    shift = len(before.encode())
    record = {name: value for name, value in part.record.items() if name not in _LEFT_OUT}
    moved = [
        {
            **facet,
            "index": {
                **facet["index"],
                "byteStart": facet["index"]["byteStart"] + shift,
                "byteEnd": facet["index"]["byteEnd"] + shift,
            },
        }
        for facet in part.record.get("facets", ())
    ]
    reply = {name: {"uri": each.id, "cid": each.mark} for name, each in (("root", root), ("parent", out))}
    record |= {"text": before + part.text, "reply": reply, **({"facets": moved} if moved else {})}
    return replace(part, number=1, text=before + part.text, record=record, media=())
