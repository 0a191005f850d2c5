"""Whatever is printed, wherever it comes from, is shown and not obeyed."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.cli import output, terminal
from outreach.cli.main import app, main
from tests.acceptance.command import Answer, outreach
from tests.cli.every import NOW, POST, every_command, write_everything
from tests.sending.campaigns import process
from tests.servers.counting import counting

EVIL = (
    "\x1b]8;;http://evil.example\x07click\x1b]8;;\x07 \x1b[2J\x1b]0;title\x07\x9b31m\x90\x85\x7f\x08\r\tgone"
    "\u202egpj.exe\u202c\u2066\u2069\u200e\u200f\u061c\u2028\u2029 end"
)
NAMES = "שלום عبد الله نامه‌ای 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 Zoë Łódź 東京"
COLOURS = re.compile("\x1b\\[(1|31|32|33|0)m")
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}

acting = st.one_of(
    st.sampled_from([chr(each) for each in (*range(32), *range(127, 160))]),
    st.sampled_from("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u2028\u2029"),
    st.sampled_from(
        ["\x1b]8;;http://evil.example\x07", "\x1b[2J", "\x1b[31m", "\x1b[0m", "\x1b]52;c;eA==\x07", "\r\n"]
    ),
    st.characters(),
)
texts = st.lists(acting, max_size=12).map("".join)


def obeyed(text: str) -> list[str]:
    """The characters of `text` on which a terminal or a reader of lines acts, but for line ends."""
    return [
        each
        for each in text
        if each != "\n"
        and (
            unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")
            or unicodedata.bidirectional(each) in DIRECTIONS
            or each in "\u061c\u200e\u200f"
        )
    ]


class Screen(io.StringIO):
    """A stream that a person sees."""

    encoding = "utf-8"  # type: ignore[assignment]

    def isatty(self) -> bool:
        return True


def at_a_screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    """From here on both standard streams are one terminal."""
    shown = Screen()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setattr(sys, "stderr", shown)
    monkeypatch.delenv("NO_COLOR", raising=False)
    return shown


# --- one way to the terminal -----------------------------------------------------------------------


@given(texts, texts, st.sampled_from(["utf-8", "ascii", "latin-1", "cp1252"]), st.booleans())
def test_a_line_holds_nothing_that_a_terminal_obeys(first: str, second: str, encoding: str, aside: bool) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding, newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stderr" if aside else "stdout", stream)
        terminal.write_line(first, terminal.styled(second, fg="red"), aside=aside)
        stream.flush()
    assert not obeyed(written.getvalue().decode(encoding))


@given(texts, texts)
def test_on_a_terminal_only_our_own_colours_are_left(first: str, second: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", shown := Screen())
        patch.delenv("NO_COLOR", raising=False)
        output.say(first, terminal.styled(second, fg="red", bold=True), f"{terminal.styled(first, fg='green')}")
    codes = re.findall("\x1b\\[[0-9]+m", shown.getvalue())
    assert codes == (["\x1b[31m", "\x1b[1m", "\x1b[0m"] if codes else [])
    assert not obeyed(COLOURS.sub("", shown.getvalue()))


@given(st.dictionaries(texts, st.lists(texts, max_size=3), max_size=3), st.sampled_from(["utf-8", "ascii", "latin-1"]))
def test_json_holds_no_such_character_and_means_the_same(value: dict[str, object], encoding: str) -> None:
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding, newline="")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        output.print_object(value)
        stream.flush()
    said = written.getvalue().decode(encoding)
    assert not obeyed(said)
    assert json.loads(said) == value


def test_what_libraries_print_is_made_visible_too(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.guarded():
        typer.echo(EVIL)
        sys.stdout.writelines([EVIL, EVIL])
        print(EVIL, file=sys.stderr)
        assert not hasattr(sys.stdout, "buffer")
    said = capsys.readouterr()
    assert "\\x1b]8;;http://evil.example\\x07click" in said.out
    assert "\\x1b]8;;http://evil.example\\x07click" in said.err
    assert not obeyed(said.out + said.err)
    assert not isinstance(sys.stdout, terminal.Terminal)


def test_names_in_any_writing_stay_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    output.say(NAMES)
    output.print_object({"name": NAMES})
    assert capsys.readouterr().out == f'{NAMES}\n{{\n  "name": "{NAMES}"\n}}\n'


def test_a_progress_bar_draws_over_its_own_line_only(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = at_a_screen(monkeypatch)
    terminal.redraw(f"3 of {EVIL}")
    assert screen.getvalue().startswith("\r\x1b[K3 of \\x1b]8;;")
    assert not obeyed(screen.getvalue().removeprefix("\r\x1b[K"))


def test_questions_are_made_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = at_a_screen(monkeypatch)
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\nan answer\n\n"))
    with terminal.guarded():
        assert terminal.agrees(EVIL)
        assert terminal.asked(EVIL) == "an answer"
        assert terminal.asked(EVIL, may_be_empty=True) == ""
    assert screen.getvalue().count("\\x1b]8;;http://evil.example\\x07click") == 3
    assert not obeyed(screen.getvalue())


def test_a_pager_is_given_what_is_visible(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("pydoc.pager", shown.append)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_PAGER", raising=False)
    terminal.page(f"{EVIL}\n{NAMES}")
    assert NAMES in shown[0]
    assert not obeyed(shown[0])


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_of_ours_is_made_visible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], debug: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(EVIL)

    monkeypatch.setattr("outreach.cli.campaign.campaign_root", fail)
    monkeypatch.setenv("OUTREACH_DEBUG", debug)
    assert main(["check"]) == 70
    said = capsys.readouterr()
    assert ("Traceback" in said.err) == bool(debug)
    assert "\\x1b]8;;http://evil.example\\x07click" in said.err
    assert not obeyed(said.out + said.err)


# --- every command, and every source -----------------------------------------------------------------


def file_name(text: str) -> str:
    """`text` as a name that a file may have: no slash, not too long, not hidden."""
    return (
        f"f{text}".replace("/", "_")
        .replace("\0", "_")
        .encode("utf-8", "surrogateescape")[:100]
        .decode("utf-8", "surrogateescape")
    )


def plant(root: Path, text: str) -> Path:
    """Put `text` wherever a file can hold it; a document to import that holds it."""
    fits = text.encode("utf-8", "replace").decode()
    quoted = json.dumps(fits)
    (root / "contacts" / f"{file_name(text)}.yaml").write_text(f"name: {quoted}\n{quoted}: 1\n", encoding="utf-8")
    (root / "contacts/more.yaml").write_text(f"- {{id: x, name: X, {quoted}: {quoted}}}\n- {fits}\n", encoding="utf-8")
    (root / "templates/raw.md").write_text(f"---\nsubject: {fits}\n---\n{fits} {{{{ {fits} }}}}\n", encoding="utf-8")
    # A template with a control character in a text of a tag makes no letter: one has the rest of the text.
    escaped = {each: f"\\U{ord(each):08x}" for each in fits}
    refused = "".join(escaped[each] for each in fits)
    (root / "templates/refused.md").write_text(f'---\nsubject: Hello\n---\n{{{{ "{refused}" }}}}\n', encoding="utf-8")
    literal = "".join(escaped[each] for each in fits if unicodedata.category(each) not in ("Cc", "Cf", "Zl", "Zp"))
    odd = f'---\nsubject: Hello\n---\nDear {{{{ contact.name }}}}, {{{{ "{literal}" }}}}\n'
    (root / "templates/odd.md").write_text(odd, encoding="utf-8")
    (root / "posts/odd.md").write_text(f'{POST}{fits}\n{{{{ "{literal}" }}}}\n', encoding="utf-8")
    encoded = f"=?utf-8?b?{base64.b64encode(fits.encode()).decode()}?="
    body = base64.encodebytes(f"We are interested. {fits}".encode()).decode()
    for number, sender in enumerate(("info@c0000.example", "somebody@nowhere.example")):
        (root / "mailbox" / f"{number}{file_name(text)}.eml").write_bytes(
            f"From: {encoded} <{sender}>\nTo: alex@sender.example\nSubject: Re: Hello Contact 0 {encoded}\n"
            f"Message-ID: <{number}@evil.example>\nDate: Tue, 13 Jan 2026 09:59:00 +0100\nMIME-Version: 1.0\n"
            f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n{body}\n".encode()
        )
    (root / "mailbox" / f"2{file_name(text)}.eml").write_bytes(b"\0no mail\xff")
    document = root.parent / "list.csv"
    with document.open("w", encoding="utf-8", newline="") as file:
        # With more control characters the file would be no text.
        few = "".join(each for each in fits if unicodedata.category(each) != "Cc")
        csv.writer(file).writerows([("name", "email", "notes", few), (f"Wasps {few}", "info@wasps.example", few, few)])
    return document


def answers(
    folder: Path, text: str, *more: str, chosen: Callable[[list[list[str]]], list[list[str]]] = list
) -> Iterator[tuple[list[str], Answer]]:
    """What the chosen commands say of a campaign that holds `text` everywhere, to somebody who says it everywhere."""
    root, beside, said = write_everything(folder / "campaign"), folder / "beside", text.replace("\0", "")
    beside.mkdir()
    document = plant(root, text)
    for words in chosen(list(every_command(said, beside, document))):
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("OUTREACH_USER", said)
            if words[:1] not in (["backup"], ["restore"]):
                patch.setenv("OUTREACH_NOW", NOW)
            patch.setattr(sys, "stdin", io.StringIO())
            yield words, outreach(*words, *more, folder=root)


@pytest.fixture(autouse=True)
def alone(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No secret of the person who runs the tests counts."""
    monkeypatch.setenv("OUTREACH_SECRETS", str(tmp_path_factory.mktemp("none") / "secrets.json"))


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["for people", "for scripts"])
def test_no_command_prints_what_a_terminal_obeys(tmp_path: Path, more: tuple[str, ...]) -> None:
    seen, commands = "", set()
    for words, answer in answers(tmp_path, EVIL, *more):
        assert answer.code in (0, 1, 2), (words, answer)
        assert not obeyed(answer.out + answer.err), (words, answer)
        if more and answer.out and "--help" not in words:
            assert answer.json
        seen += answer.out
        commands |= set(words[:1])
    shown = [command for command in app().registered_commands if not command.hidden]
    names = {command.name or str(getattr(command.callback, "__name__", "")) for command in shown}
    assert names - commands == {"dashboard", "serve", "worker"}  # they run until they are stopped
    assert ("\\u001b]8;;" if more else "\\x1b]8;;") in seen


