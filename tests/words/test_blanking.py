"""Names are found as people and programs write them, and nothing else is."""

from __future__ import annotations

import html
import json
import unicodedata
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.words.blanking import ERASED, Names, Needles, without_accents, without_blocks

NOBODY = Needles([])
WORDS = st.text(st.sampled_from("abcdefgäéßøЖ'&"), min_size=4, max_size=9)


@settings(max_examples=25, deadline=None)
@given(first=WORDS, last=WORDS, before=st.text(max_size=20), after=st.text(max_size=20))
def test_a_name_is_found_in_every_writing_and_gone_afterwards(first: str, last: str, before: str, after: str) -> None:
    name = f"{first} {last}"
    needles = Needles([name])
    for written in (name, name.upper(), f"{first} \n {last}", json.dumps(name)[1:-1], html.escape(name), quote(name)):
        if written.lower() != name.lower() and written == name.upper():
            continue  # ß and its like have no upper case of their own
        text = f"{before} ({written}) {after}"
        blanked = needles.blanked(text)
        assert f"({ERASED})" in blanked or not needles.are_in(f"({written})"), text
        assert not needles.are_in(blanked)


ALWAYS = "\uac01"
"""A name (Hangul) of which nothing is the same in every writing: every text is searched for it, and all beside it."""
LETTERS = st.text(st.sampled_from("abKéßøŁЖйσςИ李각'&-"), min_size=1, max_size=6)


@settings(max_examples=200, deadline=None)
@given(first=LETTERS, last=LETTERS, more=st.text(max_size=10))
def test_a_text_that_is_passed_over_has_nothing_that_is_looked_for(first: str, last: str, more: str) -> None:
    name = f"{first} {last}"
    writings = [name, name.upper(), *without_accents(name), unicodedata.normalize("NFD", name), f"{first}\n{last}"]
    writings += [json.dumps(name), html.escape(name), quote(name), quote_plus(name)]
    writings.append(name.encode("ascii", "xmlcharrefreplace").decode())
    quick, whole = Needles([name]), Needles([name, ALWAYS])
    for text in (f"{more} {each} {more}" for each in writings):
        assert [*quick.spans(text)] == [*whole.spans(text)] or ALWAYS in text
        assert quick.are_in(text) == Names([name]).are_in(text) or name.lower() == name


def test_of_thousands_of_other_names_those_are_found_that_are_there() -> None:
    others = Names([*(f"Ann Lee{number}" for number in range(3000)), "Jürgen Groß"])
    text = "ANN LEE7 met Juergen Gross and Bob"
    assert [text[begin:end] for begin, end in others.spans(text)] == ["ANN LEE7", "Juergen Gross"]
    assert not others.are_in("Ann Leeds")


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("Ann Lee", "Ann Leeds"), ("Ann Lee", "Joann Lee"), ("a@b.example", "aa@b.example"),
        ("a@b.example", "a@b.example.org"), ("+49 30 5550001", "49305550001999"), ("Ann Lee", "Ann-Lee"),
    ],
)  # fmt: skip
def test_a_part_of_another_word_is_none(word: str, text: str) -> None:
    assert not Needles([word]).are_in(text)


@pytest.mark.parametrize("text", ["+49 30 5550001", "0049305550001", "030/555 00 01", "(030) 555-0001"])
def test_a_number_is_found_however_it_is_dialled(text: str) -> None:
    assert Needles(["+49 30 5550001"]).blanked(f"Call {text}!") == f"Call {ERASED}!"


@pytest.mark.parametrize(("id", "is_there"), [("anna", False), ("anna-lee", True)])
def test_an_id_that_is_a_plain_word_is_found_only_where_ids_stand(id: str, is_there: bool) -> None:
    needles = Needles([], [id], "token")
    assert needles.are_in(f"I met {id} there") is is_there
    assert needles.blanked(f"contacts['{id}'].answered") == "contacts['token'].answered"
    assert not needles.are_in(f"contacts['{id}-maria'].answered")


@pytest.mark.parametrize("text", ["Juergen Gross", "Jurgen Gross", "JÜRGEN GROSS", "Jürgen Groß", "jürgen  groß"])
def test_a_name_is_found_as_people_write_it_without_its_letters(text: str) -> None:
    assert Needles(["Jürgen Groß"]).blanked(f"{text} called") == f"{ERASED} called"
    assert not Needles(["Jürgen Groß"]).are_in("Jurgen Grossmann")


