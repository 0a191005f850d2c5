"""The merge: one personal letter per organisation, and every fault said once where it stands."""

from __future__ import annotations

from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.letters.letter import Letter, ManualTask
from outreach.letters.texts import TextMaker
from outreach.model.attached import FileFacts
from outreach.model.campaign import Attachment
from outreach.model.contact import Channel, ChannelKind, Contact
from outreach.model.post import Post
from outreach.model.problem import Problem
from outreach.model.recipient import Recipient
from outreach.model.template import Template
from outreach.pages.letters import manual_page
from outreach.templating.rendering import Renderer
from tests.planning.campaigns import (
    Stuff,
    campaign,
    contact,
    email,
    follow_up,
    form,
    materials,
    template,
    wave,
)


def merged(stuff: Stuff) -> tuple[dict[str, Letter | ManualTask], dict[str, str], list[Problem]]:
    """Letters and tasks by id, reasons of the others by contact, problems."""
    made: dict[str, Letter | ManualTask] = {}

    def take(letter: Recipient, outcome: Letter | ManualTask | None) -> None:
        made.update({letter.id: outcome} if outcome is not None else {})

    decided, merger = stuff.decided(take)
    return made, {each.contact.id: each.reason for each in decided.recipients if not each.is_made}, merger.problems()


def letter(stuff: Stuff, ident: str) -> Letter:
    made, _, problems = merged(stuff)
    found = made.get(ident)
    assert isinstance(found, Letter), problems
    return found


def codes(stuff: Stuff) -> list[tuple[str, int, str]]:
    return [(problem.file, problem.line, problem.code) for problem in merged(stuff)[2]]


# -- who gets a letter, and where -----------------------------------------------------------


def test_each_selected_contact_gets_one_letter() -> None:
    made, skipped, problems = merged(materials(contact("a"), contact("b", tier=1), contact("c")))
    assert (list(made), skipped, problems) == (["first/a/0", "first/c/0"], {}, [])


def test_the_roles_of_the_template_choose_the_address_in_order() -> None:
    channels = (email("info@a.example", "general"), email("policy@a.example", "policy"))
    stuff = materials(contact("a", channels=channels), templates=(template(roles=("policy", "general")),))
    assert letter(stuff, "first/a/0").message.recipient_email == "policy@a.example"
    stuff = materials(contact("a", channels=channels))
    assert letter(stuff, "first/a/0").message.recipient_email == "info@a.example"


@pytest.mark.parametrize("role", ["press", "list"])
def test_press_and_list_addresses_are_used_only_where_named(role: str) -> None:
    channels = (email("x@a.example", role), email("info@a.example"))
    assert letter(materials(contact("a", channels=channels)), "first/a/0").message.recipient_email == "info@a.example"
    stuff = materials(contact("a", channels=channels), templates=(template(roles=(role,)),))
    assert letter(stuff, "first/a/0").message.recipient_email == "x@a.example"


def test_without_a_mail_address_there_is_a_text_to_paste() -> None:
    made, _, problems = merged(materials(contact("a", channels=(form(),))))
    task = made["first/a/0"]
    assert isinstance(task, ManualTask)
    assert (task.how, task.address, problems) == ("form", "https://form.example/", [])
    assert "Organisation a" in task.text


def test_an_address_that_the_template_does_not_name_is_the_reason_for_no_letter() -> None:
    one = contact("a", channels=(email("x@a.example", "press"),))
    two = contact("b", channels=(email("x@b.example", "press"), email("y@b.example", "List")))
    by_hand = contact("c", channels=(email("x@c.example", "press"), form()))
    made, skipped, _ = merged(materials(one, two, by_hand, contact("d", channels=())))
    assert list(made) == ["first/c/0"]
    assert skipped == {
        "a": "its only address has the role press, which letter does not name",
        "b": "its only addresses have the roles list and press, which letter does not name",
        "d": "no email address, form or account",
    }


