"""More than 300 messages of every kind, written by hand or after what servers really write; all names are invented.

Each is labelled with what a person would call it. Our letter had the subject of `SUBJECT` and the id `OURS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.model.mail import MailKind
from tests.inbox.messages import bounce, message

OURS, SUBJECT = "<abcdefghijklmnopqrstuvwxyz234567@sender.example>", "A proposal for shared rivers"
K = MailKind


@dataclass(frozen=True, kw_only=True)
class Case:
    """A message, what it is, and where it comes from."""

    kind: MailKind
    source: str
    data: bytes
    away_until: date | None = None


def corpus() -> list[Case]:
    """All of them."""
    return [
        *_reports(),
        *_notices(),
        *_automatic(),
        *_tickets(),
        *_challenges(),
        *_answers(),
        *_opt_outs(),
        *_elsewhere(),
    ]


# --- bounces -----------------------------------------------------------------------------------------

REPORTING = {
    "Postfix": ("Undelivered Mail Returned to Sender", "MAILER-DAEMON@mx.example"),
    "Exim with DSN": ("Mail delivery failed: returning message to sender", "Mailer-Daemon@exim.example"),
    "Sendmail": ("Returned mail: see transcript for details", "MAILER-DAEMON@sendmail.example"),
    "Exchange Online": ("Undeliverable: A proposal for shared rivers", "postmaster@tenant.onmicrosoft.example"),
    "Exchange 2016": ("Unzustellbar: A proposal for shared rivers", "postmaster@ministerium.example"),
    "Gmail": ("Delivery Status Notification (Failure)", "mailer-daemon@googlemail.example"),
    "Amazon SES": ("Delivery Status Notification (Failure)", "MAILER-DAEMON@amazonses.example"),
    "Haraka": ("Failed Mail Delivery", "postmaster@haraka.example"),
    "OpenSMTPD": ("Delivery status notification: error", "MAILER-DAEMON@openbsd.example"),
    "Stalwart": ("Failed to deliver message", "MAILER-DAEMON@stalwart.example"),
    "Proofpoint": ("Undeliverable: message", "MAILER-DAEMON@pphosted.example"),
    "Lotus Domino": ("DELIVERY FAILURE: User not listed in public Name & Address Book", "postmaster@domino.example"),
    "Zimbra": ("Undelivered Mail Returned to Sender", "MAILER-DAEMON@zimbra.example"),
    "Kerio": ("Mail delivery failed", "postmaster@kerio.example"),
}
STATUSES = [("5.1.1", K.HARD_BOUNCE), ("5.7.1", K.SOFT_BOUNCE), ("5.2.2", K.SOFT_BOUNCE), ("4.4.7", K.SOFT_BOUNCE)]


def _reports() -> Iterator[Case]:
    for server, (subject, sender) in REPORTING.items():
        for status, kind in STATUSES:
            data = bounce(
                f"{status.replace('.', '')}@org.example", returned=OURS, status=status, subject=subject,
                sender=sender, original_subject=SUBJECT, whole=status.startswith("5.1"),
            )  # fmt: skip
            yield Case(kind=kind, source=f"{server} {status}", data=data)
        late = bounce(
            "late@org.example", returned=OURS, status="4.4.1", action="delayed", subject=subject, sender=sender
        )
        yield Case(kind=K.DELAYED, source=f"{server} delayed", data=late)
    renamed = bounce(
        "x@org.example", returned=OURS, id_header="X-Microsoft-Original-Message-ID", sender="postmaster@o365.example"
    )
    yield Case(kind=K.HARD_BOUNCE, source="Exchange, renamed", data=renamed)


NOTICES = {
    "qmail": ("failure notice", "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your "
              "message to the following addresses.\nThis is a permanent error; I've given up.\n\n<x@org.example>:\nNo such user."),
    "Exim": ("Mail delivery failed: returning message to sender", "This message was created automatically by mail delivery "
             "software.\n\nA message that you sent could not be delivered to one or more of its recipients. This is a permanent "
             "error.\n\n  x@org.example\n    Unrouteable address"),
    "Yahoo": ("Failure Notice", "Sorry, we were unable to deliver your message to the following address.\n\n<x@org.example>:\n554: "
              "delivery error: dd This user doesn't have an account"),
    "MDaemon": ("Permanent Delivery Failure", "The attached message has permanent fatal errors - user unknown."),
    "Courier": ("NOTICE: mail delivery status.", "This is a delivery status notification from mx.example.\n\n550 User unknown."),
    "MailEnable": ("Message Delivery Failure", "The following recipient(s) could not be reached: mailbox not found."),
    "Groupwise": ("Message status - undeliverable", "The message that you sent was undeliverable: recipient rejected."),
    "Barracuda": ("**Message you sent blocked by our bulk email filter**", "Your message was blocked: 550 rejected by policy."),
}  # fmt: skip
SENDERS = [
    "Mail Delivery Subsystem <MAILER-DAEMON@mx.example>",
    "postmaster@mx.example",
    "Mail Delivery System <bounce@mx.example>",
]


def _notices() -> Iterator[Case]:
    for server, (subject, text) in NOTICES.items():
        for sender in SENDERS:
            data = message(
                sender,
                f"{text}\n\n--- Below this line is a copy of the message.\n\nMessage-ID: {OURS}\n",
                subject=subject,
            )
            kind = K.SOFT_BOUNCE if "policy" in text else K.HARD_BOUNCE
            yield Case(kind=kind, source=f"{server}, no report", data=b"Return-Path: <>\n" + data)
    full = message(SENDERS[0], "x@org.example: mailbox is full, quota exceeded.", subject="Undeliverable mail")
    yield Case(kind=K.SOFT_BOUNCE, source="full, no report", data=b"Return-Path: <>\n" + full)
    for subject in ("Warning: message 1abc delayed 24 hours", "Delayed Mail (still being retried)"):
        late = message(SENDERS[0], "Your message has not yet been delivered; it will be retried. No action is required on your part.",
                       subject=subject)  # fmt: skip
        yield Case(kind=K.DELAYED, source="delay, no report", data=b"Return-Path: <>\n" + late)


# --- automatic replies -------------------------------------------------------------------------------

ABSENCES = {
    "en": ("Automatic reply: {s}", "I am out of the office until 3 February 2026 and will read your message then."),
    "de": ("Automatische Antwort: {s}", "Ich bin bis zum 3. Februar 2026 nicht im Büro."),
    "fr": ("Réponse automatique : {s}", "Je suis absente du bureau jusqu'au 3 février 2026."),
    "es": ("Respuesta automática: {s}", "Estaré fuera de la oficina hasta el 3 de febrero de 2026."),
    "it": ("Risposta automatica: {s}", "Sono fuori ufficio fino al 3 febbraio 2026."),
    "nl": ("Automatisch antwoord: {s}", "Ik ben afwezig tot en met 3 februari 2026."),
    "pt": ("Resposta automática: {s}", "Estou fora do escritório até 3 de fevereiro de 2026."),
    "pl": ("Automatyczna odpowiedź: {s}", "Jestem poza biurem do 3 lutego 2026."),
    "cs": ("Automatická odpověď: {s}", "Jsem mimo kancelář do 3. února 2026."),
    "sv": ("Autosvar: {s}", "Jag är inte på kontoret till 3 februari 2026."),
    "da": ("Automatisk svar: {s}", "Jeg er ikke på kontoret til og med 3. februar 2026."),
    "fi": ("Automaattinen vastaus: {s}", "Olen poissa toimistolta 3.2.2026 asti."),
    "hu": ("Automatikus válasz: {s}", "Nem vagyok elérhető."),
    "ro": ("Răspuns automat: {s}", "Sunt în concediu până la 3 februarie 2026."),
    "el": ("Αυτόματη απάντηση: {s}", "Είμαι εκτός γραφείου έως 3 Φεβρουαρίου 2026."),
    "bg": ("Автоматичен отговор: {s}", "Извън офиса съм до 3 февруари 2026."),
    "hr": ("Automatski odgovor: {s}", "Izvan ureda sam."),
    "et": ("Automaatvastus: {s}", "Olen puhkusel."),
    "lv": ("Automātiskā atbilde: {s}", "Esmu ārpus biroja."),
    "lt": ("Automatinis atsakymas: {s}", "Esu ne biure."),
    "sk": ("Automatická odpoveď: {s}", "Som mimo kancelárie."),
    "sl": ("Samodejni odgovor: {s}", "Odsoten sem."),
}
DATED = {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "cs", "sv", "da", "ro", "el", "bg"}
SIGNS: list[dict[str, str]] = [
    {"Auto_Submitted": "auto-replied"},
    {"X_Autoreply": "yes"},
    {"Precedence": "auto_reply"},
    {"Precedence": "bulk", "X_Auto_Response_Suppress": "All"},
    {},
]


def _automatic() -> Iterator[Case]:
    for language, (subject, text) in ABSENCES.items():
        until = date(2026, 2, 3) if language in DATED else None
        for sign in SIGNS:
            data = message("kim@org.example", text, subject=subject.format(s=SUBJECT), answers=OURS, **sign)
            yield Case(kind=K.AUTOMATIC, source=f"absence {language}", data=data, away_until=until)
    for subject, text in (
        ("Abwesenheit", "Ich bin im Urlaub."),
        ("Absence", "Je suis absent du bureau."),
        ("Out of Office", "Back soon."),
    ):
        yield Case(kind=K.AUTOMATIC, source="a subject alone", data=message("kim@org.example", text, subject=subject))


def _tickets() -> Iterator[Case]:
    for subject in ("[Ticket #20260120] Request received", "[#48213] We have received your message", "Ticket 4711: thank you for contacting us",
                    "Case number 99123: your request", "[Vorgang #77123] Eingangsbestätigung", "Accusé de réception [#55123]"):  # fmt: skip
        for sign in SIGNS[:3]:
            data = message(
                "support@org.example",
                "Your request was received. An agent will answer.",
                subject=subject,
                answers=OURS,
                **sign,
            )
            yield Case(kind=K.TICKET, source="ticket system", data=data)
    data = message(
        "support@org.example", "An agent will answer.", subject="[Ticket #20260120] Request received: A proposal"
    )
    yield Case(kind=K.TICKET, source="ticket system without headers", data=data)


def _challenges() -> Iterator[Case]:
    for subject in (
        "Please confirm your message",
        "Your email requires verification verify#x1: please confirm your email",
    ):
        text = "To deliver it, click the link below to deliver your message."
        data = message("guard@org.example", text, subject=subject, answers=OURS, Auto_Submitted="auto-replied")
        yield Case(kind=K.CHALLENGE, source="challenge", data=data)


# --- people ------------------------------------------------------------------------------------------

WORDS = [
    "Thank you, this is interesting. Could we talk on Thursday?", "Danke für Ihren Brief. Wir melden uns im Februar.",
    "Merci beaucoup, nous en parlerons lors de notre prochaine réunion.", "Gracias por escribirnos. Nos parece una buena idea.",
    "Grazie, ne parliamo in redazione.", "Bedankt, interessant voorstel!", "Obrigado, vamos ler com atenção.",
    "Dziękujemy, proszę o więcej szczegółów.", "Tack, vi läser det gärna.", "Kiitos, palaamme asiaan.",
    "No.", "We are not interested, sorry.", "Yes!", "Nein danke.",
    "We do not contact institutions ourselves, but good luck with it.",
    "The delivery of this fund failed last year because nobody agreed on the delivery failure of the old one.",
    "I was out of the office last week, sorry for the delay. We like it.",
    "My colleague is on holiday until 3 March 2026, but I can answer for her: yes.",
    "The ticket system of the Commission swallowed my answer, so here it is again.",
    "Would members have to opt out of NGI funding? That would be a problem for us.",
]  # fmt: skip
FOOTER = "\n\n-- \nKim Berg, Org\nTo unsubscribe from our newsletter click here. This message may be confidential.\n"
QUOTES = [
    "\n\nOn 13 Jan 2026, at 10:00, Alex Example wrote:\n> Dear Org,\n> One line is enough to stop me: unsubscribe, please remove me.\n",
    "\n\nAm 13.01.2026 um 10:00 schrieb Alex Example <alex@sender.example>:\n> Nehmen Sie uns aus dem Verteiler.\n",
    "\n\n-----Original Message-----\nFrom: Alex Example <alex@sender.example>\nSubject: A proposal\n\nPlease unsubscribe me.\n",
    "\n\nLe 13 janvier 2026 à 10:00, Alex Example a écrit :\n> Me désinscrire\n",
    FOOTER,
]
QUOTED_BOUNCE = (
    "I tried to write to you before, but got this:\n\n"
    "> From: Mail Delivery System <MAILER-DAEMON@mx.example>\n> Subject: Undelivered Mail Returned to Sender\n"
    "> <alex@sender.example>: 550 5.1.1 user unknown\n\nIs this the right address?\n"
)


def _answers() -> Iterator[Case]:
    for number, words in enumerate(WORDS):
        for quote in QUOTES:
            data = message(f"kim{number}@org.example", words + quote, subject=f"Re: {SUBJECT}", answers=OURS)
            yield Case(kind=K.ANSWER, source="answer", data=data)
    for subject in ("Re: Automatic reply: your mail", "AW: Abwesenheit", "Re: Out of office", "Absence of funding for open source",
                    "Delivery failure of the EU budget", "Re: [Ticket #123456] Request received", "Ausencia de financiación",
                    "Your request"):  # fmt: skip
        yield Case(
            kind=K.ANSWER,
            source="a machine's subject",
            data=message("kim@org.example", WORDS[0], subject=subject, answers=OURS),
        )
    yield Case(
        kind=K.ANSWER,
        source="quotes a bounce",
        data=message("kim@org.example", QUOTED_BOUNCE, subject="Fwd: Undelivered Mail Returned to Sender"),
    )
    yield Case(
        kind=K.ANSWER,
        source="from a list",
        data=message("kim@org.example", WORDS[0], answers=OURS, Precedence="bulk", List_Id="<x.org.example>"),
    )
    yield Case(
        kind=K.ANSWER,
        source="auto-submitted: no",
        data=message("kim@org.example", WORDS[1], answers=OURS, Auto_Submitted="no"),
    )
    yield Case(
        kind=K.ANSWER,
        source="HTML",
        data=message(
            "kim@org.example", "\n", answers=OURS, html="<p>Yes, gladly.</p><blockquote>unsubscribe me</blockquote>"
        ),
    )
    for words in ("Please write to policy@org.example instead, she is responsible for this.", "Bitte wenden Sie sich an presse@org.example.",
                  "Veuillez contacter bureau@org.example.", "The right person is jo@org.example; please contact him."):  # fmt: skip
        yield Case(
            kind=K.WRONG_PERSON,
            source="names another",
            data=message("kim@org.example", words + QUOTES[0], answers=OURS),
        )


def _opt_outs() -> Iterator[Case]:
    for words in ("Please remove me from your list.", "Unsubscribe", "STOP", "Bitte nehmen Sie uns aus Ihrem Verteiler.",
                  "Merci de me désinscrire.", "Por favor, dar de baja esta dirección.", "Please do not contact us again.",
                  "Cancellatemi dalla lista.", "Verwijder mij van de lijst.", "Please delete our address from your database.",
                  "Proszę usunąć nasz adres.", "Ta bort mig från listan."):  # fmt: skip
        for quote in QUOTES[:3]:
            data = message("kim@org.example", words + quote, subject=f"Re: {SUBJECT}", answers=OURS)
            yield Case(kind=K.OPT_OUT, source="opt-out", data=data)
    by_button = message(
        "kim@org.example", "\n", subject="unsubscribe-0123456789abcdef", to="alex+unsub-0123456789abcdef@sender.example"
    )
    yield Case(kind=K.OPT_OUT, source="List-Unsubscribe", data=by_button)


def _elsewhere() -> Iterator[Case]:
    """A filter's refusal, a receipt for having been read, a complaint."""
    mdn = (
        "From: postmaster@org.example\nTo: alex@sender.example\nSubject: Rejected: A proposal\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        "Your message was automatically rejected.\n\n--b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822; x@org.example\nOriginal-Message-ID: {id}\nDisposition: {what}\n\n--b--\n"
    )
    refusal = mdn.format(id=OURS, what="automatic-action/MDN-sent-automatically; deleted")
    yield Case(kind=K.HARD_BOUNCE, source="Sieve reject", data=refusal.encode())
    seen = mdn.format(id=OURS, what="manual-action/MDN-sent-manually; displayed")
    yield Case(kind=K.AUTOMATIC, source="read receipt", data=seen.encode())
    complaint = (
        mdn.replace("disposition-notification;", "feedback-report;")
        .format(id=OURS, what="x")
        .replace("message/disposition-notification", "message/feedback-report")
    )
    yield Case(kind=K.OPT_OUT, source="complaint", data=complaint.encode())
