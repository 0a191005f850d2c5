"""Mistakes in templates; most in the Norwegian letter to the kommuner, which five contacts get."""

from __future__ import annotations

# ruff: noqa: E501 - one mistake to a row
from typing import Any

from .mistake import Level, Mistake, added, directory_instead, removed, swapped

FILE = "templates/municipio.nb.md"
KOMMUNER = ("brimelva-kommune", "skarvaa", "blaelv", "gjelbekk")
FALLS_BACK = ("torrelva",)  # nn: the page leaves open which variant comes closest
BODY = "Vennlig hilsen"
SUBJECT = 'subject: "Levende elver: et forslag til {{ contact.name }} 🐟"'


def norwegian(name: str, old: str, new: str | bytes, words: str, level: Level = "error", **more: Any) -> Mistake:
    """One place of the Norwegian letter changed; an error there stops the letters made from it."""
    found: dict[str, Any] = {"line": new, "stops": KOMMUNER, "may_stop": FALLS_BACK, **more}
    return Mistake(name=f"template: {name}", file=FILE, make=swapped(FILE, old, new), words=words, level=level, **found)


def in_body(name: str, new: str, words: str, level: Level = "error", **more: Any) -> Mistake:
    return norwegian(name, BODY, new, words, level, **more)


def without_end(name: str, new: str, **more: Any) -> Mistake:
    """Something that would never end or fill the memory; run in a process of its own, since it could hang this one."""
    words = "too (much|many|long|large|big|deep)|bound|limit|steps|more than|output|never ends|sandbox|not allowed|recursi|itself|no filter|cannot be asked|lipsum"
    return in_body(f"endless: {name}", new, words, apart=True, **more)


SYNTAX = [
    in_body("tag left open", "{% if contact.name %}Hei", "endif|if|end", line=None),
    in_body("tag unknown", "{% iff contact.name %}Hei{% endif %}", "iff"),
    in_body("braces left open", "Hei {{ contact.name", "}}|end|brace|expected|unexpected", line=None),
    in_body("expression of nothing", "Hei {{ }}", "expression|empty|expected"),
    in_body("filter unknown", "Hei {{ contact.name | uper }}", "upper"),
    in_body("test unknown", "{% if contact.name is definned %}Hei{% endif %}", "defined"),
    norwegian("front matter left open", "attachments: [brief]\n---", "attachments: [brief]\n", "front matter|---", line=None),
    norwegian("front matter that is a word", SUBJECT + "\nattachments: [brief]", "subject", "front matter|mapping|key", line=None),
    norwegian("subject missing", SUBJECT + "\n", "", "subject", line=None),
    norwegian("subject empty", SUBJECT, 'subject: ""', "subject"),
    norwegian("subject without quotes", SUBJECT, "subject: Levende elver: et forslag", '"Levende elver: et forslag"'),
    norwegian("subject with a line break", SUBJECT, 'subject: "Elver\\nBcc: eve@x.example"', "line|control"),
    norwegian("subject with a hidden header", SUBJECT, 'subject: "=?utf-8?q?a=0ABcc=3A?= {{ contact.name }}"', "encoded|=\\?"),
    norwegian("subject of an unknown name", SUBJECT, 'subject: "Til {{ contct.name }}"', "contct"),
    norwegian("unknown key", SUBJECT, SUBJECT + "\nsubjet: Hei", "unknown-key.*subject", level=None, line="subjet:"),
    norwegian("unknown attachment", "attachments: [brief]", "attachments: [breif]", "brief\\b"),
    norwegian("unknown format", "attachments: [brief]", "attachments: [brief]\nformat: html", "both|text", line="format:"),
    norwegian("roles that are a number", "attachments: [brief]", "attachments: [brief]\nroles: 7", "roles", line="roles:"),
    norwegian("bad reply address", "attachments: [brief]", "attachments: [brief]\nreply_to: svar.example",
              "address|email|mail", line="reply_to:"),
    norwegian("mention of nobody", "attachments: [brief]", "attachments: [brief]\nmentions: [skarva]", "skarvaa",
              line="mentions:", level=None),
    norwegian("Latin-1 bytes", "før sommeren", "før sommeren".encode("latin-1"), "utf-8", line="svar oss"),
    norwegian("a NUL byte", BODY, b"Venn\x00lig", "nul|control|character|\\\\x00", line="Venn"),
    Mistake(name="template: nothing under the front matter", file="templates/pessoa.md", words="empty|body|text",
            make=lambda folder: (folder / "templates/pessoa.md").write_text('---\nsubject: "Olá"\n---\n', encoding="utf-8"),
            level="error", stops=("ana-felgares", "per-olav")),
    Mistake(name="template: a directory", file=FILE, make=directory_instead(FILE), words="directory|folder|file",
            may_stop=(*KOMMUNER, *FALLS_BACK)),
    Mistake(name="template: gone", file="templates/ciencia.md", make=removed("templates/ciencia.md"), words="ciencia", level="error",
            at=("campaign.yaml",), line="template: ciencia", may_stop=None),
]  # fmt: skip

