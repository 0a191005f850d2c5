"""A real mail system on loopback: Postfix takes letters in and makes bounces, Dovecot keeps mailboxes.

Nothing leaves the machine: Postfix asks no DNS and knows no way out, and every socket is on 127.0.0.1. It needs
root and Debian's postfix, dovecot-imapd, dovecot-lmtpd and dovecot-sieve (tests/apt-packages.txt).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import trustme

MASTER = Path("/usr/lib/postfix/sbin/master")
OWNER = 5000
"""The numeric owner of mailboxes; it needs no entry in passwd."""

DOVECOT = """
base_dir = {d}/drun
state_dir = {d}/dstate
instance_name = {name}
log_path = {d}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{d}/cert.pem
ssl_key = <{d}/key.pem
auth_mechanisms = plain login xoauth2 oauthbearer
auth_failure_delay = 0
recipient_delimiter = +
first_valid_uid = 1
mail_location = maildir:~/Maildir
default_vsz_limit = 256 M
mail_plugins = quota
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u {d}/users
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {d}/oauth2.conf.ext
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {d}/users
  default_fields = uid={uid} gid={uid} home={d}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Drafts {{
    special_use = \\Drafts
    auto = subscribe
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \\Junk
  }}
  mailbox Trash {{
    special_use = \\Trash
  }}
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
service auth {{
  unix_listener {spool}/private/auth {{
    mode = 0666
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  unix_listener stats-writer {{
    mode = 0666
  }}
}}
submission_host = 127.0.0.1:{mx}
postmaster_address = postmaster@{domain}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_grace = 0
  sieve = file:~/sieve;active=~/.dovecot.sieve
  sieve_vacation_send_from_recipient = yes
  sieve_vacation_min_period = 0
}}
protocol lmtp {{
  mail_plugins = $mail_plugins sieve
}}
"""

OAUTH = """
introspection_mode = local
username_attribute = email
local_validation_key_dict = fs:posix:prefix={d}/keys/
"""
"""Tokens are JWTs, checked with the key in keys/default/HS256/default (see `authorization.put_key`)."""

MAIN = """
compatibility_level = 3.6
queue_directory = {d}/spool
data_directory = {d}/pdata
maillog_file = {d}/postfix.log
maillog_file_prefixes = {d}
mail_owner = postfix
setgid_group = postdrop
myhostname = mx.{domain}
mydomain = {domain}
myorigin = $mydomain
mydestination =
local_transport = error:5.1.1 no local mailboxes
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_bind_address = 127.0.0.1
mynetworks =
disable_dns_lookups = yes
smtp_host_lookup = native
smtpd_peername_lookup = no
default_transport = error:5.1.2 no outside world in tests
relay_transport = error:5.1.2 no outside world in tests
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
virtual_mailbox_maps =
smtpd_reject_unlisted_recipient = no
transport_maps = regexp:{d}/transport
recipient_delimiter = +
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_sasl_security_options = noanonymous
smtpd_tls_cert_file = {d}/cert.pem
smtpd_tls_key_file = {d}/key.pem
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtp_tls_security_level = may
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
maximal_queue_lifetime = 6s
bounce_queue_lifetime = 6s
delay_warning_time = 0h
message_size_limit = 26214400
smtpd_client_connection_rate_limit = 0
smtpd_client_message_rate_limit = 0
smtpd_client_event_limit_exceptions =
in_flow_delay = 0
smtpd_error_sleep_time = 0
smtpd_hard_error_limit = 1000
lmtp_destination_concurrency_limit = 4
"""

SERVICES = """
{mx} inet n - n - - smtpd
{sub} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_recipient_restrictions=
{subs} inet n - n - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

SPOOL = {
    **dict.fromkeys(
        ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace"), 0o700
    ),
    "private": 0o700,
    "maildrop": 0o730,
    "public": 0o710,
    "pid": 0o755,
}
"""What `postfix check` would make, which takes a second of shell."""


def what_is_missing() -> str:
    """Why the real mail system cannot be started here, "" where it can."""
    if os.geteuid() != 0:
        return "Postfix needs root"
    if not MASTER.exists() or shutil.which("dovecot") is None:
        return "Debian's postfix and dovecot are not installed"
    return ""


