"""Posts: when they may go out, whether they fit, their alt texts, and whether their accounts and files are there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from outreach.checking.material import Checked
from outreach.errors import BEYOND_REACH, TemplateFault
from outreach.letters.right_name import placeholder
from outreach.model.contact import Contact
from outreach.model.post import PostVersion
from outreach.model.problem import Problem
from outreach.networks.limits import limits_of
from outreach.networks.registry import network_of, published
from outreach.networks.too_long import length_problems, title_problems
from outreach.networks.version_text import version_text
from outreach.planning.post_timing import problems_of_timing
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope

MOST_MENTIONS = 20
"""So many accounts may be mentioned on one network in a day before it is said. No network names a number."""


def post_problems(checked: Checked) -> Iterator[Problem]:
    """Every Problem of every version of every post."""
    renderer = Renderer()
    scope = Scope(checked.campaign, checked.contacts, checked.posts, checked.files, renderer.will_come)
    contacts = {contact.id: contact for contact in checked.contacts}
    told: set[tuple[str, int, str]] = set()
    mentions: dict[tuple[str, str], dict[str, PostVersion]] = defaultdict(dict)
    for post in checked.posts:
        for version in post.versions:
            problems = [
                *problems_of_timing(version, checked.campaign),
                *title_problems(version.titles, version),
                *_texts(version, checked, contacts, renderer, scope, mentions),
                *_missing_pictures(version, checked),
            ]
            for problem in problems:
                # PostVersions that share a file share its faults.
                if (problem.file, problem.line, problem.code) not in told:
                    yield problem
            told |= {(problem.file, problem.line, problem.code) for problem in problems}
    yield from _accounts(checked)
    yield from _mentions(mentions)


def _mentions(mentions: Mapping[tuple[str, str], Mapping[str, PostVersion]]) -> Iterator[Problem]:
    """One warning for each day on which posts notify more people than a reader takes for a conversation; no law."""
    for (network, day), handles in mentions.items():
        if len(handles) > MOST_MENTIONS:
            first = next(iter(handles.values()))
            message = f"Posts of {day} mention {len(handles)} accounts on {network_of(network).label}."
            hint = f"Above {MOST_MENTIONS} a day it looks like spam to the network. Mention fewer, or on several days."
            yield _problem(first, "many-mentions", first.body_line, message, hint)


def _texts(
    version: PostVersion,
    checked: Checked,
    contacts: Mapping[str, Contact],
    renderer: Renderer,
    scope: Scope,
    mentions: Mapping[tuple[str, str], dict[str, PostVersion]],
) -> Iterator[Problem]:
    try:
        text = version_text(version, contacts, renderer, scope)
    except TemplateFault as fault:
        if not (fault.code == "unknown-reference" and "contacts" in checked.incomplete):
            line = version.body_line + max(fault.line, 1) - 1
            yield _problem(version, fault.code, line, f"{str(fault)[0].upper()}{str(fault)[1:]}.", fault.hint)
        return
    except BEYOND_REACH:
        yield beyond_reach(version)
        return
    if not any(part.strip() for part in text.parts) and not version.media and not version.link:
        yield _problem(version, "empty-text", version.body_line, "The post is empty.", "Write its text.")
    for path, line in text.later.items():
        yield _problem(
            version,
            "value-later",
            version.body_line + max(line, 1) - 1,
            f"The value `{path}` is not known yet.",
            "The post can be approved once the value is known.",
        )
    found = placeholder("\n\n".join(text.parts))
    if found:
        yield _problem(
            version,
            "placeholder",
            _line_of(version, found),
            f"The placeholder {found} was not replaced.",
            "Write what belongs there.",
        )
    notified = (handle for part in text.parts for handle in network_of(version.network).notified(part, checked.lookups))
    day = f"{version.at:%Y-%m-%d}" if version.at else version.post
    mentions[str(version.network), day].update((handle.casefold(), version) for handle in notified)
    yield from length_problems(text.parts, version, limits=limits_of(version.network, checked.lookups.mastodon))


def beyond_reach(version: PostVersion) -> Problem:
    """The last resort, where a post is beyond reach (see `outreach.errors.BEYOND_REACH`)."""
    sentence = "The post is too complex or too large."
    return _problem(version, "template-bound", version.body_line, sentence, "Say less, in simpler words.")


def _problem(version: PostVersion, code: str, line: int, message: str, hint: str) -> Problem:
    about = f"post:{version.post}"
    return Problem(file=version.file, line=line, code=code, message=message, hint=hint, about=about)


def _line_of(version: PostVersion, words: str) -> int:
    for number, line in enumerate(version.body.split("\n")):
        if words in line:
            return version.body_line + number
    return version.body_line


def _missing_pictures(version: PostVersion, checked: Checked) -> Iterator[Problem]:
    for medium in version.media:
        if medium.file not in checked.media:
            message, hint = checked.why_not_there(f"The picture {medium.file!r}", medium.file)
            yield Problem(
                file=medium.written_in,
                line=medium.line,
                code="attachment-missing",
                message=message,
                hint=hint,
                about=f"post:{version.post}",
            )


def _accounts(checked: Checked) -> Iterator[Problem]:
    for network in published():
        versions = [e for post in checked.posts for e in post.versions if e.network == network.name]
        if versions and network.account and network.name not in checked.campaign.accounts.networks:
            yield Problem(
                file=checked.campaign.file,
                line=1,
                code="network-without-account",
                message=f"`{versions[0].file}` goes to {network.name}, and campaign.yaml names no account there.",
                hint=f"Add it under accounts: {network.example}",
                about=f"network:{network.name}",
            )


_OPENINGS = re.compile(
    r"^\s*(an? )?(image|picture|photo|photograph|graphic|screenshot|bild|foto|abbildung|image de|imagen de)"
    r"( (of|von|de|d'))?\b",
    re.IGNORECASE,
)
_FILE = re.compile(r"^[\w\- ]+\.(jpe?g|png|gif|webp|svg|heic)$|^(img|dsc|pxl|screenshot)[_\- ]?\d+", re.IGNORECASE)


def alt_problems(version: PostVersion, limit: int | None = None) -> list[Problem]:
    """What is wrong with the alt texts of a version; `limit` is the server's own, in characters."""
    network = network_of(version.network)
    if network.media is None:
        return []
    found = []
    most = limit if limit and network.looked_up else network.media.alt
    for medium in version.media:
        fault = _fault(medium.alt.strip(), medium.file, most)
        if fault is not None:
            message, hint = fault
            found.append(
                Problem(
                    file=medium.written_in,
                    line=medium.line,
                    code="alt-text",
                    message=f"The alt text of {medium.file!r} {message}.",
                    hint=hint,
                    about=f"post:{version.post}",
                )
            )
    return found


def _fault(alt: str, file: str, most: int) -> tuple[str, str] | None:
    say = "Describe what the picture shows, and what it means here."
    if not alt:
        return "is empty", say
    if _FILE.match(alt) or alt.casefold() == file.rpartition("/")[2].casefold():
        return "is a file's name", say
    if (opening := _OPENINGS.match(alt)) and opening[3]:
        return (
            f"begins with “{opening[0].strip()}”, which a screen reader says already",
            "Begin with what the picture shows.",
        )
    if len(alt) > most:
        return f"has {len(alt):,} characters, and {most:,} are allowed", "Shorten it; put long texts into the post."
    return None
