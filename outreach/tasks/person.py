"""Who asks, and what that person may do: written into the ledger beside everything a person says."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from outreach.connections.git import user_name
from outreach.errors import NotAllowed
from outreach.model.member import Member, Role

_MEMBER: ContextVar[Member | None] = ContextVar("member", default=None)
"""Who logged in (`outreach serve`); None at a terminal and in a dashboard for one person: everything is allowed."""


@contextmanager
def acting_as(member: Member | None) -> Iterator[None]:
    """Do what is inside as somebody who logged in, in this thread and those that copy its context."""
    before = _MEMBER.set(member)
    try:
        yield
    finally:
        _MEMBER.reset(before)


def acting() -> Member | None:
    """Who logged in and asks for what is being done."""
    return _MEMBER.get()


def needs(*roles: Role) -> None:
    """Said where an effect happens, whatever page asked for it. Raises NotAllowed for who lacks one of the roles."""
    member = _MEMBER.get()
    missing = [role for role in roles if member is not None and role not in member.roles]
    if missing:
        raise NotAllowed(missing[0])


def whoever(root: Path) -> str:
    """Who logged in, else who is at this computer; never a reason to refuse."""
    member = _MEMBER.get()
    return member.name if member else at_this_computer(root)


def at_this_computer(root: Path) -> str:
    """`$OUTREACH_USER`, else Git's user for the campaign, else the login name."""
    return os.environ.get("OUTREACH_USER") or user_name(root) or _login_name() or "somebody"


def _login_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