def test_a_follow_up_without_roles_goes_where_the_letter_before_it_went() -> None:
    channels = (email("info@a.example", "general"), email("x@a.example", "press"))
    templates = (template(roles=("press",)), template("again"), template("else", roles=("general",)))
    for name, address in (("again", "x@a.example"), ("else", "info@a.example")):
        waves = (wave(follow_up=follow_up(name)),)
        stuff = materials(contact("a", channels=channels), campaign=campaign(*waves), templates=templates)
        (found,) = stuff.follow_ups()[0]
        assert isinstance(found, Letter)
        assert found.message.recipient_email == address


def test_a_text_too_long_for_its_network_is_a_problem() -> None:
    toots = Channel(kind=ChannelKind.MASTODON, address="@a@social.example")
    stuff = materials(contact("a", channels=(toots,)), templates=(template(body="word " * 120),))
    assert codes(stuff) == [("templates/letter.md", 4, "too-long")]


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"do_not_contact": "asked us not to"}, "do not contact: asked us not to"),
        ({"do_not_contact": "do not contact"}, "do not contact"),
        ({"missing": "an address"}, "still to research: an address"),
        ({"via": "b"}, "reached through b, not directly"),
    ],
)
def test_those_who_are_not_written_to_are_skipped_with_the_reason(keys: dict[str, object], reason: str) -> None:
    made, skipped, _ = merged(materials(contact("a", **keys), contact("b")))
    assert (list(made), skipped) == (["first/b/0"], {"a": reason})


def test_a_contact_gets_one_first_letter_per_campaign_unless_the_wave_says_again() -> None:
    waves = (wave("one"), wave("two"), wave("three", again=True))
    made, skipped, _ = merged(materials(contact("a"), campaign=campaign(*waves)))
    assert list(made) == ["one/a/0", "three/a/0"]
    assert skipped == {"a": "gets its first letter in `one`"}


def test_an_address_gets_one_first_letter_per_campaign() -> None:
    shared = (email("Info@Shared.example"),)
    made, skipped, _ = merged(
        materials(contact("a", channels=shared), contact("b", channels=(email("info@shared.example"),)))
    )
    assert list(made) == ["first/a/0"]
    assert skipped == {"b": "same address as a, which gets the letter"}


# -- what it says ---------------------------------------------------------------------------


def test_the_language_variant_of_the_contact_is_taken_or_the_nearest() -> None:
    templates = (template(body="English"), template(body="Deutsch", language="de", file="templates/letter.de.md"))
    contacts = (contact("a", language="de-AT"), contact("b", language="fr"), contact("c"))
    made, _, _ = merged(materials(*contacts, templates=templates))
    texts = {ident: each.message.text.strip() for ident, each in made.items() if isinstance(each, Letter)}
    assert texts == {"first/a/0": "Deutsch", "first/b/0": "English", "first/c/0": "English"}


def test_a_value_is_plain_text_in_both_parts() -> None:
    nasty = '*Not* <b>bold</b> & [no](https://evil.example) `code` "quoted"'
    made = letter(
        materials(contact("a", personal_text=nasty), templates=(template(body="So: {{ contact.personal_text }}"),)),
        "first/a/0",
    )
    assert nasty in made.message.text
    assert made.message.html is not None
    assert nasty in unescape(made.message.html)
    assert "<b>bold" not in made.message.html
    assert 'href="https://evil' not in made.message.html


def test_the_message_id_belongs_to_wave_and_contact_and_not_to_the_text() -> None:
    one = letter(materials(contact("a"), contact("b")), "first/a/0")
    other = letter(materials(contact("a"), templates=(template(body="Other text"),)), "first/a/0")
    assert one.message.message_id == other.message.message_id
    assert one.digest != other.digest
    assert one.message.message_id.endswith("@sender.example>")


def test_a_follow_up_is_rendered_to_see_whether_it_would() -> None:
    templates = (template(), template("again", body="As I wrote ({{ previous.subject }}): {{ contact.personal_text }}"))
    waves = (wave(follow_up=follow_up("again")),)
    made, merger = materials(contact("a"), campaign=campaign(*waves), templates=templates).follow_ups()
    assert made == [None]
    assert [(each.file, each.code) for each in merger.problems()] == [("templates/again.md", "missing-variable")]


# -- faults ---------------------------------------------------------------------------------


