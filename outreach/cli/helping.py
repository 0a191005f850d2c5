"""`help`: a command, or a topic that no single command explains."""

from __future__ import annotations

from contextlib import suppress
from importlib.resources import files
from importlib.resources.abc import Traversable
from textwrap import fill
from typing import Annotated

import typer

from outreach.cli.commands import COMMANDS, GROUPS, OLD_NAMES
from outreach.cli.output import say
from outreach.cli.terminal import page
from outreach.errors import NoTopic
from outreach.words.suggestions import nearest


def help_(
    topic: Annotated[
        str | None, typer.Argument(metavar="[TOPIC]", help="A command, a topic, or a page of the manual.")
    ] = None,
) -> None:
    """Explain a command or a topic."""
    from outreach.cli.main import main

    if topic in COMMANDS or topic in OLD_NAMES:
        raise typer.Exit(main([str(topic), "--help"]))
    known, manual = topics(), pages()
    group = next((name for name in GROUPS if topic and name.casefold().startswith(topic.casefold())), None)
    if topic is None:
        say("outreach help COMMAND explains one command; outreach --help lists them. Topics:")
        for name, text in known.items():
            say(f"  {name:<12}{text.splitlines()[0]}")
        say("Pages of the manual, such as outreach help tutorial:")
        say(fill(", ".join(manual), 78, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False))
    elif topic in known:
        say(known[topic].rstrip())
    elif topic in manual:
        page(manual[topic].read_text("utf-8").rstrip())
    elif group:
        say(f"{group}:")
        for name, command in GROUPS[group].items():
            say(f"  {name:<14}  {command.summary}")
        say("Explain one: outreach help COMMAND")
    else:
        names = list(dict.fromkeys([*known, *manual, *COMMANDS]))
        near = nearest(topic, names)
        meant = [name for name in names if name != near and topic.casefold() in name][:3]
        raise NoTopic(topic, [*([near] if near else []), *meant])


def pages() -> dict[str, Traversable]:
    """The manual's pages by name: in a checkout its docs/, in a wheel what pyproject.toml puts there."""
    package = files("outreach")
    for folder in (package / "manual", package / "../docs"):
        with suppress(FileNotFoundError):
            found = sorted((each.name, each) for each in folder.iterdir() if each.name.endswith(".md"))
            return {name.removesuffix(".md"): each for name, each in found}
    return {}


def topics() -> dict[str, str]:
    """Every topic by name: its text, of which the first line says what it is about."""
    folder = files("outreach.cli") / "topics"
    found = sorted(each.name for each in folder.iterdir() if each.name.endswith(".txt"))
    return {name.removesuffix(".txt"): (folder / name).read_text("utf-8") for name in found}
