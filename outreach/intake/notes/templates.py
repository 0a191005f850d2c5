"""Letters in notes -> templates: a subject, a body, what is attached and whom it is for."""

from __future__ import annotations

from typing import Any

import regex

from outreach.intake.addresses import addresses
from outreach.intake.notes.account import Account
from outreach.intake.notes.endings import end_of_letter
from outreach.intake.notes.entries import owner
from outreach.intake.notes.labels import labelled
from outreach.intake.notes.placeholders import facts_used, links_used, with_variables
from outreach.intake.notes.words import folded, meaning
from outreach.intake.outline import Block, Line, Section
from outreach.intake.titles import tier_of
from outreach.words.slugs import slug_of

_CALLED = regex.compile(
    r"^(?:e ?-?mail ?)?(?:template|vorlage|e ?mailvorlage|mailvorlage|mustermail|musterbrief|muster|modele|plantilla|"
    r"e ?mail|nachricht|message|"
    r"modello|letter|brief|mail|entwurf|draft|version|variant|variante)\s*(?:[a-z]|\d{1,2}|[ivx]{1,4})?\b\s*"
)
_FILE = regex.compile(r"(?<![\w.-])[\w.-]+\.(?:pdf|docx?|odt|pptx?|png|jpe?g|md|txt|xlsx?)\b", regex.IGNORECASE)
_KINDS = (
    ("media", r"media|press|presse|journalis\w*|medien|redaktion\w*|editors?|newspapers?|zeitungen|prensa|medias"),
    (
        "research",
        r"research\w*|forschung\w*|institut\w*|universit\w*|academi\w*|wissenschaft\w*|hochschulen|chercheurs",
    ),
    ("person", r"individuals?|einzelpersonen|personen|maintainers?|developers?|leaders|entwickler\w*"),
    ("project", r"projects?|projekte?|technical|technische?|community|maintainers?|software"),
    ("institution", r"institutions?|ministr\w*|ministeri\w*|behorden|government|authorities|politik\w*|agencies|meps?"),
    (
        "organisation",
        r"organi[sz]ations?|orgs|organisationen|advocacy|verband\w*|vereine|ngos?|associations?|lobby\w*|groups",
    ),
)
_PARTS_OF_LETTERS = frozenset(("subject", "body", "attachments", "audience"))
_SOCIAL = r"social media|forum|foren|mastodon|reddit|soziale medien|posts?"


class _Parts:
    """What of a letter was read so far."""

    def __init__(self) -> None:
        self.subject: str | None = None
        self.first = self.last = 0
        self.attachments: list[str] = []
        self.audience: list[str] = []
        self.fence = ""
        self.asides: list[int] = []
        """Lines above the subject that tell the writer something: they stay as a note."""
        self.ends: list[tuple[int, str]] = []
        """Rules and headings below the first line of the body: where the letter may end."""


def read_templates(account: Account) -> None:
    """Every letter of the document into its account."""
    for section in list(account.document.top.walk()):
        if not _has_subject(section) or (not account.is_free(section.line) and section.level):
            continue
        if any(_has_subject(child) for child in section.children) or _lists_contacts(section):
            continue
        whole = section
        parent = section.parent
        if parent and parent.level and _is_part(section.title) and sum(_has_subject(c) for c in parent.children) == 1:
            whole = parent
        _template(account, whole)


def _has_subject(section: Section) -> bool:
    for block in section.blocks:
        if block.kind == "fence" and _in_fence(block):
            return True
        for line in block.lines:
            found = labelled(line)
            if found and found.means == "subject" and block.kind in ("paragraph", "item"):
                return True
    return any(meaning(child.title) == "subject" for child in section.children)


def _lists_contacts(section: Section) -> bool:
    """Whether what has a subject is a message with a list of contacts, and no letter with something to fill in."""
    lines = [line for block in section.blocks if block.kind == "item" for line in block.lines]
    mails = [each.address for line in lines for each in addresses(line.text, line) if each.kind == "email"]
    texts = [line.text for block in section.blocks for line in block.lines]
    return len({owner(mail) for mail in mails}) > 1 and not any(with_variables(text) != text for text in texts)


def _in_fence(block: Block) -> bool:
    first = block.content.strip().split("\n", 1)[0]
    found = labelled(Line(number=block.line, text=first.strip("* ")))
    return found is not None and found.means == "subject" and bool(found.value)


def _is_part(title: str) -> bool:
    words = folded(title)
    return title.startswith("(") or meaning(title) != "" or bool(regex.match(r"(?:for|to|an|fur|pour|para)\b", words))


def _template(account: Account, section: Section) -> None:
    parts = _Parts()
    here = ""
    for each in section.walk():
        if each is not section and each.level:
            if parts.first and meaning(each.title) not in _PARTS_OF_LETTERS:
                parts.ends.append((each.line, "heading"))
            here = _label(parts, meaning(each.title), "", each.line, here, each.title)
        for block in each.blocks:
            if block.kind == "fence" and (_in_fence(block) or not parts.first):
                parts.fence = block.content
            elif block.kind == "other":
                if parts.first and not block.lines:
                    parts.ends.append((block.line, "rule"))
            else:
                here = _block(parts, block, here)
    last = end_of_letter(account, section.title, parts.first, parts.last, parts.ends) if not parts.fence else parts.last
    is_cut, parts.last = last < parts.last, last
    body = _body(account, parts)
    if not body.strip():
        return
    stem = _stem(section.title)
    front = _front(account, section, parts, body)
    body = _with_pages(body, front.get("attachments", []))
    to = account.add_text("templates", stem, front, body, section.line)
    audience = " ".join([section.title, *parts.audience])
    account.hint("audience", {"template": stem, "words": audience, "tier": tier_of(audience)}, section.line)
    for number in range(section.line, (parts.last if is_cut else section.end) + 1):
        if number not in parts.asides:
            account.take(number, number, "template", to)


