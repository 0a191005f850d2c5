"""What a real mailbox throws at us: certain signs act, words propose, nothing vanishes."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.inbox.quoting import own_text
from outreach.inbox.reading import read
from outreach.inbox.sorting import sort
from outreach.inbox.subjects import bare_subject, possible_subjects
from outreach.model.mail import MailKind, Matched
from outreach.model.unsubscribe import unsubscribe_token
from tests.inbox.messages import DAY, bounce, message
from tests.inbox.test_sync import LATER, NOW, id_of, put, root, states, sync
from tests.sending.campaigns import results, run, said

__all__ = ["root"]
THREAD = Matched(contact="org", rung="a reply in the thread", thread=True)
LETTER = """Dear Contact,

we would like to talk with you about shared rivers, and about what your members can do for them. If you do not want
further mail, answer "unsubscribe" or write "please remove us from your list".

Alex Example
"""


def contact(root: Path, name: str, now: str = NOW) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in said(root, "status", now=now)["contacts"] if each["id"] == name)
    return found


def triage(root: Path, now: str = NOW) -> list[dict[str, Any]]:
    sections = said(root, now=now)["sections"]
    return next((section["items"] for section in sections if section["id"] == "triage"), [])


# --- words propose ---------------------------------------------------------------------------------------

NO_MORE = [
    "Please remove us from your mailing list.",
    "Kindly refrain from contacting us again.",
    "We do not wish to receive any further e-mails from you.",
    "Under article 21 GDPR we object to the processing of our data.",
    "Bitte streichen Sie unsere Adresse aus Ihrer Liste.",
    "Wir möchten keine weiteren Mails erhalten.",
    "Ich widerspreche der Verarbeitung meiner Daten.",
    "Merci de supprimer notre adresse de vos fichiers.",
    "Veuillez ne plus nous contacter.",
    "No queremos recibir más correos.",
    "Les pido que eliminen mi dirección de su lista.",
    "Vi prego di cancellare il nostro indirizzo dalla vostra lista.",
    "Non vogliamo più ricevere le vostre email.",
    "Gelieve ons adres uit uw bestand te verwijderen.",
    "Wij willen geen e-mails meer ontvangen.",
    "Por favor, não nos enviem mais mensagens.",
    "Proszę o usunięcie naszego adresu z listy.",
]
YES = [
    "Please don't remove us from your list!",
    "Bitte streichen Sie uns nicht von Ihrer Liste, wir sind dabei.",
    "Ne nous retirez surtout pas de la liste.",
    "No nos borren de la lista, nos interesa.",
    "Non cancellateci, siamo interessati.",
    "No.",
    "Nein danke.",
    "We have decided not to join this time, and wish you every success.",
    "I have no paper copy of your letter. Could you send one?",
    "Ne m'appelez pas avant jeudi, mais je suis partante pour signer.",
    "Bitte nicht an die Zentrale schreiben, sondern direkt an mich.",
    "Don't send it to me only: our whole board would love to read it.",
    "No encuentro el enlace en la carta. ¿Me lo puede mandar otra vez?",
]


@pytest.mark.parametrize("text", NO_MORE)
def test_words_that_ask_for_no_more_mail_are_proposed_and_never_act(text: str) -> None:
    found = sort(read(message("kim@org.example", text, answers="<a@b>")), THREAD)
    assert (found.kind, found.certain, found.proposal) == (MailKind.OPT_OUT, False, "opt-out")


PERHAPS_NO = [
    "This mailbox is for customers only. We would appreciate not getting campaign mail here.\n\nThe office",
    "I have blocked you. Never ever write to this office.",
    "Keine Werbung!",
    "Kein Bedarf, und künftig keine Briefe.",
    "Pas intéressé. Inutile de relancer, nous ne lirons pas.",
    "Ruego se abstenga de cualquier envío.",
    "Wij stellen geen prijs op verdere berichten.",
    "Vi undanber oss fler mejl av det här slaget.",
    "Vi frabeder os yderligere henvendelser.",
    "Emme halua tällaisia kirjeitä.",
    "Takové dopisy nechceme.",
    "No thanks, remove",
]


@pytest.mark.parametrize("text", PERHAPS_NO)
def test_a_short_no_in_words_of_no_list_is_proposed(text: str) -> None:
    """Where it asks nothing and offers nothing: a proposal costs one key, a no among the answers a second letter."""
    found = sort(read(message("kim@org.example", text, answers="<a@b>")), THREAD)
    assert (found.kind, found.certain) == (MailKind.OPT_OUT, False)


@pytest.mark.parametrize("text", YES)
def test_who_asks_to_stay_is_not_taken_for_one_who_leaves(text: str) -> None:
    assert sort(read(message("kim@org.example", text, answers="<a@b>")), THREAD).kind is MailKind.ANSWER


@pytest.mark.parametrize(
    "text", ["unsubscribe", "STOP", "Unsubscribe please.\n\nThanks", "Bitte abmelden.\n\nVon meinem iPhone gesendet",
             "Désinscription, merci", "Baja, por favor", "Hello,\nunsubscribe\n\n-- \nKim Person\nOrg"],
)  # fmt: skip
def test_a_message_that_says_nothing_but_unsubscribe_acts_in_our_thread_only(text: str) -> None:
    data = message("Kim Person <kim@org.example>", text, answers="<a@b>")
    assert (sort(read(data), THREAD).kind, sort(read(data), THREAD).certain) == (MailKind.OPT_OUT, True)
    assert not sort(read(data), Matched(contact="org", rung="the contact's address")).certain


def test_a_proposed_opt_out_holds_everything_until_a_person_sorts_it(root: Path) -> None:
    put(root, message("info@c0003.example", "Please remove us from your list.", answers=id_of(root, "c0003")))
    assert sync(root)["matched"][0]["proposed"] == "opt-out"
    found = contact(root, "c0003")
    assert (found["state"], found["turn"], found["proposed"]) == ("answered", "ours", "opt-out")
    [item] = triage(root)
    assert item["command"] == "outreach sort m1 opt-out"
    listed = [each["id"] for part in said(root, now=NOW)["sections"] for each in part["items"]]
    assert ("m1" in listed, "answer/c0003" in listed) == (True, False)
    assert run(root, "sort", "m1", "opt-out", now=NOW).code == 0
    assert contact(root, "c0003")["state"] == "opted-out"
    assert triage(root) == []


WORDS = {
    "answer": ("answered", False),
    "automatic": ("contacted", True),
    "opt-out": ("opted-out", False),
    "bounce": ("bounced", False),
    "not-for-us": ("contacted", True),
    "wrong-contact": ("answered", False),
    "data-request": ("answered", False),
}
"""What a person may say, the state that follows, and whether a follow-up is planned."""


def test_every_word_can_be_said_and_taken_back_and_the_follow_up_is_planned_accordingly(root: Path) -> None:
    put(root, message("info@c0003.example", "Please remove us from your list.", answers=id_of(root, "c0003")))
    sync(root)
    before = contact(root, "c0003")
    for word, (state, follow_up) in WORDS.items():
        assert run(root, "sort", "m1", word, now=NOW).code == 0
        found = contact(root, "c0003")
        assert (word, found["state"], found["proposed"]) == (word, state, None)
        items = {each["id"] for each in said(root, "agenda", now=NOW)["items"]}
        assert (word, "one/c0003/1" in items) == (word, follow_up)
        assert run(root, "sort", "--undo", "m1", now=NOW).code == 0
        assert contact(root, "c0003") == before | {"last": contact(root, "c0003")["last"]}


def test_a_request_for_their_data_becomes_a_promise_with_its_deadline(root: Path) -> None:
    text = "Which data do you hold about me, and where did you get my address?"
    put(root, message("info@c0003.example", text, answers=id_of(root, "c0003")))
    sync(root)
    assert contact(root, "c0003")["proposed"] == "data-request"
    assert "Answer them by" in triage(root)[0]["text"]
    run(root, "sort", "m1", "data-request", now=NOW)
    promised = next(each for each in said(root, now=NOW)["sections"] if each["id"] == "promised")
    assert promised["items"][0]["due"].startswith("2026-02-20")


# --- what we wrote is not theirs -------------------------------------------------------------------------

QUOTED = {
    "Outlook, English": f"Gladly.\n\nFrom: Alex Example\nSent: Sunday, 1 March\nTo: Info\nSubject: Rivers\n\n{LETTER}",
    "Outlook, Dutch": f"Graag.\n\nVan: Alex\nVerzonden: zondag 1 maart\nAan: Info\nOnderwerp: Rivers\n\n{LETTER}",
    "Outlook, Swedish": f"Gärna.\n\nFrån: Alex\nSkickat: den 1 mars\nTill: Info\nÄmne: Rivers\n\n{LETTER}",
    "no introduction": f"Gladly.\n\n{LETTER}",
    "wrapped otherwise": "Gladly.\n\n" + LETTER.replace("\n", " ").replace(", ", ",\n"),
    "iOS": "Gladly.\n\nAm 01.03.2026 um 16:00 schrieb Alex <alex@sender.example>:\n\n> " + LETTER.replace("\n", "\n> "),
    "below": f"{LETTER}\nGladly.",
    "Japanese": f"Gladly.\n\n2026年3月1日(日) 16:00 Alex Example <alex@sender.example>:\n\n{LETTER}",
}


@pytest.mark.parametrize("program", list(QUOTED))
def test_our_own_letter_is_subtracted_however_it_is_quoted(program: str) -> None:
    own = own_text(QUOTED[program], [LETTER])
    assert "remove us" not in own
    assert own.split()[0].strip(".") in ("Gladly", "Graag", "Gärna")


def test_who_asks_in_the_words_of_our_footer_is_heard() -> None:
    text = f"Please remove us from your list.\n\nOn 1 March 2026, Alex Example wrote:\n> {LETTER}"
    assert own_text(text, [LETTER]) == "Please remove us from your list."
    assert own_text(f"{LETTER}\nPlease remove us from your list.", [LETTER]) == "Please remove us from your list."


def test_html_above_and_below_a_quotation_is_theirs() -> None:
    below = message("a@b.example", "", html="<blockquote>Dear friends</blockquote><p>Please remove us.</p>")
    above = message("a@b.example", "", html='<p>Yes</p><div class="gmail_quote">On Monday wrote:<p>remove</p></div>')
    assert read(below).own_text == "Please remove us."
    assert read(above).own_text == "Yes"


# --- subjects --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    ["Re: Rivers", "AW: Rivers", "Odp: Rivers", "Rép : Rivers", "回复\uff1aRivers", "SV: SV: Rivers", "Re[2]: Rivers",
     "RE (3): Rivers", "[EXTERN] Re: Rivers", "[SUSPECTED SPAM] Rivers", "Ynt: Rivers", "Απ: Rivers", "Отв: Rivers",
     "Vá: Rivers", "Vs: Rivers"],
)  # fmt: skip
def test_a_subject_is_known_behind_every_prefix(subject: str) -> None:
    assert bare_subject(subject) == "rivers"


def test_a_prefix_of_no_language_is_tried_too() -> None:
    assert "rivers" in possible_subjects("Klaidinga: Nepristatyta: Rivers")


# --- direction and scope ---------------------------------------------------------------------------------


def test_old_mail_and_newsletters_are_no_answers(root: Path) -> None:
    put(root, message("info@c0000.example", "A nice dinner.", subject="Lisbon", at=DAY - timedelta(days=700)))
    news = {"List_Unsubscribe": "<https://x.example/u>"}
    put(root, message("info@c0001.example", "News. Unsubscribe here.", subject="Our news", **news))
    put(root, message("list@c0002.example", "A post.", subject="Digest", List_Id="<x.c0002.example>"))
    old = bounce("info@c0004.example", original_subject="Some old mail", at=DAY - timedelta(days=700))
    put(root, old)
    sync(root)
    assert set(states(root).values()) == {"contacted"}
    assert triage(root) == []


def test_a_list_that_answers_in_our_thread_is_heard(root: Path) -> None:
    put(root, message("info@c0001.example", "We like it.", answers=id_of(root, "c0001"), Precedence="bulk"))
    sync(root)
    assert states(root)["c0001"] == "answered"


@pytest.mark.parametrize("written", ["2020-01-01", "1970-01-01", "2031-05-01"])
def test_an_answer_in_the_thread_is_our_turn_whatever_its_clock_says(root: Path, written: str) -> None:
    at = DAY.replace(year=int(written[:4]))
    put(root, message("kim@c0000.example", "Call us.", answers=id_of(root, "c0000"), at=at))
    sync(root)
    assert (contact(root, "c0000")["state"], contact(root, "c0000")["turn"]) == ("answered", "ours")


def test_a_colleague_who_writes_to_them_makes_it_their_turn_and_one_who_writes_to_us_changes_nothing(
    root: Path,
) -> None:
    put(root, message("Kim <kim@c0000.example>", "A question?", answers=id_of(root, "c0000")))
    put(root, message("Bo <bo@sender.example>", "Nice letter!", answers=id_of(root, "c0001")))
    sync(root)
    assert (contact(root, "c0000")["turn"], states(root)["c0001"]) == ("ours", "contacted")
    put(root, message("bo@sender.example", "Here it is.", to="kim@c0000.example", answers=id_of(root, "c0000"),
                      at=DAY + timedelta(hours=3)))  # fmt: skip
    sync(root)
    assert (contact(root, "c0000")["state"], contact(root, "c0000")["turn"]) == ("answered", "theirs")


def test_the_team_of_campaign_yaml_is_us(root: Path) -> None:
    file = root / "campaign.yaml"
    file.write_text(file.read_text() + "team: [pat@partner.example, '@friends.example']\n")
    for number, sender in enumerate(("pat@partner.example", "any@friends.example")):
        put(root, message(sender, "Nice.", to="info@c0000.example", answers=id_of(root, f"c000{number}")))
    sync(root)
    assert states(root)["c0000"] == states(root)["c0001"] == "contacted"


# --- bounces ---------------------------------------------------------------------------------------------


def test_a_report_proves_what_its_message_id_its_recipient_and_its_time_prove(root: Path) -> None:
    sure = bounce("info@c0000.example", returned=id_of(root, "c0000"))
    soon = bounce("info@c0001.example", original_subject="Hello Contact 1", returned="<other@x.example>")
    bare = bounce("info@c0002.example", original_subject="")
    other = bounce("info@c0004.example", returned=id_of(root, "c0003"))
    late = bounce("info@c0005.example", original_subject="Hello Contact 5", at=DAY + timedelta(days=7))
    for each in (sure, soon, bare, other, late):
        put(root, each)
    sync(root, LATER)
    assert [states(root, LATER)[f"c000{each}"] for each in range(6)] == [
        "bounced", "bounced", "contacted", "contacted", "contacted", "contacted",
    ]  # fmt: skip
    proposed = [contact(root, f"c000{each}", LATER)["proposed"] for each in range(6)]
    assert proposed == [None, None, "bounce", "bounce", None, "bounce"]
    assert "unverified" in str(said(root, "show", "c0001", now=LATER)["events"])


def test_a_proposed_bounce_holds_the_next_step_and_says_why(root: Path) -> None:
    put(root, bounce("info@c0002.example", original_subject=""))
    sync(root, LATER)
    item = next(each for each in said(root, "agenda", now=LATER)["items"] if each["id"] == "one/c0002/1")
    assert (item["state"], "may be dead" in item["reason"]) == ("held", True)
    run(root, "sort", "m1", "not-for-us", now=LATER)
    run(root, "approve", "one", now=LATER)
    assert results(root, "--go", now=LATER)["one/c0002/1"] == "done"


@pytest.mark.parametrize(
    ("status", "cause"), [("5.7.1", "refuses"), ("5.2.2", "full"), ("5.3.4", "too large"), ("4.4.7", "in time")]
)
def test_a_refusal_for_policy_size_or_quota_is_no_dead_address(root: Path, status: str, cause: str) -> None:
    put(root, bounce("info@c0001.example", returned=id_of(root, "c0001"), status=status))
    sync(root)
    found = contact(root, "c0001")
    assert (found["state"], bool(found["failed"])) == ("contacted", True)
    [item] = next(each["items"] for each in said(root, now=NOW)["sections"] if each["id"] == "bounced")
    assert cause in item["text"]
    assert run(root, "confirm", "one/c0001/0", "--not-sent", now=NOW).code == 0
    assert contact(root, "c0001")["failed"] is None


@pytest.mark.parametrize("action", ["error", "failure", "Failed (bad destination)"])
def test_an_unknown_action_with_a_permanent_status_is_a_failure(action: str) -> None:
    assert sort(read(bounce("x@y.example", returned="<a@b>", action=action))).kind is MailKind.HARD_BOUNCE


def test_a_person_at_postmaster_who_speaks_of_rejection_is_a_person() -> None:
    data = message(
        "postmaster@org.example", "Our last try was rejected by the board, but let us talk.", answers="<a@b>"
    )
    assert sort(read(data), THREAD).kind is MailKind.ANSWER


# --- machines --------------------------------------------------------------------------------------------

MACHINES = [
    ("Parental leave", "I am on parental leave until 14 March 2026. Your mail is not forwarded."),
    ("Re: Rivers", "Vielen Dank für Ihre Nachricht. Ich bin bis 6.2. nicht im Haus und lese keine E-Mails."),
    ("Congé", "Je suis en congé jusqu’au 4 mars. Pour toute urgence, écrivez à accueil@org.example."),
    ("Vacaciones", "Estoy de vacaciones hasta el 7 de febrero. Para asuntos urgentes llame a la oficina."),
    ("Ferie", "Sono in ferie fino al 7 febbraio e non leggo la posta."),
    ("Urlop", "Przebywam na urlopie do 5 lutego."),
    ("Afwezig", "Ik ben tot 5 februari met vakantie. Bij spoed kunt u bellen met 0123456789."),
    ("Férias", "Estou de férias até 5 de fevereiro."),
    ("Acknowledgement of receipt", "Thank you for contacting us. Please do not reply to this message."),
    ("Gelesen: Rivers", "Ihre Nachricht\n\n   An: Kim\n   Betreff: Rivers\n\nwurde am 01.12.2026 um 10:11 gelesen."),
    ("Re: Rivers", "I will not be reading my mail for a while. Your mail will be read when I'm back."),
    ("Ich bin im Urlaub Re: Rivers", "Ich bin bis zum 9. Februar im Urlaub. Ihre E-Mail wird nicht gelesen."),
]
PEOPLE = [
    ("Your request no. 2026/0114", "Dear Ms Example, we support this and invite you to a meeting. Jo Example"),
    ("Ihre Anfrage Nr. 47/2026", "Wir haben Ihren Brief gelesen und laden Sie zum Gespräch ein."),
    ("Re: Rivers", "I am on holiday until Monday, but we are interested: call me then."),
    ("Re: Rivers", "Ich war letzte Woche im Urlaub. Wir sind dabei."),
    ("Re: Rivers", "Could you send me the study? I am travelling next week."),
    ("Re: Rivers", ""),
]


@pytest.mark.parametrize(("subject", "text"), MACHINES)
def test_machines_without_a_header_are_proposed(subject: str, text: str) -> None:
    found = sort(read(message("kim@org.example", text, subject=subject, answers="<a@b>")), THREAD)
    assert (found.proposal, found.certain) == ("automatic", False), found


@pytest.mark.parametrize(("subject", "text"), PEOPLE)
def test_people_are_answers(subject: str, text: str) -> None:
    found = sort(read(message("kim@org.example", text, subject=subject, answers="<a@b>")), THREAD)
    assert found.kind is MailKind.ANSWER, found


def test_what_a_program_of_theirs_writes_unasked_is_no_answer(root: Path) -> None:
    """A helpdesk's agent answers something; an invoice with the same header answers nothing."""
    bill = "Your invoice is attached."
    put(root, message("billing@c0000.example", bill, subject="Invoice 4711", Auto_Submitted="auto-generated"))
    put(root, message("help@c0001.example", "Let us talk.", subject="Re: your letter", Auto_Submitted="auto-generated"))
    sync(root)
    assert (states(root)["c0000"], states(root)["c0001"]) == ("contacted", "answered")