def test_a_fault_of_the_template_is_said_once_with_the_number_of_letters() -> None:
    stuff = materials(*(contact(name) for name in "abc"), templates=(template(body="\n{{ contact.nmae }}"),))
    made, _, problems = merged(stuff)
    assert not made
    assert [(each.file, each.line, each.code) for each in problems] == [("templates/letter.md", 5, "missing-variable")]
    assert "3 emails (first a)" in problems[0].message
    assert problems[0].hint == "Did you mean `contact.name`?"


def test_the_hint_for_a_field_with_spaces_can_be_pasted_into_the_template() -> None:
    written = template(body="{{ contact.fields['Why you'] }}")
    contacts = [contact("a", fields={"Why you": "Good."}), *(contact(name) for name in "bc")]
    _, _, problems = merged(materials(*contacts, templates=(written,)))
    assert "{% if contact.fields['Why you'] %}" in problems[0].hint


def test_a_value_that_one_contact_of_many_lacks_is_that_contacts_problem() -> None:
    contacts = [contact(name, personal_text="Good.") for name in "abc"] + [contact("d")]
    made, _, problems = merged(materials(*contacts, templates=(template(body="{{ contact.personal_text }}"),)))
    assert list(made) == ["first/a/0", "first/b/0", "first/c/0"]
    assert [(each.file, each.code, each.about) for each in problems] == [
        ("contacts/d.yaml", "missing-variable", "contact:d")
    ]


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("Hello\n[Your name]", "placeholder", 5),
        ("{% for i in range(10 ** 9) %}{% endfor %}", "template-bound", 4),
        ("{% if %}", "template-syntax", 4),
        ("\n\n{{ contact.context }}", "private-variable", 6),
        ("   ", "empty-text", 4),
        ("[x]({{ contact.name }})", "bad-link", 4),
        ("x <!-- {{ contact.name }} -->", "template-failed", 4),
    ],
)
def test_faults_of_templates(body: str, code: str, line: int) -> None:
    assert codes(materials(contact("a"), templates=(template(body=body),))) == [("templates/letter.md", line, code)]


def test_a_runaway_template_is_tried_for_two_contacts_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    stuff = materials(*(contact(f"c{i}") for i in range(50)), templates=(template(body="{{ 'a' * 10 ** 9 }}"),))
    original = Renderer.render
    monkeypatch.setattr(Renderer, "render", lambda *args: (tried.append("x"), original(*args))[1])
    decided, merger = stuff.decided()
    assert not any(each.is_made for each in decided.recipients)
    assert len(tried) == 4  # subject and body of two contacts
    assert len(merger.problems()) == 1
    assert "50 emails" in merger.problems()[0].message


def test_what_one_contact_says_stops_its_own_letter_only() -> None:
    tags = tuple(f"t{number}" for number in range(30_000))
    body = "{{ contact.personal_text }}{% for tag in contact.tags %}{{ tag }}{{ tag }}{% endfor %}"
    contacts = (
        contact("a", personal_text="w", tags=tags),
        contact("b", personal_text="y"),
        contact("c", personal_text="x" * 210_000),
        contact("d", personal_text="z"),
    )
    made, _, problems = merged(materials(*contacts, templates=(template(body=body),)))
    assert list(made) == ["first/b/0", "first/d/0"]
    assert [(each.file, each.code, each.about) for each in problems] == [
        ("contacts/a.yaml", "template-bound", "contact:a"),
        ("contacts/c.yaml", "template-bound", "contact:c"),
    ]


def test_a_second_letter_to_a_contact_is_none_to_the_same_address_in_one_wave() -> None:
    shared = (email("info@shared.example"),)
    waves = (wave("one"), wave("two", again=True), wave("three", to="tier == 1"))
    contacts = (*(contact(name, channels=shared) for name in "ab"), contact("c", channels=shared, tier=1))
    made, skipped, _ = merged(materials(*contacts, campaign=campaign(*waves)))
    assert list(made) == ["one/a/0", "two/a/0"]
    assert skipped == dict.fromkeys("bc", "same address as a, which gets the letter")


