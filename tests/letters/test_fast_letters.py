"""What is done once for many letters changes none of them: each equals the letter that is made alone, byte for byte."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.utils import getaddresses

import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.letters import right_name
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.markup import Context, Slot, fill
from outreach.letters.mime import (
    Envelope,
    Message,
    Printable,
    as_bytes,
    assembled,
    build,
    digest,
    envelope,
    faults,
    freeze,
    message_id,
    parse_back,
    parse_headers_back,
    reads_as_planned,
    without_attachments,
)
from outreach.letters.mime import building as mime_building
from outreach.letters.mime.faults import _ONE_MAILBOX, _plain_headers
from outreach.letters.parts import Part
from outreach.letters.right_name import placeholder
from outreach.model.contact import Contact
from outreach.model.recipient import Recipient
from outreach.templating.scope import READ_KEYS, ContactRecord, contact_values
from outreach.templating.values import Record
from outreach.words import names
from outreach.words.greetings import greeting
from outreach.words.names import NameIndex
from tests.planning.campaigns import contact, materials, template

BODIES = st.lists(
    st.sampled_from(
        [
            "Dear {{ contact.name }},",
            "{{ contact.greeting }} {{ contact.email }}",
            "{% if contact.personal_text %}{{ contact.personal_text }}{% else %}Hello.{% endif %}",
            "- {{ contact.name }}\n- [your page]({{ contact.website }}) and **{{ contact.fields.city }}**",
            "> {{ contact.fields.city|upper }} has {{ contact.tier + 1 }} rivers",
            "See {{ contact.website }}, or [here](https://a.example/?who={{ contact.id|urlencode }}).",
            "{% for tag in contact.tags %}{{ loop.index }}. {{ tag }}\n{% endfor %}",
            "{% set city %}{{ contact.fields.city }}!{% endset %}{{ city }} {{ sender.name }}",
            "| a | b |\n|---|---|\n| {{ contact.name }} | {{ contact.country }} |",
            "Best regards,\n{{ sender.name }}",
        ]
    ),
    min_size=1,
    max_size=5,
).map("\n\n".join)
SUBJECTS = st.sampled_from(["A proposal", "For {{ contact.name }}", "{{ contact.fields.city }}: a proposal"])
WORDS = st.one_of(
    st.sampled_from(
        ["Porto", "Köln & Söhne", "a <b>c</b>", "*x*", 'O\'Neill, "Ltd"', "Ünïcode " * 9, "{name}", "[Your name]", "."]
    ),
    st.text("aZ09 .,;:<>\"'&*_[](){}@=?éß-\u05d0", min_size=1, max_size=20),
)
CONTACTS = st.lists(
    st.builds(
        dict,
        name=WORDS,
        country=st.sampled_from(["DE", "FR"]),
        personal_text=st.none() | WORDS,
        website=st.sampled_from(["https://one.example/a?b=c&d", "https://two.example"]),
        tags=st.lists(WORDS, max_size=2).map(tuple),
        fields=st.builds(dict, city=WORDS),
    ),
    min_size=2,
    max_size=6,
)


def made_by(contacts: list[Contact], subject: str, body: str) -> dict[str, Letter | ManualTask | None]:
    stuff = materials(*contacts, templates=(template(subject=subject, body=body),))
    made: dict[str, Letter | ManualTask | None] = {}

    def take(letter: Recipient, outcome: Letter | ManualTask | None) -> None:
        made[letter.contact.id] = outcome

    stuff.decided(take)
    return made


@settings(max_examples=25)
@given(BODIES, SUBJECTS, CONTACTS)
def test_a_letter_among_many_is_the_letter_that_is_made_alone(
    body: str, subject: str, given_contacts: list[dict[str, object]]
) -> None:
    contacts = [contact(f"c{number}", **keys) for number, keys in enumerate(given_contacts)]
    together = made_by(contacts, subject, body)
    for each in contacts:
        mime_building._encoded_line.cache_clear()
        mime_building.address_line.cache_clear()
        mime_building.text_line.cache_clear()
        others = [replace(other, tier=9) for other in contacts if other is not each]  # selected by nobody, named by all
        alone = made_by([each, *others], subject, body)[each.id]
        fast = together[each.id]
        assert (fast is None) == (alone is None)
        if isinstance(fast, Letter) and isinstance(alone, Letter):
            assert as_bytes(fast.message) == as_bytes(alone.message)
            assert fast.digest == alone.digest
            assert parse_back(as_bytes(fast.message), fast.message) == []


@settings(max_examples=25)
@given(BODIES, SUBJECTS, CONTACTS)
def test_a_draft_its_digest_and_its_headers_are_those_of_the_whole_message(
    body: str, subject: str, given_contacts: list[dict[str, object]]
) -> None:
    for made in made_by([contact(f"c{n}", **keys) for n, keys in enumerate(given_contacts)], subject, body).values():
        if not isinstance(made, Letter):
            continue
        unsent = replace(made.message, extra_headers=(*made.message.extra_headers, ("X-Unsent", "1")))
        assert b"".join(build(made.message, ("X-Unsent", "1"))) == as_bytes(unsent)
        assert digest(unsent) == made.digest == hashlib.sha256(without_attachments(made.message)).hexdigest()
        whole = as_bytes(made.message)
        assert assembled(made.message).head() == whole[: whole.index(b"\r\n\r\n") + 4]
        parsed = message_from_bytes(whole, policy=policy.default)
        read = [part.get_content() for part in parsed.walk() if not part.is_multipart()]
        assert [each.replace("\r\n", "\n") for each in read] == [made.message.text, made.message.html]


@given(st.text(max_size=40), st.text(max_size=40), st.integers(0, 9))
def test_a_message_id_is_the_base_32_of_its_digest(wave: str, name: str, step: int) -> None:
    hashed = hashlib.sha256()
    for part in ("c", wave, name, str(step)):
        hashed.update(len(part.encode()).to_bytes(8, "big") + part.encode())
    local = base64.b32encode(hashed.digest()[:20]).decode().lower()
    assert message_id("c", wave, name, step, "a.example") == f"<{local}@a.example>"


_PARTS = """[ ] < > << >> « » { } {{ }} % %% # ## @ @@ $ * _ __ ____ | ___ *| |* : = ! . ` TODO TODO: FIXME tbd TBA XXX
your name Name NAME here HERE insert INSERT Insert lorem ipsum LOREM FILL IN HIER EINFÜGEN INSÉRER ICI AQUÍ
INSERTAR AQUI INSERIRE QUI FIRST COMPANY first_name organiſation INſERT KOMPANY Vorname https://a.example/ x 7"""
FRAGMENTS = st.sampled_from([*_PARTS.split(), "\n"])  # also letters that only fold to those looked for


