"""What a message is. Asked in this order, the most certain sign first; whatever no rule takes is a human answer.

Certain signs act by themselves: the token of our unsubscribe address, a report with our Message-ID, a message that says
nothing but "unsubscribe", the headers of automatic replies (RFC 3834). Words only propose (`Sorted.certain`), and
a person confirms. The words are in `words/languages`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache

from outreach.inbox.away import away_until
from outreach.inbox.bounces import by_notice, by_report
from outreach.inbox.reading import may_want_answers_to_list, wrote_as_list
from outreach.inbox.refusals import wish
from outreach.inbox.subjects import is_reply
from outreach.model.mail import BOUNCES, BY_LIST, TO_LIST, Incoming, MailKind, Matched, Sorted
from outreach.words.phrases import finder, folded, phrases

_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_TICKET = re.compile(
    r"(\[[^\]]{0,40}#\s?\w*\d{3,}[^\]]{0,20}\]|\b(ticket|case|request|vorgang|anfrage|demande|solicitud)\W{0,3}"
    r"(id|nr|no|number)?\W{0,3}\d{3,})",
    re.IGNORECASE,
)
_TAGGED = re.compile(r"\s*\[[^\]]{0,40}#\s?\w*\d{3,}")
_SENTENCE_ENDS = re.compile(r"(?<=[^\d][.!?])\s+|\n\s*")
_SENTENCES = re.compile(r"(?<=[.!?;])\s+(?!\d)|\n\s*\n|(?<=[\u3002\uff01\uff1f!?])")
_UNSUBSCRIBE = re.compile(r"unsub(?:scribe)?-[0-9a-f]{16}")
_WORD = re.compile(r"\w+(?:['-]\w+)*")
_LONG_WORD = re.compile(r"[^\W\d_]{9,20}")
_ALIKE = 0.88
"""How alike two words of nine letters are (`SequenceMatcher`) if two letters of one are swapped."""
_HELPDESKS = re.compile(
    r"zendesk|otrs|znuny|zammad|fresh(desk|service)|help ?scout|request tracker|\brt \d|jitbit|kayako|deskpro|hesk|"
    r"osticket|glpi|redmine|servicenow|jira|front\b|hubspot|freescout|uvdesk|faveo",
    re.IGNORECASE,
)
_GREETING_ENDS = re.compile(r"[,:!\n]")
_GREETING = 60
"""Characters at the beginning in which a person says whom they write to."""
_SHORT = 20
"""Words up to which a message can say nothing but "unsubscribe"."""
_CLEAR, _UNLIKELY = 0.0, -0.6
"""How much a sentence asks for no more mail (`refusals.wish`): enough for a proposal, and too little for a phrase."""
_LONGEST = 4000
_LISTS = ("list-id", "list-post", "list-unsubscribe", "list-help", "x-campaign", "x-campaignid",
          "x-mailchimp-campaign", "x-beenthere", "x-mailman-version", "feedback-id", "x-mailgun-sid")  # fmt: skip
_NOBODY = re.compile(
    r"^(no|do|dont|do-not)?[._-]?(not[._-]?)?repl(y|ies)\b|"
    r"^(noreply|no-reply|donotreply|notification|newsletter|news|mailing|mailer|automail|alerts?|updates|marketing)"
)


def sort(
    mail: Incoming, matched: Matched | None = None, *, unsubscribes: bool = False, names: Collection[str] = ()
) -> Sorted:
    """What the message is, and by which rule.

    `matched` is whose it is, with the thread that it is in; `unsubscribes`: it went to the token of a letter; `names`
    are the words of our own names, `folded`, by which a person greets us.
    """
    if unsubscribes:
        return Sorted(kind=MailKind.OPT_OUT, rule="a message to the unsubscribe address of the letter")
    found = by_report(mail) or by_notice(mail)
    if found is not None:
        return _as_proved(found, matched)
    if mail.invites or _is_calendars(mail):
        return Sorted(kind=MailKind.ANSWER, rule="an invitation")
    return _by_headers(mail, matched, names) or _nothing_but_no(mail, matched) or _by_words(mail, matched)


def _as_proved(found: Sorted, matched: Matched | None) -> Sorted:
    """A refusal or a complaint counts by itself only where something proves that it is about our letter."""
    if found.kind not in (*BOUNCES, MailKind.OPT_OUT) or matched is None:
        return found
    rule = f"{found.rule}; unverified" if matched.proof == "unverified" else found.rule
    return replace(found, rule=rule, certain=matched.proof != "")


# --- list and machine mail -----------------------------------------------------------------------------


def is_mass_mail(mail: Incoming, names: Collection[str] = ()) -> bool:
    """Whether it went to many at once: a list, a newsletter. It answers nobody.

    What a program sends for one person is marked so, too: a helpdesk's, also an unknown one's that greets us by name.
    """
    if is_list_mail(mail) or _header(mail, "precedence") != "bulk":
        return is_list_mail(mail)
    greets = _header(mail, "auto-submitted") == "auto-generated" and _greets(folded(mail.own_text[:_LONGEST]), names)
    return not (greets or is_helpdesks(mail))


def _greets(own: str, names: Collection[str]) -> bool:
    """Whether a text begins by greeting one of us: `names` are the words of our own names."""
    return any(word in names for word in _WORD.findall(_GREETING_ENDS.split(own.lstrip()[:_GREETING])[0]))


def is_list_mail(mail: Incoming) -> bool:
    """Whether a list or a newsletter's program sent it. A helpdesk's mail may carry the marks of who delivers it."""
    listed = _LISTS[: _LISTS.index("feedback-id")] if is_helpdesks(mail) else _LISTS
    return any(name in mail.headers for name in listed) or _header(mail, "precedence") in ("list", "junk")


def answers_reach_list(mail: Incoming) -> str:
    """BY_LIST or TO_LIST where an answer to its sender, or to its Reply-To, may reach a mailing list; else ""."""
    if wrote_as_list(mail):
        return BY_LIST
    return TO_LIST if may_want_answers_to_list(mail) and not is_nobodys(mail) else ""


def is_nobodys(mail: Incoming) -> bool:
    """Whether its sender reads no answers: a registration, an order, a notification."""
    return _NOBODY.match(mail.sender.partition("@")[0]) is not None


def _header(mail: Incoming, name: str) -> str:
    return mail.headers.get(name, "").split(";")[0].split("(")[0].strip().casefold()


def _is_calendars(mail: Incoming) -> bool:
    """An invitation whose calendar part was lost on its way."""
    return "calendar" in mail.headers.get("sender", "").casefold() and bool(_header(mail, "auto-submitted"))


def is_helpdesks(mail: Incoming) -> bool:
    """Whether a helpdesk's program sent it: for its machines, and for every person who answers there."""
    programs = " ".join(mail.headers.get(name, "") for name in ("x-mailer", "x-powered-by", "managed-by", "user-agent"))
    return _HELPDESKS.search(programs) is not None or any(name in mail.headers for name in ("rt-ticket", "x-fd-ticket"))


