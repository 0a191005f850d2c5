"""What goes wrong inside a template or expression, in our words: Python's mean nothing to a campaigner."""

from __future__ import annotations

import re
from typing import NoReturn

from outreach.errors import TemplateFault

_KINDS = {
    "str": "a text",
    "Captured": "a text",
    "Encoded": "a text",
    "int": "a number",
    "float": "a number",
    "bool": "a yes or no",
    "NoneType": "nothing",
    "list": "a list",
    "tuple": "a list",
    "SizedList": "a list",
    "range": "a list",
    "Record": "a group of values",
    "PostNumbers": "a group of values",
    "Later": "a value that comes later",
}
_ANYTHING = "such a value"
_TOGETHER = "{} and {} cannot be compared or calculated with each other"
# Whether Python says so in the same words in all its versions is not promised; what is not found
# here gets a general sentence.
_SAYINGS: tuple[tuple[str, str], ...] = (
    (r"not supported between instances of '(\w+)' and '(\w+)'", _TOGETHER),
    (r"unsupported operand type\(s\) for [^:]+: '(\w+)' and '(\w+)'", _TOGETHER),
    (r"can only concatenate (\w+) \(not \"(\w+)\"\)", _TOGETHER),
    (r"can only join an iterable", "only a list can be joined"),
    (r"can't multiply sequence by non-int of type '(\w+)'", "a text or list cannot be repeated by {}"),
    (r"bad operand type for (?:unary .|abs\(\)): '(\w+)'", "{} cannot be calculated with"),
    (r"argument of type '(\w+)' is not (?:iterable|a container)", "nothing can be looked for in {}"),
    (r"requires string as left operand, not (\w+)", "{} cannot be looked for in a text"),
    (r"cannot unpack non-iterable (\w+) object", "{} cannot be taken apart"),
    (r"(?:not enough|too many) values to unpack", "a list cannot be taken apart into so many values"),
    (r"'(\w+)' object is not iterable", "{} is not a list"),
    (r"'(\w+)' object is not reversible", "{} cannot be turned around"),
    (r"object of type '(\w+)' has no len\(\)", "{} has no length"),
    (r"'(\w+)' object (?:is not callable|cannot be called)", "{} cannot be called like a function"),
    (r"unhashable type: '(\w+)'", "{} cannot be compared so"),
    (r"type (\w+) doesn't define __round__", "{} cannot be rounded"),
    (r"argument must be .*not '(\w+)'", "{} is not a number"),
    (r"must be real number, not (\w+)", "{} is not a number"),
    (r"invalid literal for int\(\) .*: (.*)", "{} is not a number"),
    (r"could not convert string to float: (.*)", "{} is not a number"),
    (r"'(\w+)' object cannot be interpreted as an integer", "{} is not a whole number"),
    (
        r"unexpected keyword argument|positional argument|multiple values for|keyword-only",
        "it gets too few values, too many, or one by a name that it does not know",
    ),
    (r"is too large to convert|too large|Exceeds the limit", "a number is too large"),
)


def unfit(sentence: str) -> NoReturn:
    """Raise the fault of values that do not fit what is done with them."""
    raise TemplateFault("template-failed", sentence, hint="See: outreach help templates")


def in_our_words(error: Exception) -> str:
    """A sentence without its full stop: what does not fit, in the campaigner's terms."""
    if isinstance(error, ZeroDivisionError):
        return "something is divided by zero"
    said = str(error)
    if named := re.match(r"No (filter|test) named ('.*')", said):
        return f"there is no {named[1]} {named[2]}"
    for pattern, sentence in _SAYINGS:
        found = re.search(pattern, said)
        if found:
            return sentence.format(*map(_kind, found.groups()))
    if isinstance(error, OverflowError):
        return "a number is too large"
    return "a value does not fit what is done with it"


def _kind(name: str) -> str:
    """What Python calls `name`; a value that it quotes stays as it is."""
    if not name.isidentifier():
        return name if len(name) <= 60 else f"{name[:60]}..."
    return _KINDS.get(name, _ANYTHING)
