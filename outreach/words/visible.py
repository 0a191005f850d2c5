"""Control characters made visible, so that no text can act on the terminal or hide in it.

A terminal obeys ESC and what follows it (OSC 8 links, titles, the clipboard, a cleared screen), the C1 characters
(U+009B is ESC and `[` in one), BEL, CR and backspace. Bidirectional controls show a text in another order than it has
("Trojan Source", CVE-2021-42574), and U+2028 begins a line for some readers only.
"""

from __future__ import annotations

import re

_CONTROLS = "\x00-\x08\x0b-\x1f\x7f-\x9f"
# The invisible characters that names need stay as they are: joiners (U+200C, U+200D: Persian, emoji), tags (flags).
_DIRECTIONS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"
_OTHERS = "\u2028\u2029\ufff9-\ufffb\ud800-\udfff"  # line separators, annotations, bytes that are no text
_ACTING = re.compile(f"[{_CONTROLS}{_DIRECTIONS}{_OTHERS}]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # tabs and line ends are in files
_TAB = 8


def visible(text: str) -> str:
    r"""`text` as a terminal may show it: ESC is `\x1b`, CR is `\r`, U+202E is `\u202e`; a tab is spaces.

    `\n` stays, and `\r\n` is one. What is visible already stays as it is, so doing it twice changes nothing.
    """
    if text.isprintable():
        return text
    shown = _ACTING.sub(lambda found: repr(found[0])[1:-1], text.replace("\r\n", "\n"))
    return shown.expandtabs(_TAB)


def visible_in_json(text: str) -> str:
    r"""JSON `text` that means the same and holds none of these characters but `\n` between its values."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def without_controls(text: str) -> str:
    r"""`text` for a file: control characters are visible, but tabs, line ends and the order of writing stay."""
    return _CONTROL.sub(lambda found: repr(found[0])[1:-1], text)
