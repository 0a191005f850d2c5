"""The text of a post on one network: rendered, mentions written out, hashtags added, in parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import regex

from outreach.errors import TemplateFault
from outreach.model.contact import Contact
from outreach.model.post import PostVersion
from outreach.model.records import dataclass
from outreach.networks.registry import network_of
from outreach.networks.splitting import parts
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope
from outreach.words.suggestions import nearest

_MENTION = regex.compile(r"@\{([^{}\s]{1,100})\}")


@dataclass(frozen=True, slots=True)
class VersionText:
    """The parts of the thread (one for manual networks), and values not known yet: path -> line."""

    parts: tuple[str, ...]
    later: dict[str, int]


def version_text(
    version: PostVersion, contacts: Mapping[str, Contact], renderer: Renderer, scope: Scope
) -> VersionText:
    """What the network gets; `contacts` are all of them by id.

    Raises TemplateFault if the template fails or a mention names nobody.
    """
    rendered = renderer.render(version.body, scope.post(version.network, version.language))

    def handle(match: regex.Match[str]) -> str:
        contact = contacts.get(match.group(1))
        if contact is None:
            raise _unknown(match.group(1), contacts, version)
        return handle_of(contact, version.network)

    body = _MENTION.sub(handle, rendered.plain())
    return VersionText(tuple(with_hashtags(parts(body, version.network), version.hashtags)), rendered.later)


def mentioned_contacts(body: str) -> list[str]:
    """The ids of the contacts that a body mentions as `@{ID}`, in their order."""
    return list(dict.fromkeys(match.group(1) for match in _MENTION.finditer(body)))


def _unknown(name: str, known: Iterable[str], version: PostVersion) -> TemplateFault:
    near = nearest(name, known)
    return TemplateFault(
        "unknown-reference",
        f"there is no contact {name!r} to mention",
        hint=f"Did you mean @{{{near}}}?" if near else "Write the id of a contact: @{ID}.",
        line=1 + version.body[: version.body.find(f"@{{{name}}}")].count("\n"),
    )


def handle_of(contact: Contact, network: str) -> str:
    """How the contact is named on `network`: its handle there with one `@`, else its plain name."""
    kind = network_of(network).handle
    for channel in contact.channels:
        if channel.kind is kind:
            return f"@{channel.address.removeprefix('@')}"
    return contact.name


def with_hashtags(texts: list[str], hashtags: Iterable[str]) -> list[str]:
    """`texts` with those hashtags that none of them has, as the last line of the last part."""
    said = {tag.casefold() for text in texts for tag in regex.findall(r"#([\p{L}\p{N}\p{M}_]+)", text)}
    missing = [tag.removeprefix("#") for tag in hashtags if tag.removeprefix("#").casefold() not in said]
    if not missing or not texts:
        return texts
    line = " ".join(f"#{tag}" for tag in missing)
    return [*texts[:-1], f"{texts[-1]}\n\n{line}"]
