"""What somebody wrote themselves, without what they quote. A preview: no rule is right for every mail program."""

from __future__ import annotations

import html
import re

_INTRODUCTIONS = re.compile(
    r"^\s*("
    r"(on|am|le|el|il|op|em|w dniu|den|dne|pe|στις|на)\b.{0,300}?"
    r"(wrote|schrieb\w*|geschrieben|a écrit|escribió|ha scritto|schreef|escreveu|napisał\w*|skrev|napsal\w*|"
    r"kirjoitti|έγραψε|написа\w*)"
    r".{0,80}:|"
    r".{0,120}\b(wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|skrev)\s*:|"
    r"-{2,}\s*(original message|original-nachricht|ursprüngliche nachricht|message d'origine|mensaje original|"
    r"messaggio originale|oorspronkelijk bericht|mensagem original|forwarded message|"
    r"weitergeleitete nachricht)\s*-{2,}|"
    r"_{10,}|"
    r"(from|von|de|da|van|od|från|fra|lähettäjä)\s*:\s.*(@|<).*"
    r")\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(r"^-- ?$")


def own_text(text: str) -> str:
    """The lines before the first quotation and the signature, without lines that quote."""
    kept: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        joined = f"{line} {lines[number + 1]}" if number + 1 < len(lines) else line
        if _SIGNATURE.match(line) or _INTRODUCTIONS.match(line) or (_starts(line) and _INTRODUCTIONS.match(joined)):
            rest = lines[number:]
            return "\n".join([*kept, *_below(rest)]).strip()
        if not line.lstrip().startswith((">", "|")):
            kept.append(line)
    return "\n".join(kept).strip()


def _starts(line: str) -> bool:
    """Whether an introduction may be broken over two lines here."""
    return bool(re.match(r"^\s*(on|am|le|el|il|op|em|den|w dniu)\b", line, re.IGNORECASE))


def _below(rest: list[str]) -> list[str]:
    """What stands below the quotation: people who answer below write there, between and after `>` lines."""
    if not any(line.startswith(">") for line in rest):
        return []
    after = [line for line in rest[1:] if not line.lstrip().startswith(">")]
    signature = next((number for number, line in enumerate(after) if _SIGNATURE.match(line)), len(after))
    return after[:signature]


def text_of_html(source: str) -> str:
    """The words of an HTML part, roughly: enough to sort a message that has no other."""
    source = re.sub(r"(?is)<(script|style|head)\b.*?</\1>", " ", source)
    source = re.sub(r"(?is)<blockquote\b.*", "\n> ", source)
    source = re.sub(r"(?i)<(br|/p|/div|/tr|/li)\b[^>]*>", "\n", source)
    return html.unescape(re.sub(r"(?s)<[^>]{0,2000}>", "", source))
