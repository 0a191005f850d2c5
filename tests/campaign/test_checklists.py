"""Checklists: which lines are tasks, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from outreach.campaign.checklists import items_of, load_checklists
from outreach.model.checklist import ChecklistItem

TEXT = """\
# Before

- [ ] Read the brief
- [x] Ask Maria
* [X] Look at the PDF
    - [ ]   nested, and with `code`
\t+ [ ] with a tab
- [] no space
- [ ]
- [y] no tick
-[ ] no list
[ ] no list either
Text - [ ] in a line
"""


def test_lines_with_a_box_are_tasks_with_their_lines_and_ticks() -> None:
    assert [(item.line, item.ticked, item.text) for item in items_of(TEXT)] == [
        (3, False, "Read the brief"),
        (4, True, "Ask Maria"),
        (5, True, "Look at the PDF"),
        (6, False, "nested, and with `code`"),
        (7, False, "with a tab"),
    ]


def test_lines_in_a_code_fence_are_an_example() -> None:
    for fence, other in (("```", "~~~"), ("~~~", "```"), ("````", "```")):
        text = f"- [ ] a\n{fence}markdown\n- [ ] b\n{other}\n- [ ] c\n{fence}\n- [ ] d\n"
        assert [item.text for item in items_of(text)] == ["a", "d"], fence
    assert [item.text for item in items_of("- [ ] a\n  ```\n  - [ ] b\n  ```\n- [ ] c\n```\n- [ ] never closed")] == [
        "a",
        "c",
    ]
    assert [item.text for item in items_of("``` not `a fence`\n- [ ] a")] == ["a"]


def test_a_folder_gives_its_checklists_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "checklists"
    folder.mkdir()
    (folder / "b.md").write_text("- [x] one\r\n- [x] two\r\n", encoding="utf-8", newline="")
    (folder / "a.md").write_text("Nothing to tick.\n", encoding="utf-8")
    (folder / "bad.md").write_bytes(b"- [ ] \xff\n")
    checklists, problems = load_checklists(tmp_path)
    assert [(each.name, each.file, len(each.items), each.done) for each in checklists] == [
        ("a", "checklists/a.md", 0, False),
        ("b", "checklists/b.md", 2, True),
        ("bad", "checklists/bad.md", 0, False),
    ]
    assert [(problem.code, problem.about) for problem in problems] == [("not-utf-8", "checklist:bad")]
    assert checklists[1].items[1] == ChecklistItem(text="two", ticked=True, line=2)


def test_a_campaign_without_checklists_has_none(tmp_path: Path) -> None:
    assert load_checklists(tmp_path) == ([], [])


letters = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


@given(st.lists(st.tuples(st.sampled_from("-*+"), st.booleans(), st.integers(0, 3), letters)))
def test_what_was_written_is_read(lines: list[tuple[str, bool, int, str]]) -> None:
    text = "".join(f"{'  ' * depth}{mark} [{'x' if tick else ' '}] {words}\n" for mark, tick, depth, words in lines)
    assert items_of(text) == [
        ChecklistItem(text=words, ticked=tick, line=number) for number, (_, tick, _, words) in enumerate(lines, 1)
    ]