def test_an_address_is_free_for_the_next_where_the_first_ones_letter_cannot_be_made() -> None:
    shared = (email("info@shared.example"),)
    contacts = [
        contact("a", channels=shared),
        *(contact(name, channels=shared, personal_text="Fine.") for name in "bc"),
    ]
    stuff = materials(
        *contacts, contact("d", personal_text="x"), templates=(template(body="{{ contact.personal_text }}"),)
    )
    made, reasons, _ = merged(stuff)
    assert list(made) == ["first/b/0", "first/d/0"]
    failed = {"a": "the letter has an error; see `outreach check`"}
    assert reasons == {**failed, "c": "same address as b, which gets the letter"}


def test_a_link_that_is_wrong_for_every_contact_is_one_problem() -> None:
    stuff = materials(*(contact(name) for name in "abc"), templates=(template(body="[x]({{ contact.name }})"),))
    assert codes(stuff) == [("templates/letter.md", 4, "bad-link")]
    assert "3 emails" in merged(stuff)[2][0].message


@pytest.mark.parametrize("blocked", [frozenset({"template:templates/letter.md"}), frozenset()])
def test_a_first_letter_that_is_broken_is_not_told_again_at_its_follow_up(blocked: frozenset[str]) -> None:
    waves = (wave(name="letter" if blocked else "nowhere", follow_up=follow_up("again")),)
    templates = (template(subject=None), template("again", body="As I wrote: {{ previous.subject }}"))
    stuff = materials(contact("a"), campaign=campaign(*waves), templates=templates, blocked=blocked)
    assert stuff.follow_ups()[1].problems() == []


def test_a_first_subject_that_fails_is_no_placeholder_in_its_follow_up() -> None:
    waves = (wave(follow_up=follow_up("again")),)
    templates = (template(subject="{{ contact.nmae }}"), template("again", body="As I wrote: {{ previous.subject }}"))
    _, merger = materials(contact("a"), campaign=campaign(*waves), templates=templates).follow_ups()
    assert [(each.file, each.code) for each in merger.problems()] == []


def test_an_empty_value_is_told_at_its_line() -> None:
    contacts = [contact(name, personal_text="Good.") for name in "ab"]
    contacts.append(contact("c", line=3, lines={"personal_text": 8}))
    stuff = materials(*contacts, templates=(template(body="{{ contact.personal_text }}"),))
    assert codes(stuff) == [("contacts/c.yaml", 8, "empty-variable")]


@pytest.mark.parametrize(("other", "file"), [("Good.", "contacts/a.yaml"), (None, "templates/letter.md")])
def test_in_a_small_wave_a_missing_value_is_the_contacts_fault_where_others_have_it(
    other: str | None, file: str
) -> None:
    contacts = (contact("a"), contact("b", tier=1, personal_text=other))
    stuff = materials(*contacts, templates=(template(body="{{ contact.personal_text }}"),))
    assert [(file, code) for file, _, code in codes(stuff)] == [(file, "missing-variable")]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("\n{% if contact.x %}\n\n{% for i in (1,) %}{% endfor %}\n\nend", 5),
        ("{% if 1 %}\n{% raw %}{% for %}{% endraw %}\n{# {% if %} #}{% set a = 1 %}\n{% for i in (1,) %}\n", 7),
        ("{% set a %}\n\n", 4),
    ],
)
def test_a_block_without_its_end_is_told_where_it_begins(body: str, line: int) -> None:
    assert codes(materials(contact("a"), templates=(template(body=body),))) == [
        ("templates/letter.md", line, "template-syntax")
    ]


def test_braces_in_code_are_no_placeholder() -> None:
    body = "Write `{x}`:\n\n```\n{y} {{ contact.name }}\n```\n"
    assert codes(materials(contact("a"), templates=(template(body=body),))) == []
    assert codes(materials(contact("a"), templates=(template(body=f"{body}\n\nDear {{x}}"),))) == [
        ("templates/letter.md", 4, "placeholder")
    ]


def test_a_text_to_paste_names_the_files_that_a_letter_would_have_carried() -> None:
    brief = {"brief": Attachment(name="brief", file="materials/brief.pdf")}
    stuff = materials(
        contact("a", channels=(form(),)),
        campaign=campaign(attachments=brief),
        templates=(template(attachments=("brief",)),),
        files={"brief": FileFacts(size=1, sha256="")},
    )
    task = merged(stuff)[0]["first/a/0"]
    assert isinstance(task, ManualTask)
    assert task.attachments == ("brief.pdf",)
    assert "- A letter would have carried: brief.pdf" in manual_page(task)


