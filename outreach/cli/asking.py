"""The questions of an import, one key each."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from outreach.cli.output import say
from outreach.cli.terminal import pressed
from outreach.model.found import Question
from outreach.model.imported import Imported

LEFT_OUT = "left-out"
"""The answer to a value that was not taken: it may stay away."""


def asks(wanted: bool | None, as_json: bool) -> bool:
    """Whether to ask: as told, else on a terminal, and never where a script reads."""
    return not as_json and (wanted if wanted is not None else sys.stdin.isatty() and sys.stdout.isatty())


def answered(look: Callable[[Mapping[str, str]], Imported]) -> dict[str, str]:
    """The answers to all questions. `look` says what is open with the answers so far: one may raise another.

    A question that is passed over stays open, and so do all others when the input ends.
    """
    from outreach.pages.imports import refusal_lines, tally_line

    given: dict[str, str] = {}
    passed: set[str] = set()
    imported = look(given)
    if line := tally_line(imported.tally):
        say(line)
    while waiting := [each for each in _by_value(imported) if each.id not in passed and each.id not in given]:
        for at, question in enumerate(waiting, start=1):
            if question.id in given:
                continue
            alike = [each for each in waiting[at:] if each.alike == question.alike and each.id not in given]
            choice, is_for_all = _choice(question, f"Question {at} of {len(waiting)}", len(alike) + 1)
            if choice is None:
                return given
            if not choice:
                passed.add(question.id)
            else:
                given |= {each.id: choice for each in (question, *(alike if is_for_all else ()))}
        imported = look(given)
    if refused := imported.open_refusals:
        for line in refusal_lines(imported):
            say(line)
        if pressed(f"Import without these {len(refused)} values? [y/n] ", "yn") == "y":
            given |= {each.id: LEFT_OUT for each in refused}
    return given


def _by_value(imported: Imported) -> list[Question]:
    """What waits for a person, what holds most addresses first, and then what has a default that does."""
    return [*imported.open_questions, *(each for each in imported.questions if each.optional)]


def _choice(question: Question, title: str, alike: int) -> tuple[str | None, bool]:
    """The choice, "" to pass it over, None where the input ended; and whether it is that of all that are `alike`."""
    say(f"{title} ({question.file}:{question.line})")
    say(question.ask)
    for number, choice in enumerate(question.choices, start=1):
        say(f"  {number}  {choice}{' (Enter)' if choice == question.default else ''}")
    numbers = "".join(str(number) for number in range(1, len(question.choices) + 1))
    if alike > 1:
        say(f"  a  one answer for this and the other {alike - 1} like this")
    say("  s  skip")
    keys = f"{', '.join(numbers)}{', a' if alike > 1 else ''}, s or Enter"
    key = pressed(f"Press a key: {keys}", f"{numbers}s\r\n{'a' if alike > 1 else ''}")
    if key is None:
        return None, False
    is_for_all = key == "a"
    if is_for_all:
        key = pressed(f"Which one, for all {alike}? {', '.join(numbers)} or Enter", f"{numbers}\r\n")
        if key is None:
            return None, False
    chosen = question.default if key in ("\r", "\n") else "" if key == "s" else question.choices[int(key) - 1]
    say(f"> {chosen or 'skipped'}")  # the key itself is not shown
    return chosen, is_for_all