def _block(parts: _Parts, block: Block, here: str) -> str:
    for line in block.lines:
        found = labelled(line)
        known = found is not None and found.means in ("subject", "body", "attachments", "audience")
        known = known and (bool(line.lead) or not parts.first or (found is not None and found.means != "audience"))
        if found and known and not (parts.first and found.means == "subject"):
            here = _label(parts, found.means, found.value, line.number, here, "")
        elif here == "subject" and not parts.subject and not parts.first and 0 < len(line.text) <= 100:
            parts.subject = line.text
            here = "body"
        elif here == "attachments" and (parts.first or block.kind != "paragraph" or _FILE.search(line.text)):
            parts.attachments.append(line.text)
        elif here == "audience" and not parts.first and block.kind != "paragraph":
            parts.audience.append(line.text)
        else:
            if here in ("audience", "") and parts.subject is None:
                parts.audience.append(line.text)
                if not here and block.kind == "paragraph":
                    parts.asides.append(line.number)
                continue
            parts.first = parts.first or line.number
            parts.last = max(parts.last, block.end)
            here = "body"
    return here


def _label(parts: _Parts, means: str, value: str, line: int, here: str, title: str) -> str:
    if means == "subject":
        parts.subject = value or parts.subject or ""
        return "subject"
    if means == "attachments":
        parts.attachments += [value] if value else []
        return means
    if means == "body":
        if value:
            parts.first = parts.last = line
        return means
    if means == "audience" or title.startswith("("):
        parts.audience.append(value or title)
        return "audience"
    return here


def _body(account: Account, parts: _Parts) -> str:
    if parts.fence:
        lines = parts.fence.strip("\n").split("\n")
        found = labelled(Line(number=1, text=lines[0].strip("* ")))
        if found and found.means == "subject":
            parts.subject = found.value
            lines = lines[1:]
        second = labelled(Line(number=1, text=next((line for line in lines if line.strip()), "")))
        if second and second.means == "body" and not second.value:
            lines = lines[lines.index(next(line for line in lines if line.strip())) + 1 :]
        return with_variables("\n".join(lines).strip()) + "\n"
    if not parts.first:
        return ""
    raw = account.document.raw(parts.first, parts.last).split("\n")
    if all(line.startswith(">") or not line.strip() for line in raw):
        raw = [regex.sub(r"^> ?", "", line) for line in raw]
    if labelled(Line(number=1, text=raw[0].strip("*# "))) and meaning(raw[0].split(":")[0].strip("*# ")) == "body":
        raw[0] = raw[0].split(":", 1)[1].strip("* ")
    if parts.subject == "" and not parts.audience and len(raw) > 2 and not raw[1].strip() and len(raw[0]) < 100:
        parts.subject, raw = raw[0].strip("* "), raw[1:]
    return with_variables("\n".join(raw).strip("\n -")) + "\n"


def _front(account: Account, section: Section, parts: _Parts, body: str) -> dict[str, Any]:
    subject = with_variables(parts.subject or "").strip()
    front: dict[str, Any] = {"subject": subject or "{{ campaign.title }}"}
    files = list(dict.fromkeys(_FILE.findall(" ".join(parts.attachments))))
    if files:
        front["attachments"] = [slug_of(file.rpartition(".")[0]) for file in files]
    for file in files:
        name = slug_of(file.rpartition(".")[0])
        if all(each.path != ("attachments", name) for each in account.settings):
            account.add_setting(("attachments", name), f"materials/{file}", section.line)
    ask_for(account, f"{subject}\n{body}", section.line)
    return front


def _with_pages(body: str, attached: list[str]) -> str:
    """The number of pages of the one file attached as the file says it, whatever the notes remember."""
    if len(attached) != 1 or ("-" not in attached[0] and not attached[0].isidentifier()):
        return body
    variable = f"{{{{ attachments['{attached[0]}'].pages }}}}"
    return regex.sub(r"\b\d{1,3}(?=[ \u00a0-](?:pages?|Seiten)\b)", variable, body)


def ask_for(account: Account, text: str, line: int) -> None:
    """The links and facts that `text` uses, as keys of campaign.yaml whose values come later."""
    known = {each.path for each in account.settings}
    for link in links_used(text):
        if ("links", link) not in known:
            account.add_setting(("links", link), None, line)
    for fact in facts_used(text):
        if ("facts", fact) not in known:
            account.add_setting(("facts", fact), None, line)
            words = fact.replace("_", " ")
            account.ask(
                line,
                f"The letter has the placeholder [{words}].",
                f"Write it in campaign.yaml: facts: {fact}",
            )


def _stem(title: str) -> str:
    words = folded(title.partition("(")[0])
    bare = regex.sub(r"^(?:for|an|fur|to|pour|die|the|den)\s+", "", _CALLED.sub("", words, count=1).strip(" :-"))
    return slug_of(bare or title or "letter")[:60].strip("-") or "letter"


def kinds_for(words: str) -> list[str]:
    """The kinds of contact that the words about a template name."""
    bare = folded(words)
    kinds = [kind for kind, pattern in _KINDS if regex.search(rf"\b(?:{pattern})\b", bare)]
    return [kind for kind in kinds if kind != "institution" or "research" not in kinds]


def is_social(words: str) -> bool:
    """Whether a template is for posts, and no letter to anybody."""
    return bool(regex.search(rf"\b(?:{_SOCIAL})\b", folded(words)))