def test_another_contacts_name_in_contact_data_stops_that_letter_only() -> None:
    contacts = (contact("a", personal_text="As Organisation b knows."), contact("b", personal_text="Fine."))
    made, skipped, problems = merged(materials(*contacts, templates=(template(body="{{ contact.personal_text }}"),)))
    assert list(made) == ["first/b/0"]
    assert list(skipped) == ["a"]
    assert [(each.file, each.code) for each in problems] == [("contacts/a.yaml", "foreign-value")]


def test_another_contacts_name_in_the_texts_own_words_is_a_warning_unless_mentioned() -> None:
    body = "Like Organisation b."
    stuff = materials(contact("a"), contact("b"), templates=(template(body=body),))
    made, _, problems = merged(stuff)
    assert list(made) == ["first/a/0", "first/b/0"]
    assert [(each.file, each.line, each.code) for each in problems] == [("templates/letter.md", 4, "foreign-name")]
    assert codes(materials(contact("a"), contact("b"), templates=(template(body=body, mentions=("b",)),))) == []


def test_context_that_found_its_way_into_the_letter_stops_it() -> None:
    secret = "They turned the last proposal down twice."
    assert codes(materials(contact("a", internal_notes=secret), templates=(template(body=secret),))) == [
        ("contacts/a.yaml", 1, "context-leaked")
    ]


@pytest.mark.parametrize("name", ["=?UTF-8?Q?Eve=0ABcc:_e@x.example?= é", "Eve\nBcc: e@x.example", "Eve\u2028x"])
def test_a_name_that_would_write_headers_is_refused(name: str) -> None:
    stuff = materials(contact("a", name=name), templates=(template(body="Hello"),))
    made, _, problems = merged(stuff)
    assert not made
    assert [each.code for each in problems] == ["unsafe-text"]


def test_a_value_that_comes_later_is_a_warning_and_shown() -> None:
    stuff = materials(
        contact("a"), campaign=campaign(links={"brief": None}), templates=(template(body="See {{ links.brief }}."),)
    )
    made = letter(stuff, "first/a/0")
    assert "⟦links.brief⟧" in made.message.text
    assert made.later == ("links.brief",)
    assert codes(stuff) == [("templates/letter.md", 4, "value-later")]


def test_a_value_that_comes_later_and_is_only_tested_is_said_where_it_is_tested() -> None:
    body = "Dear {{ contact.name }},\n\n{% if posts['r-linux'].url %}It is out.{% endif %}"
    posts = (Post(id="r-linux", file="posts/r-linux.md"),)
    assert codes(materials(contact("a"), posts=posts, templates=(template(body=body),))) == [
        ("templates/letter.md", 6, "value-later")
    ]


def test_a_picture_is_left_out_with_a_warning_at_its_line() -> None:
    body = "See:\n\n![a map](https://a.example/map.png)\n\n\n\n<img src='y.png' alt='seen'> {{ contact.name }}"
    stuff = materials(contact("a"), contact("b"), templates=(template(body=body),))
    made, _, problems = merged(stuff)
    assert [(each.line, each.code, each.is_error) for each in problems] == [
        (6, "image-dropped", False),
        (10, "image-dropped", False),
    ]
    text = made["first/a/0"].message.text  # type: ignore[union-attr]
    assert "a map" in text
    assert "map.png" not in text
    assert "2 emails" in problems[0].message
    assert codes(materials(contact("a"), templates=(template(body="`![code](x.png)`"),))) == []


def test_what_was_encoded_for_a_link_is_not_encoded_again_in_either_part() -> None:
    query = "?q={{ contact.name|urlencode }}&r={{ contact.name }}"
    body = f"[x](https://a.example/{query}) and https://b.example/{{{{ contact.name|urlencode }}}}"
    message = letter(materials(contact("a", name="Ö & 1"), templates=(template(body=body),)), "first/a/0").message
    assert "https://a.example/?q=%C3%96%20%26%201&r=%C3%96%20%26%201" in message.text
    assert "https://b.example/%C3%96%20%26%201" in message.text
    assert message.html is not None
    assert "https://a.example/?q=%C3%96%20%26%201&amp;r=%C3%96%20%26%201" in message.html
    assert "%25" not in message.text + message.html


