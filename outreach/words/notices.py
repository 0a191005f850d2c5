"""What a named person is told in an email: where the address is from, for how long it is kept, and how to stop us.

GDPR, Art. 14 and 21(4); docs/law.md, `source-and-objection`. The words are in `languages/XX.toml`, table `notice`. In a
language that has none, nothing is made.
"""

from __future__ import annotations

import re
from functools import cache

from outreach.model.campaign import Campaign, Sender
from outreach.model.contact import Contact
from outreach.words.local_format import day_in, time_in
from outreach.words.phrases import tables

_FILE = re.compile(
    r"\w\.(?:csv|tsv|xlsx?|ods|docx?|odt|pdf|vcf|txt|md|html?|ya?ml|json|numbers|pages)\b", re.IGNORECASE
)
_URL = re.compile(r"https?://\S+|\b(?:[\w-]+\.)+[\w-]+/\S*")


def objection(sender: Sender, language: str) -> str | None:
    """That they can object, and how; `language` is BCP 47."""
    words = _words(language)
    return words["objection"].replace("{sender}", sender.name) if words else None


def source_notice(contact: Contact, campaign: Campaign, sender: Sender, language: str, *, step: int = 0) -> str | None:
    """Where the address is from and on which day that was noted; in a first letter also for how long it is kept, and
    their rights. `links: {privacy: ...}` is where they read more.

    None if no words of `language` are known, or `found_at` does not say a place that others can find.
    """
    words, place = _words(language), public_place(contact.found_at)
    if not words or place is None:
        return None
    noted = contact.collected_on
    said = [words["source_on"].replace("{day}", day_in(language, noted)) if noted else words["source"]]
    if step == 0:
        keep_for = campaign.legal.keep_for if campaign.legal else None
        said += [words["kept"].replace("{time}", time_in(language, keep_for))] if keep_for else []
        said += [words["rights"].replace("{sender}", sender.name)]
    link = campaign.links.get("privacy")
    said += [words["more"].replace("{link}", str(link))] if link else []
    return " ".join(said).replace("{place}", place)


def public_place(found_at: str | None) -> str | None:
    """The words of `found_at` as they are in a sentence; None if there are none, or they name a file of ours."""
    place = " ".join((found_at or "").split()).rstrip(" .;,")
    return None if not place or _FILE.search(_URL.sub(" ", place)) else place


@cache
def _words(language: str) -> dict[str, str]:
    return dict(tables("notice").get(language.partition("-")[0].lower(), {}))
