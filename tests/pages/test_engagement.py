"""What the networks counted, said in the terminal."""

from outreach.pages.posts import engagement_lines


def test_one_of_a_thing_is_said_as_one() -> None:
    counted = {"thread/mastodon": {"likes": 1, "reposts": 0, "replies": 1, "quotes": 2}}
    assert list(engagement_lines(counted, [], [])) == ["  thread/mastodon  1 like, 0 reposts, 1 reply, 2 quotes"]
