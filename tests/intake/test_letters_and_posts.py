"""Only what is clearly the letter or the post leaves; advice to the writer stays as a note or is asked about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outreach.intake.account import Account
from outreach.intake.filling import filled_from_columns
from outreach.intake.notes.markdown import read_notes
from outreach.intake.notes.placeholders import with_variables
from outreach.model.found import ColumnNames, Found

LETTER = "# Templates\n\n## Letter to allies\n\n**Subject:** A question\n\nHi [Name],\n\nwould you look?\n\n"


def texts(found: Found, folder: str) -> dict[str, str]:
    return {text.name: text.body for text in found.texts if text.folder == folder}


@pytest.mark.parametrize(
    "closing", ["Thanks,", "Mit freundlichen Grüßen", "Cordialement,", "Un saludo,", "Z poważaniem"]
)
@pytest.mark.parametrize(
    ("rest", "is_asked"),
    [
        ("---\n\n## Variants by recipient\n\n**If they are weak**, soften it.\n", False),
        ("### Variants by recipient\n\nSoften it for the weak ones.\n", False),
        ("---\n\nSoften it for the weak ones.\n", False),
        ("**Tip:** soften it for the weak ones.\n", True),
        ("- soften it for the weak ones\n- name the connection\n", True),
        ("Remember to soften the second sentence for the weaker groups, as they are easily offended.\n", True),
    ],
)
def test_what_follows_the_signature_is_no_part_of_the_letter(closing: str, rest: str, is_asked: bool) -> None:
    account = Account()
    found = read_notes("a.md", f"{LETTER}{closing}\nAlex Example\n\n{rest}", account)
    (body,) = texts(found, "templates").values()
    assert body.endswith(f"would you look?\n\n{closing}\nAlex Example\n")
    assert any("often" in note for note in texts(found, "notes").values())
    assert bool(account.questions) is is_asked
    if is_asked:
        answered = Account({account.questions[0].id: "goes-on"})
        (whole,) = texts(
            read_notes("a.md", f"{LETTER}{closing}\nAlex Example\n\n{rest}", answered), "templates"
        ).values()
        assert "soften" in whole


def test_a_rule_without_a_signature_before_it_is_asked_about() -> None:
    account = Account()
    found = read_notes("a.md", f"{LETTER}---\n\nIt grows.\n", account)
    assert texts(found, "templates") == {"allies.md": "Hi {{ contact.name }},\n\nwould you look?\n"}
    (question,) = account.questions
    again = read_notes("a.md", f"{LETTER}---\n\nIt grows.\n", Account({question.id: "goes-on"}))
    assert "It grows." in next(iter(texts(again, "templates").values()))


@pytest.mark.parametrize("more", ["PS: Bring cake.\n", "P.S. Bring cake.\n"])
def test_a_postscript_belongs_to_the_letter(more: str) -> None:
    account = Account()
    found = read_notes("a.md", f"{LETTER}Best,\nAlex\n\n{more}", account)
    assert "Bring cake." in next(iter(texts(found, "templates").values()))
    assert not account.questions


def test_a_sentence_above_the_subject_is_kept_as_a_note() -> None:
    text = LETTER.replace("**Subject", "Send it on Monday.\n\n**Subject") + "Best,\nAlex\n"
    found = read_notes("a.md", text)
    assert "Send it on Monday." in "".join(texts(found, "notes").values())
    assert "Monday" not in "".join(texts(found, "templates").values())


@pytest.mark.parametrize(
    ("placeholder", "variable"),
    [
        ("[link]", "links.brief"), ("[arxiv-url]", "links.arxiv"), ("[github-url]", "links.github"),
        ("[link to the petition]", "links.petition"), ("[petition link]", "links.petition"),
        ("[enlace]", "links.brief"),
        ("[uw naam]", "sender.name"), ("[o seu nome]", "sender.name"), ("[nazwa]", "contact.name"),
    ],
)  # fmt: skip
def test_different_placeholders_stay_different(placeholder: str, variable: str) -> None:
    assert with_variables(f"See {placeholder}.") == f"See {{{{ {variable} }}}}."


PLAN = """# Launch

## BLUESKY: FIRST POSTS

**Post 1: Introduction (Day 1)**

Our street has no bench.

#OpenRoads

*Tone: friendly*

**Post 2: The numbers (Day 3)**

Three of four were removed.

*Strategy: pin it*

## MASTODON

### Post 1: Hello (Day 1)

```
Hello all.
```

Image: a bench
"""


def test_each_marked_post_is_a_post_and_what_is_for_the_writer_is_a_note() -> None:
    found = read_notes("plan.md", PLAN)
    assert texts(found, "posts") == {
        "bluesky-introduction.md": "Our street has no bench.\n\n#OpenRoads\n",
        "bluesky-the-numbers.md": "Three of four were removed.\n",
        "mastodon-hello.md": "Hello all.\n",
    }
    after = [text.front.get("after") for text in found.texts if text.folder == "posts"]
    assert after == [None, {"post": "bluesky-introduction", "delay": "2d"}, None]
    kept = "".join(texts(found, "notes").values())
    assert all(words in kept for words in ("Tone: friendly", "Strategy: pin it", "Image: a bench"))


def test_a_run_of_numbered_fences_is_one_thread_beside_a_single_post() -> None:
    text = (
        "# Posts\n\n## X / Twitter (single post)\n\n```\nWe counted every bench in town.\n```\n\n"
        "**Thread (3 posts):**\n\n"
        "```\n1/ We counted them.\n```\n\n```\n2/ Three of four are gone.\n```\n\n```\n3/ The report: [link]\n```\n"
    )
    posts = texts(read_notes("a.md", text), "posts")
    assert posts == {
        "x-thread.md": "We counted them.\n---\nThree of four are gone.\n---\nThe report: {{ links.brief }}\n",
        "x.md": "We counted every bench in town.\n",
    }


def test_a_placeholder_named_like_a_column_of_the_list_gets_its_values() -> None:
    letter = read_notes(
        "a.md", LETTER.replace("would you", "[Why you?] [Motto]. Would [Who]") + "Thanks,\nAlex\n", Account()
    )
    columns = {"Qui / Who": "name", "Why you?": "fields", 'Ihr "Gruß"': "fields"}
    found = filled_from_columns(replace(letter, columns=(ColumnNames(file="list.csv", line=1, columns=columns),)))
    (body,) = texts(found, "templates").values()
    assert "{{ contact.fields['Why you?'] }} {{ facts.motto }}. Would {{ contact.name }}" in body
    assert [each.path for each in found.settings if each.path[0] == "facts"] == [("facts", "motto")]
    assert [each.message for each in found.remarks] == ["The letter has the placeholder [motto]."]
