"""People of the campaign's team, and what each may do in the browser when several share it (`outreach serve`)."""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum

from outreach.model.records import dataclass


class Role(StrEnum):
    """What somebody may do. Whoever is named may read; no role holds another one."""

    READ = "read"
    WRITE = "write"
    APPROVE = "approve"
    SEND = "send"


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """Somebody who may log in, by `email`. The history says `name` of what they do."""

    name: str
    email: str
    roles: frozenset[Role] = frozenset({Role.READ})
    line: int = field(default=0, compare=False)

    def looks_after(self, owner: str) -> bool:
        """Whether a contact's `owner` is this person: the name or its first word, the address or its local part."""
        own = {self.name, self.name.partition(" ")[0], self.email, self.email.partition("@")[0]}
        return owner.strip().casefold() in {each.casefold() for each in own}


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginProvider:
    """Who says who somebody is (OpenID Connect): the `issuer`, an https address, and our client ID there."""

    issuer: str
    client_id: str
