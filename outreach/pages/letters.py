"""A letter as people read it: who gets it, what it says, what it carries."""

from __future__ import annotations

from outreach.letters.letter import Letter, ManualTask


def letter_page(letter: Letter) -> str:
    """The letter in Markdown, headers first. Ends with one newline."""
    message = letter.message
    lines = [
        f"# {message.subject}",
        "",
        f"- To: {message.recipient_name} <{message.recipient_email}>",
        f"- From: {message.sender_name} <{message.sender_email}>",
    ]
    if message.reply_to:
        lines.append(f"- Answers go to: {message.reply_to}")
    lines += [f"- Attached: {each.name} ({each.size:,} bytes)" for each in message.attachments]
    lines.append(f"- Letter: {letter.id}, from {letter.template}")
    lines += _later(letter.later)
    return "\n".join([*lines, "", "---", "", message.text])


def manual_page(task: ManualTask) -> str:
    """A text to paste by hand, and where. Ends with one newline."""
    where = {
        "form": "Paste it into the form",
        "mastodon": "Send it on Mastodon",
        "bluesky": "Send it on Bluesky",
    }
    lines = [f"# {task.name}, by hand", "", f"- {where.get(task.how, 'By')}: {task.address}"]
    if task.subject:
        lines.append(f"- Subject: {task.subject}")
    lines += [f"- A letter would have carried: {name}" for name in task.attachments]
    lines.append(f"- Letter: {task.id}, from {task.template}")
    lines += _later(task.later)
    return "\n".join([*lines, "", "---", "", task.text])


def _later(paths: tuple[str, ...]) -> list[str]:
    return [f"- Not known yet: {path}" for path in paths]