def _by_headers(mail: Incoming, matched: Matched | None, names: Collection[str]) -> Sorted | None:
    headers, submitted, precedence = mail.headers, _header(mail, "auto-submitted"), _header(mail, "precedence")
    autoreply = ("x-autoreply", "x-autorespond", "x-auto-reply", "x-autoreply-from", "x-autoresponder")
    signs = (
        (submitted not in ("", "no"), "Auto-Submitted (RFC 3834)"),
        (any(name in headers for name in autoreply), "X-Autoreply"),
        (precedence in ("auto_reply", "auto-reply"), "Precedence: auto_reply"),
        (precedence == "bulk" and "x-auto-response-suppress" in headers, "Precedence: bulk, X-Auto-Response-Suppress"),
        (headers.get("return-path", "").strip() == "<>", "no address to return to"),
    )
    rule = next((rule for holds, rule in signs if holds), None)
    answers = bool(mail.answers_to or is_reply(mail.subject) or (matched is not None and matched.thread))
    if rule is None:
        is_ones = precedence == "bulk" and not answers and is_mass_mail(mail) and not is_list_mail(mail)
        greets = is_ones and _greets(folded(mail.own_text[:_LONGEST]), names)
        return _machine(mail, "Precedence: bulk, though it greets us by name", certain=False) if greets else None
    generated = submitted == "auto-generated" or (precedence == "bulk" and not submitted)
    if rule == "X-Autoreply" or not (generated or (answers and (precedence == "bulk" or not submitted))):
        return _machine(mail, rule, certain=True)
    found = _is_machines(mail, answers=answers, names=names)
    if found is None:
        return _machine(mail, f"{rule}, which helpdesks set for what people write, too", certain=False)
    return _machine(mail, rule, certain=True) if found else None


def _is_machines(mail: Incoming, *, answers: bool, names: Collection[str]) -> bool | None:
    """Whether a program wrote it, where a helpdesk marks what its people write in the same way; None: ask.

    An answer is a person's where nothing in it is a machine's. What answers nothing may be an invoice as well: it is a
    person's where it greets one of us by name, says what only people say, or comes from a helpdesk.
    """
    own = folded(mail.own_text[:_LONGEST])
    says_so = _subject_is(mail, "automatic_subjects") or finder("mail", "automatic", "challenge").search(own)
    if says_so or not own.strip():
        return True
    is_personal = finder("mail", "personal").search(own) is not None
    is_receipt = finder("mail", "receipt", "away").search(own) is not None or _subject_is(mail, "receipt_subjects")
    if answers:
        return is_receipt and not is_personal
    if is_nobodys(mail) or is_list_mail(mail) or (is_receipt and not is_personal):
        return True
    is_personal = is_personal or is_helpdesks(mail) or _greets(own, names)
    if finder("mail", "notification").search(f"{folded(mail.subject)}\n{own}"):
        return None if is_personal else True
    return False if is_personal else None


