"""Names that must exist elsewhere: templates, contacts, posts, attachments, decisions, states."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from outreach.checking.material import Checked
from outreach.model.campaign import Campaign
from outreach.model.contact import Contact
from outreach.model.problem import Problem
from outreach.model.template import Template
from outreach.planning.gates import gates_of
from outreach.planning.gates.possible import GateChecker
from outreach.planning.gates.reading import old_words
from outreach.planning.gates.terms import Named
from outreach.templating.expressions import Expressions, old_keys, problem_of, selection_fault
from outreach.templating.scope import OLD_KEYS
from outreach.words.suggestions import nearest


def reference_problems(checked: Checked, expressions: Expressions) -> Iterator[Problem]:
    """Every reference to something that is not there, old names, and every gate that cannot be used."""
    yield from _template_references(checked)
    yield from _attachment_references(checked)
    yield from _mention_references(checked)
    yield from _post_references(checked)
    yield from _decision_references(checked)
    yield from _document_references(checked)
    yield from _old_names(checked)
    yield from _gates(checked)


def _unknown(
    kind: str,
    name: str,
    known: Iterable[str],
    *,
    file: str,
    line: int,
    about: str,
    code: str = "unknown-reference",
) -> Problem:
    known = sorted(known)
    near = nearest(name, known)
    none_yet = f"Write templates/{name}.md." if code == "template-missing" else f"The campaign has no {kind} yet."
    there_are = f"There are: {', '.join(known[:12])}." if known else none_yet
    return Problem(
        file=file,
        line=line,
        code=code,
        message=f"There is no {kind} {name!r}.",
        hint=f"Did you mean {near!r}?" if near else there_are,
        about=about,
    )


def _template_references(checked: Checked) -> Iterator[Problem]:
    if "templates" in checked.incomplete:
        return
    known = {template.name for template in checked.templates}
    for wave in checked.campaign.waves:
        wanted = [(choice.template, choice.line) for choice in wave.templates]
        if wave.follow_up is not None:
            wanted.append((wave.follow_up.template, wave.follow_up.line))
        for name, line in dict.fromkeys(wanted):
            if name not in known:
                first_letter = any(choice.template == name for choice in wave.templates)
                yield _unknown(
                    "template",
                    name,
                    known,
                    file=checked.campaign.file,
                    line=line,
                    about=f"wave:{wave.id}" if first_letter else f"follow-up:{name}",
                    code="template-missing",
                )


def _attachment_references(checked: Checked) -> Iterator[Problem]:
    known = checked.campaign.attachments
    for template in checked.templates:
        yield from _unknown_names("attachment", template.attachments, known, template, f"template:{template.file}")
    for contact in checked.contacts:
        yield from _unknown_names("attachment", contact.attachments, known, contact, f"contact:{contact.id}")


def _mention_references(checked: Checked) -> Iterator[Problem]:
    known = frozenset(contact.id for contact in checked.contacts)
    for template in () if "contacts" in checked.incomplete else checked.templates:
        yield from _unknown_names("contact", template.mentions, known, template, f"template:{template.file}")


def _unknown_names(
    kind: str, names: Iterable[str], known: Collection[str], noun: Template | Contact, about: str
) -> Iterator[Problem]:
    for name in names:
        if name not in known:
            line = noun.line_of("mentions" if kind == "contact" else "attachments")
            yield _unknown(kind, name, known, file=noun.file, line=line, about=about)


def _post_references(checked: Checked) -> Iterator[Problem]:
    if "posts" in checked.incomplete:
        return
    for post in checked.posts:
        found = {(e.after.post, e.after.line, e.when_file or e.file) for e in post.versions if e.after is not None}
        for name, line, file in sorted(found):
            if name not in checked.post_ids:
                yield _unknown("post", name, checked.post_ids, file=file, line=line, about=f"post:{post.id}")
            elif name == post.id:
                yield Problem(
                    file=file,
                    line=line,
                    code="unknown-reference",
                    message=f"The post {name!r} waits for itself.",
                    hint="Name the post that goes first.",
                    about=f"post:{post.id}",
                )


def _decision_references(checked: Checked) -> Iterator[Problem]:
    campaign = checked.campaign
    known = {
        *checked.post_ids,
        *(wave.id for wave in campaign.waves),
        *(decision.id for decision in campaign.decisions),
    }
    for decision in campaign.decisions:
        if decision.after is not None and decision.after not in known and "posts" not in checked.incomplete:
            yield _unknown(
                "post, wave or decision",
                decision.after,
                known,
                file=campaign.file,
                line=decision.line,
                about=f"decision:{decision.id}",
            )


def _document_references(checked: Checked) -> Iterator[Problem]:
    """Files that campaign.yaml names and that are not there."""
    campaign = checked.campaign
    named = [(path, campaign.line_of("fill_links")) for path in campaign.fill_links]
    if campaign.legal is not None and campaign.legal.assessment:
        named.append((campaign.legal.assessment, campaign.legal.line))
    for path, line in named:
        if path not in checked.documents:
            message, hint = checked.why_not_there(f"The document {path!r}", path)
            yield Problem(
                file=campaign.file,
                line=line,
                code="document-missing",
                message=message,
                hint=hint,
                about=f"document:{path}",
            )


def selection_problems(campaign: Campaign, expressions: Expressions) -> Iterator[Problem]:
    """Faults of each wave's `to`, of those of its templates and of its follow-up, which stops no first letter."""
    for wave in campaign.waves:
        selecting = [(wave.to, "wave"), *((choice.condition, "wave") for choice in wave.templates)]
        if wave.follow_up is not None:
            selecting.append((wave.follow_up.to, "follow-up"))
        for expression, kind in selecting:
            corrects = wave.correction_of is not None and expression is wave.to
            fault = selection_fault(expressions, expression.source, corrects=corrects) if expression else None
            if expression is not None and fault is not None:
                yield problem_of(expression, fault, f"{kind}:{wave.id}")


