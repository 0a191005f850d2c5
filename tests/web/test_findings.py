"""What `check` finds and an import asks is said in the language of the pages, by the lists in `words/findings.*.toml`.

The sentences are read from the program, so that a new one without its translation is seen.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.model.problem import LEVELS
from outreach.web.catalogue import LANGUAGES, Findings
from outreach.web.visit import no_command
from tests.campaign.test_mistakes import LIST
from tests.web.dashboards import Visitor
from tests.web.test_adding import upload

ROOT = Path(__file__).resolve().parents[2] / "outreach"
OTHERS = sorted(set(LANGUAGES) - {"en"})
WRITTEN_IN = (
    "checking/*.py", "campaign/**/*.py", "intake/**/*.py", "letters/*.py", "networks/too_long.py",
    "networks/unfinished.py", "planning/post_timing.py", "tasks/importing/contacts.py", "tasks/checking.py",
    "words/wall_time.py", "errors/*.py", "tasks/log.py", "tasks/merging.py", "tasks/moving.py", "tasks/new_post.py",
    "tasks/editing.py", "tasks/bulk.py", "tasks/setting_up.py", "tasks/sorting.py", "tasks/resolving.py",
    "tasks/replying.py", "tasks/reply_sending.py", "tasks/asking_approval.py", "tasks/importing/documents.py",
    "tasks/doctor.py", "tasks/login.py", "mail/*.py", "connections/*.py", "pages/today.py", "reporting/public.py",
    "tasks/other_clones.py", "tasks/erasing/following.py", "tasks/network_login.py",
    "publishing/**/*.py", "tasks/timing.py", "tasks/git_versions.py",
)  # fmt: skip
SENTENCE = re.compile(r"(?s)[A-Z`{“].* .*[.?]")
NOT_SAID = {
    "We support this.", "Your study of 2024 is where this began.", "They prefer the phone.", "Go to the organisations?",
    "They asked us not to write.", "{}...", "`{}`: {}.", "{}{}. This {} {}.",
    # put together: each way of it is in the list
    " If it is the {} for {}, rename it to {}, or run `{}`.", " Nothing was sent there.",
    " Nothing was sent there. If you trust that server, run `{}`.", 
    "{} is not used, because it could mean several servers.",
    "You entered {} {} for {}. campaign.yaml now names {}.",
    "{} {} sent from another computer (last {}), so nothing was sent.",
    "You gave outreach access to {} for {}. campaign.yaml now names {}.", "{} ({}).", "{} {}, so nothing was done.",
    "{} is not a campaign: it has no campaign.yaml{}.", "The clock is {} seconds {}.", "The history is {}.",
    "The mailbox {} is {}.", "{} publishes {} {} record.", " Answer them by {}: they have a right to it.",
    "It asks for answers to {}, which is not a known address either. Do you want to answer to {}?",
    "The message came from {}, which is not a known address of {}.", "You answered this message of {} on {} {}.",
    "{} {}. Do you want to answer all the same?", "{} cannot check the login of {} for now{}.",
    "{} refused the login of {}{}.", "{} refused {}{}: {}.",
    "{} closed the connection before the email was handed over{}.",
    "{} cannot be read.", "{}: {}.",
    # said on a terminal only
    "The {} will be kept for {}, and sent to no other server.",
    "An example: --to \"tier == 0 and 'research' in tags\".", "OUTREACH_NOW={} is not a date and time.",
}  # fmt: skip
"""Examples of values; and what only puts sentences together that are told apart by what they begin with."""


REASONS = (
    "planning/against.py", "planning/entries.py", "planning/tasks.py", "planning/touches.py", "planning/versions.py",
    "planning/other_letters.py", "planning/gates/*.py", "networks/budgets.py",
    "planning/recipients.py", "planning/readiness.py",
    "tasks/versions.py", "tasks/sending/*.py", "tasks/delivery.py", "pages/today.py", "intake/settling.py",
    "intake/tables/*.py", "intake/notes/settle.py", "intake/grid.py", "intake/bounds.py", "intake/pages.py",
    "intake/word_document.py",
    "intake/addresses.py",
)  # fmt: skip
PUT_TOGETHER = {
    "a row of an unknown table", "a row without a name", "add it to the channels in its file: {}",
    "after the wave {}, of which {} {} not sent yet", "answered {}", "column {}", "copies in Sent",
    "correct the address, or", "delete emails in your mailbox that you do not need, then", "fix what it says, then",
    "make its attachments smaller and approve it again, or", "their mailbox is full: wait, then", "{} try again",
    "did you send it? {}", "empty row", "follow-up {} to", "hidden row",
    "in your drafts", "it may have been sent on {}", "its address", "its only address", "its only addresses",
    "may or may not be published", "may or may not have been sent", "no more mail", "note below the table",
    "of the rows below", "refused by your mail server on {}{}", "reply {} --go` sends it", "saved in your drafts",
    "say which", "say which with", "see", "send` tries it again", "tables side by side", "the attachment {}",
    "the columns are contacts", "the contact", "the follow-up", "the names of the columns again", "the role",
    "the roles", "the sender", "the wave", "the {} to", "their address may be dead", "they answered",
    "they seem to ask for their data", "they seem to want no more mail", "tier of the rows below",
    "to write it again", "words without columns", "{{}: {{}: name}}", "{} (message of {})",
    "{} bounced: correct it in its file{}{}", "{} copies were put into Sent", "{} in the files", "{} line {}",
    "{} mistakes", '{} {} (wave "{}")', "{} {} {} {}, which {} does not name", "{}, at the same address as {}{}",
    "{}: columns", "{}`{}` no longer chooses it", "fact of a contact", "number of {}", "some word", "{} hour{}",
    "{} takes {} posts in {}", "{}, and these are {}", "{}, and {} were asked for",
}  # fmt: skip
"""Pieces of reasons, each way of which is in the list; and what tables are read as, which no page shows."""


def skeleton(node: ast.Constant | ast.JoinedStr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)


def written(file: Path) -> Iterator[str]:
    """The sentences of a module, `{}` for what they name; no explanations of keys, and nothing for readers of code."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("key", "compile")
        if is_call or isinstance(node, ast.JoinedStr):
            passed |= {id(each) for each in ast.walk(node) if each is not node}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and id(node) not in passed and SENTENCE.fullmatch(skeleton(node).strip()):  # type: ignore[arg-type]
            yield skeleton(node)  # type: ignore[arg-type]


