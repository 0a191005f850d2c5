"""A proxy before an IMAP server without TLS: it counts round trips, and loses the answers to APPENDs it is told to.

A round trip is one change of direction: the client says something after the server did. That is what a distance costs,
whatever this computer is busy with. `delay` makes the distance felt, in seconds each way: for benchmarks only.
"""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class ImapProxy:
    """`lose`: so many of the next APPENDs are stored and their answers lost. `kill`: at the nth APPEND kill a process.

    `kill` is (number of the APPEND, "begun" or "stored", process id).
    """

    port: int
    round_trips: int = 0
    lose: int = 0
    appends: int = 0
    kill: tuple[int, str, int] | None = None
    delay: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@contextmanager
def imap_proxy(upstream: int) -> Iterator[ImapProxy]:
    """A proxy on a free port before a server on 127.0.0.1."""
    listening = socket.create_server(("127.0.0.1", 0))
    proxy = ImapProxy(listening.getsockname()[1])

    def accept() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                threading.Thread(target=_pass_on, args=(proxy, client, upstream), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        listening.shutdown(socket.SHUT_RDWR)  # a thread that waits in accept() does not notice a close
        listening.close()
        thread.join()


def _pass_on(proxy: ImapProxy, client: socket.socket, upstream: int) -> None:
    """Between one client and the server, in turns, so that directions can be counted."""
    server = socket.create_connection(("127.0.0.1", upstream))
    tag, was_server = b"", True
    on_the_way: deque[tuple[float, socket.socket, bytes]] = deque()
    with client, server, suppress(OSError):
        while True:
            patience = max(0.0, on_the_way[0][0] - time.monotonic()) if on_the_way else None
            for sock in select.select([client, server], [], [], patience)[0]:
                data = sock.recv(1 << 18)
                if not data:
                    _arrive(on_the_way, at=float("inf"))
                    return
                if sock is client:
                    proxy.round_trips += was_server
                    was_server = False
                    found = re.search(rb"(?:^|\r\n)(\S+) APPEND ", data)
                    if found:
                        tag = found[1]
                        proxy.appends += 1
                        _die(proxy, "begun")
                    on_the_way.append((time.monotonic() + proxy.delay, server, data))
                else:
                    was_server = True
                    if tag and re.search(rb"(?:^|\r\n)" + tag + rb" (OK|NO)", data):
                        tag = b""
                        _die(proxy, "stored")
                        if proxy.lose > 0:
                            proxy.lose -= 1
                            return
                    on_the_way.append((time.monotonic() + proxy.delay, client, data))
            _arrive(on_the_way, at=time.monotonic())


def _arrive(on_the_way: deque[tuple[float, socket.socket, bytes]], *, at: float) -> None:
    while on_the_way and on_the_way[0][0] <= at:
        _, target, data = on_the_way.popleft()
        target.sendall(data)


def _die(proxy: ImapProxy, when: str) -> None:
    with proxy.lock:
        if proxy.kill and proxy.kill[:2] == (proxy.appends, when):
            with suppress(ProcessLookupError):
                os.kill(proxy.kill[2], signal.SIGKILL)
            proxy.kill = None