_TAG_ENDS = re.compile(r"(\{[{%]|[%}]\})")
_OLD_NAME = re.compile(rf"\bcontact\.({'|'.join(OLD_KEYS)})\b")

_OF_STAGE = "Write `missing` instead of `stage == 'research'`, without a comparison; the old one still works."


def _old_names(checked: Checked) -> Iterator[Problem]:
    """Old names of a contact's keys and of outcomes in expressions, templates and gates, each where it stands first."""
    found: dict[str, tuple[str, int]] = {}
    for wave in checked.campaign.waves:
        asked = [wave.to, *(choice.condition for choice in wave.templates)]
        asked += [wave.follow_up.to] if wave.follow_up else []
        for expression in filter(None, asked):
            for name in old_keys(expression.source):
                found.setdefault(name, (expression.file, expression.line))
    for template in checked.templates:
        for text, begin in ((template.subject or "", template.subject_line), (template.body, template.body_line)):
            line, is_tag = begin, False
            has_one = any(f"contact.{name}" in text for name in OLD_KEYS)
            for piece in _TAG_ENDS.split(text) if has_one else ():
                for each in _OLD_NAME.finditer(piece) if is_tag else ():
                    found.setdefault(each[1], (template.file, line + piece.count("\n", 0, each.start())))
                is_tag = piece in ("{{", "{%") if len(piece) == 2 and piece[0] in "{}%" else is_tag
                line += piece.count("\n")
    said = {name: (f"contact.{name}", f"contact.{OLD_KEYS[name]}") for name in found}
    gates = [*(goal.measure for goal in checked.campaign.goals), *(gate for _, gate in gates_of(checked))]
    for gate in gates:
        for name, today in old_words(gate.source).items():
            found.setdefault(name, (gate.file, gate.line))
            said.setdefault(name, (name, today))
    for name, (file, line) in found.items():
        yield Problem(
            file=file,
            line=line,
            code="old-key",
            message="`{}` is now `{}`.".format(*said[name]),
            hint=_OF_STAGE if name == "stage" else "Write the new name; the old one still works.",
            about=f"file:{file}",
        )


def _gates(checked: Checked) -> Iterator[Problem]:
    """Gates that cannot be used, or can never hold."""
    campaign = checked.campaign
    checker = GateChecker(
        Named(
            posts={post.id: frozenset(str(e.network) for e in post.versions) for post in checked.posts},
            contacts=checked.contacts,
            decisions={decision.id: decision.choices for decision in campaign.decisions},
            checklists=checked.checklists,
            language=campaign.language,
            incomplete=checked.incomplete,
        )
    )
    for goal in campaign.goals:
        fault = checker.fault(goal.measure.source, measures=True)
        if fault is not None:
            yield problem_of(goal.measure, fault, f"goal:{goal.name}")
    for name, gate in gates_of(checked):
        fault = checker.fault(gate.source)
        if fault is not None:
            kind, _, about = name.partition(":")
            yield problem_of(gate, fault, f"{'wave' if kind == 'after' else kind}:{about.partition('/')[0]}")