def test_the_longer_name_of_somebody_else_stays() -> None:
    needles = Needles(["Ana", "ana@ana.example"], ["ana"], "token", ["Ana Lima", "Maria Ana", "Dr. Ana", "Banana Coop"])
    text = "Ana met Ana Lima, Maria Ana and Dr. Ana of Banana Coop (ana@ana.example)"
    assert needles.blanked(text) == f"{ERASED} met Ana Lima, Maria Ana and Dr. {ERASED} of Banana Coop ({ERASED})"
    assert not needles.are_in("Ana Lima and Maria Ana")
    assert [needles.name_a_file(each) for each in ("ana.md", "ana-lima.md", "call with ana lima.txt")] == [1, 0, 0]
    two = Needles(["Ana Lima"], ["ana-lima"], "token", ["Ana Lima Costa"])
    assert [two.name_a_file(each) for each in ("with ana-lima.md", "ana-lima-costa.md")] == [1, 0]


@pytest.mark.parametrize(
    ("name", "text", "without"),
    [
        ("李雷", "我和李雷谈过，李雷雷也在", f"我和{ERASED}谈过，李雷雷也在"),
        ("山田 太郎", "昨日山田太郎さんと", f"昨日{ERASED}さんと"),
        ("김민수", "김민수는 말했다", f"{ERASED}는 말했다"),
        ("アンナ", "アンナさんとアンナマリア", f"{ERASED}さんとアンナマリア"),
    ],
)
def test_a_name_is_found_in_scripts_that_put_no_space_around_it(name: str, text: str, without: str) -> None:
    assert Needles([name], others=["李雷雷"]).blanked(text) == without


def test_a_file_is_called_after_them_only_by_whole_words() -> None:
    needles = Needles([], ["anna-lee"])
    assert needles.name_a_file("notes/Anna Lee.md")
    assert needles.name_a_file("drafts/letters/one/anna-lee.1.eml")
    assert not needles.name_a_file("notes/joanna-lee.md")


def test_what_is_said_of_them_goes_and_the_rest_stays() -> None:
    needles, others = Needles(["Ann Lee"]), Names(["Bob Ray"])
    text = (
        "# Meeting\n\n- Ann Lee wants\n  a call\n- Bob Ray wants bread\n- Ann Lee and Bob Ray agree\n\n"
        "ann@x.example\nAnn Lee\ncarl@x.example\n\n## Ann Lee\n\nHer story.\n\n### More\n\nx\n\n## Next\n\nBread.\n"
    )
    assert without_blocks(text, needles, others) == (
        f"# Meeting\n\n- Bob Ray wants bread\n- {ERASED} and Bob Ray agree\n\n"
        "ann@x.example\ncarl@x.example\n\n## Next\n\nBread.\n"
    )


def test_nothing_is_looked_for_and_nothing_found() -> None:
    assert NOBODY.blanked("Ann Lee") == "Ann Lee"


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("they will grant it", "they will grant it"),
        ("You may\nanswer, or may not", "You may\nanswer, or may not"),
        ("Will Grant, WILL GRANT and will-grant", f"{ERASED}, {ERASED} and token"),
        ("- will grant\n", f"- {ERASED}\n"),
        ('{"name": "will grant"}', f'{{"name": "{ERASED}"}}'),
        ("see /will%20grant/ or will+grant", f"see /{ERASED}/ or {ERASED}"),
        ("may", ERASED),
        ("May I ask? May called. Dear May,", f"May I ask? {ERASED} called. Dear {ERASED},"),
        ("- May we\n> May the", "- May we\n> May the"),
        ("on 5 May, in May 2026, May 5th", "on 5 May, in May 2026, May 5th"),
        ("with May I spoke to May by May", f"with {ERASED} I spoke to {ERASED} by {ERASED}"),
    ],
)
def test_words_of_a_sentence_are_no_name(text: str, after: str) -> None:
    needles = Needles(["Will Grant", "May"], ["will-grant"], "token")
    assert needles.blanked(text) == after
    assert needles.are_in(text) == (after != text)
    assert Names(["Will Grant"]).are_in("they will grant it")
    assert needles.own_a_row(["will grant", "x"])