class RealMail:
    """A running mail system. `submission` and `imaps` are ports; `ca` is the authority's certificate."""

    def __init__(self, domains: tuple[str, ...], names: tuple[str, ...] = ()) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="realmail-"))
        self.folder.chmod(0o755)  # Postfix and the owner of mailboxes have to get through
        self.mx, self.submission, self.submissions, self.imap, self.imaps, self.lmtp = _free_ports(6)
        self.ca = self.folder / "ca.pem"
        self._domains, self._names = domains, names
        self._processes: list[subprocess.Popen[bytes]] = []
        (self.folder / "users").touch()

    def add_user(self, address: str, password: str, *, sieve: str = "", quota_kb: int = 0) -> None:
        """A mailbox; `sieve` is its filter, `quota_kb` what fits into it (0: everything)."""
        quota = f"userdb_quota_rule=*:storage={quota_kb}K" if quota_kb else ""
        with open(self.folder / "users", "a", encoding="utf-8") as users:
            users.write(f"{address}:{{PLAIN}}{password}:{OWNER}:{OWNER}::{self.folder}/mail/{address}::{quota}\n")
        home = self.folder / "mail" / address
        home.mkdir(parents=True)
        if sieve:
            (home / ".dovecot.sieve").write_text(sieve, encoding="utf-8")
        for path in (self.folder / "mail", home, *home.iterdir()):
            os.chown(path, OWNER, OWNER)

    def __enter__(self) -> Self:
        try:
            self._configure()
            self._start(["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")])
            self._start([str(MASTER), "-c", str(self.folder / "postfix"), "-d"])
            for port, banner in (
                (self.imap, b"* OK"),
                (self.lmtp, b"220"),
                (self.mx, b"220"),
                (self.submission, b"220"),
            ):
                self._wait(port, banner)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in reversed(self._processes):  # each leads a process group of its own
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._processes:
            process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def drain(self) -> None:
        """Until Postfix has nothing left: everything is in a mailbox, or has bounced into one."""
        end, empty = time.monotonic() + 30, 0
        while empty < 3:  # a letter may move between folders during one look
            empty = 0 if self._queued() else empty + 1
            assert time.monotonic() < end, self.logs()
            time.sleep(0.02)

    def logs(self) -> str:
        """What both servers said."""
        files = ("dovecot.log", "postfix.log", "spawn.log")
        return "".join(
            (self.folder / name).read_text(errors="replace") for name in files if (self.folder / name).exists()
        )

    def _queued(self) -> bool:
        queues = ("incoming", "active", "deferred", "maildrop")
        return any(file.is_file() for queue in queues for file in (self.folder / "spool" / queue).rglob("*"))

    def _configure(self) -> None:
        authority = trustme.CA()
        leaf = authority.issue_cert("localhost", "127.0.0.1", *self._names)
        authority.cert_pem.write_to_path(str(self.ca))
        leaf.private_key_pem.write_to_path(str(self.folder / "key.pem"))
        for blob in leaf.cert_chain_pems:
            blob.write_to_path(str(self.folder / "cert.pem"), append=True)
        self._make_spool()
        keys = {
            "d": self.folder, "name": self.folder.name, "uid": OWNER, "domain": self._domains[0],
            "domains": ", ".join(self._domains), "imap": self.imap, "imaps": self.imaps, "lmtp": self.lmtp,
            "mx": self.mx,
            "sub": self.submission, "subs": self.submissions, "spool": self.folder / "spool",
        }  # fmt: skip
        config = self.folder / "postfix"
        config.mkdir()
        (self.folder / "dovecot.conf").write_text(DOVECOT.format(**keys))
        (self.folder / "oauth2.conf.ext").write_text(OAUTH.format(**keys))
        (config / "main.cf").write_text(MAIN.format(**keys))
        (config / "master.cf").write_text(SERVICES.format(**keys))
        (self.folder / "transport").write_text("")
        for file in (config / "main.cf", config / "master.cf", self.folder / "transport"):
            os.utime(file, (time.time() - 60,) * 2)  # Postfix waits two seconds for a configuration younger than one

    def _make_spool(self) -> None:
        for name, mode in SPOOL.items():
            path = self.folder / "spool" / name
            path.mkdir(parents=True)
            shutil.chown(
                path, "root" if name == "pid" else "postfix", "postdrop" if name in ("maildrop", "public") else None
            )
            path.chmod(mode)
        (self.folder / "pdata").mkdir(mode=0o700)
        shutil.chown(self.folder / "pdata", "postfix")
        (self.folder / "dstate").mkdir()

    def _start(self, command: list[str]) -> None:
        with open(self.folder / "spawn.log", "ab") as log:
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
            )  # fmt: skip
        self._processes.append(process)

    def _wait(self, port: int, banner: bytes) -> None:
        end = time.monotonic() + 30
        while True:
            try:
                with socket.create_connection(("127.0.0.1", port), 1) as tube:
                    tube.settimeout(2)
                    if tube.recv(len(banner)) == banner:
                        return
            except OSError:
                pass
            assert time.monotonic() < end, f"port {port} is not up\n{self.logs()}"
            time.sleep(0.02)


def _free_ports(number: int) -> list[int]:
    tubes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [tube.getsockname()[1] for tube in tubes]
    for tube in tubes:
        tube.close()
    return ports


@contextmanager
def real_mail(*domains: str, names: tuple[str, ...] = ()) -> Iterator[RealMail]:
    """Start a mail system for these domains, the first its own, whose certificate is for these `names` of hosts too."""
    with RealMail(domains, names) as running:
        yield running