def _machine(mail: Incoming, rule: str, *, certain: bool) -> Sorted:
    said = folded(f"{mail.subject}\n{mail.own_text[:3000]}")
    if finder("mail", "challenge").search(said):
        return Sorted(kind=MailKind.CHALLENGE, rule=rule, certain=certain)
    if _subject_is(mail, "receipt_subjects") or _TICKET.search(mail.subject):
        return Sorted(kind=MailKind.TICKET, rule=rule, certain=certain)
    until = away_until(f"{mail.own_text}\n{mail.subject}", mail.at)
    return Sorted(kind=MailKind.AUTOMATIC, rule=rule, certain=certain, away_until=until)


def _subject_is(mail: Incoming, *keys: str) -> bool:
    """Whether the subject begins with one of these words, behind no `Re:`, perhaps in brackets."""
    subject = re.sub(r"^\s*\[(?=[^\]]*\d)[^\]]*\]\s*", "", folded(mail.subject)).lstrip(" [(<*-:!")
    return finder("mail", *keys).match(subject) is not None


# --- what somebody wrote ---------------------------------------------------------------------------------


def _nothing_but_no(mail: Incoming, matched: Matched | None) -> Sorted | None:
    """A message that says nothing but "unsubscribe": greetings, thanks and the sender's name left out."""
    said = mail.own_text if mail.own_text.strip() else mail.subject
    lines = [line for line in folded(said[:2000]).splitlines() if not finder("mail", "sent_from").match(line.strip())]
    words = _WORD.findall(" ".join(lines))
    if not words or len(words) > _SHORT:
        return None
    if _is_only_no(words, mail):
        certain = matched is None or matched.thread
        return Sorted(kind=MailKind.OPT_OUT, rule='a message that says nothing but "unsubscribe"', certain=certain)
    first = next(line for line in lines if line.strip())
    if _is_only_no(_WORD.findall(first), mail):
        return Sorted(kind=MailKind.OPT_OUT, rule=f'a first line that says only "{first.strip()}"', certain=False)
    return None


def _is_only_no(words: Sequence[str], mail: Incoming) -> bool:
    """Whether `folded` words are one for no more mail, perhaps with greetings, thanks and the sender's name."""
    no, polite = {folded(word) for word in phrases("mail", "opt_out_words")}, _polite()
    own = set(_WORD.findall(folded(f"{mail.sender_name} {mail.sender.partition('@')[0]}".replace(".", " "))))
    return " ".join(words) in no or " ".join(word for word in words if word not in {*polite, *own}) in no


def _by_words(mail: Incoming, matched: Matched | None) -> Sorted:
    if any(_UNSUBSCRIBE.search(each) for each in (*mail.recipients, mail.subject.casefold())):
        return Sorted(kind=MailKind.OPT_OUT, rule="a message to an unsubscribe address, of no letter", certain=False)
    own = _without_typos(folded(mail.own_text[:_LONGEST]))
    if not own.strip() and _subject_is(mail, "opt_out_words"):
        return Sorted(kind=MailKind.OPT_OUT, rule="a subject that begins with a word for no more mail", certain=False)
    wished = own if is_reply(mail.subject) else f"{folded(mail.subject)}.\n{own}"
    if asked := _asks_for_no_more(wished):
        law = " (GDPR 17, 21)" if finder("mail", "erasure").search(own) else ""
        rule = f'words that ask for no more mail{law}: "{asked[0][:60]}"'
        return Sorted(kind=MailKind.OPT_OUT, rule=rule, certain=False)
    said = _may_say_no(wished) if matched is not None else ""
    if (asked := finder("mail", "data_request").search(own)) and not said:
        rule = f'words that ask for their data (GDPR 15): "{asked[0][:60]}"'
        return Sorted(kind=MailKind.DATA_REQUEST, rule=rule, certain=False)
    machine = _seems_machine(mail, own)
    if machine:
        return _machine(mail, machine, certain=False)
    other = _other_address(mail, own)
    if other is not None:
        return Sorted(kind=MailKind.WRONG_PERSON, rule="an answer that names another address", proposed=other)
    if matched is not None and not matched.thread and is_nobodys(mail):
        return Sorted(kind=MailKind.NOT_FOR_US, rule="its sender reads no answers", certain=False)
    if said:
        return Sorted(kind=MailKind.OPT_OUT, rule=f'words that may be a no: "{said.strip()[:60]}"', certain=False)
    return Sorted(kind=MailKind.ANSWER, rule="no sign that it is automatic")


