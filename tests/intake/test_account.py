"""What was asked, refused and cleaned is kept once, under ids that stay."""

from __future__ import annotations

from outreach.intake.account import Account
from outreach.model.found import Place

PLACE = Place(file="a.md", line=3)


def ask(account: Account, line: int = 3) -> str:
    place = Place(file="a.md", line=line)
    return account.ask("end", place, "letter", ask="Where does it end?", choices=("here", "there"), default="here")


def test_a_question_has_the_same_id_wherever_its_line_moves_and_is_kept_once() -> None:
    one, other = Account(), Account()
    assert ask(one) == ask(one) == "here"
    ask(other, line=40)
    assert [each.id for each in one.questions] == [each.id for each in other.questions]
    assert len(one.questions) == 1


def test_an_answer_is_followed_and_the_question_is_gone() -> None:
    asked = Account()
    ask(asked)
    identity = asked.questions[0].id
    answered = Account({identity: "there"})
    assert (ask(answered), answered.questions) == ("there", ())


def test_an_answer_that_is_no_choice_does_not_count() -> None:
    asked = Account()
    ask(asked)
    wrong = Account({asked.questions[0].id: "elsewhere"})
    assert (ask(wrong), len(wrong.questions)) == ("here", 1)


def test_what_is_refused_and_cleaned_is_kept_once_and_what_did_not_change_is_not_said() -> None:
    account = Account()
    for _ in range(2):
        account.refuse(PLACE, "a@@b.example", "it is not an address")
        account.clean(PLACE, "jo (at) b.example", "jo@b.example")
        account.clean(PLACE, "same", "same")
    assert [each.value for each in account.refusals] == ["a@@b.example"]
    assert [each.now for each in account.cleaned] == ["jo@b.example"]
