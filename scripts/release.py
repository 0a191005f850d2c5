"""Makes dist/: wheel and sdist, built twice and compared, and the SBOM of what a wheel installs, after a licence check.

`make release` runs it. It publishes nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-run.lock"
ALLOWED = set(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CNRI-Python ISC MIT MIT-0 MIT-CMU MPL-2.0 PSF-2.0 Unlicense "
    "LGPL-3.0-or-later".split()
)
"""Licences (SPDX) under which a package may be installed beside ours. The LGPL's: pygal, which we do not change."""
NAMES = {
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "GNU LGPL v3+": "LGPL-3.0-or-later",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Dual License": "Apache-2.0 OR BSD-3-Clause",
}
"""What packages call a licence without SPDX."""
READ = {"imapclient": "BSD-3-Clause", "pywin32-ctypes": "BSD-3-Clause"}
"""Read in the sources of packages whose metadata does not say it, or that only Windows installs."""


def locked(lock: str) -> dict[str, str]:
    """Name and version of every package in a lock, but those for Windows, where outreach does not run."""
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)==([^\s;\\]++)(?! ; sys_platform == 'win32')", lock, re.MULTILINE))


def licence_of(name: str) -> str:
    """The SPDX expression of an installed package's licence; "" where nobody says one."""
    if name in READ:
        return READ[name]
    about = metadata.metadata(name)
    said = [about.get("License-Expression", ""), (about.get("License") or "").partition("\n")[0]]
    said += [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
    return next((NAMES.get(each, each) for each in said if each), "")


def is_allowed(expression: str) -> bool:
    """Whether an SPDX expression (AND, OR, no brackets) can be met with `ALLOWED`."""
    return any(all(part in ALLOWED for part in choice.split(" AND ")) for choice in expression.split(" OR "))


def refused(licences: dict[str, str]) -> list[str]:
    """A line for each package whose licence is not allowed, or not known."""
    return [f"{name}: {found or 'says no licence'}" for name, found in licences.items() if not is_allowed(found)]


def sbom(packages: dict[str, str], licences: dict[str, str], version: str, date: str) -> dict[str, Any]:
    """What a wheel installs, as CycloneDX 1.6. The same packages give the same document."""
    known = json.dumps([version, packages], sort_keys=True)
    ours = {"type": "application", "bom-ref": "outreach", "name": "outreach", "version": version}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, known)}",
        "version": 1,
        "metadata": {"timestamp": date, "component": {**ours, "licenses": [{"expression": "MIT"}]}},
        "components": [
            {
                "type": "library",
                "bom-ref": f"pkg:pypi/{name}@{number}",
                "name": name,
                "version": number,
                "purl": f"pkg:pypi/{name}@{number}",
                "licenses": [{"expression": licences[name]}],
            }
            for name, number in sorted(packages.items())
        ],
        "dependencies": [{"ref": "outreach", "dependsOn": [f"pkg:pypi/{n}@{v}" for n, v in sorted(packages.items())]}],
    }


def built(place: Path, epoch: int, *, umask: int) -> dict[str, str]:
    """SHA-256 by name of an sdist made in a copy of the checkout, and of the wheel made from that sdist."""
    copy, dist = place / "copy", place / "dist"
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)  # without its time and mode, which must not matter
    _build(copy, dist, "sdist", epoch, umask)
    (archive,) = dist.glob("*.tar.gz")
    with tarfile.open(archive) as opened:
        opened.extractall(place, filter="data")
    _build(place / archive.name.removesuffix(".tar.gz"), dist, "wheel", epoch, umask)
    return {each.name: hashlib.sha256(each.read_bytes()).hexdigest() for each in sorted(dist.iterdir())}


def _build(source: Path, dist: Path, target: str, epoch: int, umask: int) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(dist)]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    subprocess.run(command, cwd=source, env=environment, umask=umask, check=True, capture_output=True)


def main() -> int:
    from datetime import UTC, datetime

    from outreach import __version__

    packages = locked(LOCK.read_text("utf-8"))
    licences = {name: licence_of(name) for name in packages}
    if bad := refused(licences):
        print("Not allowed (scripts/release.py):", *bad, sep="\n  ")
        return 1
    last = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, check=True, capture_output=True, text=True)
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or last.stdout)
    with tempfile.TemporaryDirectory() as first, tempfile.TemporaryDirectory() as second:
        sums = built(Path(first), epoch, umask=0o022)
        if sums != built(Path(second), epoch, umask=0o077):
            print("Two builds of the same commit differ.")
            return 1
        dist = ROOT / "dist"
        shutil.rmtree(dist, ignore_errors=True)
        shutil.copytree(Path(first) / "dist", dist)
    found = sbom(packages, licences, __version__, datetime.fromtimestamp(epoch, UTC).isoformat())
    bill = dist / f"outreach-{__version__}.cdx.json"
    bill.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    sums[bill.name] = hashlib.sha256(bill.read_bytes()).hexdigest()
    (dist / "SHA256SUMS").write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), encoding="utf-8")
    print(*(f"{value}  dist/{name}" for name, value in sorted(sums.items())), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
