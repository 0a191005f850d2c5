"""`help`: a command, or a topic that no single command explains."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

import typer

from outreach.cli.commands import COMMANDS, OLD_NAMES
from outreach.cli.output import say
from outreach.errors import UnknownName
from outreach.words.suggestions import nearest


def help_(
    topic: Annotated[str | None, typer.Argument(metavar="[TOPIC]", help="A command, or one of the topics.")] = None,
) -> None:
    """Explain a command or a topic."""
    from outreach.cli.main import main

    if topic in COMMANDS or topic in OLD_NAMES:
        raise typer.Exit(main([str(topic), "--help"]))
    known = topics()
    if topic is None:
        say("outreach help COMMAND explains one command; outreach --help lists them. Topics:")
        for name, text in known.items():
            say(f"  {name:<12}{text.splitlines()[0]}")
        return
    if topic not in known:
        raise UnknownName("topic", topic, nearest(topic, [*known, *COMMANDS]), list(known))
    say(known[topic].rstrip())


def topics() -> dict[str, str]:
    """Every topic by name: its text, of which the first line says what it is about."""
    folder = files("outreach.cli") / "topics"
    found = sorted(each.name for each in folder.iterdir() if each.name.endswith(".txt"))
    return {name.removesuffix(".txt"): (folder / name).read_text("utf-8") for name in found}
