"""An IMAP server that can as little as a test wants: capabilities, folder attributes and answers are scripted.

It keeps mailboxes in memory and speaks what `outreach` asks for: LIST, SELECT, SEARCH, FETCH, APPEND, STORE, MOVE and
EXPUNGE.
`lose` breaks the connection around an APPEND, with the message stored or not. Capability lines are those that providers
send: see CAPABILITIES.
"""

from __future__ import annotations

import re
import shlex
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser

CAPABILITIES = {
    "exchange": "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2 SASL-IR UIDPLUS ID UNSELECT CHILDREN IDLE NAMESPACE LITERAL+",
    "gmail": "IMAP4rev1 UNSELECT IDLE NAMESPACE QUOTA ID XLIST CHILDREN X-GM-EXT-1 UIDPLUS COMPRESS=DEFLATE ENABLE "
    "MOVE CONDSTORE ESEARCH UTF8=ACCEPT LIST-EXTENDED LIST-STATUS LITERAL- APPENDLIMIT=35651584",
    "icloud": "XAPPLEPUSHSERVICE IMAP4 IMAP4rev1 CONDSTORE ENABLE QRESYNC QUOTA NAMESPACE UIDPLUS CHILDREN BINARY "
    "UNSELECT SORT CATENATE LANGUAGE ESEARCH ESORT CONTEXT=SEARCH WITHIN SASL-IR SEARCHRES METADATA ID IDLE",
    "cyrus": "IMAP4rev1 LITERAL+ ID ENABLE ACL BINARY CATENATE CHILDREN CONDSTORE CREATE-SPECIAL-USE ESEARCH "
    "LIST-EXTENDED LIST-STATUS METADATA MOVE MULTIAPPEND NAMESPACE OBJECTID QRESYNC QUOTA SORT SPECIAL-USE "
    "THREAD=REFERENCES UIDPLUS UNSELECT WITHIN IDLE",
    "bare": "IMAP4rev1",
    "everything": "IMAP4rev1 SPECIAL-USE UIDPLUS LITERAL+ MULTIAPPEND",
}
"""What real servers said in public (Gmail, Exchange, iCloud, and Cyrus as at Fastmail), the least, and the most."""
FOLDERS = {
    "exchange": {"INBOX": "", "Drafts": "\\Drafts", "Sent Items": "\\Sent", "Deleted Items": "\\Trash"},
    "gmail": {"INBOX": "", "[Gmail]": "\\Noselect", "[Gmail]/All Mail": "\\All", "[Gmail]/Drafts": "\\Drafts",
              "[Gmail]/Sent Mail": "\\Sent", "[Gmail]/Trash": "\\Trash"},
    "icloud": {"INBOX": "", "Archive": "", "Drafts": "", "Sent Messages": "", "Deleted Messages": ""},
    "cyrus": {"INBOX": "", "INBOX.Drafts": "\\Drafts", "INBOX.Sent": "\\Sent", "INBOX.Trash": "\\Trash"},
    "bare": {"INBOX": "", "Entw&APw-rfe": "", "Gesendet": "", "Papierkorb": ""},
    "everything": {"INBOX": "", "Drafts": "\\Drafts", "Sent": "\\Sent", "Trash": "\\Trash"},
}  # fmt: skip
"""Their folders as LIST names them: iCloud and old servers without attributes."""


@dataclass
class Mail:
    """A message: its UID, flags, and bytes."""

    uid: int
    flags: set[str]
    data: bytes

    def header(self, name: str) -> str:
        return str(BytesHeaderParser().parsebytes(self.data).get(name) or "")


@dataclass
class Folder:
    """A folder, with what LIST says of it."""

    attribute: str
    validity: int = 1
    next_uid: int = 1
    mails: list[Mail] = field(default_factory=list)
    is_read_only: bool = False

    def add(self, flags: set[str], data: bytes) -> int:
        self.mails.append(Mail(self.next_uid, flags, data))
        self.next_uid += 1
        return self.next_uid - 1


