"""Links, mentions and hashtags in a plain text: what networks count by rule, and nobody may cut.

Links and mentions for counting follow Mastodon's server (`config/initializers/twitter_regex.rb`,
`Account::MENTION_RE`, `lib/extractor.rb`), which builds on twitter-text. One difference is meant:
twitter-text knows a list of all top-level domains, which is out of date whenever it is read; here
two letters or more are one. It matters only for links to domains that cannot exist.
"""

from __future__ import annotations

from functools import cache

import regex

_DOMAIN_CHARACTER = r"""[^!-/:-@\[-`{-~\p{White_Space}\p{Cc}\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069\uFEFF]"""
_LABEL = rf"{_DOMAIN_CHARACTER}++(?:[_-]++{_DOMAIN_CHARACTER}++)*+"  # none of them is taken back: a dot follows
_TOP_LEVEL = r"(?:xn--[-0-9a-z]+|(?:[a-z]{2,63}|(?:(?![a-z])[\p{L}\p{M}]){2,})(?![0-9a-z@+-]))"
_DOMAIN = rf"(?:{_LABEL}\.)+{_TOP_LEVEL}"

_PATH_CHARACTER = r"[^\p{White_Space}<>()?]"
_BALANCED = rf"\((?:{_PATH_CHARACTER}+|{_PATH_CHARACTER}*\({_PATH_CHARACTER}+\){_PATH_CHARACTER}*)\)"
_PATH_END = r"""[^\p{White_Space}()?!*"'「」<>;:=,.$%\[\]~&|@]"""
_PATH = rf"/(?:(?:{_BALANCED}|{_PATH_CHARACTER})*(?:{_BALANCED}|{_PATH_END}))?"
# The server takes any letter in a query, Mastodon's own web page counts only these: the stricter holds.
_QUERY = r"\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^]*[a-z0-9_&=#/\-]"
_NOT_IN_A_WORD = r"(?<![a-z0-9@＠$#＃\uFEFF])"  # noqa: RUF001 - the full-width signs are meant

_URL = rf"{_NOT_IN_A_WORD}https?://{_DOMAIN}(?::[0-9]+)?(?:{_PATH})?(?:{_QUERY})?"

_REMOTE_MENTION = (
    r"(?<![=/\w])@(?P<user>[a-z0-9_]++(?:[.-]+[a-z0-9_]++)*+)@(?>\w[\w.-]*\w)"
    r"(?![@＠\u00C0-\u024F]|://)"  # noqa: RUF001
)


@cache
def counted_by_mastodon() -> regex.Pattern[str]:
    """Links with http or https (group `url`) and mentions of people on other servers (group `user`)."""
    return regex.compile(rf"(?P<url>{_URL})|{_REMOTE_MENTION}", regex.IGNORECASE)


# twitter-text links `example.com` without a protocol too: ASCII only, and for the two letters of a
# country only with a sub-domain or a path, so that `notes.md` in a sentence stays what it is.
_ASCII_LABEL = r"[a-z0-9]++(?:[_-]++[a-z0-9]++)*+"
_BARE_URL = (
    r"(?<![a-z0-9@＠$#＃\uFEFF_./-])(?:"  # noqa: RUF001
    rf"(?:{_ASCII_LABEL}\.)+(?:com|org|net|edu|gov|int|mil|info|biz|co|tv)(?![0-9a-z@+-])(?::[0-9]+)?(?:{_PATH})?"
    rf"|(?:{_ASCII_LABEL}\.){{2,}}[a-z]{{2}}(?![0-9a-z@+-])(?::[0-9]+)?(?:{_PATH})?"
    rf"|{_ASCII_LABEL}\.[a-z]{{2}}(?![0-9a-z@+-])(?::[0-9]+)?{_PATH}"
    rf")(?:{_QUERY})?"
)


@cache
def counted_by_x() -> regex.Pattern[str]:
    """Links as X wraps them."""
    return regex.compile(rf"{_URL}|{_BARE_URL}", regex.IGNORECASE)


@cache
def never_cut() -> regex.Pattern[str]:
    return regex.compile(
        rf"{_URL}"
        r"|\bhttps?://[!-~]+"  # a link with a user, an address or a host we do not know
        r"|(?<![\w.+-])[@＠]?\w[\w.+-]*+@[\w.-]*\w"  # noqa: RUF001 - a mail address or a remote mention
        r"|[@＠]\w(?:[\w.-]*\w)?"  # noqa: RUF001 - a handle, `@alice.bsky.social`
        r"|[#＃]\w+"  # noqa: RUF001
        r"|(?<![\w.-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?:/[!-~]*)?"
        r"|\d+(?:[.,:'’\u00A0\u202F]\d+)*(?:\s?%)?",  # noqa: RUF001 - a number as any language writes it
        regex.IGNORECASE,
    )
