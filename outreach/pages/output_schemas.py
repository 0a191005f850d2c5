"""What each command prints with `--json`, as JSON Schema. docs/json.md is made from it; scripts rely on its keys."""

from __future__ import annotations

from typing import Any

from outreach.model.action import ActionResult
from outreach.model.past import PROPOSED_ORDER
from outreach.model.plan import ItemKind, ItemState
from outreach.model.problem import Level
from outreach.model.state import ContactState
from outreach.planning.today import SECTIONS


def _object(properties: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object with these keys; `optional` ones are there only where an option asks for them."""
    return {"type": "object", "properties": {**properties, **(optional or {})}, "required": sorted(properties)}


_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}
_YES_OR_NO: dict[str, Any] = {"type": "boolean"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_MAYBE_NUMBER: dict[str, Any] = {"type": ["integer", "null"]}
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

_TEXTS = _list_of(_TEXT)
_ITEM = _object(
    {
        "id": _TEXT,
        "kind": {"enum": [str(kind) for kind in ItemKind]},
        **dict.fromkeys(("contact", "post", "network", "wave"), _MAYBE_TEXT),
        "step": _MAYBE_NUMBER,
        "state": {"enum": [str(state) for state in ItemState]},
        **dict.fromkeys(("due", "local"), _MAYBE_TEXT),
        "reason": _TEXT,
        **dict.fromkeys(("since", "owner"), _MAYBE_TEXT),
    }
)
_EVENT = _object(
    {
        "number": _NUMBER,
        **dict.fromkeys(("kind", "at", "by"), _TEXT),
        **dict.fromkeys(("contact", "post", "network", "wave"), _MAYBE_TEXT),
        "step": _MAYBE_NUMBER,
        **dict.fromkeys(("name", "value", "url"), _MAYBE_TEXT),
        "numbers": _ANY,
        **dict.fromkeys(("due", "owner", "text"), _MAYBE_TEXT),
    }
)
_ACTIONS = _list_of(
    _object(
        {
            **dict.fromkeys(("id", "kind"), _TEXT),
            "result": {"enum": [str(result) for result in ActionResult]},
            "reason": _TEXT,
            "receipt": _MAYBE_TEXT,
        }
    )
)
_LETTER_KEYS = {
    **dict.fromkeys(("id", "wave"), _TEXT),
    "step": _NUMBER,
    **dict.fromkeys(("contact", "from", "to", "name"), _TEXT),
    "cc": _TEXTS,
    **dict.fromkeys(("subject", "message_id"), _TEXT),
    "headers": _TEXTS,
    **dict.fromkeys(("text", "html"), _TEXT),
    "attachments": _list_of(_object({"name": _TEXT, "type": _TEXT, "size": _NUMBER, "sha256": _TEXT})),
    "digest": _TEXT,
}
_POST_KEYS = {
    **dict.fromkeys(("id", "kind", "post", "network", "digest"), _TEXT),
    "texts": _TEXTS,
    "counts": _list_of(_object({"count": _NUMBER, "limit": _MAYBE_NUMBER, "bytes": _NUMBER})),
    **dict.fromkeys(("alt_texts", "notifies", "notified", "unresolved", "effects", "not_known_yet"), _TEXTS),
}
_VERDICT = {"result": _TEXT, "reason": _TEXT}
_MESSAGE = _object(
    {
        **dict.fromkeys(("id", "kind"), _TEXT),
        **dict.fromkeys(("proposed", "sorted"), _MAYBE_TEXT),
        "rule": _TEXT,
        **dict.fromkeys(("rung", "contact"), _MAYBE_TEXT),
        **dict.fromkeys(("from", "subject", "at", "place", "text"), _TEXT),
    }
)
_CHASE = _object(
    {
        "contact": _TEXT,
        "tier": _MAYBE_NUMBER,
        "what": _TEXT,
        "since": _MAYBE_TEXT,
        "working_days": _MAYBE_NUMBER,
        **dict.fromkeys(("letter", "draft", "last_word"), _MAYBE_TEXT),
    }
)
_CORRECTIONS = _object(
    {
        "corrections": _list_of(
            _object({"id": _TEXT, "how": _TEXT, "parts": _list_of(_NUMBER), "done": _YES_OR_NO, "text": _TEXT})
        )
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
                        **dict.fromkeys(("id", "wave", "contact", "to", "subject", "path"), _TEXT),
                        "step": _NUMBER,
                        "digest": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
                        "changed": _YES_OR_NO,
                    }
                )
            ),
            "manual": _list_of(_object(dict.fromkeys(("id", "contact", "how", "path"), _TEXT))),
            "posts": _list_of(
                _object(
                    {
                        **dict.fromkeys(("id", "post", "network", "path", "digest"), _TEXT),
                        "parts": _list_of(_object({"text": _TEXT, "count": _NUMBER, "limit": _MAYBE_NUMBER})),
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
            "items": _list_of(_ITEM),
            "errors": _NUMBER,
        }
    ),
    "agenda": _object({"items": _list_of(_ITEM)}),
    **dict.fromkeys(("send", "publish"), _object({"actions": _ACTIONS})),
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
            "elsewhere": _TEXTS,
            "no_longer_listed": {"type": "object"},
            "changed": _list_of(_ANY),
        },
        optional={"due": _list_of(_CHASE), **dict.fromkeys(("answers", "messages"), _list_of(_MESSAGE))},
    ),
    "sync": _object(
        {
            **dict.fromkeys(("adopted", "troubles"), _TEXTS),
            "mailbox": _MAYBE_TEXT,
            "looked_at": _NUMBER,
            "kinds": {"type": "object"},
            "matched": _list_of(
                _object(
                    {
                        "kind": _TEXT,
                        "proposed": _MAYBE_TEXT,
                        "rule": _TEXT,
                        **dict.fromkeys(("contact", "wave"), _MAYBE_TEXT),
                        "step": _MAYBE_NUMBER,
                        "rung": _MAYBE_TEXT,
                    }
                )
            ),
            **dict.fromkeys(("resolved", "malformed", "found_in_sent", "unread_folders"), _list_of(_TEXT)),
            "drafts": _list_of(_object({"id": _TEXT, "fate": _TEXT, "changes": _TEXT})),
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
    **dict.fromkeys(
        ("access-request", "export"),  # the name of older versions
        _object(
            {
                **dict.fromkeys(("made_by", "contact", "name", "at"), _TEXT),
                "files": _list_of(_TEXT),
                "values": {"type": "object"},
                **dict.fromkeys(("letters", "events", "messages", "receipts", "planned"), _list_of(_ANY)),
            }
        ),
    ),
    "demo": _object({"folder": _TEXT}),
    "doctor": _object(
        {"checks": _list_of(_object({"name": _TEXT, "ok": _YES_OR_NO, "message": _TEXT, "hint": _TEXT}))}
    ),
    "login": _object(
        {"account": _TEXT, "where": _TEXT},
        optional={**dict.fromkeys(("names", "servers", "tried"), _TEXTS)},
    ),
    "dashboard": _object({"address": _TEXT}),
    "preview": _object({"letters": _list_of(_object(_LETTER_KEYS)), "posts": _list_of(_object(_POST_KEYS))}),
    "test": _object(
        {"tested": _list_of(_object(dict.fromkeys(("id", "to", "subject", "receipt", "via", "where"), _TEXT)))}
    ),
    "approve": _object(
        {
            "letters": _list_of(_object({"id": _TEXT, "tested": _YES_OR_NO, **_VERDICT}, optional=_LETTER_KEYS)),
            "posts": _list_of(_object({**_POST_KEYS, **_VERDICT})),
        }
    ),
    "confirm": _object({"resolved": _TEXTS, "sent": _YES_OR_NO}),
    "run": _object(
        {
            "at": _TEXT,
            "troubles": _TEXTS,
            **dict.fromkeys(("ahead", "reminders"), _list_of(_ITEM)),
            "news": _TEXT,
            "actions": _ACTIONS,
        }
    ),
    "digest": _object({**dict.fromkeys(("to", "subject", "text", "reason"), _TEXT), "sent": _YES_OR_NO}),
    **dict.fromkeys(("correct", "unpublish"), _CORRECTIONS),
    "lookup": _object(
        {
            "handles": _ANY,
            "nobody": _TEXTS,
            "cards": _ANY,
            "mastodon": _or_null(_ANY),
            "problems": _list_of(
                _object({"line": _NUMBER, **dict.fromkeys(("file", "code", "message", "hint"), _TEXT)})
            ),
            "troubles": _list_of(_object({"message": _TEXT, "hint": _TEXT})),
        }
    ),
    "links": _object(
        {
            "filled": _list_of(_object({"file": _TEXT, "line": _NUMBER, "post": _TEXT, "url": _MAYBE_TEXT})),
            "written": _YES_OR_NO,
            "troubles": _TEXTS,
        }
    ),
    "reply": _object(
        {},
        optional={
            **dict.fromkeys(("id", "contact", "answers", "to", "subject", "text", "message_id", "digest"), _TEXT),
            "approved": _YES_OR_NO,
            "actions": _ACTIONS,
        },
    ),
    "sort": _object(
        {
            "message": _TEXT,
            "contact": _MAYBE_TEXT,
            "kind": _TEXT,
            "sorted": _MAYBE_TEXT,
            "undone": _YES_OR_NO,
        }
    ),
    "match": _object({**dict.fromkeys(("message", "contact", "kind"), _TEXT), "before": _MAYBE_TEXT}),
    **dict.fromkeys(("log", "outcome", "done", "decide", "allow", "pause", "resume", "suppress"), _EVENT),
    "show": _object({"id": _TEXT, "events": _list_of(_EVENT), "items": _list_of(_ITEM)}),
    "erase": _object(
        {},
        optional={
            **dict.fromkeys(("who", "name", "asked", "due"), _TEXT),
            **dict.fromkeys(("done", "complete", "mark_kept"), _YES_OR_NO),
            **dict.fromkeys(("within", "reply"), _TEXTS),
            "places": _list_of(
                _object({**dict.fromkeys(("room", "fate", "where", "says"), _TEXT), "lines": _list_of(_NUMBER)})
            ),
            "kept_too_long": _list_of(_object(dict.fromkeys(("who", "name", "within", "until"), _TEXT))),
            "erased": _list_of(_ANY),
        },
    ),
    "merge": _object(
        {
            **dict.fromkeys(("keep", "other"), _TEXT),
            **dict.fromkeys(("written", "to_write", "removed"), _TEXTS),
            "differs": _list_of(_object({"key": _TEXT, "kept": {}, "other": {}})),
        }
    ),
    **dict.fromkeys(("backup", "restore"), _object({"file": _TEXT})),
    "ledger": _object({**dict.fromkeys(("ledger", "to"), _TEXT), "events": _NUMBER, "moved": _YES_OR_NO}),
    "trust": _object(
        {},
        optional={
            "paths": _list_of(_object({"path": _TEXT, "every_campaign": _YES_OR_NO})),
            "path": _TEXT,
            "campaign": _MAYBE_TEXT,
            "allowed": _YES_OR_NO,
        },
    ),
}
"""JSON Schemas (draft 2020-12) of what each command prints with `--json`."""