def test_encoding_hides_no_other_contacts_name() -> None:
    stuff = materials(
        contact("a", personal_text="As Organisation b knows."),
        contact("b", tier=9),
        templates=(template(body="x {{ contact.personal_text|urlencode }}"),),
    )
    assert codes(stuff) == [("contacts/a.yaml", 1, "foreign-value")]


# -- no letter holds what belongs to another ----------------------------------------------------

_BODIES = [
    "Dear {{ contact.name }},\n\n{{ contact.personal_text }}\n",
    "{% for p in contact.people %}- {{ p.name }}\n{% endfor %}{{ contact.fields.extra }}",
    "{% set x %}**{{ contact.personal_text }}**{% endset %}{{ x }} {{ contact.name|upper }} "
    "{{ contact.tags|join(', ') }}",
    "{% macro m(c) %}> {{ c.name }}{% endmacro %}{{ m(contact) }}\n\n{{ contact.personal_text|title }}",
    "{% if contact.short %}{{ contact.short }}{% else %}{{ contact.name }}{% endif %} "
    "[x](https://a.example/?{{ contact.id }})",
]


@st.composite
def canary_contacts(draw: st.DrawFn) -> list[Contact]:
    decoration = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Zl", "Zp")), max_size=8)
    count = draw(st.integers(2, 6))
    return [
        contact(
            f"c{number}",
            name=f"Kanary{number}name {draw(decoration)}",
            short=draw(st.sampled_from([None, f"Kanary{number}short"])),
            personal_text=f"Kanary{number}angle {draw(decoration)}",
            tags=(f"kanary{number}tag",),
            fields={"extra": f"Kanary{number}field"},
            tier=draw(st.integers(0, 1)),
        )
        for number in range(count)
    ]


@settings(max_examples=300)
@given(canary_contacts(), st.lists(st.sampled_from(_BODIES), min_size=1, max_size=3))
def test_no_letter_holds_a_canary_of_another_contact(contacts: list[Contact], bodies: list[str]) -> None:
    stuff = materials(
        *contacts,
        campaign=campaign(wave("w", to="tier < 9")),
        templates=(template(body="\n\n".join(bodies), subject="For {{ contact.name|trim }}"),),
    )
    made, _, _ = merged(stuff)
    for each in made.values():
        assert isinstance(each, Letter)
        message = each.message
        everything = f"{message.subject} {message.text} {message.html} {message.recipient_name}".casefold()
        number = each.contact.removeprefix("c")
        assert f"kanary{number}" in everything
        assert everything.count("kanary") == everything.count(f"kanary{number}")


def test_a_subject_without_end_is_a_fault_of_its_template() -> None:
    assert merged(materials(contact("a"), templates=(template(subject="{{ 'a' * 1000 }}"),)))[2] == []
    for subject in ("{{ 'a' * 1001 }}", "{% for i in range(2000) %}ab{% endfor %}"):
        found = codes(materials(contact("a"), templates=(template(subject=subject),)))
        assert found == [("templates/letter.md", template().subject_line, "too-long")]


@pytest.mark.parametrize("error", [RecursionError, MemoryError, OverflowError])
def test_a_letter_beyond_the_reach_of_python_stops_itself_only(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    """The last resort: bounds come first, and none of them is known to let anything so far."""
    making = TextMaker.make

    def make(self: TextMaker, template: Template, contact: Contact, *rest: object, **named: object) -> object:
        if contact.id == "b":
            raise error
        return making(self, template, contact, *rest, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(TextMaker, "make", make)
    made, _, problems = merged(materials(contact("a"), contact("b"), contact("c")))
    assert sorted(made) == ["first/a/0", "first/c/0"]
    assert [(each.file, each.code) for each in problems] == [("contacts/b.yaml", "template-bound")]