OTRS = {"Auto_Submitted": "auto-generated", "Precedence": "bulk", "X_Powered_By": "OTRS"}
GENERATED = {"Auto_Submitted": "auto-generated"}
UNASKED = [
    ("answer", "A call", "Hi Alex,\n\nour director read it and wants to join.\n\nMarta", GENERATED),
    ("answer", "Gesprächstermin", "Sehr geehrte Frau Example,\n\nder Vorstand hat gestern beraten.", GENERATED),
    ("answer", "Décision du bureau", "Bonjour,\n\nle bureau s'est réuni hier. Il signera.", OTRS),
    ("answer", "Decision", "Alex, the committee has decided in favour.", {"Precedence": "bulk", "RT_Ticket": "rt #5"}),
    ("automatic", "Invoice 4711", "Dear Customer,\n\nyour invoice is attached.", GENERATED),
    ("automatic", "Votre reçu fiscal", "Madame,\n\nvotre reçu fiscal est joint.", GENERATED),
    ("automatic?", "Invoice 4711", "Dear Alex Example,\n\nyour invoice is attached.", GENERATED),
    ("automatic?", "web01 is CRITICAL", "Service disk on host web01 is CRITICAL.", GENERATED),
]


@pytest.mark.parametrize(("what", "subject", "text", "headers"), UNASKED)
def test_a_helpdesks_agent_who_opens_a_thread_is_a_person(
    what: str, subject: str, text: str, headers: dict[str, str]
) -> None:
    mail = read(message("help@org.example", text, subject=subject, **headers))
    found = sort(mail, Matched(contact="org", rung="the contact's address"), names=("alex", "example"))
    assert what == f"{found.kind}{'' if found.certain else '?'}"


