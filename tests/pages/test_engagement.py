"""What the networks counted, said in the terminal."""

from outreach.model.publication import PostSync, Published
from outreach.pages.posts import engagement_lines


def test_one_of_a_thing_is_said_as_one() -> None:
    counted = {"thread/mastodon": {"likes": 1, "reposts": 0, "replies": 1, "quotes": 2}}
    assert list(engagement_lines(PostSync(counted=counted))) == [
        "  thread/mastodon  1 like, 0 reposts, 1 reply, 2 quotes"
    ]


def test_a_part_that_is_gone_is_named_with_what_to_do() -> None:
    part = Published(part=2, id="110", url="https://social.example/@us/110")
    line, remedy = engagement_lines(PostSync(gone={"thread/mastodon": (part,)}))
    assert line == "  thread/mastodon  no longer there: https://social.example/@us/110"
    assert remedy.endswith("outreach unpublish thread/mastodon --go")
