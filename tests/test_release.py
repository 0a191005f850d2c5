"""A release names what it installs and under which licences. `make release` builds it, twice, in CI."""

from __future__ import annotations

import json

import pytest

from scripts.release import LOCK, is_allowed, licence_of, locked, refused, sbom

PACKAGES = {"one": "1.0", "two": "2.0"}
LICENCES = {"one": "MIT", "two": "Apache-2.0 OR GPL-3.0-only"}


def test_every_package_that_a_wheel_installs_has_a_licence_that_we_allow() -> None:
    packages = locked(LOCK.read_text("utf-8"))
    assert len(packages) > 40
    assert refused({name: licence_of(name) for name in packages}) == []


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("Apache-2.0 AND GPL-3.0-only", False),
        ("AGPL-3.0-only", False),
        ("", False),
    ],
)
def test_a_licence_is_allowed_or_not(expression: str, allowed: bool) -> None:
    assert is_allowed(expression) is allowed


def test_a_package_with_another_licence_is_named() -> None:
    assert refused({"good": "MIT", "bad": "SSPL-1.0", "mute": ""}) == ["bad: SSPL-1.0", "mute: says no licence"]


def test_the_sbom_names_every_package_and_is_the_same_each_time() -> None:
    bill = sbom(PACKAGES, LICENCES, "1.0.0", "2026-01-01T00:00:00+00:00")
    assert json.dumps(bill) == json.dumps(
        sbom(dict(reversed(PACKAGES.items())), LICENCES, "1.0.0", bill["metadata"]["timestamp"])
    )
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [each["purl"] for each in bill["components"]] == ["pkg:pypi/one@1.0", "pkg:pypi/two@2.0"]
    refs = {each["bom-ref"] for each in bill["components"]}
    assert set(bill["dependencies"][0]["dependsOn"]) == refs
    assert sbom(PACKAGES | {"two": "2.1"}, LICENCES, "1.0.0", "")["serialNumber"] != bill["serialNumber"]
