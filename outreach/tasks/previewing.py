"""`outreach preview`: letters and posts as they will look, without writing anything."""

from __future__ import annotations

from pathlib import Path

from outreach.errors import UnknownName
from outreach.letters.letter import Letter
from outreach.letters.merger import Merger
from outreach.model.post import PostVersion
from outreach.model.problem import Problem
from outreach.model.records import dataclass
from outreach.networks.composing import Composed
from outreach.planning.context import Context
from outreach.planning.gates import facts_of
from outreach.planning.recipients import decide
from outreach.tasks.campaign import load
from outreach.tasks.posting import composed
from outreach.tasks.world import looked_at
from outreach.words.suggestions import nearest


@dataclass(frozen=True, kw_only=True, slots=True)
class Preview:
    """The letters and posts that were asked for, and the Problems that making them found."""

    letters: tuple[Letter, ...]
    posts: tuple[Composed, ...]
    problems: tuple[Problem, ...] = ()


def preview(root: Path, name: str | None) -> Preview:
    """First letters and posts, rendered: all, or those of a wave, contact, letter or post.

    Raises UnknownName, CampaignUnreadable.
    """
    loaded = load(root)
    with looked_at(root, loaded) as opened:
        world = opened.world()
        tried = [each for each in decide(Context(world)).recipients if each.by_mail and each.is_tried and not each.step]
    first = [each for each in tried if each.is_made]
    facts = facts_of(world)
    posts = [*(post.id for post in world.posts), *world.versions]
    others = [wave.id for wave in world.campaign.waves] + [contact.id for contact in world.contacts]
    merger = Merger(loaded.materials(facts))
    wanted_letters = [each for each in first if name in (None, each.wave.id, each.contact.id, each.id)]
    letters = [made for each in wanted_letters if isinstance(made := merger.make(each), Letter)]
    for each in tried:
        if not each.is_made and name in (None, each.wave.id, each.contact.id, each.id):
            merger.make(each)  # for what is wrong with it
    known = [*others, *posts, *(each.id for each in first)]
    if name is not None and name not in known:
        raise UnknownName("wave, contact, letter or post", name, nearest(name, known), others)

    def wanted(version: PostVersion) -> bool:
        return name in (None, version.id, version.post)

    posts_made = composed(loaded, facts, wanted)
    problems = tuple(sorted({*merger.problems(), *posts_made.problems}))
    return Preview(letters=tuple(letters), posts=tuple(posts_made.posts.values()), problems=problems)
