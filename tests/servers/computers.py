"""Other computers on this machine: network namespaces, each with one line to this one that can be cut.

What is cut is cut as if somebody pulled the plug: packets vanish, and neither side is told.
"""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from tests.conftest import NO_NAMESPACES, ROOT


class Computer:
    """One of them. Here it is `here`, there this machine is `here` too, and `there` is its own address."""

    def __init__(self, number: int) -> None:
        net = f"10.{random.randint(128, 250)}.{random.randint(0, 255)}.{4 * random.randint(0, 63)}".rsplit(".", 1)
        self.here, self.there = f"{net[0]}.{int(net[1]) + 1}", f"{net[0]}.{int(net[1]) + 2}"
        self.name = f"outreach{os.getpid()}n{number}"
        self._line = f"o{os.getpid() % 1_000_000}n{number}"
        self._helpers: list[subprocess.Popen[str]] = []
        _ip("netns", "add", self.name)
        _ip("link", "add", self._line, "type", "veth", "peer", "name", "line", "netns", self.name)
        _ip("addr", "add", f"{self.here}/30", "dev", self._line)
        _ip("link", "set", self._line, "up")
        _ip("-n", self.name, "addr", "add", f"{self.there}/30", "dev", "line")
        for device in ("line", "lo"):
            _ip("-n", self.name, "link", "set", device, "up")

    def command(self, *words: str) -> list[str]:
        """What runs a command there; it is the same process, so that killing it kills the command."""
        return ["ip", "netns", "exec", self.name, *words]

    def reach(self, port: int) -> None:
        """Let a server on loopback here be reached there, on loopback too, over the line."""
        way = self._forward([], self.here, 0, "127.0.0.1", port)
        self._forward(self.command(), "127.0.0.1", port, self.here, way)

    def _forward(self, before: list[str], at: str, port: int, to: str, way: int) -> int:
        """Carry connections from one address to another, in a process of its own; the port at which it listens."""
        helper = subprocess.Popen(
            [*before, sys.executable, "-m", __name__, at, str(port), to, str(way)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        self._helpers.append(helper)
        assert helper.stdout is not None
        return int(helper.stdout.readline())

    def cut(self) -> None:
        """Nothing comes through, and nobody is told."""
        _ip("link", "set", self._line, "down")

    def repair(self) -> None:
        """What comes now comes through; who gave up meanwhile has given up."""
        _ip("link", "set", self._line, "up")

    def close(self) -> None:
        """It is gone, and its line with it."""
        for each in self._helpers:
            each.kill()
            each.communicate()
        _ip("netns", "del", self.name)


@contextmanager
def computers(number: int) -> Iterator[list[Computer]]:
    """So many of them. Skips the test where namespaces cannot be made."""
    made: list[Computer] = []
    if number and (os.getuid() != 0 or shutil.which("ip") is None):
        pytest.skip(NO_NAMESPACES)
    try:
        for each in range(number):
            try:
                made.append(Computer(each))
            except subprocess.CalledProcessError:
                pytest.skip(NO_NAMESPACES)
        yield made
    finally:
        for computer in made:
            computer.close()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _forward(at: tuple[str, int], to: tuple[str, int]) -> None:
    with socket.create_server(at) as listen:
        print(listen.getsockname()[1], flush=True)
        while True:
            client, _ = listen.accept()
            threading.Thread(target=_lay, args=(client, to), daemon=True).start()


def _lay(client: socket.socket, to: tuple[str, int]) -> None:
    try:
        server = socket.create_connection(to, timeout=10)
        server.settimeout(None)
    except OSError:
        client.close()
        return
    for one, other in ((client, server), (server, client)):
        threading.Thread(target=_carry, args=(one, other), daemon=True).start()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while sent := one.recv(1 << 16):
            other.sendall(sent)
    for each in (one, other):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    _forward((sys.argv[1], int(sys.argv[2])), (sys.argv[3], int(sys.argv[4])))
