"""Mastodon, where an answer was lost or lied, and where two computers publish at once: nothing twice, nothing believed.

The servers here ignore the Idempotency-Key, as many do.
"""

from __future__ import annotations

import json
import os
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from outreach.connections.identities import mastodon_token
from outreach.connections.secrets import Secret, Secrets
from outreach.publishing.mastodon import publisher
from outreach.publishing.mastodon.own_statuses import OwnStatuses
from outreach.publishing.mastodon.server_clock import ServerClock
from outreach.tasks.publishing import elsewhere
from outreach.tasks.publishing.delivery import PostDelivery
from tests.acceptance.command import outreach
from tests.publishing.campaigns import TEXTS, write_posts
from tests.publishing.here import Here, wait_out
from tests.servers.fault_proxy import Said, fault_proxy
from tests.servers.mastodon import TOKEN, running_mastodon, shown, shown_as_gotosocial, shown_oddly

POST = "POST /api/v1/statuses"
HTML = b"<!doctype html><title>Welcome to our hotel</title><h1>Please log in</h1>"
WRITTEN = {
    "angleurl": "See <https://example.org/angle> for more",
    "compare": "If a < b && c > d then stop",
    "tag": "Use <b>bold</b> and <script>alert(1)</script> now",
    "placeholder": "Write to <Mira>@example.org please",
    "heart": "I <3 rivers",
    "entity": "Tom &amp; Jerry &lt;3 &copy; 2026",
    "numeric": "Tom &#38; Jerry &#x3c;3",
    "arrow": "Norway <- Sweden -> Finland",
    "list": "1. first\n2. second\n\n- dash\n* star",
    "fence": "```\ncode\n```\n`x`",
    "mail": "mail mira@example.org now",
    "mails": "Mira.Lenz+press@example.org, or (press@sub.example.org)",
    "shortcode": "so :fish: and :thumbsup: here",
    "fishonly": "🐟🐠🐡",
    "punct": "…!?",
    "zwj": "👩‍👩‍👧‍👦 🏳️‍🌈 1️⃣",
    "rtl": "نهر، #مياه_نظيفة؟ https://example.org/نهر",
    "idn": "https://bücher.example/straße?q=ä und https://xn--bcher-kva.example/x",
    "longurl": "https://example.org/" + "z" * 120,
    "query": "https://example.org/x?a=1&b=%20two&c=ü#f",
    "mention": "Hi @bob@hive.example and @carol@hive.example!",
    "nbsp": "5 km soft­hyphen ﬁn étude",
    "mathx": "x² + y² ≠ z² ± ½",
    "multi": "line one\nline two\n\n\nline five",
    "underscore": "snake_case_name and *stars* and ~tilde~",
    "url2": "(https://en.wikipedia.org/wiki/River_(song)), www.example.org!",
    "hash": "#a_b #über-alles ##x C# F#",
    "cw": "plain text under a warning",
}
"""Texts that servers show in ways of their own."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path / "secrets.json"))
    monkeypatch.setattr(publisher, "_READ_BACK", (0.0,))
    monkeypatch.setattr(OwnStatuses, "LATE", (0.0, 0.0))
    with running_mastodon() as server, fault_proxy(server.url) as proxy:
        server.key_is = "ignores"
        Secrets().put(mastodon_token({"server": proxy.url}), Secret(TOKEN))
        yield Here(write_posts(tmp_path / "c", accounts=f"  mastodon: {{server: '{proxy.url}'}}\n"), proxy, server)


def change(here: Here, old: str, new: str) -> None:
    post = here.root / "posts" / "thread.md"
    post.write_text(post.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def write_each(here: Here) -> None:
    """A post for every text."""
    (here.root / "posts" / "thread.md").unlink()
    for name, text in WRITTEN.items():
        warning = "content_warning: Careful\n" if name == "cw" else ""
        head = f"---\nnetworks: [mastodon]\nwindow: {{from: 2020-01-01, to: 2099-12-31}}\nlanguage: en\n{warning}---\n"
        (here.root / "posts" / f"{name}.md").write_text(f"{head}{text}\n", encoding="utf-8")


@pytest.mark.parametrize("tells_sources", [True, False])
@pytest.mark.parametrize("draws", [shown, shown_as_gotosocial, shown_oddly])
def test_whatever_a_server_makes_of_a_text_a_lost_answer_posts_it_once(
    here: Here, draws: Callable[[str], str], tells_sources: bool
) -> None:
    write_each(here)
    here.server.draws, here.server.tells_sources = draws, tells_sources
    here.proxy.will(POST, *["drop-after"] * len(WRITTEN))
    said = here.results()
    is_known = tells_sources or draws is not shown_oddly
    assert set(said) == {"done" if is_known else "unknown"}
    for _ in range(2):
        wait_out(here)
        assert here.results() == said
    assert sorted(here.server.texts()) == sorted(WRITTEN.values())


@pytest.mark.parametrize("part", [1, 2, 3])
def test_what_reads_otherwise_is_in_doubt_until_a_person_says_what_it_is(here: Here, part: int) -> None:
    here.server.tells_sources, here.server.draws = False, shown_oddly
    here.proxy.will(POST, *["pass"] * (part - 1), "drop-after")
    for _ in range(2):
        ((_, said, reason),) = here.go()
        url = list(here.server.statuses.values())[-1]["url"].replace(here.server.url, here.proxy.url)
        assert said == "unknown"
        assert f"is at {url} with a different text; look at it: if it is part {part}, " in reason
        assert f"`outreach publish thread/mastodon --url {url}`, then `outreach publish thread/mastodon --go`" in reason
        wait_out(here)
    assert len(here.server.statuses) == part
    first = next(iter(here.server.statuses.values()))["url"].replace(here.server.url, here.proxy.url)
    outreach("publish", "thread/mastodon", "--url", url, folder=here.root)
    assert here.results() == ["done"]
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]
    (item,) = json.loads(outreach("agenda", "--json", "--all", folder=here.root).out)["items"]
    assert (item["state"], item["reason"]) == ("done", first)


def test_a_person_can_say_that_it_is_another_post(here: Here) -> None:
    here.server.tells_sources, here.server.draws = False, shown_oddly
    here.proxy.will(POST, "drop-before")
    assert here.results() == ["unknown"]
    here.server.post({"status": ["From a campaign on another computer"]}, "")
    wait_out(here)
    assert here.results() == ["unknown"]
    assert here.results(again=True) == ["unknown"]  # that was not said of this post
    assert here.results(post="thread", again=True) == ["done"]
    assert len(here.server.statuses) == 1 + len(TEXTS)


def test_what_was_there_before_the_attempt_keeps_nothing_in_doubt(here: Here) -> None:
    here.server.post({"status": ["Of another campaign, just before"]}, "")
    for status in here.server.statuses.values():
        status["created_at"] = (datetime.now(UTC) - timedelta(seconds=20)).isoformat()
    here.proxy.will(POST, "drop-before")
    assert here.settled() == ["done"]
    assert len(here.server.statuses) == 1 + len(TEXTS)


def test_a_server_that_tells_no_time_may_be_some_minutes_behind(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ServerClock, "hears", lambda *args: None)
    here.server.tells_sources, here.server.draws = False, shown_oddly
    here.server.ahead = -timedelta(minutes=4)
    here.proxy.will(POST, "drop-after")
    assert here.settled() == ["unknown"]
    assert len(here.server.statuses) == 1


def test_a_proxy_before_the_server_may_have_a_clock_that_is_seconds_ahead(here: Here) -> None:
    here.server.tells_sources, here.server.draws = False, shown_oddly
    here.server.stands_still = datetime.now(UTC) - timedelta(seconds=5)  # by which it dates; `Date` goes on
    here.proxy.will(POST, "drop-after")
    assert here.settled() == ["unknown"]
    assert len(here.server.statuses) == 1


@pytest.mark.parametrize("fault", ["drop-before", "status-before=500", "status-before=429", "garbage-after"])
@pytest.mark.parametrize("path", ["accounts/7/statuses", "apps/verify_credentials", "/source"])
def test_a_lost_look_up_leaves_it_unknown_and_posts_nothing(here: Here, path: str, fault: str) -> None:
    here.server.draws = shown_oddly
    here.proxy.will(POST, "drop-after", "pass", "drop-after")
    here.proxy.will(path, fault, "pass", fault, fault)
    said = []
    for _ in range(6):
        said += here.results()
        wait_out(here)
    assert (set(said) <= {"unknown", "failed", "done"}, said[-1]) == (True, "done")
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_an_earlier_text_that_the_server_gives_back_for_the_same_key_is_said(here: Here) -> None:
    here.server.key_is = "honours"
    assert here.results() == ["done"]
    here.forget()
    change(here, "We ask", "We kindly ask")
    ((_, result, reason),) = here.go()
    assert result == "done"
    assert here.server.texts() == list(TEXTS)
    assert "an earlier text of part 1 is there: `outreach correct thread/mastodon`" in reason
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.server.texts()[0] == TEXTS[0].replace("We ask", "We kindly ask")


def test_a_lost_look_at_what_was_written_posts_nothing_twice(here: Here) -> None:
    here.server.draws = shown_oddly
    here.proxy.will("/source", *["drop-before"] * 9)
    assert here.settled() == ["done"]
    assert here.server.texts() == list(TEXTS)


# --- two computers at once -----------------------------------------------------------------------------


def both(here: Here, monkeypatch: pytest.MonkeyPatch, *, at: str, part: int) -> tuple[Here, list[str]]:
    """A second computer, and what it said: it publishes all between two steps of the first, which saw nothing of it."""
    other = Here(Path(shutil.copytree(here.root, here.root.parent / "other")), here.proxy, here.server)
    said: list[str] = []
    real = getattr(PostDelivery, at)

    def meanwhile(self: PostDelivery, *args: object) -> object:
        tried = args[0][0] if isinstance(args[0], list) else args[0]  # type: ignore[attr-defined]
        if self.opened.root == here.root and tried.item.part.number == part and not said:
            said.append("")
            with monkeypatch.context() as patch:
                patch.setattr(PostDelivery, "_elsewhere", lambda *args: None)  # it looked before we posted
                ((_, result, reason),) = other.go(post="thread", again=part > 1)
            said[:] = [result, reason]
        return real(self, *args)

    monkeypatch.setattr(PostDelivery, at, meanwhile)
    return other, said


def test_of_two_computers_at_once_the_later_one_takes_its_part_down_and_says_so(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    other, said = both(here, monkeypatch, at="_mark", part=1)
    ((_, result, reason),) = here.go()
    assert said[0] == "done"
    assert result == "failed"
    assert reason.startswith("Another computer posted part 1 just before, at http")
    assert "so ours was taken down again" in reason
    chain = [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]
    assert here.server.chain() == chain
    for _ in range(2):
        assert here.go()[0][1] in ("held", "done")
    assert other.results() == ["done"]
    assert here.server.chain() == chain
    outreach("sync", folder=here.root)
    assert here.results() == ["done"]
    assert here.server.chain() == chain


@pytest.mark.parametrize("posts_with", ["outreach", "web"])
def test_where_dates_have_whole_seconds_and_ids_grow_longer_the_later_one_still_yields(
    here: Here, monkeypatch: pytest.MonkeyPatch, posts_with: str
) -> None:
    here.server.dates, here.server.ids_are, here.server.posts_with = "seconds", "short", posts_with
    here.server.stands_still = datetime.now(UTC)  # all within one second, however long it takes
    _, said = both(here, monkeypatch, at="_mark", part=1)
    assert here.go()[0][1] == "failed"
    assert said[0] == "done"
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def a_later_copy(here: Here, monkeypatch: pytest.MonkeyPatch, *below: str) -> None:
    """A copy of our first part, and replies to it, by a computer that does not see ours and takes nothing down."""
    monkeypatch.setattr(elsewhere, "WAITS", (0.0, 0.0))
    real, made = PostDelivery._stays, []

    def meanwhile(self: PostDelivery, *args: object) -> None:
        if not made:
            made.append(here.server.post({"status": [TEXTS[0]]}, "")[1]["id"])
            for text in below:
                here.server.post({"status": [text], "in_reply_to_id": made}, "")
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PostDelivery, "_stays", meanwhile)


def test_of_three_computers_at_once_the_one_in_the_middle_yields_to_the_first(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.server.post({"status": ["Of another campaign"]}, "")
    _, said = both(here, monkeypatch, at="_mark", part=1)
    real = PostDelivery._stays

    def meanwhile(self: PostDelivery, *args: object) -> None:
        if self.opened.root == here.root:
            here.server.post({"status": [TEXTS[0]]}, "")
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PostDelivery, "_stays", meanwhile)
    ((_, result, reason),) = here.go()
    assert (said[0], result, "so ours was taken down again" in reason) == ("done", "failed", True)
    assert here.server.texts().count(TEXTS[0]) == 2  # the third one takes its own down


def test_a_later_copy_that_stays_is_taken_down_by_the_earlier_computer(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_later_copy(here, monkeypatch)
    assert here.results() == ["done"]
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_a_later_copy_that_stays_and_goes_on_is_said_with_both_addresses(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_later_copy(here, monkeypatch, TEXTS[1])
    ((_, result, reason),) = here.go()
    ours, theirs = [each["url"].replace(here.server.url, here.proxy.url) for each in here.server.statuses.values()][:2]
    assert (result, f"part 1 is there twice, at {ours} and at {theirs}" in reason) == ("unknown", True)
    assert here.results() == ["unknown"]


def test_a_list_that_does_not_show_our_own_part_yet_is_looked_at_again(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = PostDelivery._stays

    def behind(self: PostDelivery, *args: object) -> None:
        if self.opened.root == here.root:
            here.proxy.will_say("accounts/7/statuses", Said(status=200, data=b"[]"))
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PostDelivery, "_stays", behind)
    both(here, monkeypatch, at="_mark", part=1)
    ((_, result, reason),) = here.go()
    assert (result, "so ours was taken down again" in reason) == ("failed", True)
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_a_server_that_never_lists_what_was_posted_is_not_waited_for_again(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.proxy.will_say("accounts/7/statuses", *[Said(status=200, data=b"[]")] * 40)
    assert here.results() == ["done"]
    assert 40 - len(here.proxy.answers) == len(OwnStatuses.LATE) + 1 + len(TEXTS)


@pytest.mark.parametrize("fault", ["drop-before", "drop-after", "status-before=503", "garbage-after"])
def test_a_lost_look_for_the_other_computer_s_copy_leaves_no_second_one(
    here: Here, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    both(here, monkeypatch, at="_mark", part=1)
    here.proxy.will("accounts/7/statuses", *["pass"] * (1 + 2 * len(TEXTS)), fault, fault)
    ((_, result, reason),) = here.go()
    assert (result, "so ours was taken down again" in reason) == ("failed", True), reason
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_where_nobody_can_look_for_the_other_computer_s_copy_the_part_is_in_doubt_until_somebody_can(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(here, monkeypatch, at="_mark", part=1)
    here.proxy.will("accounts/7/statuses", *["pass"] * (1 + 2 * len(TEXTS)), *["drop-before"] * 4)
    ((_, result, reason),) = here.go()
    assert (result, "is out, and maybe from another computer, too: " in reason) == ("unknown", True), reason
    ((_, result, reason),) = here.go()
    assert (result, "and was taken down again); `outreach sync` records it" in reason) == ("held", True), reason
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


@pytest.mark.parametrize("fault", ["drop-after", "garbage-after"])
def test_of_two_computers_at_once_one_of_which_got_no_answer_the_later_copy_goes(
    here: Here, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    other, said = both(here, monkeypatch, at="_mark", part=1)
    here.proxy.will(POST, *["pass"] * len(TEXTS), fault)
    ((_, result, reason),) = here.go()
    assert said[0] == "done"
    assert (result, "(ours came later, at http" in reason) == ("held", True), reason
    chain = [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]
    assert here.server.chain() == chain
    outreach("sync", folder=here.root)
    assert (here.results(), other.results()) == (["done"], ["done"])
    assert here.server.chain() == chain


def test_a_later_copy_below_which_something_hangs_is_left_to_a_person(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(here, monkeypatch, at="_mark", part=1)
    here.proxy.will(POST, *["pass"] * len(TEXTS), "drop-after")
    real = PostDelivery._take_down_the_later
    monkeypatch.setattr(
        PostDelivery, "_take_down_the_later", lambda self, each, later, earlier: real(self, each, earlier, later)
    )  # a server that showed the first copy late: the other computer went on below the second
    ((_, result, reason),) = here.go()
    assert (result, "part 1 is there twice" in reason) == ("unknown", True), reason
    assert len(here.server.statuses) == len(TEXTS) + 1


def test_two_computers_whose_text_the_server_draws_beyond_recognition_publish_once(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.server.draws = shown_oddly
    other, said = both(here, monkeypatch, at="_mark", part=1)
    assert here.go()[0][1] == "failed"
    assert said[0] == "done"
    late = Here(Path(shutil.copytree(other.root, here.root.parent / "late")), here.proxy, here.server)
    late.forget()
    ((_, result, reason),) = late.go()
    assert (result, "this text is there already" in reason) == ("held", True)
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


@pytest.mark.parametrize(
    ("posts_with", "draws"),
    [("web", shown_oddly), (None, shown_oddly), ("web", lambda _: f"<p>{random.random()}"), ("web", lambda _: "")],
)
def test_a_second_copy_that_nobody_can_tell_from_another_post_is_said(
    here: Here, monkeypatch: pytest.MonkeyPatch, draws: Callable[[str], str], posts_with: str | None
) -> None:
    here.server.draws, here.server.tells_sources, here.server.posts_with = draws, False, posts_with
    other, said = both(here, monkeypatch, at="_mark", part=1)
    ((_, result, reason),) = here.go()
    urls = [each["url"].replace(here.server.url, here.proxy.url) for each in here.server.statuses.values()]
    theirs, ours = urls[0], urls[-1]
    assert (said[0], result, len(urls)) == ("done", "unknown", len(TEXTS) + 1)
    assert f"not in this history are at {ours} and {theirs} with different texts" in reason
    assert "if two are, delete one of them first" in reason
    assert "thread" in outreach(folder=here.root).out.partition("Unknown:")[2]
    assert here.results() == ["unknown"]
    here.server.statuses.popitem()
    outreach("publish", "thread/mastodon", "--url", theirs, folder=here.root)
    ((_, result, reason),) = here.go()  # which cannot know part 2 below it either
    assert (result, "if one is part 2" in reason) == ("unknown", True)
    assert other.results() == ["done"]


def test_a_later_clone_cannot_make_a_second_copy_of_what_nobody_knows_again_without_a_word(here: Here) -> None:
    here.server.draws, here.server.tells_sources, here.server.posts_with = shown_oddly, False, "web"
    here.server.ahead = -timedelta(hours=1)
    assert here.results() == ["done"]
    here.server.ahead = timedelta(0)
    here.forget()
    ((_, result, reason),) = here.go()
    assert (result, len(here.server.statuses)) == ("unknown", len(TEXTS) + 1)
    assert "with different texts; look at them: if one is part 1" in reason


def test_what_else_was_posted_meanwhile_holds_no_post_that_is_known_again(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.server.tells_sources, here.server.posts_with = False, "web"
    real = PostDelivery._mark

    def meanwhile(self: PostDelivery, *args: object) -> None:
        here.server.post({"status": ["By hand, at the same moment"]}, "")
        real(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(PostDelivery, "_mark", meanwhile)
    assert here.results() == ["done"]


def test_the_earlier_one_keeps_its_part_and_goes_on(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    _, said = both(here, monkeypatch, at="_accept", part=1)
    assert here.results() == ["done"]
    assert said[0] == "failed"
    assert "Another computer posted part 1 just before" in said[1]
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


def test_a_later_copy_that_cannot_be_taken_down_is_said_with_both_addresses(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    both(here, monkeypatch, at="_mark", part=1)
    here.proxy.will("DELETE", *["status-before=403"] * 4)
    ((_, result, reason),) = here.go()
    theirs, ours = [status["url"].replace(here.server.url, here.proxy.url) for status in here.server.statuses.values()][
        ::3
    ]
    assert result == "unknown"
    assert f"part 1 is there twice, at {theirs} and at {ours}; delete one of them there" in reason
    assert here.results() == ["unknown"]
    here.server.statuses.popitem()
    wait_out(here)
    ((_, result, reason),) = here.go()
    assert (result, "this text is there already" in reason) == ("held", True)
    assert len(here.server.statuses) == len(TEXTS)


def test_two_computers_that_complete_a_broken_thread_at_once_complete_it_once(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.proxy.will(POST, "pass", "status-before=422")
    assert here.results() == ["failed"]
    both(here, monkeypatch, at="_mark", part=2)
    said = here.go(post="thread", again=True)
    assert said[0][1] == "failed"
    assert "Another computer posted part 2 just before" in said[0][2]
    assert here.server.chain() == [(TEXTS[0], None), (TEXTS[1], TEXTS[0]), (TEXTS[2], TEXTS[1])]


@pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")
@pytest.mark.parametrize("seed", range(int(os.environ.get("OUTREACH_PAIRS", "2"))))
def test_two_clones_that_publish_at_the_same_moment_leave_every_part_once(here: Here, seed: int) -> None:
    """With an even seed all answers arrive."""
    if seed % 2:
        chance = random.Random(seed)
        here.proxy.will(POST, *chance.choices(["pass", "drop-after", "garbage-after"], [4, 1, 1], k=12))
    for number in range(2, 6):
        post = (here.root / "posts" / "thread.md").read_text(encoding="utf-8")
        for text in TEXTS:
            post = post.replace(text, f"{text} {number}")
        (here.root / "posts" / f"thread{number}.md").write_text(post, encoding="utf-8")
    other = Here(Path(shutil.copytree(here.root, here.root.parent / "other")), here.proxy, here.server)
    pids = []
    for each in (here, other):
        pid = os.fork()
        if pid == 0:
            try:
                each.go()
            finally:
                os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)
    for _ in range(3):  # whoever stopped goes on, and so does the other
        here.go()
        other.go()
    texts = here.server.texts()
    assert len(texts) == len(set(texts)) == 5 * len(TEXTS)
    parents = dict(here.server.chain())
    for text in texts:
        assert (parents[text] is None) == text.startswith("We ask"), parents


def test_the_same_text_in_two_posts_of_one_campaign_is_no_twin(here: Here) -> None:
    text = (here.root / "posts" / "thread.md").read_text(encoding="utf-8")
    (here.root / "posts" / "again.md").write_text(text, encoding="utf-8")
    assert here.results() == ["done", "done"]
    assert len(here.server.statuses) == 2 * len(TEXTS)


# --- taken down, edited --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [200, 202, 404, 500])
@pytest.mark.parametrize("data", [HTML, b"", b"{}", b'{"id": "1"}', b"null"])
def test_a_page_that_says_yes_to_a_deletion_takes_nothing_down(here: Here, status: int, data: bytes) -> None:
    assert here.results() == ["done"]
    here.proxy.will_say("DELETE", Said(status=status, data=data))
    said = outreach("retract", "thread", "--go", folder=here.root)
    assert said.code == 1
    assert "taken down" not in said.out
    assert len(here.server.statuses) == len(TEXTS)
    assert outreach("retract", "thread", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}


def test_a_page_in_the_place_of_every_answer_takes_nothing_down(here: Here) -> None:
    assert here.results() == ["done"]
    here.proxy.will_say("/api/v1/statuses/", *[Said(status=404, data=HTML)] * 9)
    said = outreach("retract", "thread", "--go", folder=here.root)
    assert (said.code, "does not say whether" in said.err) == (1, True)
    here.proxy.answers.clear()
    assert outreach("retract", "thread", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}


def test_a_deletion_whose_answer_is_lost_is_looked_at(here: Here) -> None:
    assert here.results() == ["done"]
    here.proxy.will("DELETE", *["drop-after", "status-after=502", "garbage-after"])
    assert outreach("retract", "thread", "--go", folder=here.root).code == 0
    assert here.server.statuses == {}


@pytest.mark.parametrize(("old", "new"), [("funding", "Funding"), ("funding.", "funding!"), ("brief", "brief#a")])
@pytest.mark.parametrize("tells_sources", [True, False])
def test_an_edit_is_compared_letter_by_letter(here: Here, old: str, new: str, tells_sources: bool) -> None:
    here.server.tells_sources = tells_sources
    assert here.results() == ["done"]
    change(here, old, new)
    here.server.edits_nothing = True
    said = outreach("correct", "thread", "--go", folder=here.root)
    assert (said.code, "still shows the old text of part 1" in said.err) == (1, True)
    here.server.edits_nothing = False
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.server.texts()[0] == TEXTS[0].replace(old, new)


@pytest.mark.parametrize("draws", [shown_as_gotosocial, shown])
@pytest.mark.parametrize("tells_sources", [True, False])
def test_an_edit_of_what_is_shown_otherwise_is_seen(
    here: Here, draws: Callable[[str], str], tells_sources: bool
) -> None:
    here.server.tells_sources, here.server.draws = tells_sources, draws
    assert here.results() == ["done"]
    change(here, "Third part", "Mail mira@example.org &amp; Tom &lt;3")
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.server.texts()[2] == "Mail mira@example.org &amp; Tom &lt;3"
    assert "the same as its file" in outreach("correct", "thread", folder=here.root).out


@pytest.mark.parametrize("fault", ["drop-after", "status-after=502", "garbage-after"])
def test_a_correction_after_a_lost_answer_looks_first_and_goes_on_with_the_other_parts(here: Here, fault: str) -> None:
    here.server.refuses_the_same = True
    assert here.results() == ["done"]
    change(here, "Second", "The second")
    change(here, "Third", "The third")
    here.proxy.will("PUT", fault)
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert [text[:10] for text in here.server.texts()[1:]] == ["The second", "The third "]
    assert "the same as its file" in outreach("correct", "thread", folder=here.root).out


def test_an_edit_of_which_the_ledger_never_heard_is_not_asked_for_again(here: Here) -> None:
    here.server.refuses_the_same = True
    assert here.results() == ["done"]
    change(here, "Third", "The third")
    status = list(here.server.statuses.values())[2]
    here.server.edit(status, {"status": ["The third part"], "spoiler_text": [""], "language": ["en"]})
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.server.edits == []


def test_one_part_that_cannot_be_edited_does_not_stop_the_others(here: Here) -> None:
    assert here.results() == ["done"]
    change(here, "Second", "The second")
    change(here, "Third", "The third")
    here.proxy.will("PUT", "status-before=422")
    said = outreach("correct", "thread", "--go", folder=here.root)
    assert (said.code, "edited in place, but for part 2: " in said.out) == (1, True)
    assert [text[:10] for text in here.server.texts()[1:]] == ["Second par", "The third "]
    assert "would be edited in place  part 2" in outreach("correct", "thread", folder=here.root).out
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    assert here.server.texts()[1].startswith("The second")


def test_what_cannot_be_corrected_on_one_network_is_corrected_on_the_other(here: Here) -> None:
    accounts = f"  mastodon: {{server: '{here.proxy.url}'}}\n  bluesky: {{handle: a.test, transport: outbox}}\n"
    write_posts(here.root, accounts=accounts, networks="bluesky, mastodon")
    assert here.results() == ["done", "done"]
    change(here, "Third part", "The third part " + "is long " * 35)
    said = outreach("correct", "thread", "--go", folder=here.root)
    assert (said.code, "thread/bluesky  not corrected: " in said.out) == (1, True)
    assert here.server.texts()[2].startswith("The third part is long")


def test_an_alt_text_is_corrected_only_once_the_server_shows_it(here: Here) -> None:
    assert here.results() == ["done"]
    change(here, "alt: A picture", "alt: A better picture")
    here.server.edits_nothing = True
    assert outreach("correct", "thread", "--go", folder=here.root).code == 1
    here.server.edits_nothing = False
    assert outreach("correct", "thread", "--go", folder=here.root).code == 0
    first = next(iter(here.server.statuses.values()))
    assert [each["description"] for each in first["media_attachments"]] == ["A better picture"]


def test_where_a_server_takes_no_edits_the_other_way_is_said(here: Here) -> None:
    assert here.results() == ["done"]
    change(here, "Second", "The second")
    for status in (403, 404, 405, 422):
        here.proxy.will("PUT", f"status-before={status}")
        said = outreach("correct", "thread", "--go", folder=here.root)
        assert (said.code, "outreach correct thread/mastodon --repost" in said.err) == (1, True), said.err
        assert "outreach login" not in said.err
    here.proxy.will("PUT", "status-before=401")
    assert "outreach login mastodon" in outreach("correct", "thread", "--go", folder=here.root).err
    assert outreach("correct", "thread", "--repost", "--go", folder=here.root).code == 0
    assert [text[:10] for text in here.server.texts()] == [TEXTS[0][:10], "The second", TEXTS[2][:10]]


# --- replies ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("says", ["hive.example", None, "not a domain", "../x"])
def test_a_reply_from_our_own_server_is_its_author_s_whatever_the_server_is_called(
    here: Here, says: str | None
) -> None:
    domain = says if says == "hive.example" else here.proxy.url.partition("://")[2]
    (here.root / "contacts").mkdir()
    (here.root / "contacts" / "carol.yaml").write_text(
        f"id: carol\nname: Carol\nkind: person\nchannels:\n  - {{mastodon: '@carol@{domain}'}}\n", encoding="utf-8"
    )
    here.server.domain = says  # type: ignore[assignment]
    assert here.results() == ["done"]
    here.server.reply(next(iter(here.server.statuses)), "carol", "We support this.")
    outreach("sync", folder=here.root)
    (contact,) = json.loads(outreach("status", "--json", folder=here.root).out)["contacts"]
    assert (contact["id"], contact["state"] == "answered") == ("carol", says == "hive.example")


def test_our_own_parts_are_no_replies_to_us_whatever_the_server_calls_us(here: Here) -> None:
    here.server.acct = "campaign@hive.example"
    assert here.results() == ["done"]
    synced = outreach("sync", "--json", folder=here.root)
    assert (synced.code, "replied" in synced.out) == (0, False)
    (post,) = json.loads(outreach("status", "--json", folder=here.root).out)["posts"]
    assert post["counts"]["replies"] == 0