class ScriptedImap:
    """A running server. `commands` is what was asked, `login` what LOGIN is answered.

    `lose` breaks the next APPENDs: "before" or "after" storing.
    """

    def __init__(self, kind: str, port: int) -> None:
        self.kind, self.port = kind, port
        self.capabilities = CAPABILITIES[kind]
        self.folders = {name: Folder(attribute) for name, attribute in FOLDERS[kind].items()}
        self.commands: list[str] = []
        self.lose: list[str] = []
        self.refuse = ""
        self.login = "OK done"
        self.lock = threading.RLock()

    @property
    def drafts(self) -> Folder:
        return next(folder for name, folder in self.folders.items() if re.search("Drafts|Entw", name))

    @property
    def sent(self) -> Folder:
        return next(folder for name, folder in self.folders.items() if re.search("Sent|Gesendet", name))

    @property
    def trash(self) -> Folder:
        return next(folder for name, folder in self.folders.items() if re.search("Trash|Deleted|Papier", name))

    def can(self, name: str) -> bool:
        return name in self.capabilities.split()


@contextmanager
def scripted_imap(kind: str) -> Iterator[ScriptedImap]:
    """A server of that kind on a free port; every login succeeds."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        script = ScriptedImap(kind, server.server_address[1])
        server.script = script  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield script
        finally:
            server.shutdown()
            thread.join()


class _Lost(Exception):
    pass


class _Handler(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def handle(self) -> None:
        self.script: ScriptedImap = self.server.script  # type: ignore[attr-defined]
        self.folder: Folder | None = None
        self.say("* OK ready")
        try:
            while line := self.rfile.readline():
                tag, _, rest = line.rstrip(b"\r\n").partition(b" ")
                self.run(tag.decode(), rest)
        except (_Lost, OSError):
            pass

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def run(self, tag: str, rest: bytes) -> None:
        name, _, args = rest.decode("utf-8", "replace").partition(" ")
        if name.upper() == "UID":
            name, _, args = args.partition(" ")
        self.script.commands.append(f"{name} {args}"[:200])
        with self.script.lock:
            if name.upper() == "APPEND":
                return self.append(tag, args)
            done = getattr(self, f"do_{name.lower()}")(self.literals(args))
        self.say(f"{tag} {done or 'OK done'}")
        return None

    def literals(self, args: str) -> str:
        """The arguments with literals read, as quoted strings."""
        while found := re.search(r"\{(\d+)(\+?)\}$", args):
            if not found[2]:
                self.say("+ go on")
            data = self.rfile.read(int(found[1])).decode()
            args = args[: found.start()] + f'"{data}"' + self.rfile.readline().decode().rstrip("\r\n")
        return args

    def append(self, tag: str, args: str) -> None:
        folder, args = self.name_of(args)
        taken: list[tuple[set[str], bytes]] = []
        while args.strip():
            found = re.fullmatch(r"\s*\(([^)]*)\) \{(\d+)(\+|-)?\}", args)
            assert found, args
            size = int(found[2])
            if found[3] and not (self.script.can("LITERAL+") or (self.script.can("LITERAL-") and size <= 4096)):
                return self.say(f"{tag} BAD no such literal")
            if not found[3]:
                self.say("+ go on")
            data = self.rfile.read(size)
            if len(data) < size:
                raise _Lost
            taken.append((set(found[1].split()), data))
            args = self.rfile.readline().decode().rstrip("\r\n")
        if len(taken) > 1 and not self.script.can("MULTIAPPEND"):
            return self.say(f"{tag} BAD one at a time")
        fault = self.script.lose.pop(0) if self.script.lose else ""
        if fault == "before":
            raise _Lost
        if self.script.refuse:
            return self.say(f"{tag} NO {self.script.refuse}")
        uids = [folder.add(flags, data) for flags, data in taken]
        if fault == "after":
            raise _Lost
        where = f"[APPENDUID {folder.validity} {','.join(map(str, uids))}] " if self.script.can("UIDPLUS") else ""
        return self.say(f"{tag} OK {where}done")

    def name_of(self, args: str) -> tuple[Folder, str]:
        found = re.match(r'"((?:[^"\\]|\\.)*)"|(\S+)', args)
        assert found
        return self.script.folders[found[1] or found[2]], args[found.end() :]

    def do_capability(self, args: str) -> None:
        self.say(f"* CAPABILITY {self.script.capabilities}")

    def do_login(self, args: str) -> str:
        """Gmail says its capabilities before the OK, in a line of its own."""
        self.say(f"* CAPABILITY {self.script.capabilities}")
        return self.script.login

    def do_noop(self, args: str) -> None:
        pass

    def do_logout(self, args: str) -> None:
        self.say("* BYE")

    def do_list(self, args: str) -> None:
        for name, folder in self.script.folders.items():
            self.say(f'* LIST ({folder.attribute}) "/" "{name}"')

    def do_select(self, args: str) -> str:
        try:
            self.folder, _ = self.name_of(args)
        except KeyError:
            return "NO [NONEXISTENT] no such mailbox"
        self.say(f"* {len(self.folder.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.folder.validity}] numbers")
        if self.folder.is_read_only:
            self.say("* OK [READ-ONLY] yours to read")
        return f"OK [READ-{'ONLY' if self.folder.is_read_only else 'WRITE'}] done"

    do_examine = do_select

    def do_search(self, args: str) -> None:
        assert self.folder is not None
        words = shlex.split(re.sub(r"([()])", r" \1 ", args))
        if words[:1] == ["CHARSET"]:
            words = words[2:]
        kept = []
        for mail in self.folder.mails:
            left, fits = list(words), True
            while left:
                fits = self.holds(left, mail) and fits
            kept += [str(mail.uid)] if fits else []
        self.say(f"* SEARCH {' '.join(kept)}".rstrip())

    def holds(self, words: list[str], mail: Mail) -> bool:
        key = words.pop(0).upper()
        match key:
            case "ALL":
                return True
            case "(":
                fits = True
                while words[0] != ")":
                    fits = self.holds(words, mail) and fits
                return bool(words.pop(0)) and fits
            case "OR":
                first, second = self.holds(words, mail), self.holds(words, mail)
                return first or second
            case "DRAFT" | "DELETED":
                return f"\\{key.capitalize()}" in mail.flags
            case "UNDRAFT" | "UNDELETED":
                return f"\\{key[2:].capitalize()}" not in mail.flags
            case "HEADER":
                return words.pop(1).casefold() in mail.header(words.pop(0)).casefold()
            case "TO" | "FROM":
                return words.pop(0).casefold() in mail.header(key).casefold()
            case "SINCE":
                return bool(words.pop(0))
            case "UID":
                return mail.uid >= int(words.pop(0).partition(":")[0])
        raise AssertionError(key)

    def do_fetch(self, args: str) -> None:
        assert self.folder is not None
        numbers, _, what = args.partition(" ")
        wanted = _numbers(numbers)
        for place, mail in enumerate(self.folder.mails, start=1):
            if mail.uid in wanted:
                head = mail.data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                name = re.search(r"BODY\.PEEK(\[.*\])(?:<0\.(\d+)>)?", what)
                assert name
                data = mail.data if name[1] == "[]" else head
                data, part = (data[: int(name[2])], f"{name[1]}<0>") if name[2] else (data, name[1])
                self.wfile.write(b"* %d FETCH (UID %d BODY%s {%d}\r\n" % (place, mail.uid, part.encode(), len(data)))
                self.wfile.write(data + b")\r\n")

    def do_store(self, args: str) -> None:
        assert self.folder is not None
        wanted = _numbers(args.split(" ")[0])
        for mail in self.folder.mails:
            mail.flags |= {"\\Deleted"} if mail.uid in wanted else set()

    def do_expunge(self, args: str) -> str | None:
        assert self.folder is not None
        if args and not self.script.can("UIDPLUS"):
            return "BAD no such command"
        only = _numbers(args) if args else {mail.uid for mail in self.folder.mails}
        gone = [m for m in self.folder.mails if "\\Deleted" in m.flags and m.uid in only]
        self.folder.mails = [m for m in self.folder.mails if m not in gone]
        everything = next((each for each in self.script.folders.values() if each.attribute == "\\All"), None)
        for each in gone if everything is not None and self.folder.attribute != "\\Trash" else ():
            everything.add(each.flags - {"\\Deleted"}, each.data)  # Gmail archives what is expunged
        return None

    def do_move(self, args: str) -> str | None:
        assert self.folder is not None
        numbers, _, name = args.partition(" ")
        if not self.script.can("MOVE"):
            return "BAD no such command"
        target, wanted = self.name_of(name)[0], _numbers(numbers)
        moved = [mail for mail in self.folder.mails if mail.uid in wanted]
        self.folder.mails = [mail for mail in self.folder.mails if mail not in moved]
        for each in moved:
            target.add(each.flags, each.data)
        return None


def _numbers(text: str) -> set[int]:
    found: set[int] = set()
    for part in text.split(","):
        first, _, last = part.partition(":")
        found |= set(range(int(first), int(last or first) + 1))
    return found
