"""Placeholders of all customs (`[Your name]`, `{Name}`, `<<Company>>`) -> variables that `check` asks for."""

from __future__ import annotations

import regex

from outreach.intake.notes.words import folded
from outreach.words.slugs import slug_of

_PLACEHOLDER = regex.compile(
    r"\{#.*?#\}(*SKIP)(*FAIL)|\[(?P<square>[^\[\]\n]{2,60})\](?![(\[:])|(?<!\{)\{(?P<curly>\p{L}[^{}\n]{0,40})\}(?!\})"
    r"|<<\s?(?P<angle>[^<>\n]{2,40}?)\s?>>|%(?P<percent>[A-Z][A-Z_]{2,30})%|\{\{\s*(?P<double>\p{L}[^{}\n|.]{0,40}?)\s*\}\}"
)
_ONLY_TOLD = regex.compile(r"^(?:#+ +|\*\*[^*\n]{1,30}\*\* *)\[[^\[\]\n#]{12,}\][ \t]*$", regex.MULTILINE)
_SENDER = (
    "your name|my name|sender name|signature|name of sender|ihr name|dein name|mein name|euer name|absender|"
    "votre nom|mon nom|tu nombre|il tuo nome|unterschrift|vorname nachname|your full name|uw naam|sender"
)
_NOTHING = "\0"
"""Where nothing is left, not even the space before it."""
_SIGNED = regex.compile(r"(?<=\n\s*)(\[(?:name|vorname nachname|nom|nombre|nome)\])(?=\s*+\Z)", regex.IGNORECASE)
"""A letter that ends with a name ends with that of whoever writes it."""
_SENDER_MAIL = "your e?-?mail(?: address)?|ihre e mail|deine e mail|meine e mail|ihre mailadresse|your contact"
_CONTACT = (
    "name|organi[sz]ation|organisation|company|recipient|first name|last name|contact name|contact|firma|anrede|"
    "name der organisation|empfanger|vorname|nachname|organization name|company name|outlet|publication|project|"
    "verband|verein|redaktion|medium|projekt|nom|nombre|nome|recipient name|their name|institution|ansprechpartner"
)
_ANGLE = "personal (?:note|line|paragraph)|angle|personalisation|personalization|personlicher \\w+|aufhanger|why them"
_LINK = (
    r"^(?:link|url|lien|enlace|insert link|hier link|github repo|repo|repository|where\w* you host)\b"
    r"|\b(?:link|url|verweis)\b"
)


def with_variables(text: str, *, in_post: bool = False, first_post: str = "") -> str:
    """`text` with variables for its placeholders; what is no placeholder (`[x]`, `[relevant]` in code) stays.

    In a post `{{ contact... }}` means nothing, so a name there becomes a fact to be said in campaign.yaml.
    """
    if in_post:  # a line that only tells the writer what to write is kept for them, and is no part of the post
        text = _ONLY_TOLD.sub(lambda match: f"{{# {match[0].strip()} #}}", text)
    else:
        text = _SIGNED.sub("{{ sender.name }}", text)
    text = _PLACEHOLDER.sub(lambda match: _variable(match, in_post, first_post), text)
    return regex.sub(f" *{_NOTHING}", "", text)


def _variable(match: regex.Match[str], in_post: bool, first_post: str) -> str:
    raw = next(group for group in match.groups() if group is not None)
    words = folded(raw) or raw.casefold()
    if len(raw.strip()) < 2 or raw.strip().isdigit():
        return str(match.group())
    if regex.search(r"\bwhen posted\b|\bsobald (?:gepostet|veroffentlicht)\b", words) and first_post:
        return f"{{{{ posts['{first_post}'].url }}}}"
    if regex.fullmatch(_SENDER, words):
        return "{{ sender.name }}"
    if regex.fullmatch(_SENDER_MAIL, words):
        return "{{ sender.email }}"
    if not in_post and regex.fullmatch(_CONTACT, words):
        return "{{ contact.name }}"
    if not in_post and regex.fullmatch(_ANGLE, words):
        return "{{ contact.personal_text }}"
    if regex.search(_LINK, words):
        return "{{ links.brief }}"
    if match["square"] is not None and not raw[0].isupper() and regex.match(r"if true|wenn wahr|falls", words):
        return _NOTHING
    return f"{{{{ facts.{slug_of(raw)[:40].replace('-', '_')} }}}}"


def uses(text: str, name: str) -> bool:
    """Whether a variable of that name (`links.brief`) stands in `text`."""
    return bool(regex.search(rf"\{{\{{\s*{regex.escape(name)}\b", text))


def facts_used(text: str) -> list[str]:
    """The names under `facts` in `text`."""
    return list(dict.fromkeys(regex.findall(r"\{\{\s*facts\.(\w+)", text)))
