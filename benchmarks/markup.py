"""What a letter's text and HTML cost: `python benchmarks/markup.py` prints microseconds per letter.

Compares, in one run, the obvious way (Markdown anew for every letter) with a skeleton shaped once and
filled per letter. Read the ratios; the microseconds are those of the machine.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from markdown import Markdown

from outreach.letters.markup import fill, shape

LETTERS = 400
ROUNDS = 7

BODY = """Dear {0} team,

I am a Linux user, not a policy professional, and I would like to ask for your judgement. {1}

The idea: {2} democracies found a **joint fund for open source maintenance** by treaty, each paying by
the size of its economy, {3} a year in all. Germany's Sovereign Tech Fund is the model:
- maintainers are paid for maintenance, not for features
- audits and bug bounties are paid for the libraries that everybody uses and nobody owns
- no project has to become a company for it

The brief has {4} pages: {5}

> People looked for weak points first, and found some. {6}

Does it add anything to your work at [{0}]({7}), and what would have to change before you could use it?
A plain "no" helps me too. Everything is under CC BY 4.0, so take what you can use, change it, and say
nothing if you like; an answer of one line is as welcome as a page of *objections*.

Thank you,
{8} ({9})
"""
VALUES = [
    "Open Forum & Friends",
    "You wrote in March that maintenance is infrastructure; that is exactly the sentence we needed.",
    "12",
    "EUR 200-300 million",
    "18",
    "https://example.org/brief",
    "See https://example.org/thread for all of it.",
    "https://forum.example/?a=1&b=2",
    "Alex Example",
    "alex@example.org",
]


def skeleton() -> str:
    """BODY with tokens in place of its values; each writes a value of its own."""
    text = BODY.replace("[{0}]", "[you]")
    for number in range(len(VALUES)):
        text = text.replace(f"{{{number}}}", f"\ue000{chr(0xE100 + number)}\ue001")
    return text


def expanded() -> str:
    text = BODY.replace("[{0}]", "[you]")
    for number, value in enumerate(VALUES):
        text = text.replace(f"{{{number}}}", value)
    return text


def per_letter(act: Callable[[], object], letters: int = LETTERS) -> float:
    """Microseconds that `act` takes, the median of rounds."""
    rounds = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for _ in range(letters):
            act()
        rounds.append((time.perf_counter() - start) / letters * 1e6)
    return statistics.median(rounds)


def main() -> None:
    source, written = skeleton(), expanded()
    markdown = Markdown(extensions=["sane_lists", "tables", "fenced_code"])
    shaped = shape(source, language="en")
    slow = per_letter(lambda: shape(written, language="en"), letters=20)
    once = per_letter(lambda: shape(source, language="en"), letters=20)
    only = per_letter(lambda: markdown.reset().convert(written), letters=20)
    text = per_letter(lambda: fill(shaped.text, VALUES))
    html = per_letter(lambda: fill(shaped.html, VALUES))
    print(f"the `markdown` package alone, anew for every letter  {only:9.1f} us")
    print(f"both parts anew for every letter                     {slow:9.1f} us")
    print(f"a skeleton shaped, once for all its letters          {once:9.1f} us")
    print(f"filled per letter: text {text:.1f} + HTML {html:.1f}            {text + html:9.1f} us")
    print(f"ratio to markdown alone {only / (text + html):.0f}x, to both parts anew {slow / (text + html):.0f}x")


if __name__ == "__main__":
    main()
