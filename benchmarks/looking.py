"""`check`, `status` and `agenda` of many contacts, cold and warm, beside the bare limit of the same campaign.

    python benchmarks/looking.py [CONTACTS]

Cold: nothing was kept; warm: the command ran before. The limit reads the CSV, renders one template for each row and
writes one file for each; for contacts in YAML it unpickles as many contacts as were kept.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _peers import Took, bare_process, in_turns, outreach, process, ratio, row, write_both

CONTACTS = 10_000
ROUNDS = 3
UNPICKLE = """
import pickle, sys
sys.path.insert(0, {root!r})
content = open({file!r}, "rb").read()
begin = 40 + int.from_bytes(content[32:40], "big")
pickle.loads(content[40:begin]), pickle.loads(content[begin:])
"""


def cold(folder: Path, *words: str) -> Took:
    shutil.rmtree(folder / ".outreach", ignore_errors=True)
    return outreach(folder, *words)


def as_yaml(folder: Path, contacts: int) -> None:
    """The contacts in a YAML file for each hundred."""
    (folder / "contacts" / "all.csv").unlink()
    for first in range(0, contacts, 100):
        each = [
            f"- {{id: {r[0]}, name: '{r[1]}', tier: {r[4]}, country: {r[3]}, website: '{r[7]}', "
            f"personal_text: '{r[8]}', channels: [{{email: {r[2]}}}], fields: {{city: '{r[6]}', topic: {r[9]}}}}}\n"
            for r in map(row, range(first, min(first + 100, contacts)))
        ]
        (folder / "contacts" / f"{first:06}.yaml").write_text("".join(each), encoding="utf-8")


def main() -> None:
    contacts = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else CONTACTS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_both(folder, contacts)
        ours = folder / "ours"
        took = in_turns(
            ROUNDS,
            bare=lambda: bare_process(folder),
            cold=lambda: cold(ours, "check"),
            warm=lambda: outreach(ours, "check"),
            status_first=lambda: outreach(ours, "status"),
            status=lambda: outreach(ours, "status"),
            agenda=lambda: outreach(ours, "agenda", "--json"),
        )
        for label, words in (
            ("cold", "check, cold"),
            ("warm", "check, warm"),
            ("status", "status"),
            ("agenda", "agenda"),
        ):
            print(f"{words:24} {ratio(took[label], took['bare'])} times the bare limit, {took[label][0].memory} MB")
        as_yaml(ours, contacts)
        outreach(ours, "status")
        outreach(ours, "status")
        kept = str(ours / ".outreach" / "cache" / "campaign")
        script = UNPICKLE.format(root=str(Path(__file__).resolve().parent.parent), file=kept)
        took = in_turns(
            ROUNDS,
            bare=lambda: process([sys.executable, "-c", script]),
            ours=lambda: outreach(ours, "status"),
        )
        print(f"a second command over as many in YAML: {ratio(took['ours'], took['bare'])} times unpickling them")


if __name__ == "__main__":
    main()
