"""What the server that took a message in found out about its sender: `Authentication-Results` (RFC 8601).

Anybody can write that field into a message. A server removes what bears its own name before it adds its own, so with
its name (`checked_by` of an inbox) its findings are told from others'; without, the topmost field is taken for its own.
"""

from __future__ import annotations

import re
from email.parser import BytesHeaderParser

_MOST = 100_000
_METHOD = re.compile(r";\s*(dmarc|dkim|spf)\s*=\s*([a-z]+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED_NAME = re.compile(r'"(?:[^"\\]|\\.)*"')
_DOUBTS = frozenset({"fail", "softfail", "permerror"})


def findings(head: bytes, server: str | None = None) -> dict[str, str]:
    """What became of each method, such as `{"dmarc": "fail", "spf": "pass"}`; of DKIM the best of several signatures.

    `server` is the name that our server gives itself; None: the topmost field counts. Empty where nothing is said.
    """
    fields = [str(each) for each in BytesHeaderParser().parsebytes(head[:_MOST]).get_all("Authentication-Results", [])]
    own = [each for each in fields if server is None or _is_by(server, each)]
    found: dict[str, str] = {}
    for method, result in _METHOD.findall(_COMMENT.sub("", own[0]) if own else ""):
        name, said = method.casefold(), result.casefold()
        if found.get(name) != "pass":
            found[name] = said
    return found


def _is_by(server: str, field: str) -> bool:
    named = field.partition(";")[0].split()
    return bool(named) and named[0].casefold() == server.casefold()


def is_doubted(found: dict[str, str]) -> bool:
    """Whether the sender is probably not who the message says: DMARC failed, or nothing that was asked proved them."""
    if found.get("dmarc") in _DOUBTS - {"softfail"}:
        return True
    proved = "pass" in (found.get("dmarc"), found.get("dkim"))
    return not proved and not _DOUBTS.isdisjoint(found.values())


def names_only(head: bytes, sender: str) -> bool:
    """Whether From has that address and no other: programs read several, or one in a name, in different ways."""
    fields = [str(each) for each in BytesHeaderParser().parsebytes(head[:_MOST]).get_all("From", [])]
    written = _QUOTED_NAME.sub("", " ".join(fields)).casefold()
    return len(fields) == 1 and written.count("@") == 1 and sender in written


def in_words(found: dict[str, str], server: str) -> str:
    """What to show of it; "" where the server said nothing."""
    if not found:
        return ""
    results = ", ".join(f"{name}={said}" for name, said in sorted(found.items()))
    return f"{server} {'doubts the sender' if is_doubted(found) else 'checked the sender'}: {results}"
