"""The texts of a public report: each template as an organisation that does not exist would get it.

A template's source says more than any letter did: comments, conditions on contacts, texts that only one of them got.
So a public report never shows it. It shows what a letter to an invented contact would say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from outreach.errors import TemplateFault
from outreach.letters.markup import BadLink, LostValue, fill, shape
from outreach.letters.materials import Materials
from outreach.model.contact import Channel, ChannelKind, Contact, FreeValue, Person
from outreach.model.facts import Facts
from outreach.model.report import LetterLine, TemplateText
from outreach.model.template import Template
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope

SITE, ADDRESS = "https://invented.example/", "info@invented.example"
NOT_SHOWN = "(This text cannot be shown: it does not render for an invented organisation.)"
ABOUT_TEXTS = (
    'The texts are shown as an invented contact, "Invented Organisation", would get them. '
    "Its name, address and other values are made up."
)
_LATER = re.compile(r"⟦[^⟦⟧]*⟧")


def invented_texts(
    letters: Iterable[LetterLine], templates: Iterable[Template], materials: Materials
) -> Iterator[TemplateText]:
    """Every template by which one of `letters` was written, in all its languages, for the invented contact.

    What is known of real contacts is not: a condition on one of them (`contacts['x'].answered`) reads as before the
    campaign. A template that does not render so is named, and its text left out.
    """
    written_by: dict[str, LetterLine] = {}
    for letter in letters:
        written_by.setdefault(letter.template, letter)
    renderer, scope = Renderer(), None
    for template in templates:
        letter_by = written_by.get(template.name)
        if letter_by is None:
            continue
        if scope is None:
            scope = _scope(materials, renderer)
        contact = _invented_contact(materials.contacts)
        before = "(the subject of the first email)" if letter_by.step else None
        day = date(2000, 1, 1) if letter_by.step else None
        language = template.language or materials.campaign.language
        sender = next((each.sender for each in materials.campaign.waves if each.id == letter_by.wave), None)
        names = scope.letter(
            letter_by.wave,
            contact,
            ADDRESS,
            letter_by.step,
            before,
            day,
            language=language,
            sender=sender,
            notices=True,
        )
        try:
            subject = renderer.render(template.subject or "", names).plain().strip()
            body = renderer.render(template.body, names)
            text = fill(shape(body.skeleton, language=language).text, [written.text for written in body.values])
        except (TemplateFault, LostValue, BadLink):
            subject, text = "", NOT_SHOWN
        # The path of a value that is not known yet may be a contact's: ⟦contacts.jane-doe.outcome⟧.
        yield TemplateText(file=template.file, subject=_LATER.sub("⟦…⟧", subject), body=_LATER.sub("⟦…⟧", text))


def _scope(materials: Materials, renderer: Renderer) -> Scope:
    posts = materials.known.posts if materials.known else {}
    nothing_of_contacts = Facts(today=date.min, posts=posts)
    return Scope(
        materials.campaign, materials.contacts, materials.posts, materials.files, renderer.will_come,
        nothing_of_contacts,
    )  # fmt: skip


def _invented_contact(contacts: Iterable[Contact]) -> Contact:
    """Nobody: every key that letters usually write has a value, so that most templates render."""
    return Contact(
        id="invented-organisation",
        name="Invented Organisation",
        short="InvOrg",
        file="",
        country="ZZ",  # set aside by ISO 3166-1 for no country
        website=SITE,
        owner="(who of us looks after it)",
        tier=0,
        channels=(Channel(kind=ChannelKind.EMAIL, address=ADDRESS),),
        people=(Person(name="Invented Person", role="Invented Role", email="person@invented.example"),),
        personal_text="(Here is the paragraph written for this organisation.)",
        found_at="(where we found its address)",
        collected_on=date(2000, 1, 1),
        fields=dict(_invented_fields(contacts)),
    )


def _invented_fields(contacts: Iterable[Contact]) -> Iterator[tuple[str, FreeValue]]:
    """A value for every free field that a contact has: of its kind, so that templates can use it, and of nobody."""
    kinds: Mapping[type, FreeValue] = {bool: False, int: 0, float: 0.0}
    first: dict[str, FreeValue] = {}
    for contact in contacts:
        for name, value in contact.fields.items():
            if value not in (None, ""):
                first.setdefault(name, value)
    for name, value in first.items():
        if not isinstance(value, str):
            yield name, kinds[type(value)]
        elif value.startswith(("https://", "http://")):
            yield name, SITE
        else:
            yield name, ADDRESS if "@" in value else f"({name})"