def phrases(file: Path) -> Iterator[str]:
    """The clauses of a module that begin in small letters, or with what they name: reasons are such."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        is_call = isinstance(node, ast.Call) and ast.unparse(node.func) in ("re.compile", "frozenset")
        if is_call or isinstance(node, ast.JoinedStr):
            passed |= {id(each) for each in ast.walk(node) if each is not node}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
    for node in ast.walk(tree):
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        if is_text and id(node) not in passed:
            text = skeleton(node)  # type: ignore[arg-type]
            if re.fullmatch(r"[a-z{`][^|\\\n]* [^|\\\n]*[a-z}`)]", text):
                yield text


def data(language: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((ROOT / "web" / "words" / f"findings.{language}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_that_the_program_writes_is_translated(language: str) -> None:
    files = [file for pattern in WRITTEN_IN for file in ROOT.glob(pattern)]
    sentences = {sentence for file in files for sentence in written(file)} - NOT_SAID
    assert len(sentences) > 400
    known = {re.sub(r"\{[a-h]\}", "{}", sentence) for sentence in data(language)["sentences"]}
    assert sorted(sentences - known) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_that_the_program_gives_is_translated(language: str) -> None:
    """As a page shows it: without what it says to type."""
    findings = Findings(language)
    texts = (no_command(each) for pattern in REASONS for file in ROOT.glob(pattern) for each in phrases(file))
    clauses = {clause for text in texts if not is_said(findings, text) for clause in text.split("; ")}
    missing = {each for each in clauses if re.search("[a-z]{3}", each) and not is_said(findings, each)}
    assert sorted(each for each in missing - PUT_TOGETHER if "outreach " not in each) == []


@pytest.mark.parametrize("language", OTHERS)
def test_what_a_network_makes_of_a_post_is_translated(language: str) -> None:
    findings = Findings(language)
    files = [file for file in (ROOT / "networks").glob("*.py") if "def _effects" in file.read_text(encoding="utf-8")]
    effects = [node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
               if isinstance(node, ast.FunctionDef) and node.name == "_effects"]  # fmt: skip
    texts = [node for effect in effects for node in ast.walk(effect) if isinstance(node, ast.JoinedStr | ast.Constant)]
    said = {skeleton(node) for node in texts if isinstance(getattr(node, "value", ""), str)}
    sentences = {each.replace("{}", "unlisted") for each in said if re.match(r"[A-Z][a-z ]+: (?!{}{}).*[^“ ]$", each)}
    assert len(sentences) > 6
    assert sorted(each for each in sentences if findings.said(each) is None) == []


def is_said(findings: Findings, text: str) -> bool:
    return findings.said(text.replace("{}", "QQ")) is not None


@pytest.mark.parametrize("language", OTHERS)
def test_every_kind_of_finding_has_a_headline(language: str) -> None:
    assert sorted(data(language)["codes"]) == sorted(LEVELS)


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_names_what_its_sentence_names(language: str) -> None:
    findings = Findings(language)
    for sentence, translation in data(language)["sentences"].items():
        blanks = set(re.findall(r"\{[a-h]\}", sentence))
        assert blanks == set(re.findall(r"\{[a-h]\}", translation)), sentence
        said = findings.said(re.sub(r"\{([a-h])\}", r"Q\1Z", sentence))
        assert said is not None, sentence
        assert all(f"Q{blank[1]}Z" in said for blank in blanks), (sentence, said)


@pytest.mark.parametrize("language", OTHERS)
def test_nearly_all_mistakes_of_the_list_are_told_in_the_language(language: str) -> None:
    findings, lines = Findings(language), LIST.read_text(encoding="utf-8").splitlines()
    told = [re.sub(r"^  \d+ [\w-]+: ", "", line).partition(" / ")[0] for line in lines if line.startswith("  ")]
    missing = {sentence for sentence in told if findings.said(sentence) is None}
    assert len(missing) * 50 < len(set(told)), sorted(missing)


ALL_FINDINGS = [Findings(language) for language in OTHERS]
"""Read once, and not for each text."""


@given(st.text(alphabet="`{}.: ab,()", max_size=200))
def test_any_text_is_a_sentence_or_none(text: str) -> None:
    for findings in ALL_FINDINGS:
        said = findings.said(f"There is no {text} `{text}`.")
        assert said is not None


def test_the_pages_tell_findings_and_questions_in_german(visitor: Visitor, campaign: Path) -> None:
    file = campaign / "contacts" / "broken.yaml"
    file.write_text("id: gap\nname: Gap\nlanguage: klingon\n", encoding="utf-8")
    visitor.language = "de"
    page = unescape(visitor.page("/text?file=templates/hello.md"))
    assert 'lang="de"' in page
    said = visitor.post("/save-contact", {"contact": "gap", "name": "Gap", "language": "klingon", "act": "look"})
    assert "Erwartet wird ein Sprachcode" in unescape(said.text)
    listed = upload(visitor, ("list.csv", b"Organisation,E-mail\nBees,info@bees.example\nBees,other@wasps.example\n"))
    assert "Woher kommt list.csv" in unescape(listed.text)
