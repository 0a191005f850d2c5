"""A letter as people read it and approve it: whole, with what changed since it was approved before."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import TypedDict

from outreach.letters.approving import Reviewed, ReviewedPost, Verdict
from outreach.letters.letter import Letter, ManualTask
from outreach.letters.mime import FrozenView, freeze, header_names, view
from outreach.networks.composing import Composed
from outreach.pages.groups import some_names
from outreach.pages.json_schema import Count, Digest
from outreach.pages.mail import FromObject
from outreach.pages.plan_objects import ChangedObject
from outreach.pages.posts import PostObject, post_cards, post_object


def letter_page(letter: Letter) -> str:
    """The letter in Markdown, headers first. Ends with one newline."""
    message = letter.message
    lines = [
        f"# {message.subject}",
        "",
        f"- To: {message.recipient_name} <{message.recipient_email}>",
        f"- From: {message.sender_name} <{message.sender_email}>",
    ]
    if message.cc:
        lines.append(f"- Copy to (they see it): {', '.join(message.cc)}")
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


class AttachmentObject(TypedDict):
    """A file that a letter carries; `size` in bytes."""

    name: str
    type: str
    size: Count
    sha256: Digest


class LetterObject(FromObject):
    """A letter whole: to whom, with what, and both its texts. `name` is that of `to`."""

    id: str
    wave: str
    step: Count
    contact: str
    to: str
    name: str
    cc: list[str]
    subject: str
    message_id: str
    headers: list[str]
    text: str
    html: str | None
    attachments: list[AttachmentObject]
    digest: Digest


class VerdictObject(TypedDict):
    """What became of a letter or post that was to be approved; `reason` says why it was refused."""

    id: str
    result: Verdict
    reason: str


class NotMadeObject(VerdictObject):
    """A letter that was to be approved, and cannot be made."""

    tested: bool


class ReviewedLetterObject(LetterObject, NotMadeObject):
    """A letter that was to be approved; `tested`: it was sent to yourself as it is."""


class ReviewedPostObject(PostObject, VerdictObject):
    """A post that was to be approved."""


class TextObject(TypedDict):
    """A text that a person pastes, `how` and where; `subject` may be empty."""

    id: str
    contact: str
    how: str
    address: str
    subject: str
    text: str


class PreviewObject(TypedDict):
    """`why_none` says why an email or text that was named is not made, "" where nothing more is known."""

    letters: list[LetterObject]
    manual: list[TextObject]
    posts: list[PostObject]
    why_none: str


class ApprovalObject(TypedDict):
    """A letter or post that cannot be made has nothing but its verdict."""

    letters: list[ReviewedLetterObject | NotMadeObject]
    posts: list[ReviewedPostObject | VerdictObject]


def letter_object(letter: Letter) -> LetterObject:
    """A letter whole, for `--json`."""
    message = letter.message
    return {
        "id": letter.id,
        "wave": letter.wave,
        "step": letter.step,
        "contact": letter.contact,
        "from": message.sender_email,
        "to": message.recipient_email,
        "name": message.recipient_name,
        "cc": list(message.cc),
        "subject": message.subject,
        "message_id": message.message_id,
        "headers": list(header_names(message)),
        "text": message.text,
        "html": message.html,
        "attachments": [
            {"name": each.name, "type": each.media_type, "size": each.size, "sha256": each.sha256}
            for each in message.attachments
        ],
        "digest": letter.digest,
    }


def preview_object(
    letters: Iterable[Letter], manual: Iterable[ManualTask], posts: Iterable[Composed], why_none: str
) -> PreviewObject:
    """The object of `preview --json`."""
    return {
        "letters": [letter_object(letter) for letter in letters],
        "manual": [
            {
                "id": each.id,
                "contact": each.contact,
                "how": each.how,
                "address": each.address,
                "subject": each.subject,
                "text": each.text,
            }
            for each in manual
        ],
        "posts": [post_object(post) for post in posts],
        "why_none": why_none,
    }


def difference(frozen: bytes, letter: Letter) -> list[str]:
    """The lines of a unified diff from the approved bytes to the letter of now, headers first."""
    old, new = _lines(view(frozen)), _lines(view(freeze(letter.message)))
    lines = difflib.unified_diff(old, new, "approved", "now", n=1, lineterm="")
    found = list(lines)
    if not found and frozen != freeze(letter.message):
        return ["(only the HTML part or the layout of the message changed)"]
    return found


def changed_object(letter: Letter, frozen: bytes | None) -> ChangedObject:
    """A letter whose approval is gone, and what changed; `difference` is null where the approved bytes are lost."""
    return {"id": letter.id, "difference": None if frozen is None else difference(frozen, letter)}


def changed_lines(changed: Iterable[tuple[Letter, bytes | None]], names: Mapping[str, str]) -> Iterator[str]:
    """The same for people: the letters of a wave that changed in the same lines are said once, with one difference.

    Each letter comes with the bytes that were approved; `names` are those of the contacts.
    """
    groups: dict[tuple[str, ...], list[tuple[Letter, list[str]]]] = {}
    for letter, frozen in changed:
        lines = ["What was approved is not among the frozen bytes any more."] if frozen is None else None
        lines = lines or difference(frozen or b"", letter)
        key = [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")] or lines
        groups.setdefault((letter.wave, *key), []).append((letter, lines))
    for (wave, *_), group in groups.items():
        who = some_names([names.get(letter.contact, letter.contact) for letter, _ in group])
        approvals = "1 approval no longer counts" if len(group) == 1 else f"{len(group):,} approvals no longer count"
        yield f'The text changed, so {approvals} (wave "{wave}": {who}). Approve again: outreach approve {wave}'
        yield from (f"    {line}" for line in group[0][1])


def _lines(seen: FrozenView) -> list[str]:
    shown = [pair for pair in seen.headers if not pair[0].lower().startswith(("content-", "mime-"))]
    return [
        *(f"{name}: {value}" for name, value in shown),
        *(f"Attached: {name} ({sha256[:12]})" for name, sha256 in seen.attachments),
        "",
        *seen.text.splitlines(),
    ]


def reviewed_object(reviewed: Reviewed) -> ReviewedLetterObject | NotMadeObject:
    """One letter that was to be approved, whole, with the verdict."""
    result, reason = reviewed.verdict, reviewed.reason
    if reviewed.letter is None:
        return {"id": reviewed.id, "tested": False, "result": result, "reason": reason}
    made = letter_object(reviewed.letter.letter)
    return {**made, "tested": reviewed.letter.was_tested, "result": result, "reason": reason}


def reviewed_post_object(reviewed: ReviewedPost) -> ReviewedPostObject:
    """One post that was to be approved, whole, with the verdict."""
    return {**post_object(reviewed.post), "result": reviewed.verdict, "reason": reviewed.reason}


def reviewed_pages(letters: Iterable[Reviewed], posts: Iterable[ReviewedPost] = ()) -> Iterator[str]:
    """Each letter and post whole, with what a person should know before letting it go."""
    yield from ("\n".join(post_cards(each.post)) + "\n" for each in posts)
    for each in letters:
        if each.letter is None:
            continue
        tested = "tested" if each.letter.was_tested else "not tested"
        said = "" if each.verdict is Verdict.APPROVED else f", {each.verdict}"
        head = f"{each.letter.letter.message.recipient_name} ({each.id}): {tested}{said}"
        yield f"{'=' * 78}\n{head}\n{'=' * 78}\n{letter_page(each.letter.letter)}"
