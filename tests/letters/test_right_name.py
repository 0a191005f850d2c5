"""The right name: whole names, placeholders left standing, claims, and what is meant for us."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from outreach.letters.right_name import leaked, placeholder, wrong_page_claim
from outreach.model.contact import Channel, ChannelKind, Contact, Person
from outreach.words.names import _ADDRESS, NameIndex


def contact(name: str, short: str | None = None, **more: object) -> Contact:
    ident = name.casefold().replace(" ", "-")
    return Contact(id=ident, name=name, short=short, file="contacts/x.yaml", **more)  # type: ignore[arg-type]


def found(text: str, *contacts: Contact, people: bool = False) -> list[str]:
    return [match.text for match in NameIndex(contacts, people=people).find(text)]


def test_the_longest_name_wins() -> None:
    contacts = (contact("Linux Foundation"), contact("Linux Foundation Europe"))
    assert found("the Linux Foundation Europe says", *contacts) == ["Linux Foundation Europe"]
    assert found("the Linux Foundation says", *contacts) == ["Linux Foundation"]


def test_only_whole_names_count() -> None:
    assert found("KDEs and OpenKDE", contact("KDE")) == []
    assert found("KDE's board, and (KDE).", contact("KDE")) == ["KDE", "KDE"]
    assert found("we register here", contact("The Register")) == []


def test_a_name_too_short_to_mean_anything_is_not_looked_for() -> None:
    assert found("in the EU", contact("Union", "EU")) == []


def test_composed_and_decomposed_letters_are_the_same_name() -> None:
    assert found("bei Kru\u0308gers", contact("Kr\u00fcgers")) == ["Kr\u00fcgers"]


def test_addresses_and_people_are_found_in_contact_data() -> None:
    other = contact(
        "Other",
        channels=(Channel(kind=ChannelKind.EMAIL, address="press@other.example"),),
        people=(Person(name="Ada Vik"),),
    )
    assert found("ask press@other.example or Ada Vik", other, people=True) == [
        "press other example",
        "Ada Vik",
    ]
    assert found("ask Ada Vik", other) == []


@pytest.mark.parametrize(
    "written", ["https://www.osi.example/", "HTTP://osi.example", "osi.example", "www.osi.example"]
)
def test_another_contacts_website_is_its_own(written: str) -> None:
    osi, fsfe = contact("Open", website="https://osi.example"), contact("Free Software")
    index = NameIndex([osi, fsfe], people=True)
    assert index.foreign(f"See {written} for more.", fsfe) is not None
    assert index.foreign(f"See {written} for more.", osi) is None
    assert index.foreign("See https://osi.example.org/page for more.", fsfe) is None


def test_foreign_names_are_those_of_others() -> None:
    index = NameIndex([contact("Alpha"), contact("Beta")])
    alpha = contact("Alpha")
    assert index.foreign("Alpha", alpha) is None
    match = index.foreign("Alpha and Beta", alpha)
    assert match is not None
    assert match.text == "Beta"


def test_what_a_contacts_own_name_site_people_and_addresses_hold_is_its_own() -> None:
    debian, curl = contact("Debian"), contact("curl")
    index = NameIndex([debian, contact("Debian France"), curl], people=True)
    own = contact(
        "Debian France e.V.",
        website="https://example.org/curl/",
        people=(Person(name="Ada Beta"),),
        channels=(Channel(kind=ChannelKind.EMAIL, address="info@gamma.example"),),
    )
    assert index.foreign("Debian France works on Debian and curl", own) is None
    names = NameIndex([contact("Ada"), contact("Gamma")], people=True)
    assert names.foreign("ask Ada at Gamma", own) is None
    assert names.foreign("ask Ada", contact("Other")) is not None


def test_a_url_or_address_says_no_name_by_a_piece_of_itself_and_is_found_as_a_whole() -> None:
    other = contact("curl", channels=(Channel(kind=ChannelKind.EMAIL, address="x@curl.example"),))
    index = NameIndex([other], people=True)
    for text in ("https://curl.example/docs/", "www.x.example/curl", "me@curl.example", "mailto:a@curl.example"):
        assert list(index.find(f"see {text}, please")) == []
    for text in ("x@curl.example", "<mailto:x@curl.example>", "x@curl.example.", "curl"):
        assert len(list(index.find(f"see {text}"))) == 1


@given(
    st.lists(st.text("abc -", min_size=3, max_size=12), min_size=1, max_size=5),
    st.text("abc -.", max_size=80),
)
def test_whatever_is_found_is_a_name(names: list[str], text: str) -> None:
    index = NameIndex([contact(name) for name in names])
    spelled = {" ".join(name.replace("-", " ").split()) for name in names}
    assert all(match.text in spelled for match in index.find(text))


@pytest.mark.parametrize(
    "text",
    [
        "Best, [Your name]",
        "see [link]",
        "[link to wherever you host it]",
        "[link when posted]",
        "reception [if true]",
        "I work in [relevant field]",
        "Dear {Name},",
        "Dear {First name},",
        "to <<Company>>",
        "TODO: write this",
        "by XXX",
        "{{ contact.name }}",
        "Hallo [Ihr Name]",
        "%FIRSTNAME%",
        "%first_name%",
        "<<First name>>",
        "<<EMAIL>>",
        "one (TODO) two",
        "- TODO\n",
        "It ends. TODO",
        "[link to whatever]",
        "[link hosted here]",
        "costs {amount} `code`",
        "[insert organisation here]",
        "Dear <First Name>,",
        "I saw <YOUR ARTICLE> and liked it",
        "Dear <Their Latest Report>",
        "to <company>, <your text>",
        "Dear «Name»,",
        "«First_Name» «Nachname»",
        "«AddressBlock»",
        "Dear *|FNAME|*",
        "Dear _|FNAME|_,",
        "[Salutation],",
        "[Anrede] und [Unterschrift]",
        "[Personal line]",
        "{{first_name}} and {%first%}",
        "{!Contact.Name}",
        "{$first_name}",
        "%%first_name%%",
        "##NAME##",
        "<%= name %>",
        "$FIRSTNAME$",
        "[[First Name]]",
        "INSERT NAME HERE",
        "INSERT YOUR COMPANY NAME HERE",
        "Insert name here",
        "INSERIR NOME AQUI",
        "HIER NAMEN EINFÜGEN",
        "Dear ____,",
        "Name: ________ Date:",
        "Dear ___, hello",
        "Lorem ipsum dolor",
    ],
)
def test_a_placeholder_left_standing_is_seen(text: str) -> None:
    assert placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "as agreed [1]",
        "he wrote [sic] that",
        "a list of todos",
        "the [...] fund",
        "[our brief](https://example.org)",
        "C:{}",
        "nothing special <here>",
        "EUR 200-300 million",
        "https://x.example/%C3%BCber%20uns",
        "https://x.example/%DCBER%20uns and %BCber%",
        "[Link zur Karte]",
        "TODO EL MUNDO",
        "Para TODO el mundo",
        "er sprach <<Das ist ein Zitat>>",
        "<<Zitat>>",
        "write `{x}` in code",
        "write `<First Name>` or `____` in code",
        "« Bonjour à tous », dit-elle",
        "«Olá a todos», disse o «Público»",
        "«YouTube» und »Wort«",
        "under the heading «Le Monde»",
        "<https://a.example/B> and <mailto:kim@a.example>",
        "Kim <kim@a.example>",
        "a < b > c, 1 <2 and 3> 2, I <3 it",
        "List<String>",
        "____",
        "Signed:\n__________\n",
        "__init__ and snake_case_name and ___bold___",
        "https://a.example/____x",
        "[^1] and [1]: a note",
        "he said [the minister] would",
        "[role of the EU unclear]",
        "[Project A](https://x.example)",
        "#hashtag, 5 $ or 10 $, 100 % of it",
        "Insert the card here",
        "ADD YOUR NAME HERE: https://x.example",
    ],
)
def test_ordinary_brackets_are_left_alone(text: str) -> None:
    assert placeholder(text) is None


def test_a_page_count_that_no_attached_pdf_has_is_a_false_claim() -> None:
    assert wrong_page_claim("the full brief (17 pages)", [18]) == "17 pages"
    assert wrong_page_claim("a 17-page brief", [18]) == "17-page"
    assert wrong_page_claim("Das Papier hat 17 Seiten", [18]) == "17 Seiten"
    assert wrong_page_claim("18 pages, 2 pages of it summary", [18, 2]) is None
    assert wrong_page_claim("17 pages", []) is None


@pytest.mark.parametrize(
    "text",
    [
        "the full brief (17 pages)",
        "the attached 17-page policy brief",
        "I'm attaching the full brief (17 pages)",
        "The attached brief (17 pages) lays out what we ask.",
        "- Full brief (17 pages, CC BY 4.0)",
        "Your study began this. The attached PDF has 17 pages.",
        "Die Kurzfassung (17 Seiten) liegt bei.",
        "Hedges, 17 pages",
    ],
)
def test_a_page_count_that_is_tied_to_the_attachment_is_a_claim(text: str) -> None:
    assert wrong_page_claim(text, [18], ["hedges", "materials/hedges-v2.pdf"])


@pytest.mark.parametrize(
    "text",
    [
        "Your report of 64 pages is why I write, and a brief is attached.",
        "Ihr Bericht hat 64 Seiten.",
        "votre rapport de 64 pages",
        "The first 3 pages of the brief say it.",
        "Die ersten 3 Seiten des Papiers reichen.",
        "We counted 64 pages on the site.",
        "The brief is short. The law has 640 pages.",
    ],
)
def test_a_page_count_of_something_else_is_left_alone(text: str) -> None:
    assert wrong_page_claim(text, [18], ["hedges"]) is None


def test_context_is_seen_in_any_case_and_from_twenty_characters_on() -> None:
    assert leaked("Met them. Never told Anna so much.", "So: NEVER TOLD ANNA SO MUCH, ever")
    assert leaked("Met them. Good in May.", "It is good in May.") is None


def test_context_that_stands_in_a_letter_is_seen() -> None:
    context = "They said no twice. Their chair knows us well from Ghent."
    assert leaked(context, "Dear all, their budget is small.") is None
    assert leaked(context, "Since\ntheir chair knows us. Their chair knows us well from Ghent.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("`{name}`", None),
        ("``a ` {name}``", None),
        ("`a` {name} `b`", "{name}"),
        ("`a {name}", "{name}"),
        ("`a\n{name}`", "{name}"),
        ("``` {name} ``", "{name}"),
        ("``` {name} ```", None),
        ("`{one}` `{two}` {three}", "{three}"),
    ],
)
def test_braces_are_a_placeholder_only_outside_of_code(text: str, found: str | None) -> None:
    assert placeholder(text) == found


@given(st.text(st.sampled_from("ab.@+-_ ]://"), max_size=40))
def test_addresses_are_found_wherever_they_would_be_if_each_place_were_tried(text: str) -> None:
    tried = regex.compile(_ADDRESS.pattern.replace(r"(?:\G|(?<![\w.+-]))", "").replace("++@", "+@"), regex.IGNORECASE)
    assert tried.pattern != _ADDRESS.pattern
    assert _ADDRESS.findall(text) == tried.findall(text)


def test_names_that_begin_alike_are_each_tried_once_at_a_word() -> None:
    class Words(dict[object, object]):
        asked = 0

        def get(self, key: object, default: object = None) -> object:
            Words.asked += 1
            return super().get(key, default)

    def asked(names: int) -> int:
        index = NameIndex(contact(f"c{length}", "A " * length + "Z") for length in range(1, names))
        index._names = Words(index._names)  # type: ignore[assignment, arg-type]
        Words.asked = 0
        assert not list(index.find("A " * 500))
        return Words.asked

    assert asked(20) <= 500 * 20
    assert asked(2_000) <= 500 * 45
