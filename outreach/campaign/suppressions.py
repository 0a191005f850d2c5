"""The file that `suppressions` of campaign.yaml names: addresses to which none of several campaigns writes again.

A line has an address, which people write, or a coded mark (history/address_marks), which outreach writes; `key: ` and
64 hex digits is the key of the marks. What follows a `#` is a comment. The list may be another tool's export: a
heading and the other cells of a line do not matter. A path outside the campaign folder has to be allowed with
`outreach trust`.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from pathlib import Path

from outreach import storage
from outreach.errors import EditedMeanwhile, LeadsOut, SuppressionsUnreadable, not_written
from outreach.history.address_marks import mark_of, normalised
from outreach.model.records import dataclass

_KEY = re.compile(r"key:\s*([0-9a-f]{64})")
_MARK = re.compile(r"[0-9a-f]{8}-[0-9a-f]{16}")
_ADDRESS = re.compile(r"[^\s<>,;:|\"'()\[\]]+@[^\s<>,;:|\"'()\[\]]+")
_HEADING = re.compile(r"(?i)mail|addres|adres|courriel|correo")
_HEAD = "# Nobody writes to these again. You can add addresses, one a line; outreach adds coded marks.\n"
_TRIES = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class SuppressionList:
    """The file as it was read: `addresses` case folded, `marks` under its `keys`; `digest` None: there is none."""

    addresses: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    keys: tuple[bytes, ...] = ()
    text: str = ""
    digest: str | None = None

    def holds(self, address: str) -> bool:
        """Whether nobody writes to that address again."""
        own = normalised(address)
        return own in self.addresses or any(mark_of(own, key) in self.marks for key in self.keys if self.marks)


def read_suppressions(root: Path, name: str) -> SuppressionList:
    """What the file says; one that is not there yet is empty. Raises SuppressionsUnreadable."""
    try:
        place = storage.place(root, name)
        content = storage.read(root, str(place))
        text = content.decode("utf-8-sig")
    except FileNotFoundError:
        return SuppressionList()
    except LeadsOut as error:
        hint = f"Allow it on this computer: outreach trust {name}"
        raise SuppressionsUnreadable(name, "it is outside the campaign folder", hint) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SuppressionsUnreadable(name, "it cannot be read", "Save it as UTF-8, and fix its permissions.") from error
    addresses, marks, keys, is_first = set[str](), set[str](), [], True
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if found := _KEY.fullmatch(line):
            keys.append(bytes.fromhex(found[1]))
        elif _MARK.fullmatch(line):
            marks.add(line)
        elif there := _addresses_in(line):
            addresses |= there
        elif line and not (is_first and _HEADING.search(line)):
            raise SuppressionsUnreadable(name, f"line {number} has no email address", "Write one address a line.")
        is_first = is_first and not line
    return SuppressionList(
        addresses=frozenset(addresses),
        marks=frozenset(marks),
        keys=tuple(keys),
        text=text,
        digest=storage.digest(content),
    )


def _addresses_in(line: str) -> set[str]:
    return {normalised(found) for found in _ADDRESS.findall(line)}


def _names_one_of(dropped: set[str], line: str) -> bool:
    line = line.partition("#")[0].strip()
    return line in dropped or not dropped.isdisjoint(_addresses_in(line))


def add_suppressions(root: Path, name: str, addresses: Iterable[str], *, without: Iterable[str] = ()) -> None:
    """Add the marks of these addresses, and take `without` out; the lines that people wrote stay.

    Raises SuppressionsUnreadable, CannotWrite.
    """
    wanted, gone = [*addresses], [*without]
    for _ in range(_TRIES):
        found = read_suppressions(root, name)
        key = found.keys[0] if found.keys else secrets.token_bytes(32)
        dropped = {mark_of(each, k) for each in gone for k in found.keys} | {normalised(each) for each in gone}
        kept = [e for e in found.text.splitlines() if not _names_one_of(dropped, e)]
        new = [mark_of(each, key) for each in dict.fromkeys(wanted) if not found.holds(each)]
        head = [] if found.text else [_HEAD.rstrip()]
        lines = [*head, *kept, *([f"key: {key.hex()}"] if new and not found.keys else []), *new]
        if not new and len(kept) == len(found.text.splitlines()):
            return
        place = storage.place(root, name)
        try:
            storage.replace(place.parent, place.name, found.digest, "".join(f"{e}\n" for e in lines).encode())
        except EditedMeanwhile:
            continue
        except OSError as error:
            raise not_written(name, error) from error
        return
    raise SuppressionsUnreadable(name, "somebody else writes it all the time", "Run the same command again.")
