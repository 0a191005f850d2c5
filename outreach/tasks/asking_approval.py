"""`outreach approve WAVE --ask ADDRESS`: one message with everything that somebody is to approve by answering it.

What they are asked about is frozen first, and the ledger remembers under a short code which bytes these are. Their
answer is read by `outreach sync` (tasks/approval_answers.py). They must be one of us: the sender's own address, or in
`team`. Every text is in an HTML page that is attached, which any browser shows in every script, and each file that
the emails carry is attached once.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from outreach.errors import CannotTell, NothingToApprove
from outreach.inbox.known import Ours, who_we_are
from outreach.ledger.blobs import keep
from outreach.letters.approving import Verdict
from outreach.letters.mime import EncodedAttachment, Message, encode_attachment, faults
from outreach.model.campaign import Campaign
from outreach.model.dispatch import Accepted
from outreach.model.event import EventKind
from outreach.model.member import Role
from outreach.model.payload import PlainPayload
from outreach.model.records import dataclass
from outreach.pages.asking import asked_page, asked_text
from outreach.tasks.approving import ApprovalResult, freeze_letter, freeze_post, reviewed
from outreach.tasks.trying import send_to_us
from outreach.tasks.world import Session, session
from outreach.words.wall_time import zone

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What codes are made of: nothing that looks like something else."""
MOST_ATTACHED = 10_000_000
"""Bytes of files that are attached; what comes beyond is only named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What somebody was asked to approve: the code of their answer, the ids with their digests, and how it was sent.

    `left_out` are the ids that cannot be approved as they are, with the reason.
    """

    code: str
    to: str
    by: date | None
    items: Mapping[str, str]
    left_out: Mapping[str, str]
    accepted: Accepted


def ask_for_approval(root: Path, names: Iterable[str], address: str, by: date | None = None) -> Asked:
    """Send one message that asks `address` to approve all that is named, until the end of the day `by`.

    Raises CannotTell if the address is not one of us or the day is over, UnknownName, NothingToApprove,
    CampaignUnreadable, and what the account and the ledger raise.
    """
    with session(root) as opened:
        campaign, address = opened.campaign, address.strip().casefold()
        if not may_approve(campaign, address):
            raise CannotTell(f"{address} is not in your team, so nobody was asked", f"Add it: team: [{address}]")
        if by is not None and by < opened.now.astimezone(zone(campaign.timezone)).date():
            raise CannotTell(f"{by} is over, so nobody was asked", "Name a later day: --by 2027-01-31")
        names = list(names)
        result = reviewed(opened, names)
        items = _frozen(root, result)
        if not items:
            raise NothingToApprove(names[0], next(iter(_left_out(result).values()), "nothing of it can be approved"))
        code = "".join(secrets.choice(LETTERS) for _ in range(4))
        message = _message(opened, result, address, by, code, frozenset(items))
        told = json.dumps({"items": items, "message": message.message_id}, sort_keys=True)
        payload = PlainPayload(name=code, value=keep(root, told.encode()))
        # Before it is sent: an answer whose question nobody knows would count for nothing.
        opened.record(EventKind.APPROVAL_ASKED, payload, address=address, due=by)
        accepted = send_to_us(opened, message, f"approvals/{code}-{opened.now:%Y%m%dT%H%M%S}/0")
        return Asked(code=code, to=address, by=by, items=items, left_out=_left_out(result), accepted=accepted)


def may_approve(campaign: Campaign, address: str) -> bool:
    """Whether an address is one of us: that of a sender, or in `team`; of one in `people`, what their roles say."""
    address = address.casefold()
    its_own = re.sub(r"\+[^@]*@", "@", address)  # what goes to walter+x@ is read by Walter
    member = next((each for each in campaign.people if each.email.casefold() in (address, its_own)), None)
    if member is not None:
        return Role.APPROVE in member.roles
    us: Ours = who_we_are([each.email for each in campaign.everybody], campaign.team, [])
    return address in us.addresses or address.rpartition("@")[2] in us.domains


def _frozen(root: Path, result: ApprovalResult) -> dict[str, str]:
    """What can be approved, by id, with the digest of its bytes, which are kept."""
    found = {}
    for each in result.letters:
        if each.letter is not None and each.verdict is not Verdict.REFUSED:
            found[each.id] = freeze_letter(root, each.letter.letter.message)
    for post in result.posts:
        if post.verdict is not Verdict.REFUSED:
            found[post.post.id] = freeze_post(root, post.post)
    return found


def _left_out(result: ApprovalResult) -> dict[str, str]:
    refused = {each.id: each.reason for each in result.letters if each.verdict is Verdict.REFUSED}
    refused |= {each.post.id: each.reason for each in result.posts if each.verdict is Verdict.REFUSED}
    return refused | dict.fromkeys(result.unfit, "it has an error; see `outreach check`")


def _message(
    opened: Session, result: ApprovalResult, address: str, by: date | None, code: str, ids: frozenset[str]
) -> Message:
    campaign, sender = opened.campaign, opened.campaign.sender
    letters = [each.letter.letter for each in result.letters if each.letter is not None and each.id in ids]
    posts = [each.post for each in result.posts if each.post.id in ids]
    files: dict[str, EncodedAttachment] = {}
    for letter in letters:
        for carried in letter.message.attachments:
            if sum(each.size for each in files.values()) + carried.size <= MOST_ATTACHED:
                files.setdefault(carried.sha256, carried)
    page = asked_page(campaign.title, code, letters, posts)
    seed = hashlib.sha256(f"{code} {opened.now.isoformat()} {sorted(ids)}".encode()).hexdigest()[:32]
    message = Message(
        sender_name=sender.name,
        sender_email=sender.email,
        recipient_name="",
        recipient_email=address,
        subject=" ".join(f"[Approval {code}] {campaign.title}: {len(ids)} to approve".split()),
        message_id=f"<approval-{seed}@{sender.email.rpartition('@')[2]}>",
        text=asked_text(campaign.title, opened.by, code, by, letters, posts),
        reply_to=None,
        attachments=(encode_attachment(f"approval-{code}.html", page.encode()), *files.values()),
    )
    if found := faults(message):
        raise CannotTell(f"The message cannot be made: {found[0]}.", "Fix what it names.")
    return message