def test_a_new_thread_that_holds_our_letter_is_an_answer_and_a_list_that_does_is_none(root: Path) -> None:
    """Zendesk, OTRS and the like mark what their agents write as generated, also under a subject of their own."""
    text = "The committee met, and the result is positive.\n\nDear Contact, about Hello Contact {}"
    for number, headers in enumerate([GENERATED, {"Precedence": "bulk"}, {"List_Id": "<news.org.example>"}]):
        put(root, message(f"info@c000{number}.example", text.format(number), subject="Result", **headers))
    sync(root)
    assert [states(root)[f"c000{n}"] for n in range(3)] == ["answered", "answered", "contacted"]


def test_an_agent_of_an_unknown_helpdesk_is_shown_though_it_marks_its_mail_as_bulk(root: Path) -> None:
    marks = {"Auto_Submitted": "auto-generated", "Precedence": "bulk", "X_Mailer": "NoSuchDesk"}
    hello = "Hello Ms Example,\n\nour director has read your letter. Would the 14th work?\n\nOlga"
    put(root, message("help@c0000.example", hello, subject="Meeting with our director", **marks))
    news = "Dear reader,\n\nour director has read a book. Would you like it, too?"
    put(root, message("help@c0001.example", news, subject="What we read", **marks))
    put(root, message("help@c0002.example", hello, subject="Meeting with our director", Precedence="bulk"))
    put(root, message("help@c0003.example", news, subject="What we read", Precedence="bulk"))
    proposed = {each["contact"]: each["proposed"] for each in sync(root)["matched"]}
    assert proposed == {"c0000": None, "c0001": "automatic", "c0002": "automatic"}
    assert [states(root)[f"c000{n}"] for n in range(3)] == ["answered", "contacted", "contacted"]


