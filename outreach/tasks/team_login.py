"""How people log in where `outreach serve` runs: the message with a link, and the login provider's secret."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

from outreach.connections.identities import login_client
from outreach.connections.secrets import Secret, Secrets
from outreach.errors import CannotTell
from outreach.letters.mime import Message
from outreach.model.campaign import Campaign, Transport
from outreach.model.member import Member
from outreach.tasks.campaign import load
from outreach.tasks.trying import send_to_us
from outreach.tasks.world import session


def can_mail(campaign: Campaign) -> bool:
    """Whether links can be sent. None is written into outbox/ or drafts, where others could read it and log in."""
    return campaign.accounts.mail.transport is Transport.SMTP


def send_login_link(root: Path, to: Member, subject: str, text: str) -> None:
    """Send it through the campaign's own account. Raises CampaignUnreadable, and what the account raises."""
    with session(root) as opened:
        sender, mark = opened.campaign.sender, secrets.token_hex(16)
        message = Message(
            sender_name=sender.name,
            sender_email=sender.email,
            recipient_name=to.name,
            recipient_email=to.email,
            subject=" ".join(subject.split()),
            message_id=f"<login-{mark}@{sender.email.rpartition('@')[2]}>",
            text=text,
            extra_headers=(("Auto-Submitted", "auto-generated"),),
        )
        send_to_us(opened, message, f"logins/{mark}/0")


def keep_client_secret(root: Path, ask: Callable[[str], str]) -> str:
    """Keep the secret that the login provider of campaign.yaml gave; where, in words. `ask` is told whose it is.

    Raises CampaignUnreadable, CannotTell, NotSent for an address that is not safe, SecretsUnusable.
    """
    login = load(root).campaign.login
    if login is None:
        hint = "Add login: {issuer: https://id.example.org, client_id: outreach}, or use links sent by email."
        raise CannotTell("campaign.yaml names no login provider", hint)
    identity, secret = login_client(login), ask(f"{login.client_id} at {login.issuer}").strip()
    if not secret:
        raise CannotTell("Nothing was entered", "Run `outreach login serve` again once you have the client secret.")
    return Secrets().put(identity, Secret(secret))
