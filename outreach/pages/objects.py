"""What `--json` prints: one object per command, whose keys scripts may rely on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from outreach.letters.drafted import DraftResult
from outreach.model.action import ActionResult
from outreach.model.past import PROPOSED_ORDER
from outreach.model.plan import ItemKind, ItemState
from outreach.model.problem import Level, Problem
from outreach.model.state import ContactState
from outreach.networks.composing import Composed
from outreach.planning.today import SECTIONS


def problem_object(problem: Problem) -> dict[str, Any]:
    """A Problem; `file` is relative to the campaign folder, `line` counts from 1."""
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "level": str(problem.level),
        "message": problem.message,
        "hint": problem.hint,
    }


def check_object(problems: Iterable[Problem]) -> dict[str, Any]:
    """The object of `check --json`."""
    problems = list(problems)
    counts = {str(level): sum(problem.level is level for problem in problems) for level in Level}
    return {"problems": [problem_object(problem) for problem in problems], "counts": counts}


def post_parts(post: Composed) -> list[dict[str, Any]]:
    """The parts of a post with how much each counts, and how much its network takes (null: no limit known)."""
    return [
        {"text": text, "count": size.value, "limit": size.limit}
        for text, size in zip(post.parts, post.counts, strict=True)
    ]


def draft_object(result: DraftResult) -> dict[str, Any]:
    """The object of `draft --json`."""
    return {
        "letters": [
            {
                "id": drafted.id,
                "wave": drafted.wave,
                "step": drafted.step,
                "contact": drafted.contact,
                "to": drafted.to,
                "subject": drafted.subject,
                "path": drafted.path,
                "digest": drafted.digest,
                "changed": drafted.changed,
            }
            for drafted in result.letters
        ],
        "manual": [
            {
                "id": by_hand.task.id,
                "contact": by_hand.task.contact,
                "how": by_hand.task.how,
                "address": by_hand.task.address,
                "path": by_hand.path,
                "changed": by_hand.changed,
            }
            for by_hand in result.manual
        ],
        "posts": [
            {
                "id": drafted.post.id,
                "post": drafted.post.version.post,
                "network": str(drafted.post.version.network),
                "parts": post_parts(drafted.post),
                "path": drafted.path,
                "digest": drafted.post.digest,
                "changed": drafted.changed,
            }
            for drafted in result.posts
        ],
        "skipped": [{"contact": each.contact, "wave": each.wave, "reason": each.reason} for each in result.skipped],
        "problems": [problem_object(problem) for problem in result.problems],
    }


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": sorted(properties)}


_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_YES_OR_NO: dict[str, Any] = {"type": "boolean"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_PROBLEM = _object(
    {
        "file": _TEXT,
        "line": {"type": "integer", "minimum": 1},
        "code": {"type": "string", "pattern": "^[a-z0-9-]+$"},
        "level": {"enum": [str(level) for level in Level]},
        "message": _TEXT,
        "hint": _TEXT,
    }
)


def _or_null(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "null"}]}


def _list_of(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


_PASSAGE = _object({"file": _TEXT, "line": _NUMBER, "end": _NUMBER, "as": _TEXT, "to": _TEXT})
_ANY: dict[str, Any] = {"type": "object"}
_COUNT = _object({"key": _TEXT, "label": _TEXT, "number": _NUMBER, "entries": _list_of(_NUMBER)})
_REPLY = _object({"post": _TEXT, "contact": _MAYBE_TEXT, "by": _TEXT, "url": _TEXT, "text": _TEXT})
_QUESTION = _object(
    {
        **dict.fromkeys(("id", "file", "ask", "default"), _TEXT),
        **dict.fromkeys(("choices", "affects"), _list_of(_TEXT)),
        "line": _NUMBER,
        "optional": _YES_OR_NO,
    }
)

OUTPUT_SCHEMAS: dict[str, dict[str, Any]] = {
    "check": _object(
        {
            "problems": _list_of(_PROBLEM),
            "counts": _object({str(level): _NUMBER for level in Level}),
        }
    ),
    "draft": _object(
        {
            "letters": _list_of(
                _object(
                    {
                        "id": _TEXT,
                        "wave": _TEXT,
                        "step": _NUMBER,
                        "contact": _TEXT,
                        "to": _TEXT,
                        "subject": _TEXT,
                        "path": _TEXT,
                        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "changed": _YES_OR_NO,
                    }
                )
            ),
            "manual": _list_of(_object({"id": _TEXT, "contact": _TEXT, "how": _TEXT, "path": _TEXT})),
            "posts": _list_of(
                _object(
                    {
                        "id": _TEXT,
                        "post": _TEXT,
                        "network": _TEXT,
                        "parts": _list_of(
                            _object({"text": _TEXT, "count": _NUMBER, "limit": {"type": ["integer", "null"]}})
                        ),
                        "path": _TEXT,
                        "digest": _TEXT,
                        "changed": _YES_OR_NO,
                    }
                )
            ),
            "skipped": _list_of(_object({"contact": _TEXT, "wave": _TEXT, "reason": _TEXT})),
            "problems": _list_of(_PROBLEM),
        }
    ),
    **dict.fromkeys(
        ("import", "init"),
        _object(
            {
                **dict.fromkeys(("taken", "noted", "not_understood", "repaired"), _list_of(_PASSAGE)),
                **dict.fromkeys(("written", "edited", "unchanged", "to_write", "skipped"), _list_of(_TEXT)),
                "contacts": _object(
                    dict.fromkeys(("rows", "new", "known", "written_to", "no_mail", "to_decide", "twice"), _NUMBER)
                ),
                "questions": _list_of(_QUESTION),
                "refused": _list_of(
                    _object(
                        {"line": _NUMBER, **dict.fromkeys(("id", "file", "sheet", "column", "value", "reason"), _TEXT)}
                    )
                ),
                "cleaned": _list_of(_object({"file": _TEXT, "line": _NUMBER, "was": _TEXT, "now": _TEXT})),
                "logged": _list_of(_object({"contact": _TEXT, "what": _TEXT, "on": _MAYBE_TEXT, "text": _TEXT})),
                "suppressed": _list_of(
                    _object({"address": _TEXT, "file": _TEXT, "line": _NUMBER, "contact": _MAYBE_TEXT})
                ),
                "merges": _list_of(_object({"keep": _TEXT, "other": _TEXT})),
                "remarks": _list_of(_object({"file": _TEXT, "line": _NUMBER, "message": _TEXT, "hint": _TEXT})),
                "conflicts": _list_of(
                    _object({"file": _TEXT, "key": _TEXT, "kept": {}, "other": {}, "source": _TEXT, "message": _TEXT})
                ),
                "mapping": _list_of(_object({"file": _TEXT, "line": _NUMBER, "columns": {"type": "object"}})),
                "lines": {"type": "object"},
            }
        ),
    ),
    "today": _object(
        {
            "sections": _list_of(
                _object(
                    {
                        "id": {"enum": list(SECTIONS)},
                        "count": _NUMBER,
                        "items": _list_of(_object({"id": _TEXT, "text": _TEXT, "due": _MAYBE_TEXT, "command": _TEXT})),
                    }
                )
            ),
            "next": _MAYBE_TEXT,
        }
    ),
    "agenda": _object(
        {
            "items": _list_of(
                _object(
                    {
                        "id": _TEXT,
                        "kind": {"enum": [str(kind) for kind in ItemKind]},
                        "contact": _MAYBE_TEXT,
                        "post": _MAYBE_TEXT,
                        "network": _MAYBE_TEXT,
                        "wave": _MAYBE_TEXT,
                        "step": {"type": ["integer", "null"]},
                        "state": {"enum": [str(state) for state in ItemState]},
                        "due": _MAYBE_TEXT,
                        "local": _MAYBE_TEXT,
                        "reason": _TEXT,
                    }
                )
            )
        }
    ),
    **dict.fromkeys(
        ("send", "publish"),
        _object(
            {
                "actions": _list_of(
                    _object(
                        {
                            "id": _TEXT,
                            "kind": _TEXT,
                            "result": {"enum": [str(result) for result in ActionResult]},
                            "reason": _TEXT,
                            "receipt": _MAYBE_TEXT,
                        }
                    )
                )
            }
        ),
    ),
    "status": _object(
        {
            "contacts": _list_of(
                _object(
                    {
                        "id": _TEXT,
                        "name": _TEXT,
                        "tier": {"type": ["integer", "null"]},
                        "state": {"enum": [str(state) for state in ContactState]},
                        "outcome": _MAYBE_TEXT,
                        "wave": _MAYBE_TEXT,
                        "turn": {"enum": ["ours", "theirs"]},
                        "proposed": {"enum": [*PROPOSED_ORDER, None]},
                        "failed": _MAYBE_TEXT,
                        "last": _or_null(
                            _object({"type": _TEXT, "at": _TEXT, "via": _MAYBE_TEXT, "text": _MAYBE_TEXT})
                        ),
                        "next": _or_null(_object({"what": _TEXT, "due": _MAYBE_TEXT})),
                    }
                )
            ),
            "posts": _list_of(
                _object(
                    {
                        "id": _TEXT,
                        "network": _TEXT,
                        "state": {"enum": [str(state) for state in ItemState]},
                        "url": _MAYBE_TEXT,
                        "counts": {"type": "object"},
                    }
                )
            ),
            "counts": _object({str(state): _NUMBER for state in ContactState}),
            "unmatched": _NUMBER,
            "written_not_sent": _NUMBER,
            "in_doubt": _NUMBER,
            "no_longer_listed": {"type": "object"},
        }
    ),
    "sync": _object(
        {
            "mailbox": _MAYBE_TEXT,
            "looked_at": _NUMBER,
            "kinds": {"type": "object"},
            "matched": _list_of(_ANY),
            **dict.fromkeys(("resolved", "malformed", "found_in_sent", "unread_folders"), _list_of(_TEXT)),
            "unmatched": _NUMBER,
            "posts": _object({"counts": {"type": "object"}, "replies": _list_of(_REPLY), "troubles": _list_of(_TEXT)}),
        }
    ),
    "report": _object(
        {
            **dict.fromkeys(("made_by", "campaign", "title", "now", "timezone"), _TEXT),
            "since": _MAYBE_TEXT,
            "public": _YES_OR_NO,
            "counts": {"type": "object"},
            **dict.fromkeys(("states", "totals", "outcomes"), _list_of(_COUNT)),
            **dict.fromkeys(("tiers", "waves", "goals", "contacts", "letters", "happenings"), _list_of(_ANY)),
            **dict.fromkeys(("planned", "posts", "weeks", "templates", "entries"), _list_of(_ANY)),
            "withheld": _NUMBER,
            "about_texts": _TEXT,
            "left_out": _list_of(_TEXT),
        }
    ),
    "export": _object(
        {
            **dict.fromkeys(("made_by", "contact", "name", "at"), _TEXT),
            "files": _list_of(_TEXT),
            "values": {"type": "object"},
            **dict.fromkeys(("letters", "events", "messages", "receipts", "planned"), _list_of(_ANY)),
        }
    ),
}
"""JSON Schemas (draft 2020-12) of what each command prints with `--json`."""
