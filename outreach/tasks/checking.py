"""`outreach check`: every Problem in the campaign, by file and line."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from outreach import storage
from outreach.campaign.contacts_plain import standing_files
from outreach.campaign.contacts_private import FOLDER
from outreach.campaign.private import make_cache
from outreach.checking.law import law_problems
from outreach.checking.letters import recipient_problems
from outreach.checking.together import without_consequences
from outreach.connections.git import upstream
from outreach.errors import CampaignUnreadable, Refused
from outreach.letters.merger import Merger
from outreach.model.campaign import Campaign
from outreach.model.facts import Facts
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.planning.context import Context
from outreach.planning.gates import facts_of
from outreach.planning.recipients import decide, would_follow
from outreach.planning.world import World
from outreach.tasks.campaign import Loaded, is_begun, load
from outreach.tasks.posting import composed
from outreach.tasks.verdicts import CheckedVerdicts, KnownVerdicts
from outreach.tasks.world import known_world
from outreach.words.natural_persons import is_personal_address

_LARGEST = 1_000_000
"""Bytes of an assessment that are read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckResult:
    """Every Problem in order of file and line, and how much of a campaign there is.

    `readable` is False if campaign.yaml itself has errors, so that no letter was tried.
    """

    problems: tuple[Problem, ...]
    readable: bool
    contacts: int
    templates: int
    posts: int


def check(root: Path) -> CheckResult:
    """Find every Problem of the campaign in `root`, rendering every letter and follow-up to see.

    What was found is kept in `.outreach/cache/`, so that the next check renders only what has changed.
    """
    if is_begun(root):
        with suppress(OSError):
            make_cache(root)
    loaded = load(root)
    found = list(loaded.problems)
    try:
        world = known_world(root, loaded)
        facts = facts_of(world)
        found += _letter_problems(loaded, world, facts)
        found += composed(loaded, facts).problems
        readable = True
    except CampaignUnreadable:
        readable = False
    except Refused:  # the ledger's folder is a link, which is said already; what is known of letters is in it
        readable = True
    return CheckResult(
        problems=tuple(without_consequences(found)),
        readable=readable,
        contacts=len(loaded.folder.contacts),
        templates=len(loaded.folder.templates),
        posts=len(loaded.folder.posts),
    )


def _letter_problems(loaded: Loaded, world: World, facts: Facts) -> list[Problem]:
    assert isinstance(world.verdicts, KnownVerdicts)
    merger = Merger(loaded.materials(facts), parse_every_letter=True)
    rendering = CheckedVerdicts(loaded.root, merger, world.verdicts)
    context = Context(replace(world, verdicts=rendering))
    decided = decide(context)
    rendering.rest([*decided.recipients, *would_follow(context, decided.recipients)])
    rendering.save()
    return [
        *recipient_problems(world, decided, loaded.incomplete),
        *law_problems(world, decided, _assessment(loaded)),
        *public_names(loaded.root, loaded.campaign),
        *merger.problems(),
    ]


def _assessment(loaded: Loaded) -> str | None:
    """The text of the document that weighs the interest, where it is one that can be read."""
    legal = loaded.campaign.legal
    if legal is None or legal.assessment is None:
        return None
    try:
        return storage.read(loaded.root, legal.assessment, _LARGEST).decode("utf-8", "replace")
    except OSError:
        return None


def public_names(root: Path, campaign: Campaign) -> list[Problem]:
    """One warning that counts the people, personal addresses and notes in files that Git shares with others.

    Nothing is said without a remote on another computer, or where `repository` says who can read it.
    """
    shared = None
    with suppress(OSError):
        shared = upstream(root)
    host = _host(shared.url) if shared is not None else ""
    if campaign.repository is not None or not host:
        return []
    people = addresses = notes = 0
    first = ""
    for file in standing_files(root):
        if file.file.startswith(FOLDER):
            continue
        for contact in file.contacts:
            values = contact.own
            named = [*values.get("people", ()), *([{}] if values.get("kind") == "person" else ())]
            mails = [each.get("email") for each in (*values.get("channels", ()), *values.get("people", ()))]
            personal = sum(is_personal_address(str(mail)) for mail in mails if mail)
            people, addresses, notes = people + len(named), addresses + personal, notes + ("internal_notes" in values)
            if not first and (named or personal or "internal_notes" in values):
                first = contact.file
    if not first:
        return []
    return [
        Problem(
            file=campaign.file,
            line=campaign.line_of("repository"),
            code="public-names",
            message=f"Whoever can read the repository at {host} sees {_many(people, 'person', 'people')} by name, "
            f"{_many(addresses, 'personal address', 'personal addresses')} and "
            f"{_many(notes, 'internal note', 'internal notes')} (first {first}).",
            hint="Move them to contacts/private/ID.yaml, or write `repository: private` if nobody else can read it "
            "(`public` if everybody may read all of this).",
        )
    ]


def _host(url: str) -> str:
    """The computer that a remote is on; "" for this one."""
    if "://" in url:
        return urlsplit(url).hostname or ""
    return url.partition(":")[0].rpartition("@")[2] if ":" in url and not url.startswith(("/", ".")) else ""


def _many(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
