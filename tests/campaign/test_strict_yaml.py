"""YAML without its traps: everything is text, and a mistake is named where it was made."""

from __future__ import annotations

import string
import time
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.findings import Finding
from outreach.campaign.strict_yaml import (
    Entry,
    Faulty,
    Mapping,
    Node,
    Scalar,
    Sequence,
    events,
    faults,
    read_yaml,
)
from outreach.campaign.strict_yaml.events import SUSPECT_COMMENT
from outreach.campaign.strict_yaml.lines import with_flow_fixed
from outreach.campaign.strict_yaml.nodes import kind_of


def plain(node: Node | None) -> object:
    """Nodes as Python values, all scalars as text."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key: plain(entry.value) for entry in node.entries}
    return None


def only(text: str) -> Finding:
    _, findings = read_yaml(text)
    assert len(findings) == 1, findings
    return findings[0]


@pytest.fixture(params=["libyaml", "pure Python"], autouse=True)
def _both_parsers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    loader = faults.LOADER if request.param == "libyaml" else yaml.SafeLoader
    monkeypatch.setattr(faults, "LOADER", loader)
    monkeypatch.setattr(events, "LOADER", loader)


def test_everything_is_text() -> None:
    text = "country: NO\nopens: 12:30\npost: 01067\nday: 2026-01-13\nversion: 1.10\non: yes\nx: 0o7\nn: ~\n"
    node, findings = read_yaml(text)
    assert findings == []
    assert plain(node) == {
        "country": "NO",
        "opens": "12:30",
        "post": "01067",
        "day": "2026-01-13",
        "version": "1.10",
        "on": "yes",
        "x": "0o7",
        "n": "~",
    }


def test_lines_are_those_of_the_file() -> None:
    node, _ = read_yaml("# head\n\na: 1\nb:\n  - x\n  - >-\n    y\n    z\nc: {d: e}\n", first_line=10)
    assert isinstance(node, Mapping)
    assert [(entry.key, entry.line, entry.value.line) for entry in node.entries] == [
        ("a", 12, 12),
        ("b", 13, 14),
        ("c", 18, 18),
    ]
    assert node.entries[1].value == Sequence((Scalar("x", True, 14), Scalar("y z", False, 15)), 14)


def test_only_what_is_written_plain_can_be_nothing() -> None:
    node, _ = read_yaml('a:\nb: ~\nc: null\nd: "null"\ne: ""\n')
    assert isinstance(node, Mapping)
    assert [e.value.is_null for e in node.entries if isinstance(e.value, Scalar)] == [True, True, True, False, False]
    assert [kind_of(node), kind_of(node.entries[0].value), kind_of(Sequence((), 1))] == [
        "a group of keys",
        "one value",
        "a list",
    ]


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n"])
def test_an_empty_file_is_nothing_and_no_mistake(text: str) -> None:
    assert read_yaml(text) == (None, [])


UNQUOTED = [
    ("id: x\nsubject: Framework: a proposal\nb: 1\n", 2, 'subject: "Framework: a proposal"'),
    ("subject: Framework: a proposal # later\n", 1, 'subject: "Framework: a proposal" # later'),
    ("a: 1\nhandle: @foo\n", 2, 'handle: "@foo"'),
    ("a: `code`\n", 1, 'a: "`code`"'),
    ("a: 100%\nb: %20\n", 2, 'b: "%20"'),
    ("- {mastodon: @a@b.example}\n- {email: x}\n", 1, '- {mastodon: "@a@b.example"}'),
    ("- {name: Foo: Bar, email: x}\n", 1, '- {name: "Foo: Bar", email: x}'),
    ("tags: [#OpenSource, #FOSS]\nnext: x\nmore: [a]\n", 1, 'tags: ["#OpenSource", "#FOSS"]'),
    ("a: 1\ntags: [#OpenSource, #FOSS]\n", 2, 'tags: ["#OpenSource", "#FOSS"]'),
    ("a: [x #b, c]\nb:\n  - c: d\n", 1, 'a: ["x #b", c]'),
    ("- {email: a@b.example, role: #press}\n- {email: c}\n", 1, '- {email: a@b.example, role: "#press"}'),
    ('name: "Foo\nb: 1\nc: 2\n', 1, 'name: "Foo"'),
    ('name: "Foo\nb: "x"\nc: 2\n', 1, 'name: "Foo"'),
    ("a: 'it's'\nb: 1\n", 1, 'a: "it\'s"'),
    ('a: "foo" bar\nb: 1\n', 1, "a: '\"foo\" bar'"),
    ('a: [b, "c]\nb: 1\n', 1, 'a: [b, "c"]'),
    ("a: *emphasis* here\n", 1, 'a: "*emphasis* here"'),
    ("a: > text\n", 1, 'a: "> text"'),
    ("a: - b\n", 1, 'a: "- b"'),
    ("a: [link] foo\n", 1, 'a: "[link] foo"'),
    ("a: {{ contact.name }}\nb: 1\n", 1, 'a: "{{ contact.name }}"'),
    ("a: {{ contact.name }}: hello\nb: 1\n", 1, 'a: "{{ contact.name }}: hello"'),
    ("a: {n: Foo, Bar}\n", 1, 'a: {n: "Foo, Bar"}'),
    ("key: #word\nb: 1\n", 1, 'key: "#word"'),
    ("- #word\n- x\n", 1, '- "#word"'),
    ("- {email: info[at]a.example, role: general}\n", 1, '- {email: "info[at]a.example", role: general}'),
]


@pytest.mark.parametrize(("text", "line", "fixed"), UNQUOTED)
def test_what_needs_quotation_marks_is_shown_with_them(text: str, line: int, fixed: str) -> None:
    found = only(text)
    assert (found.code, found.line, found.hint) == ("yaml-unquoted", line, fixed)


@pytest.mark.parametrize(("text", "line", "fixed"), UNQUOTED)
def test_the_line_as_shown_fixes_the_file(text: str, line: int, fixed: str) -> None:
    lines = text.split("\n")
    lines[line - 1] = fixed
    assert read_yaml("\n".join(lines))[1] == []


def test_what_stands_around_a_mistake_is_read_as_if_it_were_fixed() -> None:
    node, _ = read_yaml("a: 1\nb: c: d\ne: @f\ng: 2\n")
    assert plain(node) == {"a": "1", "b": "c: d", "e": "@f", "g": "2"}


def test_all_mistakes_are_found_at_once() -> None:
    _, findings = read_yaml("a: b: c\nd: 1\nd: 2\ne: @f\ng: [#h]\n")
    assert [(f.line, f.code) for f in findings] == [
        (1, "yaml-unquoted"),
        (3, "yaml-duplicate-key"),
        (4, "yaml-unquoted"),
        (5, "yaml-unquoted"),
    ]


def test_no_line_is_left_out_where_another_can_be_fixed() -> None:
    text = 'id: x\nname: "A\nchannels:\n  - {email: a, role: #b}\n  - {email: c}\nd: @e\n'
    node, findings = read_yaml(text)
    assert [(f.line, f.code) for f in findings] == [(n, "yaml-unquoted") for n in (2, 4, 6)]
    assert plain(node) == {
        "id": "x",
        "name": "A",
        "channels": [{"email": "a", "role": "#b"}, {"email": "c"}],
        "d": "@e",
    }


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("a:\n\tb: 1\n\tc: 2\n", 2, "tab"),
        ("- name: x\n\tb: 1\n", 2, "tab"),
        ("a: [b, c\nd: e\n", 1, "bracket"),
        ("a: {b: c\nd: e\n", 1, "bracket"),
        ("a: 1\n  b: 2\n", 2, "indented"),
        ("a: 1\nb:foo\nc: 2\n", 2, "space"),
        ("b:foo\nc: 2\n", 1, "space"),
        ("a: 1\nfoo\nb: 2\n", 2, "key"),
        ("a: 1\n---\nb: 2\n", 2, "second document"),
        ("? [a]\n: b\n", 1, "key"),
        ("a: 1\n...\nb: 2\n", 3, "YAML"),
    ],
)
def test_other_mistakes_are_named_where_they_are(text: str, line: int, word: str) -> None:
    found = only(text)
    assert (found.code, found.line) == ("yaml-syntax", line)
    assert word in found.message
    assert found.hint


def test_a_text_of_several_lines_with_a_colon_is_shown_how_to_begin() -> None:
    found = only("a: 1\npersonal_text: The river that we all know and love\n  has one thing: fish\n  and water\nb: 2\n")
    assert (found.code, found.line) == ("yaml-unquoted", 3)
    assert "personal_text: >-" in found.hint


def test_a_comment_without_a_space_is_a_warning_and_an_ordinary_one_is_none() -> None:
    found = only("a: value #word\n")
    assert (found.code, found.line, found.hint) == ("yaml-comment", 1, 'a: "value #word"')
    text = (
        "# head\n#commented: out\na: value # note\nb: c#d\ne: # nothing\n  - f\ng:\n  # h\n  i: https://x.example/#j\n"
    )
    assert read_yaml(text)[1] == []
    assert read_yaml("a: |\n  #one\n  text #two\nb: 'x #y'\nc: \"#z\"\n")[1] == []


def test_a_merge_key_in_quotation_marks_is_a_key_like_any_other() -> None:
    node, findings = read_yaml("\"<<\": 1\nb: {'<<': {c: d}}\n")
    assert findings == []
    assert plain(node) == {"<<": "1", "b": {"<<": {"c": "d"}}}
    assert only('"<<": *x\n').code == "yaml-alias"


def test_a_hashtag_in_a_list_of_several_lines_is_not_lost_in_silence() -> None:
    found = only("tags: [\n  a,\n  #OpenSource,\n  b\n]\n")
    assert (found.code, found.line, found.hint) == ("yaml-unquoted", 3, '"#OpenSource",')


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\na: 2\n", "yaml-duplicate-key", 2),
        ("a: &x 1\nb: *x\n", "yaml-alias", 1),
        ("a: 1\nb: *x\n", "yaml-alias", 2),
        ("a: 1\n<<: {b: 2}\n", "yaml-merge-key", 2),
        ("base: &b {c: 1}\nd:\n  <<: *b\n", "yaml-merge-key", 3),
        ("a: !!python/object:os.system x\n", "yaml-tag", 1),
        ("a: 1\nb: !x [1]\n", "yaml-tag", 2),
        ("a: 1\nb: " + "[" * 25 + "]" * 25 + "\n", "yaml-depth", 2),
        ("a: 1\nb: " + "{a: " * 3000 + "}" * 3000 + "\n", "yaml-depth", 2),
    ],
)
def test_what_campaign_files_do_not_use_is_one_problem(text: str, code: str, line: int) -> None:
    found = only(text)
    assert (found.code, found.line) == (code, line)
    assert found.hint


def test_every_contact_that_shares_something_is_told() -> None:
    _, findings = read_yaml("- a: &x 1\n  b: *x\n- a: *x\n- a: 2\n")
    assert [(f.line, f.code) for f in findings] == [(1, "yaml-alias"), (3, "yaml-alias")]


def test_what_is_refused_is_faulty_and_the_rest_is_there() -> None:
    node, _ = read_yaml("- a: *x\n  b: 1\n- c: !t 2\n- e: " + "[" * 30 + "]" * 30 + "\n- d\n")
    assert node == Sequence(
        (
            Mapping((Entry("a", 1, Faulty(1)), Entry("b", 2, Scalar("1", True, 2))), 1),
            Mapping((Entry("c", 3, Faulty(3)),), 3),
            Mapping((Entry("e", 4, Faulty(4)),), 4),
            Scalar("d", True, 5),
        ),
        1,
    )


def test_invisible_line_separators_are_refused() -> None:
    found = only("a: 1\nb: x\u2028y\nc: 2\n")
    assert (found.code, found.line) == ("unsafe-text", 2)


def test_a_bomb_is_read_in_a_moment() -> None:
    began = time.process_time()
    read_yaml("[" * 50_000)
    read_yaml("a: 'x\n" * 2_000)
    read_yaml(
        "".join(f"{key}: &{key} [*{before}, *{before}]\n" for before, key in zip("abcdefg", "bcdefgh", strict=True))
    )
    assert time.process_time() - began < 20


@given(st.text())
def test_no_text_raises(text: str) -> None:
    _, findings = read_yaml(text)
    assert all(1 <= found.line <= text.count("\n") + 1 for found in findings)
    assert all(found.message for found in findings)


@given(st.text(st.sampled_from(list(string.ascii_lowercase[:4] + ": \n\n\"'[]{}#@&*!|>-%,?\t`")), max_size=80))
def test_no_text_of_yaml_signs_raises(text: str) -> None:
    _, findings = read_yaml(text)
    assert all(1 <= found.line <= text.count("\n") + 1 for found in findings)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True


words = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co"], exclude_characters="\u2028\u2029\ufffe\uffff\ufeff")
)
values = st.recursive(
    words, lambda inner: st.lists(inner) | st.dictionaries(words.filter(str.strip), inner), max_leaves=12
)


@given(values, st.booleans())
def test_what_a_yaml_1_1_writer_writes_reads_back(value: object, unicode: bool) -> None:
    written = yaml.dump(value, Dumper=_Dumper, allow_unicode=unicode)
    node, findings = read_yaml(written)
    assert findings == []
    assert plain(node) == value


@given(st.text("#a [-\n:x", max_size=12))
def test_a_suspect_comment_begins_the_text_or_follows_what_begins_a_value(text: str) -> None:
    follows = any(
        text[at] == "#" and text[at + 1].isalnum() and (at == 0 or text[at - 1] in " \n[,{:-")
        for at in range(len(text) - 1)
    )
    assert (SUSPECT_COMMENT.search(text) is not None) == follows


DEEP = [
    "[" * 3000 + "]" * 3000,
    "[" * 3000,
    "{a: " * 3000 + "}" * 3000,
    "{a: {b: " + "[" * 3000 + "]" * 3000 + "}}",
    "[{a: " * 900,
]


@pytest.mark.parametrize("value", DEEP)
def test_what_is_far_too_deep_is_one_mistake_at_its_line_and_what_stood_above_counts(value: str) -> None:
    node, findings = read_yaml(f"name: X\ntier: 3\nfields: {value}\n")
    assert [(found.line, found.code) for found in findings] == [(3, "yaml-depth")]
    assert isinstance(node, Mapping)
    assert [entry.key for entry in node.entries][:2] == ["name", "tier"]


@pytest.mark.parametrize("deep", [25, 99, 101, 150])
def test_how_deep_it_is_does_not_matter(deep: int) -> None:
    assert only("a: " + "[" * deep + "]" * deep).code == "yaml-depth"
    assert only("a:\n" + "\n".join(" " * number + "b:" for number in range(1, deep))).code == "yaml-depth"


def test_a_parser_that_goes_no_deeper_says_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """As PyYAML 6.0.4 does: it looks ahead and stops at the thousandth level, before anything of it was read."""

    def parse(text: str, Loader: object) -> Iterator[object]:
        for event in parsed(text, Loader=Loader):
            if isinstance(event, yaml.SequenceStartEvent):
                mark = event.start_mark
                raise yaml.scanner.ScannerError(
                    "while increasing flow level", mark, "exceeded maximum nesting depth", mark
                )
            yield event

    parsed = yaml.parse
    monkeypatch.setattr(yaml, "parse", parse)
    for text, line in (("a: 1\nb: [x]\n", 2), ("a: {b: [x]}\n", 1), ("[x]", 1), ("- a: 1\n", 1)):
        _, findings = read_yaml(text)
        assert [(found.line, found.code) for found in findings] == [(line, "yaml-depth")]


def test_brackets_that_are_too_deep_are_not_fixed_by_descending_into_them() -> None:
    assert with_flow_fixed("a: " + "[" * 5000 + "x: y: z" + "]" * 4000) is None
    assert with_flow_fixed("a: [b, {c: d: e]") is not None


@pytest.mark.parametrize(
    "text",
    [
        "a: [" + "{{ b }}, " * 2000 + "]",
        "a: {" + "b c, " * 2000 + "d}",
        "a: [" + "!t b, " * 2000 + "]",
        "a: [" + "&b c, " * 2000 + "]",
    ],
)
def test_the_same_mistake_a_thousand_times_on_a_line_is_one(text: str) -> None:
    _, findings = read_yaml(text)
    assert len({(found.line, found.code, found.message) for found in findings}) == len(findings) <= 3
    assert sum(len(found.hint) for found in findings) < 10 * len(text)


def test_a_mapping_has_an_end() -> None:
    keys = "".join(f"  k{number}: v\n" for number in range(events.MOST_KEYS + 5))
    node, findings = read_yaml(f"name: X\nfields:\n{keys}")
    assert [(found.line, found.code) for found in findings] == [(events.MOST_KEYS + 3, "yaml-depth")]
    assert isinstance(node, Mapping)
    assert node.entries[0].key == "name"
    assert read_yaml(f"fields:\n{keys}", most_keys=1_000_000)[1] == []
