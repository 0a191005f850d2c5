"""Every command: in which group of help it stands, its function in `outreach.cli`, and its summary.

A summary is the first line of the function's docstring, without the full stop; it stands here too so that help is
shown without importing a single command.
"""

from __future__ import annotations

from typing import NamedTuple


class Command(NamedTuple):
    """`module.function` below `outreach.cli`, and what the command does in under 60 characters."""

    function: str
    summary: str


GROUPS: dict[str, dict[str, Command]] = {
    "Start": {
        "init": Command("importing.init", "Start a campaign, empty or from your files"),
        "import": Command("importing.import_", "Add contacts and texts from your files"),
        "demo": Command("importing.demo", "Put a finished example campaign into a folder"),
        "dashboard": Command("dashboard.dashboard", "Open the campaign in your browser"),
        "login": Command("accounts.login", "Connect your mailbox, Bluesky or Mastodon"),
        "doctor": Command("accounts.doctor", "Check that everything is ready to send"),
    },
    "Write": {
        "check": Command("campaign.check", "Find mistakes before anything goes out"),
        "draft": Command("letters.draft", "Write the drafts, one per organisation"),
        "preview": Command("posts.preview", "Show emails and posts as readers will see them"),
    },
    "Approve and send": {
        "test": Command("sending.try_out", "Send a test email to yourself"),
        "approve": Command("sending.approve", "Read emails and posts, and approve them"),
        "send": Command("sending.send", "Send approved emails (a preview without --go)"),
        "confirm": Command("sending.confirm", "Say whether an uncertain email was sent"),
        "run": Command("watching.run", "Keep running: read, remind, and with --go send"),
        "worker": Command("watching.worker", "Keep running beside workers on other computers"),
        "digest": Command("digest.digest", "Send yourself today's list by email"),
    },
    "Posts": {
        "publish": Command("publishing.publish", "Publish approved posts (a preview without --go)"),
        "correct": Command("publishing.correct", "Correct a published post"),
        "unpublish": Command("publishing.unpublish", "Take down a published post"),
        "lookup": Command("posts.lookup", "Look up handles, link previews and server limits"),
        "links": Command("posts.links", "Put published links into your documents"),
    },
    "Answers": {
        "sync": Command("mailbox.sync", "Read answers, bounces and reactions"),
        "reply": Command("replying.reply", "Answer a contact's message"),
        "sort": Command("mailbox.sort", "Say what a message is: answer, automatic, opt-out ..."),
        "match": Command("mailbox.match", "Say which contact a message belongs to"),
        "log": Command("log.log", "Log a call, a meeting or a message"),
        "outcome": Command("log.outcome", "Record a contact's position, such as supports"),
        "done": Command("log.done", "Mark a contact as finished"),
    },
    "Plan": {
        "agenda": Command("looking.agenda", "Show what is planned, and what is waiting for what"),
        "status": Command("looking.status", "List contacts: who was written to, who answered"),
        "show": Command("looking.show", "Show everything about a contact, wave or post"),
        "decide": Command("log.decide", "Answer one of the campaign's decisions"),
        "allow": Command("log.allow", "Let a wave or post go although its condition is not met"),
        "pause": Command("log.pause", "Pause everything, or one wave, contact or post"),
        "resume": Command("log.resume", "Resume what was paused"),
    },
    "Records": {
        "report": Command("reporting.report", "Make a report: who was contacted, who answered"),
        "access-request": Command("reporting.access_request", "Give a person their data (GDPR access request)"),
        "erase": Command("erasing.erase", "Erase a person's data everywhere"),
        "suppress": Command("log.suppress", "Never write to a contact or address again"),
        "merge": Command("merging.merge", "Make one contact of two, with the history of both"),
        "backup": Command("records.backup", "Save the campaign's history to a file"),
        "restore": Command("records.restore", "Restore the history from a backup"),
    },
    "Team and safety": {
        "serve": Command("dashboard.serve", "Open the campaign to your team, behind a login"),
        "ledger": Command("records.ledger", "Move the campaign's history to PostgreSQL, or back"),
        "trust": Command("trusting.trust", "Allow a path outside the folder, or a Git remote"),
        "schema": Command("schema.schema", "Print JSON Schemas for editors and scripts"),
        "completion": Command("completing.completion", "Let your shell complete commands, contacts and waves"),
        "help": Command("helping.help_", "Explain a command or a topic"),
    },
}
COMMANDS: dict[str, Command] = {name: command for group in GROUPS.values() for name, command in group.items()}
"""All of them by name, in the order of help."""
OLD_NAMES = {
    "adopt": "sync",
    "assign": "match",
    "close": "done",
    "export": "access-request",
    "forget": "erase",
    "hold": "pause",
    "note": "log",
    "open": "allow",
    "release": "resume",
    "resolve": "confirm",
    "retract": "unpublish",
}
"""Names of older versions: they work as before, and say the new one."""
HIDDEN = {
    "complete": Command("completing.complete", "What a shell asks for"),
    "watch": Command("watching.run", "The same as run"),
}