def test_a_helpdesk_agent_and_an_invitation_are_shown_to_a_person(root: Path) -> None:
    agent = "I read your letter with our director. We want to join; could you call me?"
    put(root, message("help@c0000.example", agent, answers=id_of(root, "c0000"), Auto_Submitted="auto-generated"))
    google = {"Auto_Submitted": "auto-generated", "Sender": "Calendar <calendar-notification@google.com>"}
    put(root, message("info@c0001.example", "You are invited.", subject="Invitation: call", **google))
    sync(root)
    assert states(root)["c0000"] == states(root)["c0001"] == "answered"


# --- what is sure, what is a stranger's --------------------------------------------------------------------


@pytest.mark.parametrize("headers", [{"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}, {}])
@pytest.mark.parametrize("where", ["address", "subject"])
def test_the_token_of_our_unsubscribe_address_is_asked_first(root: Path, where: str, headers: dict[str, str]) -> None:
    token = unsubscribe_token(id_of(root, "c0000"))
    to = f"alex+unsub-{token}@sender.example" if where == "address" else "alex@sender.example"
    subject = "Whatever" if where == "address" else f"Re: unsubscribe-{token}"
    put(root, message("robot@elsewhere.example", "", to=to, subject=subject, **headers))
    sync(root)
    assert states(root)["c0000"] == "opted-out"


def test_a_name_that_hides_an_address_is_no_sender(root: Path) -> None:
    data = message("x@evil.example", "unsubscribe", subject="Re: x")
    put(root, data.replace(b"From: x@evil.example", b"From: =?utf-8?q?info=40c0000=2Eexample?= <x@evil.example>"))
    sync(root)
    assert states(root)["c0000"] == "contacted"


@pytest.mark.parametrize("kind", ["idna", "nested"])
def test_an_answer_that_cannot_be_read_holds_that_contact(root: Path, kind: str) -> None:
    head = "From: info@c0000.example\nTo: alex@sender.example\nSubject: Re: Hello\nMessage-ID: <u@c0000.example>\n"
    head += f"In-Reply-To: {id_of(root, 'c0000')}\nDate: Tue, 20 Jan 2026 09:50:00 +0100\nMIME-Version: 1.0\n"
    body = f"Content-Type: text/plain; charset=idna\n\nplease stop {'a' * 90}\n"
    if kind == "nested":
        parts = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(1_500))
        body = f"{parts}Content-Type: text/plain\n\nhello\n"
    put(root, (head + body).encode())
    sync(root)
    assert (contact(root, "c0000")["state"], contact(root, "c0000")["turn"]) == ("answered", "ours")


@pytest.mark.parametrize("prefix", ["Odp", "Rép", "回复", "Vast", "[EXTERN] Xyz"])
def test_an_answer_from_an_unknown_address_waits_in_the_pen(root: Path, prefix: str) -> None:
    put(root, message("kim@home.example", "I write from home.", subject=f"{prefix}: Hello Contact 0"))
    assert sync(root)["unmatched"] == 1
    assert run(root, "sort", "m1", "not-for-us", now=NOW).code == 0
    assert said(root, "status", now=NOW)["unmatched"] == 0


def test_several_refusals_for_policy_in_a_day_stop_the_run(root: Path) -> None:
    now = (DAY + timedelta(hours=1)).isoformat()
    for number in range(2):
        put(root, bounce(f"info@c000{number}.example", returned=id_of(root, f"c000{number}"), status="5.7.26"))
    sync(root, now)
    items = {each["id"]: each for each in said(root, "agenda", now=now)["items"]}
    assert items["one/c0005/1"]["state"] == "waiting"
    put(root, bounce("info@c0002.example", returned=id_of(root, "c0002"), status="5.7.1"))
    sync(root, now)
    items = {each["id"]: each for each in said(root, "agenda", now=now)["items"]}
    assert items["one/c0005/1"]["state"] == "held"
    assert "3 servers refused emails like yours" in items["one/c0005/1"]["reason"]
    items = {each["id"]: each for each in said(root, "agenda", now=NOW)["items"]}
    assert "servers refused" not in items["one/c0005/1"]["reason"] or now > NOW
