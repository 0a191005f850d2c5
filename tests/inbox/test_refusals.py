"""Words that ask for no more mail and that no phrase foresees, learned from the examples of each language."""

from __future__ import annotations

import pytest

from outreach.inbox.reading import read
from outreach.inbox.refusals import wish
from outreach.inbox.sorting import sort
from outreach.model.mail import MailKind, Matched
from outreach.words.phrases import folded, languages
from tests.inbox.messages import message

THREAD = Matched(contact="org", rung="a reply in the thread", thread=True)
NO = [
    "Spare my inbox your appeals, would you.",
    "Your circulars are of no use to this house.",
    "Verschont unser Postfach mit euren Aufrufen.",
    "Je vous prie de nous oublier dans vos prochains envois.",
    "Les ruego que nos excluyan de estos envíos.",
    "Toglieteci dai vostri prossimi invii.",
    "Spaar mijn mailbox, stuur mij niets meer.",
    "Proszę pominąć nas w kolejnych wysyłkach.",
    "Poupem a minha caixa, não mandem mais nada.",
    "Vi vill slippa era utskick.",
    "今後の送付はお控えください。",
]
OTHER = [
    "My colleague liked the second paragraph and will call the ministry.",
    "The council meets in April, and the mayor wants to read it first.",
    "Der Gemeinderat tagt im April, die Bürgermeisterin will es vorher lesen.",
    "Le conseil se réunit en avril, la maire veut d'abord le lire.",
    "El consejo se reúne en abril y la alcaldesa quiere leerlo antes.",
    "Il consiglio si riunisce ad aprile, la sindaca vuole leggerlo prima.",
    "De raad vergadert in april, de burgemeester wil het eerst lezen.",
    "Rada zbiera się w kwietniu, burmistrz chce to najpierw przeczytać.",
    "O conselho reúne em abril, a presidente quer ler antes.",
    "Vi läser det gärna i april.",
]


@pytest.mark.parametrize("text", NO)
def test_new_words_for_no_are_nearer_to_the_examples_of_no(text: str) -> None:
    assert wish(folded(text)) > 0


@pytest.mark.parametrize("text", OTHER)
def test_what_says_something_else_is_nearer_to_the_other_examples(text: str) -> None:
    assert wish(folded(text)) < 0


@pytest.mark.parametrize("language", sorted(languages()))
def test_each_language_has_examples_of_both_kinds(language: str) -> None:
    examples = languages()[language]["examples"]
    no, other = ({folded(text) for text in examples[key]} for key in ("no_more", "other"))
    assert min(len(no), len(other)) >= 8
    assert not no & other


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Re: An open letter",
            "What a fine letter, my father would have signed it.\n\n" * 9 + "But please spare us any more.",
        ),
        ("We want no more of your mail", "Thanks!"),
    ],
)
def test_a_no_is_proposed_wherever_it_stands(subject: str, text: str) -> None:
    found = sort(read(message("Kim <kim@org.example>", text, subject=subject, answers="<a@b>")), THREAD)
    assert (found.kind, found.certain) == (MailKind.OPT_OUT, False)


@pytest.mark.parametrize(
    "text", ["plaese unsubcribe us form your maling list thx", "Unsusbcribe us, please. We are done."]
)
def test_a_letter_that_is_missing_or_swapped_hides_no_wish(text: str) -> None:
    assert sort(read(message("Kim <kim@org.example>", text, answers="<a@b>")), THREAD).kind is MailKind.OPT_OUT


@pytest.mark.parametrize("text", ["Graag uitschrijven.\n\nHartelijks, Joke", "Abmelden!\n\nHeidi vom Empfang"])
def test_a_first_line_that_says_only_no_is_proposed(text: str) -> None:
    found = sort(read(message("Kim <kim@org.example>", text, answers="<a@b>")), THREAD)
    assert (found.kind, found.certain) == (MailKind.OPT_OUT, False)


def test_a_word_that_only_resembles_one_for_no_more_mail_is_itself() -> None:
    text = "Die Anmeldung läuft, wir kommen gern."
    assert sort(read(message("Kim <kim@org.example>", text, answers="<a@b>")), THREAD).kind is MailKind.ANSWER
