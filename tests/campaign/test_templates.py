"""Templates: the name says language and variant, the front matter the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from outreach.campaign.templates import load_templates
from outreach.model.template import MailFormat, Template, Variant
from tests.campaign.campaigns import TEMPLATE, told, write

LEAST = "---\nsubject: S\n---\nText\n"


def load(root: Path, files: dict[str, str]) -> tuple[list[Template], list[tuple[str, int, str, str]]]:
    templates, problems = load_templates(write(root, {f"templates/{name}": text for name, text in files.items()}))
    assert all(problem.message and problem.hint for problem in problems)
    return templates, [(file.removeprefix("templates/"), *rest) for file, *rest in told(problems)]  # type: ignore[misc]


def test_every_key_is_read(tmp_path: Path) -> None:
    (template,), problems = load(tmp_path, {"advocacy.md": TEMPLATE})
    assert problems == []
    assert template == Template(
        name="advocacy",
        file="templates/advocacy.md",
        body="Dear {{ contact.name }},\n",
        body_line=10,
        subject="A proposal for {{ contact.name }}",
        subject_line=2,
        attachments=("brief",),
        roles=("policy", "general"),
        reply_to="other@example.org",
        format=MailFormat.TEXT,
        unsubscribe=False,
        mentions=("openforum-europe",),
    )
    assert template.lines["mentions"] == 8


def test_the_name_says_language_and_variant(tmp_path: Path) -> None:
    names = ["a.md", "a.de.md", "a.pt-br.md", "a.form.md", "a.de.form.md", "a.mastodon.fr.md", "b-2.gsw.md"]
    templates, problems = load(tmp_path, dict.fromkeys(names, LEAST))
    assert problems == []
    assert sorted((t.name, t.language or "", t.variant.value) for t in templates) == [
        ("a", "", ""),
        ("a", "", "form"),
        ("a", "de", ""),
        ("a", "de", "form"),
        ("a", "fr", "mastodon"),
        ("a", "pt-BR", ""),
        ("b-2", "gsw", ""),
    ]


@pytest.mark.parametrize(
    "name", ["a.telegram.md", "a.old.md", "a.xx.md", "a.form.form.md", "a.de.fr.md", "a b.md", "-a.md", "a.from.md"]
)
def test_another_name_is_a_problem_that_blocks_no_other_template(tmp_path: Path, name: str) -> None:
    templates, problems = load(tmp_path, {name: LEAST, "a.md": LEAST})
    assert [template.file for template in templates] == ["templates/a.md"]
    ((file, line, code, about),) = problems
    assert (file, line, code) == (name, 1, "bad-file-name")
    assert about == f"template:templates/{name}"


def test_a_misspelt_variant_is_told_the_right_one(tmp_path: Path) -> None:
    _, (problem,) = load_templates(write(tmp_path, {"templates/a.mastodn.md": ""}))
    assert problem.hint == "Did you mean `mastodon`?"


def test_one_template_in_two_files_is_a_problem(tmp_path: Path) -> None:
    templates, problems = load(tmp_path, {"a.de.form.md": "x", "a.form.de.md": "y"})
    assert [template.body for template in templates] == ["x"]
    assert problems == [("a.form.de.md", 1, "duplicate-id", "template:templates/a.form.de.md")]


def test_names_that_differ_in_case_only_are_one_problem_at_the_second(tmp_path: Path) -> None:
    templates, problems = load(tmp_path, {"Ask.md": LEAST, "ask.md": LEAST, "ask.de.form.md": "x"})
    assert sorted(template.name for template in templates) == ["Ask", "ask", "ask"]  # so that no wave misses one
    assert problems == [
        ("ask.de.form.md", 1, "duplicate-id", "template:templates/ask.de.form.md"),
        ("ask.md", 1, "duplicate-id", "template:templates/ask.md"),
    ]


@pytest.mark.parametrize("name", ["con.md", "Aux.de.md", "com1.form.md"])
def test_a_name_that_windows_keeps_for_itself_is_none(tmp_path: Path, name: str) -> None:
    _, (problem,) = load_templates(write(tmp_path, {f"templates/{name}": LEAST}))
    assert (problem.code, "Windows" in problem.hint) == ("bad-file-name", True)


def test_a_letter_needs_a_subject_and_other_variants_do_not(tmp_path: Path) -> None:
    files = {"a.md": "Text\n", "a.form.md": "Text\n", "b.md": '---\nroles: [x]\nsubject: ""\n---\nText\n'}
    templates, problems = load(tmp_path, files)
    assert problems == [(n, line, "missing-key", f"template:templates/{n}") for n, line in (("a.md", 1), ("b.md", 3))]
    assert [(t.subject, t.body_line) for t in templates] == [(None, 1), (None, 1), (None, 5)]


@pytest.mark.parametrize(
    ("front", "line", "code"),
    [
        ("subjet: S", 2, "unknown-key"),
        ("subject: Levende elver: et forslag", 2, "yaml-unquoted"),
        ("subject: {{ contact.name }}", 2, "yaml-unquoted"),
        ('subject: "a\\nBcc: b"', 2, "unsafe-text"),
        ('subject: "=?utf-8?q?a=0A?= {{ contact.name }}"', 2, "unsafe-text"),
        ("subject: [S]", 2, "bad-value"),
        ("subject: S\nformat: html", 3, "bad-value"),
        ("subject: S\nroles: 7", 3, "bad-value"),
        ("subject: S\nreply_to: here", 3, "bad-address"),
        ("subject: S\nlanguage: de", 3, "unknown-key"),
        ("subject: *s", 2, "yaml-alias"),
    ],
)
def test_a_mistake_in_the_keys_is_one_problem_at_its_line(tmp_path: Path, front: str, line: int, code: str) -> None:
    templates, problems = load(tmp_path, {"a.md": f"---\n{front}\n---\nText\n"})
    assert problems == [("a.md", line, code, "template:templates/a.md")]
    assert (templates[0].name, templates[0].body) == ("a", "Text\n")


def test_only_templates_are_taken_for_templates(tmp_path: Path) -> None:
    names = ["README.md", "readme.de.md", ".a.md", "a.md~", "a.txt", "sub/a.md"]
    assert load(tmp_path, dict.fromkeys(names, "x")) == ([], [])


def test_a_file_that_cannot_be_read_is_there_without_a_text(tmp_path: Path) -> None:
    (tmp_path / "templates/a.md").mkdir(parents=True)
    templates, problems = load(tmp_path, {"b.de.md": "---\nsubject: S\n"})
    assert problems == [
        ("a.md", 1, "unreadable-file", "template:templates/a.md"),
        ("b.de.md", 1, "no-front-matter-end", "template:templates/b.de.md"),
    ]
    assert [(t.name, t.language, t.variant, t.body) for t in templates] == [
        ("a", None, Variant.MAIL, ""),
        ("b", "de", Variant.MAIL, ""),
    ]
