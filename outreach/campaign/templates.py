"""`templates/*.md` -> Templates."""

from __future__ import annotations

from pathlib import Path

from outreach.campaign.definitions.definition import noun
from outreach.campaign.definitions.template import TemplateKeys
from outreach.campaign.findings import Finding, as_problems, too_much_to_read, without_consequences
from outreach.campaign.front_matter import FrontMatter, read_front_matter
from outreach.campaign.listing import Found, differs_in_case, list_files, same_elsewhere
from outreach.campaign.values.places import language_suffix
from outreach.campaign.values.plain import is_name, is_reserved
from outreach.campaign.values.text import did_you_mean
from outreach.errors import BEYOND_REACH
from outreach.model.problem import Problem
from outreach.model.template import Template, Variant

_VARIANTS = {variant.value: variant for variant in Variant if variant.value}


def load_templates(root: Path) -> tuple[list[Template], list[Problem]]:
    """Every template of the campaign at `root`, sorted by file, and what is wrong with them.

    A template with faults is there too, with what could be read of it; its Problems are about
    `template:NAME`.
    """
    found, faults = list_files(root, "templates", (".md",))
    problems = [p for file, fault in faults for p in as_problems([fault], file, "campaign")]
    templates: dict[tuple[str, str | None, Variant], Template] = {}
    seen: dict[str, tuple[str, str]] = {}
    for item in found:
        if is_readme(item.path.name):
            continue
        try:
            template, findings = _load(item)
        except BEYOND_REACH:
            template, findings = None, [too_much_to_read()]
        about = f"template:{item.file}"
        if template is not None:
            key = (template.name, template.language, template.variant)
            first = templates.setdefault(key, template)
            first_name, first_file = seen.setdefault(same_elsewhere(template.name), (template.name, item.file))
            if first_name != template.name:
                findings = [differs_in_case(first_file)]
            elif first is not template:
                findings = [_duplicate(first.file)]
        problems += as_problems(findings, item.file, about)
    return list(templates.values()), problems


def is_readme(file_name: str) -> bool:
    """Whether the file is about the folder and not part of the campaign."""
    return file_name.split(".")[0].casefold() == "readme"


def unusable_name(stem: str, what: str) -> Finding:
    """The finding that a file's stem cannot be the name of a template or post (`what`)."""
    kept = "Windows keeps this name for itself; choose another."
    hint = kept if is_reserved(stem) else "Use letters, digits, `-` and `_` only."
    return Finding(1, "bad-file-name", f"`{stem}` cannot be the name of a {what}.", hint)


def _duplicate(first: str) -> Finding:
    return Finding(1, "duplicate-id", f"This template is in {first} already.", "Remove one of the two files.")


def _load(item: Found) -> tuple[Template | None, list[Finding]]:
    stem, *suffixes = item.path.name[:-3].split(".")
    if not is_name(stem):
        return None, [unusable_name(stem, "template")]
    kinds = _suffixes(suffixes)
    if isinstance(kinds, Finding):
        return None, [kinds]
    read = read_front_matter(item.root, item.path)
    return _template(stem, item.file, read, *kinds)


def _suffixes(suffixes: list[str]) -> tuple[str | None, Variant] | Finding:
    """Language and variant of NAME.LANG.form.md, in either order."""
    language, variant = None, Variant.MAIL
    for suffix in suffixes:
        if suffix in _VARIANTS and variant is Variant.MAIL:
            variant = _VARIANTS[suffix]
        elif (tag := language_suffix(suffix)) and language is None:
            language = tag
        else:
            hint = did_you_mean(suffix, _VARIANTS) or "Use NAME.md, NAME.de.md, NAME.form.md or NAME.mastodon.md."
            message = f"`.{suffix}` in this file's name is neither a language nor `form` nor `mastodon`."
            return Finding(1, "bad-file-name", message, hint)
    return language, variant


def _template(
    stem: str, file: str, read: FrontMatter, language: str | None, variant: Variant
) -> tuple[Template, list[Finding]]:
    findings = list(read.findings)
    given = TemplateKeys.read(read.node, findings, "template")
    keys = given or TemplateKeys.model_construct()
    if variant is Variant.MAIL and given is not None and not _has(given, "subject", findings):
        hint = "Add `subject: ...` between two lines `---` at the top of the file."
        findings.append(Finding(keys.line_of("subject"), "missing-key", "This template has no `subject`.", hint))
    template = noun(
        Template,
        keys,
        name=stem,
        file=file,
        body=read.body,
        body_line=read.body_line,
        language=language,
        variant=variant,
        subject=keys.subject.value if keys.subject else None,
        subject_line=keys.subject.line if keys.subject else keys.line_of("subject"),
        lines=keys.where.lines,
    )
    return template, without_consequences(findings)


def _has(given: TemplateKeys, key: str, findings: list[Finding]) -> bool:
    """Whether `key` is there, or a finding already says what is wrong with it."""
    if key in given:
        return True
    line = given.where.lines.get(key)
    near = any(f.code == "unknown-key" and f"`{key}`" in f.hint for f in findings)
    return near or any(finding.line == line for finding in findings)
