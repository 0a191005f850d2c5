"""Mistakes in contact files written as YAML; most in the one file of Brimelva, whom nothing else refers to."""

from __future__ import annotations

# ruff: noqa: E501 - one mistake to a row
import os
from pathlib import Path
from typing import Any

from .mistake import Level, Mistake, added, directory_instead, swapped, zeros

FILE = "contacts/no/vest/kommuner/brimelva.yaml"
LIST = "contacts/no/vest/kommuner/alle.yaml"
NEW = "contacts/ny.yaml"
ADDRESS = "email: postmottak@brimelva.example"


def brimelva(name: str, old: str, new: str, words: str, level: Level = "error", **more: Any) -> Mistake:
    """One place of Brimelva's file changed; the line expected is that of the changed place unless said otherwise."""
    found: dict[str, Any] = {"line": new, "stops": ("brimelva-kommune",), **more}
    return Mistake(name=name, file=FILE, make=swapped(FILE, old, new), words=words, level=level, **found)


def instead_of_tier(name: str, new: str, words: str, level: Level = "error", **more: Any) -> Mistake:
    return brimelva(name, "tier: 0", new, words, level, **more)


def new_file(name: str, content: str | bytes, words: str, **more: Any) -> Mistake:
    return Mistake(name=name, file=NEW, make=added(NEW, content), words=words, **more)


def symlink_to_itself(folder: Path) -> None:
    os.symlink("laço.yaml", folder / "contacts/laço.yaml")


BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n" + "".join(
    f"{key}: &{key} [{','.join([f'*{before}'] * 9)}]\n" for before, key in zip("bcdefgh", "cdefghi", strict=True)
)
ENCODED = "=?UTF-8?Q?Eve=0ABcc:_e@x.example?= é"
NAME = "name: Brimelva kommune"

YAML_TRAPS = [
    instead_of_tier("duplicate key", "tier: 0\ntier: 1", "duplicate|twice|again|already", line="tier: 1"),
    instead_of_tier("alias", "tier: 0\ntags: &t [a]\nfields2: *t", "alias|anchor|&t|\\*t", line="tags: &t"),
    instead_of_tier("merge key", "<<: {tier: 0}", "merge|<<"),
    instead_of_tier("tag", 'tier: !!python/object/apply:os.system ["touch owned"]', "tag|!!"),
    instead_of_tier("local tag", "tier: !nivel 0", "tag|!nivel"),
    instead_of_tier("tabulator as indent", "tier: 0\nfields2:\n\ta: 1", "tab", line="\ta: 1"),
    instead_of_tier("second document", "tier: 0\n---\nname: Outra", "document|---", line="---"),
    brimelva("unquoted colon", NAME, "name: Brimelva: kommune", '"Brimelva: kommune"|\'Brimelva: kommune\''),
    brimelva("unquoted handle", '"@brimelva@elver.example"', "@brimelva@elver.example", "quot",
             line="mastodon: @brimelva"),
    brimelva("unquoted hash", ADDRESS + ", role: general", ADDRESS + ", role: #geral", "quot|#", line="role: #geral"),
    brimelva("bracket left open", "attachments: [mapa]", "attachments: [mapa", "\\[|bracket|list|clos|flow|end", line=None),
    brimelva("quote left open", NAME, 'name: "Brimelva kommune', "quot|scalar", line=None),
    brimelva("two levels of indent", "country: NO", "  country: NO", "indent|mapping|not allowed|line", line=None),
    instead_of_tier("deep nesting in brackets", "tier: " + "[" * 3000 + "]" * 3000, "deep|nest", line="tier: [[["),
    instead_of_tier("deep nesting in braces", "tier: " + "{a: " * 3000 + "}" * 3000, "deep|nest", line="tier: {a"),
    Mistake(name="Latin-1 bytes", file=FILE, make=swapped(FILE, "Ordfører", "Ordfører".encode("latin-1")),
            words="utf-8", line="Åse Brimelva", level="error", stops=("brimelva-kommune",)),
    Mistake(name="NUL byte", file=FILE, make=swapped(FILE, "to år", b"to \x00 \xc3\xa5r"), words="nul|control|character|\\\\x00",
            line="kom tilbake", level="error", stops=("brimelva-kommune",)),
    Mistake(name="UTF-16", file=NEW, make=added(NEW, "name: Ny\n".encode("utf-16")), words="utf-8|utf-16|nul|character",
            line=None, level="error"),
]  # fmt: skip

