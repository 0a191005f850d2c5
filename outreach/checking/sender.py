"""Whether the sender is somebody yet: a new campaign has placeholders where only its owner knows the words."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.checking.material import Checked
from outreach.letters.right_name import placeholder
from outreach.model.problem import Problem


def sender_problems(checked: Checked) -> Iterator[Problem]:
    """Placeholders in a sender's name, signature or postal address: no letter leaves with them."""
    campaign = checked.campaign
    for name, sender in {"": campaign.sender, **campaign.senders}.items():
        for key in ("name", "signature", "postal_address"):
            found = placeholder(getattr(sender, key) or "")
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