VALUES = [
    in_body("unknown name", "Hei {{ contct.name }}", "contct.*contact"),
    in_body("unknown key of the contact", "Hei {{ contact.nmae }}", "nmae.*name"),
    in_body("a key that only some contacts have", "Vi så {{ contact.website }}/elv", "website", stops=(),
            may_stop=(*KOMMUNER, *FALLS_BACK)),
    in_body("nothing as output", "Hei {{ none }}", "none|nothing|no value|empty"),
    in_body("unknown fact", "Det koster {{ facts.anual_funding }}", "annual_funding"),
    in_body("unknown link", "Se {{ links.breif }}", "brief\\b"),
    in_body("unknown attachment in the text", "Se {{ attachments.breif.pages }}", "brief\\b"),
    in_body("pages of a picture", "Kartet har {{ attachments.mapa.pages }} sider", "pages|mapa"),
    in_body("unknown post", "Se {{ posts['aranque'].url }}", "arranque"),
    in_body("unknown contact", "Se {{ contacts['skarva'].name }}", "skarvaa"),
    in_body("a clock", "I dag er det {{ now() }}", "now"),
    in_body("placeholder: your name", "Hilsen [Your name]", "\\[Your name\\]"),
    in_body("placeholder: link", "Se [link]", "\\[link\\]"),
    in_body("placeholder: TODO", "TODO: skriv slutten", "TODO"),
    in_body("our own notes", "Vi vet: {{ contact.context }}", "context", stops=(),
            may_stop=(*KOMMUNER, *FALLS_BACK)),
    in_body("another contact's name in the text", "Som Fjordposten Sandvikar skrev", "foreign-name.*Fjordposten Sandvikar|"
            "Fjordposten Sandvikar.*mentions", level="warning"),
    norwegian("an angle nobody uses", "{% if contact.personal_text is defined %}{{ contact.personal_text }}{% endif %}", "Vi skriver til dere.",
              "personal_text", level="warning", line=None),
    Mistake(name="template: a claim about the pages", file="templates/municipio.en.md", words="7 .*3|3 .*7", line="of 7 pages",
            make=swapped("templates/municipio.en.md", "Our [brief]({{ links.brief }}) asks", "Our brief of 7 pages asks"),
            may_stop=("nordvassa",)),
    Mistake(name="template: a claim with a hyphen", file="templates/municipio.en.md", words="7.*3|3.*7", line="7-page brief",
            make=swapped("templates/municipio.en.md", "Our [brief]({{ links.brief }}) asks", "Our 7-page brief asks"),
            may_stop=("nordvassa",)),
    Mistake(name="template: too long for Mastodon", file="templates/ong.mastodon.md", words="500", line=None,
            make=added("templates/ong.mastodon.md", "Um rio livre. " * 40), may_stop=("tagarrelo",)),
    Mistake(name="template: variant for an unknown channel", file="templates/ong.telegrama.md", words="telegrama",
            make=added("templates/ong.telegrama.md", "Olá {{ contact.name }}\n")),
]  # fmt: skip

ENDLESS = [
    without_end("a huge range", "{% for i in range(1000000000) %}x{% endfor %}"),
    without_end("ranges in ranges", "{% for i in range(9999) %}{% for j in range(9999) %}{% for k in range(9999) %}{% endfor %}"
                "{% endfor %}{% endfor %}"),
    without_end("much repetition", "{{ 'elv' * 1000000000 }}"),
    without_end("repetition of repetition", "{% set a = 'x' * 50000 %}{% set b = a * 50000 %}{{ b | length }}"),
    without_end("a list repeated", "{{ ([1] * 1000000000) | length }}"),
    without_end("a tower of powers", "{{ 9 ** 9 ** 9 ** 9 }}"),
    without_end("padding", "{{ 'x'.ljust(2000000000) }}"),
    without_end("padding by filter", "{{ 'x' | center(2000000000) }}"),
    without_end("padding by format", "{{ '%2000000000d' | format(1) }}"),
    without_end("doubling", "{% set ns = namespace(a='x' * 1000) %}{% for i in range(40) %}{% set ns.a = ns.a ~ ns.a %}{% endfor %}"),
    without_end("a macro that calls itself", "{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}"),
    without_end("replacing", "{{ ('x' * 20000) | replace('x', 'y' * 20000) | replace('y', 'z' * 20000) }}"),
    without_end("wise words", "{{ lipsum(n=1000000) }}"),
    without_end("deep brackets", "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", line=None),
    without_end("much plain text", "Elv. " * 2_000_000, line=None),
]  # fmt: skip

ESCAPES = [
    in_body("include", "{% include 'ong.md' %}", "include"),
    in_body("include itself", "{% include 'municipio.nb.md' %}", "include"),
    in_body("import", "{% import 'ong.md' as o %}", "import"),
    in_body("extends", "{% extends 'ong.md' %}", "extends"),
    in_body("a class", "{{ ''.__class__.__mro__ }}", "__class__|unsafe|not allowed|attribute"),
    in_body("a class by format", "{{ '{0.__class__}'.format(contact) }}", "__class__|unsafe|not allowed|attribute|format"),
    in_body("globals of a function", "{{ range.__globals__ }}", "__globals__|unsafe|not allowed|attribute"),
    in_body("a changed list", "{{ contact.tags.append('x') }}", "append|unsafe|not allowed|attribute|tags"),
]  # fmt: skip

IN_TEMPLATES: list[Mistake] = [*SYNTAX, *VALUES, *ENDLESS, *ESCAPES]
