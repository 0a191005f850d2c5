"""Whether the sender is somebody yet: a new campaign has placeholders where only its owner knows the words."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.checking.material import Checked
from outreach.letters.right_name import placeholder
from outreach.model.problem import Problem

NOBODY = "you@example.org"
"""The address that a new campaign has until somebody writes theirs: answers to it would reach nobody."""


def sender_problems(checked: Checked) -> Iterator[Problem]:
    """Placeholders in a sender's name, address, signature or postal address: no letter leaves with them."""
    campaign = checked.campaign
    for name, sender in {"": campaign.sender, **campaign.senders}.items():
        for key in ("name", "email", "signature", "postal_address"):
            value = getattr(sender, key) or ""
            found = value if value == NOBODY else placeholder(value)
            if found is not None:
                group = f"senders: {{{name}: " if name else "sender: "
                yield Problem(
                    file="campaign.yaml",
                    line=sender.line,
                    code="placeholder",
                    message=f"The sender's `{key}` is still {found}.",
                    hint=f"Write yours: `{group}{{{key}: ...}}{'}' if name else ''}`. Emails wait for it.",
                    about="sender",
                )
                return
