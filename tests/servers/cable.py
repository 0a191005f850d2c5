"""The line between computers and a server on this machine, which can be cut: nothing comes through, nobody is told."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress


class Cable:
    """Connections to `port` lead to the server. While the cable is cut they stand still; mending it ends them."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._listen = socket.create_server(("127.0.0.1", 0))
        self.port = self._listen.getsockname()[1]
        self._whole = threading.Event()
        self._whole.set()
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self._whole.clear()

    def mend(self) -> None:
        """Who waited for an answer is told now that it will not come."""
        for each in list(self._open):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._whole.set()

    def close(self) -> None:
        self.mend()
        self._listen.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listen.accept()
                threading.Thread(target=self._lay, args=(client,), daemon=True).start()

    def _lay(self, client: socket.socket) -> None:
        self._whole.wait()
        try:
            server = socket.create_connection(("127.0.0.1", self._to))
        except OSError:
            client.close()
            return
        self._open |= {client, server}
        for one, other in ((client, server), (server, client)):
            threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError):
            while sent := one.recv(1 << 16):
                self._whole.wait()
                other.sendall(sent)
        for each in (one, other):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            self._open.discard(each)
            each.close()
