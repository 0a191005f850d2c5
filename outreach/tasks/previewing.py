"""`outreach preview`: letters and posts as they will look, without writing anything."""

from __future__ import annotations

from pathlib import Path

from outreach.errors import UnknownName
from outreach.letters.letter import Letter, ManualTask
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
    """The letters, texts to paste and posts that were asked for, and the Problems that making them found.

    `why_none` says why there is not an email, text or post of that name, "" where nobody knows more.
    """

    letters: tuple[Letter, ...]
    posts: tuple[Composed, ...]
    manual: tuple[ManualTask, ...] = ()
    problems: tuple[Problem, ...] = ()
    why_none: str = ""


def preview(root: Path, name: str | None) -> Preview:
    """First letters, texts to paste and posts, rendered: all, or those of a wave, contact, letter or post.

    A follow-up is shown where its own id is named. Raises UnknownName, CampaignUnreadable.
    """
    loaded = load(root)
    with looked_at(root, loaded) as opened:
        world = opened.world()
        decided = decide(Context(world)).recipients
    facts = facts_of(world)
    posts = [*(post.id for post in world.posts), *world.versions]
    others = [wave.id for wave in world.campaign.waves] + [contact.id for contact in world.contacts]
    merger = Merger(loaded.materials(facts))
    asked = [
        each for each in decided if name == each.id or (not each.step and name in (None, each.wave.id, each.contact.id))
    ]
    tried = {each.id: merger.make(each) for each in asked if each.is_tried}  # also for what is wrong with it
    made = [tried[each.id] for each in asked if each.is_made]
    known = [*others, *posts, *(each.id for each in decided if each.is_made or each.id == name)]
    if name is not None and name not in known:
        raise UnknownName("wave, contact, letter or post", name, nearest(name, known), others)

    def wanted(version: PostVersion) -> bool:
        return name in (None, version.id, version.post)

    posts_made = composed(loaded, facts, wanted)
    problems = tuple(sorted({*merger.problems(), *posts_made.problems}))
    return Preview(
        letters=tuple(each for each in made if isinstance(each, Letter)),
        posts=tuple(posts_made.posts.values()),
        manual=tuple(each for each in made if isinstance(each, ManualTask)),
        problems=problems,
        why_none=next((each.reason for each in asked if each.reason and not each.is_made), ""),
    )
