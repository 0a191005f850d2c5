"""What mail servers say when they refuse an email for what it is, and not for where it goes."""

from __future__ import annotations

import re

TOO_LARGE = re.compile(
    r"\[TOOBIG\]|\b5\.3\.4\b|\b5\.2\.3\b|too (big|large)\b|(size|length) (limit|exceed)"
    r"|(exceeds?|maximum)\b.{0,30}\bsize",
    re.IGNORECASE,
)
"""It is too large: by the codes of RFC 9051, 7.1 and RFC 3463, 3.3, or in words."""