@given(st.lists(FRAGMENTS, max_size=8), st.sampled_from(["", " "]))
def test_no_placeholder_is_missed_by_the_first_look(parts: list[str], between: str) -> None:
    text = between.join(parts)
    if not right_name.may_hold_placeholder(text):
        assert right_name._placeholders().search(text) is None
        assert right_name._blank(text) is None
        assert placeholder(text) is None


@given(
    st.builds(
        contact,
        st.just("c"),
        name=WORDS,
        short=st.none() | WORDS,
        language=st.none() | st.just("de"),
        eu=st.booleans(),
        tags=st.lists(WORDS, max_size=2).map(tuple),
        fields=st.dictionaries(st.sampled_from("ab"), WORDS),
    ),
    st.none() | st.just("info@c.example"),
    st.permutations([*sorted(READ_KEYS), "email", "greeting", "fields"]),
)
def test_a_contact_says_of_each_key_what_all_of_it_would_say(
    found: Contact, address: str | None, keys: list[str]
) -> None:
    values = contact_values(found, "fr")
    if (begins := greeting(found, "en")) is not None:
        values["greeting"] = begins
    values["fields"] = Record("contact.fields", found.fields, frozenset("xyz"))
    if address is not None:
        values["email"] = address
    whole = Record("contact", values, READ_KEYS | {"email"})
    record = ContactRecord(found, "fr", address, frozenset("xyz"), "en")
    for key in keys:
        said, wanted = record.lookup(key), whole.lookup(key)
        assert type(said) is type(wanted)
        if isinstance(wanted, Record):
            assert (said.path, said.data, said.known) == (wanted.path, wanted.data, wanted.known)
        elif key not in ("people", "channels", "public_statement"):
            assert repr(said) == repr(wanted) if isinstance(wanted, str | int | tuple) else True


@given(st.text("aB9 .-_@:/w", max_size=40), st.lists(st.text("aB9 .-", min_size=3, max_size=9), max_size=4))
def test_names_are_found_in_plain_text_as_in_any_other(text: str, known: list[str]) -> None:
    index = NameIndex([contact(f"c{n}", name=name) for n, name in enumerate(known)])
    found = list(index.find(text))
    end, slow = 0, []
    for address in names._ADDRESS.finditer(text):
        slow += index._found_in(regex.findall(names._PART.pattern, text[end : address.start()]))
        slow += index._whole(regex.findall(names._PART.pattern, re.sub("^(?i:mailto:)", "", address.group())))
        end = address.end()
    assert found == [*slow, *index._found_in(regex.findall(names._PART.pattern, text[end:]))]


