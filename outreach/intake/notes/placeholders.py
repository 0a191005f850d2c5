"""Placeholders of all customs (`[Your name]`, `{Name}`, `<<Company>>`) -> variables that `check` asks for."""

from __future__ import annotations

from functools import lru_cache

import regex

from outreach.intake.notes.words import folded
from outreach.words.phrases import phrases
from outreach.words.slugs import slug_of

_PLACEHOLDER = regex.compile(
    r"\{#.*?#\}(*SKIP)(*FAIL)|\[(?P<square>[^\[\]\n]{2,60})\](?![(\[:])|(?<!\{)\{(?P<curly>\p{L}[^{}\n]{0,40})\}(?!\})"
    r"|<<\s?(?P<angle>[^<>\n]{2,40}?)\s?>>|%(?P<percent>[A-Z][A-Z_]{2,30})%|\{\{\s*(?P<double>\p{L}[^{}\n|.]{0,40}?)\s*\}\}"
)
_ONLY_TOLD = regex.compile(r"^(?:#+ +|\*\*[^*\n]{1,30}\*\* *)\[[^\[\]\n#]{12,}\][ \t]*$", regex.MULTILINE)
_NOTHING = "\0"
"""Where nothing is left, not even the space before it."""
_SIGNED = regex.compile(r"(?<=\n\s*)(\[(?:name|vorname nachname|nom|nombre|nome)\])(?=\s*+\Z)", regex.IGNORECASE)
"""A letter that ends with a name ends with that of whoever writes it."""
_HOSTED = regex.compile(
    r"\b(?:where\w* (?:you|we|i) host|wo\w* (?:wir|ihr|sie) \w*host\w*|github repo|repo|repository)\b"
)
_LINK_WORD = r"(?:link|url|lien|enlace|verweis|collegamento|odnosnik|ligacao|hiperligacao)"
_TO = r"(?:to|zu|zum|zur|vers|a|al|alla|naar|do|para)"
_LINK_TO = regex.compile(rf"^(?:(?:insert |hier |the |le |el |il )?{_LINK_WORD})(?: {_TO}\b(?P<to>.*))?$")
_ARTICLE = regex.compile(r"^(?:the|our|your|der|die|das|dem|den|le|la|les|el|los|il|lo|de|het|o|a|insert|hier)\s+")
_NAMED_LINK = regex.compile(rf"^(?P<name>.*?)[ _-]*{_LINK_WORD}$")


@lru_cache(maxsize=8)
def _words(key: str) -> frozenset[str]:
    return frozenset(folded(phrase) for phrase in phrases("placeholders", key))


def _link(words: str) -> str:
    """The name under `links` that a placeholder means; "" for none. Different placeholders stay different."""
    if words in _words("link") or _HOSTED.search(words):
        return "brief"
    if found := _LINK_TO.match(words):
        return _name_of(found["to"] or "") or "brief"
    if found := _NAMED_LINK.match(words):
        return _name_of(found["name"]) or "brief"
    return ""


def _name_of(words: str) -> str:
    bare = _ARTICLE.sub("", words.strip())
    return slug_of(bare)[:40].strip("-").replace("-", "_") if bare.strip(" -_") else ""


def with_variables(text: str, *, in_post: bool = False, first_post: str = "") -> str:
    """`text` with variables for its placeholders; what is not a placeholder (`[x]`, `[relevant]` in code) stays.

    In a post `{{ contact... }}` means nothing, so a name there becomes a fact to be said in campaign.yaml.
    """
    if in_post:  # a line that only tells the writer what to write is kept for them, and is not a part of the post
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
    if words in _words("sender"):
        return "{{ sender.name }}"
    if words in _words("sender_mail"):
        return "{{ sender.email }}"
    if not in_post and words in _words("contact"):
        return "{{ contact.name }}"
    if not in_post and words in _words("personal_text"):
        return "{{ contact.personal_text }}"
    if link := _link(words):
        return f"{{{{ links.{link} }}}}"
    if match["square"] is not None and not raw[0].isupper() and regex.match(r"if true|wenn wahr|falls", words):
        return _NOTHING
    return f"{{{{ facts.{fact_name(raw)} }}}}"


def fact_name(words: str) -> str:
    """The name under `facts` of a placeholder that says `words`."""
    return slug_of(words)[:40].replace("-", "_")


def links_used(text: str) -> list[str]:
    """The names under `links` in `text`."""
    return list(dict.fromkeys(regex.findall(r"\{\{\s*links\.(\w+)", text)))


def facts_used(text: str) -> list[str]:
    """The names under `facts` in `text`."""
    return list(dict.fromkeys(regex.findall(r"\{\{\s*facts\.(\w+)", text)))
