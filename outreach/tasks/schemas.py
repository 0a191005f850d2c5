"""`outreach schema`: the JSON Schemas of the campaign's files and of what commands print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from outreach.campaign.schema import DRAFT, KINDS, json_schema
from outreach.pages import answers
from outreach.pages import json_schema as output
from outreach.pages.asking import AskedObject
from outreach.pages.dossier import DossierObject
from outreach.pages.erasing import ErasureObject, ErasuresObject, OverListObject
from outreach.pages.health import HealthObject
from outreach.pages.import_objects import ImportObject
from outreach.pages.letters import ApprovalObject, PreviewObject
from outreach.pages.lookups import LookupObject
from outreach.pages.objects import CheckObject, DraftObject
from outreach.pages.plan_objects import AgendaObject, EventObject, StatusObject, StoryObject
from outreach.pages.processing import ProcessingObject
from outreach.pages.report_data import ReportObject
from outreach.pages.sending import ActionsObject
from outreach.pages.syncing import SyncObject
from outreach.pages.today import TodayObject
from outreach.pages.watching import RunObject, WorkerObject

OUTPUTS: Mapping[str, Any] = {
    "today": TodayObject,
    "init": ImportObject,
    "import": ImportObject,
    "demo": answers.FolderObject,
    "dashboard": answers.AddressObject,
    "serve": answers.AddressObject,
    "login": answers.LoginObject | answers.NetworkLoginObject | answers.ProviderObject,
    "doctor": answers.DoctorObject,
    "check": CheckObject,
    "draft": DraftObject,
    "preview": PreviewObject,
    "test": answers.TestedObject,
    "approve": ApprovalObject | AskedObject,
    "send": ActionsObject,
    "confirm": answers.ConfirmedObject,
    "run": RunObject,
    "worker": WorkerObject,
    "digest": answers.DigestObject,
    "publish": ActionsObject,
    "correct": answers.CorrectionsObject,
    "unpublish": answers.CorrectionsObject,
    "lookup": LookupObject,
    "links": answers.LinksObject,
    "sync": SyncObject,
    "reply": answers.ReplyObject | ActionsObject,
    "sort": answers.SortObject,
    "match": answers.MatchObject,
    **dict.fromkeys(("log", "outcome", "done"), EventObject),
    "agenda": AgendaObject,
    "status": StatusObject | HealthObject,
    "show": StoryObject,
    **dict.fromkeys(("decide", "allow", "pause", "resume"), EventObject),
    "report": ReportObject | DossierObject | ProcessingObject,
    "access-request": DossierObject,
    "export": DossierObject,  # the old name of access-request, for scripts that ask for it
    "erase": ErasureObject | ErasuresObject | OverListObject,
    "suppress": EventObject,
    "merge": answers.MergedObject,
    "backup": answers.FileObject,
    "restore": answers.FileObject,
    "ledger": answers.LedgerObject,
    "trust": answers.TrustObject | answers.TrustedObject | answers.RemoteObject,
    "schema": Annotated[dict[str, Any], output.Schema(description="JSON Schemas by name, or the one that was named.")],
}
"""Command -> the type of the object that it prints with `--json`; `today` is `outreach` without a command."""


def file_schemas() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of each kind of file."""
    return {kind: json_schema(kind) for kind in KINDS}


def output_schemas() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of what each command prints with `--json`."""
    titles = {name: f"outreach {name} --json" for name in OUTPUTS} | {"today": "outreach --json"}
    return {name: {"$schema": DRAFT, "title": titles[name], **output.json_schema(of)} for name, of in OUTPUTS.items()}
