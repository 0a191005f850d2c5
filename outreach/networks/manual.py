"""The networks to which a person publishes, and where they do it."""

from __future__ import annotations

from outreach.networks.base import Limits, Network


def _subreddit(community: str) -> str:
    name = community.strip("/")
    if not name:
        return "https://www.reddit.com/submit"
    return f"https://www.reddit.com/{name if name.startswith(('r/', 'u/', 'user/')) else f'r/{name}'}/submit"


REDDIT = Network(
    name="reddit",
    is_feed=False,
    label="Reddit",
    called=r"reddit|subreddit|r/\w+",
    limits=Limits(characters=40_000),  # `POST /api/submit`: the text of a self post
    title=300,  # the same
    submit=_subreddit,
)
HACKERNEWS = Network(
    name="hackernews",
    is_feed=False,
    label="Hacker News",
    called=r"hacker ?news|hn",
    is_link=True,
    title=80,  # its submit form, which limits nothing else
    submit=lambda community: "https://news.ycombinator.com/submit",
)
LINKEDIN = Network(
    name="linkedin",
    label="LinkedIn",
    called=r"linkedin",
    limits=Limits(characters=3000),  # Posts API, `commentary`
    submit=lambda community: "https://www.linkedin.com/feed/",
)
MAILING_LIST = Network(
    name="mailing-list",
    is_feed=False,
    label="Mailing list",
    called=r"mailing ?lists?|mailingliste\w*",
    submit=lambda community: community.strip("/") or "the mailing list",
    submit_by="send it to",
)
