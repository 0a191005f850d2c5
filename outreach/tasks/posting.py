"""The posts of a campaign, composed as they would go out now: what `draft`, `preview` and `approve` start from."""

from __future__ import annotations

from collections.abc import Callable

from outreach.campaign.media import fit_media, thumbs
from outreach.checking.posts import alt_problems, beyond_reach
from outreach.errors import BEYOND_REACH, TemplateFault
from outreach.model.facts import Facts
from outreach.model.lookups import of_server
from outreach.model.post import PostVersion
from outreach.model.problem import Problem, blocked
from outreach.model.records import dataclass
from outreach.networks.composing import Composed, Composer
from outreach.networks.limits import server_of
from outreach.networks.unfinished import open_problems
from outreach.tasks.campaign import Loaded
from outreach.templating.rendering import Renderer
from outreach.templating.scope import Scope


@dataclass(frozen=True, kw_only=True, slots=True)
class ComposedPosts:
    """The versions that can be made, by id, and what was found while they were."""

    posts: dict[str, Composed]
    problems: tuple[Problem, ...]


def asks_what_happened(version: PostVersion) -> bool:
    """Whether a text may say what is known of posts or contacts: only then does it change when something happens."""
    texts = (version.body, version.card, version.link)
    return any(word in text for text in texts if text for word in ("posts", "contacts"))


def composed(
    loaded: Loaded, facts: Facts | None, wanted: Callable[[PostVersion], bool] = lambda version: True
) -> ComposedPosts:
    """Every version that is `wanted` and that no error forbids. Raises CampaignUnreadable.

    `facts` may be left out where none of them `asks_what_happened`.
    """
    campaign, stopped = loaded.campaign, blocked(loaded.problems)
    renderer = Renderer()
    files = {name: file.facts for name, file in loaded.attachments.items()}
    folder = loaded.folder
    scope = Scope(campaign, folder.contacts, folder.posts, files, renderer.will_come, facts)
    lookups = of_server(loaded.lookups, server_of(campaign.accounts.networks))
    composer = Composer(scope, renderer, folder.contacts, lookups, thumbs(loaded.root, lookups.cards))
    found: dict[str, Composed] = {}
    problems: list[Problem] = []
    for post in folder.posts:
        for version in post.versions:
            if f"post:{post.id}" in stopped or not wanted(version):
                continue
            media, faults = fit_media(loaded.root, version)
            faults += alt_problems(version, lookups.mastodon.description)
            problems += faults
            if faults:
                continue
            try:
                made = composer.compose(version, media, campaign.language)
            except TemplateFault:  # said by `check`, at its line
                continue
            except BEYOND_REACH:
                problems.append(beyond_reach(version))
                continue
            found[version.id] = made
            problems += open_problems(made, lookups)
    return ComposedPosts(posts=found, problems=tuple(dict.fromkeys(problems)))