@given(name=WORDS | st.text(max_size=60), email=st.sampled_from(["info@a.example", "a.b+c@xn--bcher-kva.example"]))
def test_a_plain_mailbox_is_what_the_library_reads(name: str, email: str) -> None:
    try:
        line = mime_building.address_line("To", name, email)
    except ValueError:
        return
    value = line.decode().removeprefix("To: ").replace("\r\n", "")
    if plain := _ONE_MAILBOX.fullmatch(value):
        read = policy.default.header_factory("To", value).addresses
        assert [each.addr_spec for each in read] == [plain[1]] == [email]
        assert getaddresses([value]) == [(value.removesuffix(f" <{email}>"), email)]


@given(name=WORDS | st.text("éß A&'.=?_", max_size=90), subject=WORDS | st.text("éß A&'.=?_", min_size=1, max_size=90))
def test_headers_that_need_not_be_parsed_say_to_the_library_what_was_planned(name: str, subject: str) -> None:
    message = Message(
        sender_name="Alex",
        sender_email="alex@sender.example",
        recipient_name=name,
        recipient_email="info@a.example",
        subject=subject,
        message_id="<a@sender.example>",
        text="Hello\n",
    )
    assert reads_as_planned(replace(message, recipient_name="Förderverein 9 & Söhne", subject="For 9 Söhne"))
    assert not reads_as_planned(replace(message, recipient_name='O\'Neill, "Ltd"', subject="For O'Neill"))
    if not faults(message) and reads_as_planned(message):
        assert parse_headers_back(assembled(message).head(), message) == []


@given(
    sender=st.sampled_from(["Alex", "Ünï & Co", 'Alex "x", Ltd', "A. B.", ""]),
    name=WORDS,
    subject=WORDS,
    email=st.sampled_from(["info@a.example", "a.b+c@xn--bcher-kva.example", "o'neill@a.example"]),
    cc=st.lists(st.just("pat@a.example"), max_size=1).map(tuple),
)
def test_an_envelope_says_what_the_library_reads(
    sender: str, name: str, subject: str, email: str, cc: tuple[str, ...]
) -> None:
    message = Message(
        sender_name=sender,
        sender_email="alex@sender.example",
        recipient_name=name,
        recipient_email=email,
        subject=subject,
        message_id="<a@sender.example>",
        text="Hello\n",
        cc=cc,
    )
    if faults(message):
        return
    frozen = freeze(message)
    parsed = message_from_bytes(frozen, policy=policy.compat32)
    unfolded = {name: re.sub(r"\r?\n", "", str(value)) for name, value in parsed.items()}
    assert envelope(frozen) == Envelope(
        sender=getaddresses([unfolded["From"]])[0][1],
        recipient=getaddresses([unfolded["To"]])[0][1],
        subject=str(make_header(decode_header(unfolded["Subject"]))),
        message_id="<a@sender.example>",
        cc=tuple(address for _, address in getaddresses([unfolded.get("Cc", "")]) if address),
    )


PIECES = st.lists(
    st.text("a%s.= \n\r\xe9", max_size=90)
    | st.builds(Slot, st.integers(0, 2), st.sampled_from([Context.TEXT, Context.HTML, Context.HTML_PLAIN])),
    max_size=12,
)


@given(PIECES, st.lists(st.text("a%s.= \n\r\xe9\ud800", max_size=90), min_size=3, max_size=3))
def test_a_part_is_what_its_pieces_are_and_so_is_its_encoding(pieces: list[str | Slot], values: list[str]) -> None:
    filled = Part(pieces).filled(values)
    assert filled == fill(pieces, values)
    if isinstance(filled, Printable):
        assert filled.quoted == mime_building.quoted_printable(str(filled))
    else:
        assert "\r" in filled or "\ud800" in filled or filled.endswith("\n")


LINES = "To: a <a@b.example>|Subject: x|subject: y|From nobody| more| ||A:b|C:|D:  e |é: f".split("|")


@given(st.lists(st.sampled_from(LINES), max_size=6), st.sampled_from(["\r\n", "\r\n", "\n", "\r"]))
def test_plain_headers_are_those_that_the_library_reads(lines: list[str], end: str) -> None:
    head = "".join(f"{line}{end}" for line in [*lines, ""]).encode()
    plain = _plain_headers(head)
    if plain is not None:
        parsed = BytesHeaderParser(policy=policy.compat32).parsebytes(head)
        assert list(plain.items()) == list(parsed.items())
        assert not parsed.defects
    assert _plain_headers(b"To: a\r\nX: b\r\n c\r\n\r\n") == {"To": "a", "X": "b\r\n c"}