def test_files_for_people_hold_nothing_that_a_terminal_obeys(tmp_path: Path) -> None:
    made = [f"{name}.{suffix}" for name in ("report", "export") for suffix in ("md", "csv", "json")]
    for words, _ in answers(tmp_path, EVIL):
        if words[:1] == ["hold"]:
            break
    root = tmp_path / "campaign"
    for name in made:
        kind = ["export", "c0000"] if name.startswith("export") else ["report"]
        assert outreach(*kind, "--out", str(tmp_path / name), folder=root).code == 0
    assert outreach("agenda", "--ics", str(tmp_path / "agenda.ics"), folder=root).code in (0, 1)
    pages = [*(root / "drafts").rglob("*.md"), *(root / "drafts/posts").glob("*.json"), root / "links.md"]
    pages += [tmp_path / name for name in (*made, "agenda.ics")]
    assert len(pages) > 10
    for page in pages:
        text = page.read_bytes().decode("utf-8")
        assert not [each for each in text if unicodedata.category(each) == "Cc" and each not in "\t\r\n"], page
    assert "]8;;" in (root / "drafts/letters/two/odd.md").read_text(encoding="utf-8")


@settings(max_examples=max(5, settings.default.max_examples // 10), suppress_health_check=list(HealthCheck))
@given(texts, st.data())
def test_no_text_acts_on_the_terminal_from_anywhere(text: str, data: st.DataObject) -> None:
    def some(commands: list[list[str]]) -> list[list[str]]:
        return data.draw(st.lists(st.sampled_from(commands), min_size=6, max_size=6, unique_by=tuple))

    more = data.draw(st.sampled_from([(), ("--json",)]))
    with tempfile.TemporaryDirectory() as folder:
        for words, answer in answers(Path(folder), text, *more, chosen=some):
            assert answer.code in (0, 1, 2), (words, answer)
            assert not obeyed(answer.out + answer.err), (words, answer)


def test_what_a_mail_server_says_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reply = "550 5.7.1 \x1b]8;;http://evil.example\x07no\x9b31m\u202e"
    with counting(tmp_path / "server") as server:
        account = f"{{transport: smtp, host: 127.0.0.1, port: {server.port}, insecure_loopback: true}}"
        root = write_everything(tmp_path / "campaign", mail=account)
        monkeypatch.setenv("OUTREACH_NOW", NOW)
        outreach("approve", "one", folder=root)
        server.will(f"RCPT={reply}", f"MAIL={reply}", f"greeting={reply}")
        commands = (["send", "one", "--go"], ["test", "c0000"], ["status"], ["show", "c0000"], ["agenda"], [])
        said = [outreach(*words, *more, folder=root) for words in commands for more in ((), ("--json",))]
    assert any("550" in answer.out for answer in said)
    for answer in said:
        assert not obeyed(answer.out + answer.err), answer


def test_the_same_holds_for_the_program_itself(tmp_path: Path) -> None:
    root = write_everything(tmp_path / "campaign")
    plant(root, EVIL)
    for words in (["check"], ["show", EVIL], [f"--{EVIL}"], [EVIL], ["--help"], ["check", "--json"]):
        out, err = process(root, *words, PYTHONIOENCODING="utf-8").communicate()
        assert not obeyed(out + err), (words, out, err)


@pytest.mark.parametrize("words", [["publish", "bees"], ["log", "bees", "posted"]])
def test_an_address_with_an_invisible_character_gets_into_no_document(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("OUTREACH_NOW", NOW)
    root = write_everything(tmp_path / "campaign")
    answer = outreach(*words, "--url", "https://news.example/\x9b31m", folder=root)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith(
        "outreach: The address 'https://news.example/\\x9b31m' holds an invisible character.\n"
    )
    outreach("links", "--go", folder=root)
    assert (root / "links.md").read_text(encoding="utf-8") == "Hacker News bees: [link when posted]\n"
