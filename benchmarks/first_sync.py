"""The first `outreach sync` of a real mailbox, beside a bare IMAPClient that searches and fetches the same headers.

    python benchmarks/first_sync.py [MESSAGES]

Of 50,000 messages 48,000 are older than the campaign. Both are processes of their own, in turns, against one Dovecot
on loopback (it needs root and Debian's dovecot, as the tests do). The mailbox is opened once before, so that nobody
pays for the server's own index, and `outreach status` has looked at the campaign.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.sending.campaigns import enter  # noqa: E402
from tests.servers.realmail import OWNER, RealMail, real_mail, what_is_missing  # noqa: E402 - beside the package

MESSAGES = 50_000
ADDRESS = "alex@sender.example"
NOW = datetime.now(UTC)
BEGAN = NOW - timedelta(days=40)
BARE = """
import ssl, sys
from datetime import date
from imapclient import IMAPClient
port, ca, user, since = sys.argv[1:]
client = IMAPClient("localhost", port=int(port), ssl=True, ssl_context=ssl.create_default_context(cafile=ca))
client.login(user, "secret")
found = 0
for flags, _, name in client.list_folders():
    if {b"\\\\Trash", b"\\\\Drafts", b"\\\\Junk"} & set(flags):
        continue
    client.select_folder(name, readonly=True)
    uids = client.search(["SINCE", date.fromisoformat(since)])
    for begin in range(0, len(uids), 200):
        found += len(client.fetch(uids[begin : begin + 200], ["BODY.PEEK[HEADER]"]))
client.logout()
print(found)
"""


def fill(mail: RealMail, messages: int) -> None:
    home = mail.folder / "mail" / ADDRESS / "Maildir"
    for name in ("cur", "new", "tmp"):
        (home / name).mkdir(parents=True)
    recent = messages // 25
    for number in range(messages):
        at = BEGAN + timedelta(minutes=number % 50_000) if number >= messages - recent else BEGAN - timedelta(days=400)
        text = (
            f"Received: from mx{number % 7}.example by mail.sender.example with ESMTPS id {number:x};\r\n"
            f" {at:%a, %d %b %Y %H:%M:%S} +0000\r\nDKIM-Signature: v=1; a=rsa-sha256; d=list{number % 97}.example;"
            f" s=a;\r\n b={'x' * 300}\r\nFrom: News <news{number % 500}@list{number % 97}.example>\r\n"
            f"To: {ADDRESS}\r\nSubject: Newsletter {number}\r\nDate: {at:%a, %d %b %Y %H:%M:%S} +0000\r\n"
            f"Message-ID: <{number}@list.example>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n"
            + "Words of the week. "
            * 200
        )
        path = home / "cur" / f"{int(at.timestamp())}.M{number}P1.host,S={len(text)}:2,S"
        path.write_text(text, encoding="ascii", newline="")
        os.utime(path, (at.timestamp(), at.timestamp()))
    for folder, _, files in os.walk(mail.folder / "mail" / ADDRESS):
        os.chown(folder, OWNER, OWNER)
        for name in files:
            os.chown(os.path.join(folder, name), OWNER, OWNER)


def campaign(folder: Path, mail: RealMail) -> None:
    for name in ("contacts", "templates"):
        (folder / name).mkdir(parents=True)
    shutil.copy(mail.ca, folder / "ca.pem")
    (folder / "campaign.yaml").write_text(
        f"id: bench\ntitle: Bench\nsender: {{name: Alex, email: {ADDRESS}}}\n"
        f"accounts:\n  mail:\n    inbox: {{imap: localhost, port: {mail.imaps}, user: {ADDRESS}}}\n"
        f"    ca_file: ca.pem\n"
        f"waves: [{{id: one, to: 'tier == 0', template: hello, start: '{BEGAN:%Y-%m-%d} 09:00'}}]\n",
        encoding="utf-8",
    )
    rows = "".join(f"Contact {n},0,info@contact{n}.example\n" for n in range(200))
    (folder / "contacts" / "all.csv").write_text(f"name,tier,email\n{rows}", encoding="utf-8")
    (folder / "templates" / "hello.md").write_text("---\nsubject: Hello\n---\nDear {{ contact.name }}\n", "utf-8")


def run(command: list[str], environment: dict[str, str]) -> tuple[float, float, int, str]:
    """Seconds on the wall, of the processor, MB at most, and what was printed."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment)
    said = child.stdout.read() if child.stdout else ""
    usage = os.wait4(child.pid, 0)[2]
    child.returncode = 0
    wall = time.perf_counter() - began
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, said.strip()


def main() -> None:
    if missing := what_is_missing():
        print(f"Left out: {missing}.")
        return
    messages = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdecimal() else MESSAGES
    with tempfile.TemporaryDirectory() as name, real_mail("sender.example") as mail:
        mail.add_user(ADDRESS, "secret")
        fill(mail, messages)
        environment = {
            **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
            "PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": f"{name}/bytecode", "XDG_CONFIG_HOME": name,
            "OUTREACH_SECRETS": str(Path(name) / "secrets.json"),
        }  # fmt: skip
        os.environ.update(environment)
        since = (BEGAN - timedelta(days=1)).date().isoformat()
        bare = [sys.executable, "-c", BARE, str(mail.imaps), str(mail.ca), ADDRESS, since]
        run(bare, environment)
        ratios, memory = [], []
        for turn in range(5):
            folder = Path(name) / f"campaign{turn}"
            campaign(folder, mail)
            enter(folder, "secret")
            for _ in range(2):  # nobody reads answers of a campaign that was never looked at
                run([sys.executable, "-m", "outreach", "status", "--campaign", str(folder)], environment)
            alone = run(bare, environment)
            ours = run([sys.executable, "-m", "outreach", "sync", "--campaign", str(folder)], environment)
            ratios.append((ours[0] / alone[0], ours[1] / alone[1]))
            memory.append(ours[2])
            shutil.rmtree(folder)
        wall, cpu = (statistics.median(each) for each in zip(*ratios, strict=True))
        print(f"{messages:,} messages, {messages // 25:,} of them of the campaign's time:")
        print(
            f"first sync {wall:.2f} times a bare client on the wall, {cpu:.2f} of its processor time; {max(memory)} MB"
        )


if __name__ == "__main__":
    main()
