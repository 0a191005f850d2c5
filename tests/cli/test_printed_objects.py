"""The object of `--json`: in pieces where it is long, and the same text as in one."""

from __future__ import annotations

import json
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.cli import output
from outreach.cli.output import print_object
from outreach.model.event import EventKind
from outreach.words.visible import visible_in_json

FLAT = st.dictionaries(
    st.text(max_size=3), st.none() | st.integers() | st.text(max_size=4) | st.sampled_from(EventKind)
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=7)
        | st.lists(FLAT, max_size=7)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(value=st.dictionaries(st.from_regex(r"[a-z_]{1,6}", fullmatch=True), VALUES, max_size=4))
def test_in_pieces_it_is_the_text_that_it_is_as_a_whole(
    capsys: pytest.CaptureFixture[str], value: dict[str, Any]
) -> None:
    capsys.readouterr()
    print_object(value)
    whole = capsys.readouterr().out
    with patch.object(output, "AT_ONCE", 2):
        print_object(value)
        assert capsys.readouterr().out == whole
        print_object({key: iter(each) if isinstance(each, list) else each for key, each in value.items()})
    assert capsys.readouterr().out == whole
    assert whole == visible_in_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"
    assert json.loads(whole) == value
    assert whole.count("\n") == json.dumps(value, indent=2).count("\n") + 1