def _without_typos(own: str) -> str:
    """A `folded` text in which `unsubcribe` is "unsubscribe": long words for no more mail, with one letter wrong."""
    return _LONG_WORD.sub(lambda word: _meant(word[0]), own)


@lru_cache(maxsize=4096)
def _meant(word: str) -> str:
    if word in _long_words_for_no():
        return word
    same = (no for no in _long_words_for_no() if (no[:2], no[-2:]) == (word[:2], word[-2:]))
    return next((no for no in same if SequenceMatcher(None, no, word).ratio() > _ALIKE), word)


@lru_cache(maxsize=1)
def _long_words_for_no() -> tuple[str, ...]:
    words = {folded(word) for word in phrases("mail", "opt_out_words")}
    return tuple(sorted(word for word in words if _LONG_WORD.fullmatch(word)))


def _asks_for_no_more(own: str) -> re.Match[str] | None:
    """Where it asks for no more mail, in a sentence that does not say the contrary."""
    sentences = (each for each in _SENTENCES.split(own) if not finder("mail", "not_opt_out").search(each))
    found = ((each, finder("mail", "opt_out").search(each)) for each in sentences)
    return next((words for each, words in found if words and wish(each) > _UNLIKELY), None)


def _may_say_no(own: str) -> str:
    """The sentence of an answer that seems to ask for no more mail in words that no phrase foresees; "" if none does.

    A proposal costs one key; a no that stood among the answers costs a second letter.
    """
    other = finder("mail", "not_opt_out", "data_request", "sent_from", "original_message")
    sentences = [each for each in _SENTENCES.split(own) if not other.search(each)]
    clearest = max(sentences, key=wish, default="")
    return clearest if clearest and wish(clearest) > _CLEAR else ""


def _seems_machine(mail: Incoming, own: str) -> str:
    """Why an answer without a machine's headers seems to be one's; "" where a person seems to have written it.

    A subject that only machines write is enough. Words in the text are, where nothing in it is personal: whoever says
    that they are interested, or asks a question, wrote it themselves.
    """
    if _subject_is(mail, "automatic_subjects"):
        return "a subject that begins as an automatic reply does"
    if _subject_is(mail, "challenge") or ("://" in own and finder("mail", "challenge").search(own)):
        return "words that ask to confirm"
    away, receipt = finder("mail", "away").search(own), finder("mail", "receipt").search(own)
    if sign := finder("mail", "automatic").search(own):
        return f'its text says that it is automatic: "{sign[0][:60]}"'
    if receipt and _subject_is(mail, "receipt_subjects") and "?" not in own:
        return "a subject and a text as machines confirm receipt"
    if away and _subject_is(mail, "away_subjects") and "?" not in own:
        return "a subject and a text that say that somebody is away"
    if finder("mail", "personal").search(own) or re.search(r"\w{3,}\W?\?", own):
        return ""
    if _subject_is(mail, "away_subjects") and len(own) < 300:
        return "a subject that says that somebody is away"
    if _subject_is(mail, "receipt_subjects") and _TAGGED.match(mail.subject):
        return "a subject and a text as machines confirm receipt"
    if (sign := receipt or away) and len(own) <= 1200 and all(map(_is_formal, _SENTENCE_ENDS.split(own))):
        return f'words that nobody writes in person: "{sign[0][:60]}"'
    return ""


@lru_cache(maxsize=1)
def _polite() -> frozenset[str]:
    """The words of greetings and thanks, each by itself."""
    return frozenset(word for phrase in phrases("mail", "polite") for word in folded(phrase).split())


def _is_formal(sentence: str) -> bool:
    """Whether a sentence could be in an automatic reply: who is away until when, whom to ask, a greeting."""
    words = _WORD.findall(sentence)
    if len(words) < 5 or re.search(r"@|https?:|\d{5}", sentence):
        return True
    polite = _polite()
    if sum(word in polite for word in words) * 5 >= len(words) * 2:
        return True
    return finder("mail", "away", "receipt", "automatic", "urgent", "instead").search(sentence) is not None or bool(
        re.search(r"\d", sentence) and finder("mail", "until").search(sentence)
    )


def _other_address(mail: Incoming, own: str) -> str | None:
    if not finder("mail", "instead").search(own):
        return None
    found = [address.casefold().rstrip(".") for address in _ADDRESS.findall(mail.own_text)]
    return next((address for address in found if address not in (mail.sender, *mail.recipients)), None)