WRONG_VALUES = [
    instead_of_tier("unknown key", "langauge: nb2", "unknown-key.*language", level=None, line="langauge"),
    instead_of_tier("tier in words", "tier: høy", "tier.*(number|whole|integer)"),
    brimelva("kind misspelt", "kind: institution", "kind: instituton", "institution\\b"),
    brimelva("country unknown", "country: NO", "country: XX", "country|ISO 3166"),
    brimelva("language unreadable", "language: nb", "language: norsk bokmål", "language|BCP 47"),
    brimelva("timezone misspelt", "timezone: Europe/Oslo", "timezone: Europe/Olso", "Europe/Oslo"),
    brimelva("website that runs code", "website: https://brimelva.example/", "website: javascript:alert(1)", "website|http"),
    brimelva("address without @", ADDRESS, "email: postmottak.brimelva.example", "address|email|mail"),
    brimelva("address with a second header", ADDRESS, 'email: "post@brimelva.example\\nBcc: eve@x.example"',
             "address|line|control"),
    brimelva("two addresses in one", ADDRESS, 'email: "a@brimelva.example, b@brimelva.example"', "address|one"),
    brimelva("unknown channel", ADDRESS, "emial: postmottak@brimelva.example", "email"),
    brimelva("mastodon handle of half", '"@brimelva@elver.example"', '"@brimelva"', "mastodon|handle|server", level=None),
    brimelva("form that is no address", ADDRESS, "form: fyll ut skjemaet", "form|https?|address"),
    brimelva("name missing", NAME + "\n", "", "name", line=None),
    brimelva("name empty", NAME, 'name: ""', "name"),
    brimelva("name with a hidden header", NAME, f'name: "{ENCODED}"', "encoded|=\\?"),
    brimelva("name with a line break", NAME, 'name: "Eve\\nBcc: eve@x.example"', "line|control"),
    brimelva("name with a line separator", NAME, 'name: "Eve\\u2028Bcc"', "line|separator|control"),
    brimelva("name with an escape character", NAME, 'name: "Eve\\e[31m"', "control|character"),
    brimelva("name that turns the text around", NAME, 'name: "Eve\\u202Egpj"', "control|direction|bidi|character|invisible",
             level=None),
    brimelva("name that is a list", NAME, "name: [Brimelva, kommune]", "name.*text|text.*name"),
    brimelva("id that climbs out of the folder", "id: brimelva-kommune", "id: ../../evil", "id|slug"),
    brimelva("stage unknown", "kind: institution", "kind: institution\nstage: redy", "ready", line="stage: redy"),
    brimelva("eu neither true nor false", "kind: institution", "kind: institution\neu: maybe", "true|false", line="eu: maybe"),
    brimelva("a day that does not exist", "agreed_on: 2025-12-01", "agreed_on: 2025-02-30", "date|day|2025-02-30", level=None),
    brimelva("via nobody", "kind: institution", "kind: institution\nvia: ingen-her", "ingen-her", level=None, line="via:"),
    brimelva("attachment nobody knows", "attachments: [mapa]", "attachments: [mappa]", "mappa"),
    brimelva("channels that are no list", "channels:\n  - {email: postmottak@brimelva.example, role: general}\n"
             '  - {mastodon: "@brimelva@elver.example"}', "channels: postmottak@brimelva.example", "channels|list"),
    brimelva("people that are numbers", "people:\n  - {name: Åse Brimelva, role: Ordfører, email: aase@brimelva.example}",
             "people: 7", "people|list", level=None),
    brimelva("no channel at all", "channels:\n  - {email: postmottak@brimelva.example, role: general}\n"
             '  - {mastodon: "@brimelva@elver.example"}\n', "", "unreachable|channel|reach", level=None, line=None),
]  # fmt: skip

AMONG_CONTACTS = [
    brimelva("name of another contact in the angle", "åpnet elva", "åpnet, som Skarvaa kommune, elva", "Skarvaa kommune",
             line="som Skarvaa"),
    brimelva("address of another contact in the angle", "åpnet elva", "åpnet (post@skarvaa.example) elva",
             "skarvaa", line="(post@skarvaa"),
    brimelva("placeholder in the angle", "åpnet elva", "åpnet [Your name] elva", "Your name|placeholder", line="[Your name]",
             at=(FILE, "templates/municipio.nb.md")),
    Mistake(name="the same id twice", file=NEW, make=added(NEW, "id: skarvaa\nname: Outra Skarvåa\n"), words="skarvaa",
            at=(NEW, LIST), level="error", may_stop=("skarvaa",)),
    Mistake(name="the same address twice", file=LIST, make=swapped(LIST, "post@nordvassa.example", "post@torrelva.example"),
            words="torrelva", may_stop=("nordvassa", "torrelva")),
    Mistake(name="two contacts at one domain", file=LIST, words="domain|torrelva",
            make=swapped(LIST, "post@nordvassa.example", "leder@torrelva.example"), level="warning"),
]  # fmt: skip

WHOLE_FILES = [
    new_file("a file of one word", "bare ord\n", "mapping|list|contact", line=1, level="error"),
    new_file("a list of words", "- ola\n- kari\n", "mapping|contact|text", level="error", extra=1,
             because="two items, each wrong in itself"),
    new_file("alias bomb", BOMB, "alias|anchor", line=1, level="error"),
    Mistake(name="a directory named like a file", file=NEW, make=directory_instead(NEW), words="directory|folder|file"),
    Mistake(name="a link to itself", file="contacts/laço.yaml", make=symlink_to_itself, words="link|read|loop|open"),
    Mistake(name="a huge file", file=NEW, make=zeros(NEW, 64_000_000), words="large|big|MB|nul|character|control", level="error"),
]  # fmt: skip

IN_CONTACTS: list[Mistake] = [*YAML_TRAPS, *WRONG_VALUES, *AMONG_CONTACTS, *WHOLE_FILES]
