"""`run` and `worker`: watch over the campaign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from outreach.cli.options import CampaignDir, Json, campaign_root, found_root
from outreach.cli.output import print_object, reader_width, say
from outreach.errors import DONE, NEEDS_A_HUMAN, CannotTell

if TYPE_CHECKING:
    from outreach.pages.watching import RunObject
    from outreach.tasks.watching import Acted, Look


def run(
    go: Annotated[bool, typer.Option("--go", help="Send and publish what is approved and due.")] = False,
    once: Annotated[bool, typer.Option("--once", help="Look once, for a timer such as cron; do not wait.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Keep running: read, remind, and with --go send."""
    from outreach.tasks.watching import Listener, watch

    if as_json and not once:
        raise CannotTell("--json prints one object, and a watch has no end", "Add --once.")
    told = _Told(go=go, as_json=as_json)
    watch(campaign_root(campaign_dir), Listener(looked=told.look, acted=told.acts), go=go, once=once)
    if told.object is not None and as_json:
        print_object(told.object)
    raise typer.Exit(NEEDS_A_HUMAN if told.needs_a_human else DONE)


def worker(
    once: Annotated[bool, typer.Option("--once", help="Do what is due now; do not wait.")] = False,
    campaign_dir: CampaignDir = None,
    as_json: Json = False,
) -> None:
    """Keep running beside workers on other computers."""
    from outreach.pages.sending import actions_object
    from outreach.pages.watching import WorkerObject, told_lines
    from outreach.tasks.working import Worked
    from outreach.team.worker import needed, work

    if as_json and not once:
        raise CannotTell("--json prints one object, and a worker has no end", "Add --once.")
    done: list[Worked] = []
    said: set[str] = set()

    def heard(account: str, worked: Worked) -> None:
        done.append(worked) if once else None
        news = [trouble for trouble in worked.troubles if trouble not in said]
        said.clear() if worked.actions else said.update(news)
        for line in () if as_json else (*told_lines(worked.actions), *news):
            say(line)

    needed()
    if not as_json:
        say("Working for this campaign, together with workers on other computers. Ctrl-C ends it.")
    # A worker that starts before its database waits for it: so it does not ask it for pauses first.
    work(campaign_root(campaign_dir) if once else found_root(campaign_dir), heard, once=once)
    troubles = [trouble for each in done for trouble in each.troubles]
    if as_json:
        actions = tuple(action for each in done for action in each.actions)
        print_object(WorkerObject(actions=actions_object(actions)["actions"], troubles=troubles))
    raise typer.Exit(NEEDS_A_HUMAN if troubles else DONE)


class _Told:
    """What a person at the terminal, or a script, hears of the rounds."""

    def __init__(self, *, go: bool, as_json: bool) -> None:
        self._go = go
        self._quiet = as_json
        self._ahead: tuple[str, ...] | None = None
        self._timezone = "UTC"
        self._began = False
        self.object: RunObject | None = None
        self.needs_a_human = False

    def look(self, look: Look) -> None:
        from outreach.pages.watching import ahead_lines, ahead_object, came_in, reminder_lines

        self._timezone = look.timezone
        self.needs_a_human = bool(look.troubles) or any(item.state in ("missed", "in-doubt") for item in look.reminders)
        news = came_in(look.mail.kinds if look.mail else None, look.posts)
        self.object = {
            "at": look.at.isoformat(),
            "troubles": list(look.troubles),
            **ahead_object(look.ahead, look.reminders),
            "news": news,
            "actions": [],
        }
        reminded = list(reminder_lines(look.reminders))
        ahead = tuple(ahead_lines(look.ahead, look.timezone, go=self._go, width=reader_width()))
        self._say(*look.troubles, *([news] if news else []))
        self._say(*(["For you to do:", *reminded] if reminded else []))
        self._say(*(ahead if ahead != self._ahead else ()))
        self._ahead = ahead

    def acts(self, acted: Acted) -> None:
        from outreach.pages.sending import actions_object
        from outreach.pages.watching import told_lines
        from outreach.words.said_time import said_moment

        self.needs_a_human |= bool(acted.troubles) or any(action.result != "done" for action in acted.actions)
        if self.object is not None:
            self.object["actions"] = actions_object(acted.actions)["actions"]
            self.object["troubles"] += acted.troubles
        self._say(*told_lines(acted.actions), *acted.troubles)
        if acted.again is None:
            self._say("Next: outreach status" if acted.actions else "Next: outreach agenda")
        elif acted.actions or acted.troubles or not self._began:
            self._began = True
            self._say(f"Looking again on {said_moment(acted.again, self._timezone)}; Ctrl-C ends it.")

    def _say(self, *lines: str) -> None:
        for line in () if self._quiet else lines:
            say(line)
