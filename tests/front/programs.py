"""The real program and the drop-in front, asked the same: what each answers, byte for byte."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, TypeVar

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
REAL = ("qemu-system-x86_64",)
OURS = (sys.executable, "-m", "app.system")
HEADLESS = ("-accel", "tcg", "-S", "-display", "none", "-nodefaults")
TIMEOUT = 60.0
"""Seconds to wait for anything."""
FIRST = 30.0
"""Seconds within which the first word comes, if one does."""
QUIET = 0.4
"""Seconds after which somebody who says nothing has said all."""


class Process:
    """A program that was started, in a folder of its own."""

    def __init__(self, program: Sequence[str], folder: str, argv: Sequence[str], keeping: Sequence[int] = ()) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [*program, *HEADLESS, *(word.replace("DIR", folder) for word in argv)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            pass_fds=keeping,
        )

    def connect(self, name: str) -> socket.socket:
        """Connect to a socket in the folder, as soon as there is one."""
        deadline = time.monotonic() + TIMEOUT
        while True:
            client = socket.socket(socket.AF_UNIX)
            try:
                client.connect(f"{self.folder}/{name}")
            except OSError:
                client.close()
                if time.monotonic() > deadline or self.process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return client

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def end(self, typed: bytes = b"") -> list[bytes]:
        """Return standard output, standard error and exit status, after something was typed."""
        out, err = self.process.communicate(typed, TIMEOUT)
        return [self.scrubbed(out), self.scrubbed(err), str(self.process.returncode).encode()]

    def scrubbed(self, text: bytes) -> bytes:
        """Return a text without what differs from run to run: the folder, times, process ids."""
        text = text.replace(self.folder.encode(), b"DIR")
        text = re.sub(rb'"(seconds|microseconds)": \d+', rb'"\1": N', text)
        return re.sub(rb"pid \d+", b"pid N", re.sub(rb"\d+\.\d{6}\]", b"N]", text))

    def hear(self, client: socket.socket, *, first: float = FIRST) -> bytes:
        """Return what comes until nothing comes any more; ``first`` is how long the first of it may take."""
        client.settimeout(first)
        heard = b""
        with contextlib.suppress(TimeoutError, ConnectionResetError):
            while data := client.recv(1 << 16):
                heard += data
                client.settimeout(QUIET)
        return self.scrubbed(heard)


class Asked:
    """A machine behind QMP and qtest: each request is a line, and each answer."""

    def __init__(self, process: Process, qtest: BinaryIO, qmp: BinaryIO) -> None:
        self.process = process
        self._qtest = qtest
        self._qmp = qmp
        self.events: list[bytes] = []
        self.greeting = qmp.readline()
        self.qmp('{"execute": "qmp_capabilities"}')

    def qmp(self, line: str) -> bytes:
        """Send a QMP command; return what comes up to its answer, events included."""
        self._qmp.write(line.encode("utf-8", "surrogateescape") + b"\n")
        heard = b""
        while not heard or heard.splitlines()[-1].find(b'"event": "') >= 0:
            heard += self._qmp.readline()
        return self.process.scrubbed(heard)

    def hmp(self, line: str) -> str:
        """Do a line of the human monitor; events that come meanwhile are kept."""
        request = {"execute": "human-monitor-command", "arguments": {"command-line": line}}
        *events, answer = self.qmp(json.dumps(request)).splitlines()
        self.events += events
        text: str = json.loads(answer)["return"]
        return text

    def qtest(self, line: str) -> str:
        """Send a qtest command."""
        self._qtest.write(line.encode() + b"\n")
        return self._qtest.readline().decode()


@contextlib.contextmanager
def started(program: Sequence[str], argv: Sequence[str], keeping: Sequence[int] = ()) -> Iterator[Process]:
    """Start a program, which gets some descriptors; it is killed in the end if it has not ended."""
    with tempfile.TemporaryDirectory(prefix="front-") as folder:
        process = Process(program, folder, argv, keeping)
        try:
            yield process
        finally:
            process.process.kill()
            process.process.communicate()


@contextlib.contextmanager
def asked(program: Sequence[str], argv: Sequence[str], keeping: Sequence[int] = ()) -> Iterator[Asked]:
    """Start a machine that connects to sockets which wait for it, and gets some descriptors."""
    with tempfile.TemporaryDirectory(prefix="front-") as folder, contextlib.ExitStack() as stack:
        listeners = []
        for name in ("qtest", "qmp"):
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(f"{folder}/{name}")
            listener.listen(1)
            listener.settimeout(TIMEOUT)
            listeners.append(listener)
        sockets = ("-qtest-log", "none", "-qtest", f"unix:{folder}/qtest", "-qmp", f"unix:{folder}/qmp")
        process = stack.enter_context(started(program, (*sockets, *argv), keeping))
        files = []
        for listener in listeners:
            client = stack.enter_context(listener.accept()[0])
            client.settimeout(TIMEOUT)
            files.append(stack.enter_context(client.makefile("rwb", buffering=0)))
        yield Asked(process, files[0], files[1])


class Both:
    """The real machine and ours, asked one after the other."""

    def __init__(self, real: Asked, ours: Asked) -> None:
        self.real = real
        self.ours = ours

    def same(self, ask: Callable[[Asked], T]) -> T:
        """Ask both; return the answer, which must be the same."""
        want = ask(self.real)
        got = ask(self.ours)
        assert got == want
        return want


@contextlib.contextmanager
def both(*argv: str) -> Iterator[Both]:
    """Start both machines."""
    with asked(REAL, argv) as real, asked(OURS, argv) as ours:
        yield Both(real, ours)
