"""`outreach preview`: letters and posts as they will look, without writing anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from outreach.errors import UnknownName
from outreach.letters.letter import Letter
from outreach.letters.merger import Merger
from outreach.model.post import Edition
from outreach.networks.composing import Composed
from outreach.planning.gates import facts_of
from outreach.tasks.campaign import load
from outreach.tasks.posting import composed
from outreach.tasks.world import known_world
from outreach.words.suggestions import nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The letters and posts that were asked for."""

    letters: tuple[Letter, ...]
    posts: tuple[Composed, ...]


def preview(root: Path, name: str | None) -> Preview:
    """First letters and posts, rendered: all, or those of a wave, contact, letter or post.

    Raises UnknownName, CampaignUnreadable.
    """
    loaded = load(root)
    world = known_world(root, loaded)
    facts = facts_of(world)
    posts = [post.id for post in world.posts] + [edition.id for post in world.posts for edition in post.editions]
    others = [wave.id for wave in world.campaign.waves] + [contact.id for contact in world.contacts]
    made = [each for each in Merger(loaded.materials(facts)).first_letters() if isinstance(each, Letter)]
    letters = [each for each in made if name in (None, each.wave, each.contact, each.id)]
    known = [*others, *posts, *(each.id for each in made)]
    if name is not None and name not in known:
        raise UnknownName("wave, contact, letter or post", name, nearest(name, known), others)

    def wanted(edition: Edition) -> bool:
        return name in (None, edition.id, edition.post)

    return Preview(letters=tuple(letters), posts=tuple(composed(loaded, facts, wanted).posts.values()))
